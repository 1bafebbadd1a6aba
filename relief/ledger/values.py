"""Values of a record: quick checks of what may stand in a field, and their limits."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from relief.kernel.clock import parse_day, parse_wall
from relief.kernel.ids import is_id_text
from relief.operations.rules import AGE_BANDS, DISABILITIES, SEXES

LONGEST_TEXT = 2000
LARGEST_INTEGER = 1 << 53
DEEPEST = 6
is_name = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,63}", re.ASCII).fullmatch
_CARD_KEY = re.compile(r"[0-9a-f]{32}", re.ASCII).fullmatch

Check = Callable[[Any], bool]


def is_id(value: Any) -> bool:
    return type(value) is str and _is_id(value)


@lru_cache(maxsize=1 << 15)  # most ids of a batch come again and again
def _is_id(text: str) -> bool:
    return is_id_text(text) is not None


def is_card_key(value: Any) -> bool:
    return type(value) is str and _CARD_KEY(value) is not None


def is_text(value: Any) -> bool:
    """Tell whether a value is text that UTF-8, both databases and every screen can carry."""
    if type(value) is not str or len(value) > LONGEST_TEXT or "\0" in value:
        return False
    return value.isascii() or not any("\ud800" <= sign <= "\udfff" for sign in value)


def is_wall(value: Any) -> bool:
    return _parses(parse_wall, value)


def is_day(value: Any) -> bool:
    return _parses(parse_day, value)


def _parses(parse: Callable[[str], object], value: Any) -> bool:
    try:
        return type(value) is str and parse(value) is not None
    except ValueError:
        return False


def integer(low: int, high: int = LARGEST_INTEGER) -> Check:
    """Return a check for whole numbers from low to high."""
    return lambda value: type(value) is int and low <= value <= high


def one_of(*words: str) -> Check:
    """Return a check for one of some words."""
    allowed = frozenset(words)
    return lambda value: type(value) is str and value in allowed


def matching(pattern: Callable[[str], object]) -> Check:
    return lambda value: type(value) is str and pattern(value) is not None


def list_of(check: Check, least: int = 0, most: int = 1000) -> Check:
    """Return a check for a list of `least` to `most` values that each pass `check`."""
    return lambda value: type(value) is list and least <= len(value) <= most and all(map(check, value))


def is_member(value: Any) -> bool:
    return (
        type(value) is dict and value.keys() == {"id", "number", "sex", "age_band", "disability"} and is_id(value["id"])
        and type(value["number"]) is int and 1 <= value["number"] <= 1000 and value["sex"] in SEXES
        and value["age_band"] in AGE_BANDS and value["disability"] in DISABILITIES
    )  # fmt: skip


def are_members(value: Any) -> bool:
    well_formed = type(value) is list and 1 <= len(value) <= 50 and all(map(is_member, value))
    return well_formed and len({each["id"] for each in value}) == len(value)


def is_people_row(value: Any) -> bool:
    return (
        type(value) is dict and value.keys() == {"sex", "age_band", "count"} and value["sex"] in SEXES
        and value["age_band"] in AGE_BANDS and type(value["count"]) is int and 1 <= value["count"] <= 100_000
    )  # fmt: skip


def is_pair(value: Any) -> bool:
    return type(value) is list and len(value) == 2 and is_id(value[0]) and is_id(value[1])


def is_plain(value: Any, depth: int = 0) -> bool:
    """Tell whether a value of a field we do not know can stand in canonical form."""
    kind = type(value)
    if kind is int:
        return -LARGEST_INTEGER <= value <= LARGEST_INTEGER
    if kind is str:
        return is_text(value)
    if depth >= DEEPEST:
        return False
    if kind is list:
        return all(is_plain(each, depth + 1) for each in value)
    return kind is dict and all(is_name(name) and is_plain(each, depth + 1) for name, each in value.items())
