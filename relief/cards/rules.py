"""Card codes: 16 signs of which the last is a check; the key by which the ledger knows a card; running numbers.

The same rules run on the phone: tests/vectors/card_codes.json holds both to one behaviour.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterator

# Digits and capitals without I L O U S: none is taken for another, all are in QR's alphanumeric mode, and 31 is prime.
SIGNS = "0123456789ABCDEFGHJKMNPQRTVWXYZ"
CODE_LENGTH = 16
RANDOM_LENGTH = 15
RANDOM_BYTES = 16
PRACTICE_START = "PRACT1CE"
PRACTICE_SUM = 1
PRACTICE_CARDS = 10  # a site
# Distinct and none a multiple of 31: a changed sign shifts the sum by weight x difference, two exchanged signs by
# difference of weights x difference of signs, and modulo a prime neither can be 0.
WEIGHTS = tuple(range(CODE_LENGTH, 0, -1))

_VALUE = {sign: value for value, sign in enumerate(SIGNS)}
# Named one by one, because "space" and "upper case" are not the same set in every language this rule is written in.
_DROPPED = " \t\r\n\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u200b\u202f\u3000\ufeff" \
           "-\u00ad\u2010\u2011\u2012\u2013\u2014\u2015\u2212"  # fmt: skip
_TYPED = str.maketrans(
    {**{chr(small): chr(small - 32) for small in range(ord("a"), ord("z") + 1)},
     "O": "0", "o": "0", "I": "1", "i": "1", "L": "1", "l": "1", "S": "5", "s": "5", **dict.fromkeys(_DROPPED)}
)  # fmt: skip
# A scanner presses keys: where the machine is set to Cyrillic, it types the letter on that key. (I with a dot is Belarusian.)
_SAME_KEY = str.maketrans("йцукенгшщўзфывапролдячсмитьі", "qwertyuioopasdfghjklzxcvbnmb")
# Whoever reads a card and types in Cyrillic takes the letter that looks the same.
_SAME_LOOK = str.maketrans("авекмнорстухі", "abekmhopctyxi")
_NUMBER = re.compile(r"(\d{2,4})-(\d{4,7})", re.ASCII)
_TWO_PARTS = re.compile(r"(\d{1,4})\s*[-–—−/.\s]\s*(\d{1,7})")
_TOGETHER = re.compile(r"(\d{2})(\d{4})")
_PLACE = re.compile(r"\d{1,5}")


def make_code(random_bytes: bytes) -> str:
    """Return the code that at least 16 random bytes make: 15 signs (74 bits) and their check sign.

    The bytes are one number taken modulo 31^15: of 128 bits, so the bias is below 2^-53. Raises ValueError for fewer.
    """
    if len(random_bytes) < RANDOM_BYTES:
        raise ValueError(f"a code needs {RANDOM_BYTES} random bytes")
    number, signs = int.from_bytes(random_bytes, "big"), []
    for _place in range(RANDOM_LENGTH):
        number, value = divmod(number, len(SIGNS))
        signs.append(SIGNS[value])
    return "".join(signs) + check_sign("".join(signs))


def new_code() -> str:
    """Return a new code from the system's random source."""
    return make_code(secrets.token_bytes(RANDOM_BYTES))


def check_sign(signs: str) -> str:
    """Return the 16th sign for 15 signs: it brings the weighted sum to 0 modulo 31 (its own weight is 1)."""
    return SIGNS[-sum(weight * _VALUE[sign] for weight, sign in zip(WEIGHTS, signs, strict=False)) % len(SIGNS)]


def check_code(code: str) -> bool:
    """Tell whether `code` is 16 of our signs with the right check sign; typed text is normalised before."""
    if len(code) != CODE_LENGTH or any(sign not in _VALUE for sign in code):
        return False
    return sum(weight * _VALUE[sign] for weight, sign in zip(WEIGHTS, code, strict=True)) % len(SIGNS) == 0


