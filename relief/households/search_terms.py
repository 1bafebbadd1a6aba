"""The folded words by which a household is found, and those of what somebody typed: spelling and script do not matter."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from relief.households.name_folding import fold_name, skeleton
from relief.households.rules import with_plain_digits

LONGEST_TERM = 60
MOST_WORDS = 6
SHORTEST_PREFIX = 2
_NAMES, _SOUND, _NUMBER, _VILLAGE = "n", "s", "x", "v"
CARD = b"c"
PHONE_DIGITS = 9


def terms_of(words: dict[str, Any]) -> set[bytes]:
    """Return the terms of a household's private words: names and places folded, names as they sound, numbers plain."""
    found: set[str] = set()
    names = words.get("names", ())
    for name in (words.get("head"), *(names if isinstance(names, list) else ())):
        for folded in _folded(name):
            found.update((_NAMES + folded, _SOUND + skeleton(folded)))
    for field in ("village", "address"):
        found.update(_VILLAGE + folded for folded in _folded(words.get(field)))
    for field in ("phone", "document", "external_id"):
        found.update(_NUMBER + each for each in _numbers(words.get(field)))
    return {each.encode()[:LONGEST_TERM] for each in found}


def card_term(code: str) -> bytes:
    """Return the term of the last four signs of a card's code."""
    return CARD + code[-4:].encode()


def wanted_terms(typed: str) -> list[list[tuple[bytes, bool]]]:
    """Return, for each word typed, what may stand for it: (term, whether it may go on). A household must match every word."""
    return [sorted(_ways(word)) for word in typed.split()[:MOST_WORDS] if any(sign.isalnum() for sign in word)]


def similar_terms(typed: str) -> list[list[tuple[bytes, bool]]]:
    """Return the same by sound alone, for names that are written otherwise."""
    found = [[(f"{_SOUND}{skeleton(folded)}".encode(), False) for folded in _folded(word)] for word in typed.split()[:MOST_WORDS]]
    return [each for each in found if each]


def _ways(word: str) -> Iterator[tuple[bytes, bool]]:
    for folded in _folded(word):
        for kind in (_NAMES, _VILLAGE):
            yield (kind + folded).encode()[:LONGEST_TERM], len(folded) >= SHORTEST_PREFIX
    for number in _numbers(word):
        yield (_NUMBER + number).encode()[:LONGEST_TERM], False
    plain = re.sub(r"\W", "", word).upper()
    if len(plain) == 4 and plain.isascii():
        yield CARD + plain.encode(), False


def _folded(text: Any) -> tuple[str, ...]:
    return fold_name(text).words if isinstance(text, str) else ()


def _numbers(text: Any) -> set[str]:
    """Return a number as it is compared: its signs alone, and the end of a long run of digits, whatever its country code."""
    if not isinstance(text, str):
        return set()
    plain = re.sub(r"[\W_]", "", with_plain_digits(unicodedata.normalize("NFKC", text))).casefold()
    digits = re.sub(r"\D", "", with_plain_digits(text))
    return {each for each in (plain, digits[-PHONE_DIGITS:] if len(digits) >= PHONE_DIGITS else "") if each}