def practice_code(site_id: bytes, number: int) -> str:
    """Return the code of a site's practice card 1 to 10, always the same; raises ValueError for another number.

    It says so in its first eight signs, and its check sum is 1: `check_code` is False and it has no card key, so that it cannot
    enter the ledger, not even through a phone that knows nothing of practice.
    """
    if not 1 <= number <= PRACTICE_CARDS:
        raise ValueError(f"practice cards are numbered 1 to {PRACTICE_CARDS}")
    of_site = make_code(hashlib.sha256(b"relief practice" + site_id).digest())[:5]
    signs = f"{PRACTICE_START}{of_site}{number:02d}"
    return signs + SIGNS[(_VALUE[check_sign(signs)] + PRACTICE_SUM) % len(SIGNS)]


def practice_number(code: str) -> int | None:
    """Return which practice card a code is, or None when it is none."""
    if len(code) != CODE_LENGTH or not code.startswith(PRACTICE_START) or any(sign not in _VALUE for sign in code):
        return None
    number = code[13:15]
    in_range = number.isdigit() and 1 <= int(number) <= PRACTICE_CARDS
    total = sum(weight * _VALUE[sign] for weight, sign in zip(WEIGHTS, code, strict=True))
    return int(number) if in_range and total % len(SIGNS) == PRACTICE_SUM else None


def normalise_typed(text: str) -> str:
    """Return what a person meant to type: capitals, O as 0, I and L as 1, S as 5, spaces and dashes dropped.

    U stays, and is no sign of ours: it could be a V as well as a badly read 0.
    """
    return text.translate(_TYPED)


def typed_readings(text: str) -> Iterator[str]:
    """Yield what typed signs can mean, normalised; the check sign tells which of them is a code."""
    for letters in ({}, _SAME_KEY, _SAME_LOOK):
        yield normalise_typed(text.casefold().translate(letters) if letters else text)


def format_code(code: str) -> str:
    """Return the code as it is printed: four groups of four."""
    return " ".join(code[start : start + 4] for start in range(0, len(code), 4))


def card_key(operation_id: bytes, code: str) -> bytes:
    """Return the 16 bytes by which the ledger knows a card; raises ValueError for what is not a code.

    The operation's 16 id bytes are part of it, so that a card of one operation is nothing to another.
    """
    if len(operation_id) != 16 or not check_code(code):
        raise ValueError("not a card code of an operation")
    return hashlib.sha256(operation_id + code.encode("ascii")).digest()[:16]


def running_number(run: int, place: int) -> str:
    """Return the number people call a card by, `17-0403`: the print run and the place in it, both from 1."""
    if run < 1 or place < 1:
        raise ValueError("runs and places count from 1")
    return f"{run:02d}-{place:04d}"


def parse_running_number(text: str) -> tuple[int, int]:
    """Return (run, place) of a running number; raises ValueError when it is not one."""
    match = _NUMBER.fullmatch(text)
    if match is None or running_number(int(match.group(1)), int(match.group(2))) != text:
        raise ValueError("not a running number")
    return int(match.group(1)), int(match.group(2))


def split_number(number: str | None) -> tuple[int | None, int | None]:
    """Return (run, place) of a running number, (None, None) for one that somebody made up at a site."""
    try:
        return parse_running_number(number or "")
    except ValueError:
        return None, None


def whole_number(typed: str, run: int | None) -> tuple[str, int | None]:
    """Return a running number as it is printed, and its run: of `17 403`, `170403`, or `403` after another of run 17.

    What cannot be read comes back as it was typed.
    """
    text = typed.strip()
    match = _TWO_PARTS.fullmatch(text) or _TOGETHER.fullmatch(text)
    if match is None and run is not None and _PLACE.fullmatch(text):
        parts = run, int(text)
    elif match is not None:
        parts = int(match.group(1)), int(match.group(2))
    else:
        return text, run
    return (running_number(*parts), parts[0]) if min(parts) else (text, run)
