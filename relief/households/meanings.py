"""What the codes in a list's columns mean. Where a code could mean two things, somebody is asked: nothing is guessed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from relief.households.rules import (
    UNKNOWN,
    Unreadable,
    band_of_age,
    band_of_birth_date,
    band_of_birth_year,
    read_band,
    read_count,
    read_disability,
    read_sex,
)
from relief.operations.rules import SEXES

DAY_FIRST, MONTH_FIRST = "day_first", "month_first"
ORDER = "order"  # the one "code" of a column of birth dates: which number comes first
ANSWERS: dict[str, tuple[str, ...]] = {
    "sex": SEXES, "disability": ("yes", "no", "unknown"), "age": ("0-1", UNKNOWN), "birth_date": (DAY_FIRST, MONTH_FIRST),
}  # fmt: skip
MOST_CODES = 20  # a column with more is no column of codes: its cells are problems one by one
_SPANISH = frozenset(("mujer", "niña", "hombre", "niño"))
_ZERO = re.compile(r"0(?:\.0+)?")
_SLASHED = re.compile(r"(\d{1,2})[/\-](\d{1,2})[/\-](\d{4})(?: .*)?", re.ASCII)
Meanings = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Question:
    """A code that somebody must explain: its column, the code, in how many rows it stands, and what it may mean."""

    column: str
    value: str
    rows: int
    answers: tuple[str, ...]


class CellReader:
    """Reads the cells of one list, each different one once; `seen` are the values of each coded column with their number."""

    def __init__(self, day: date, meanings: Meanings, seen: Mapping[str, Counter[str]]) -> None:
        self._day = day
        self._meanings = meanings
        self._seen = seen
        self._known: dict[tuple[str, str], tuple[Any, str]] = {}
        self._readers: dict[str, Callable[[str], Any]] = {
            "sex": self._sex, "disability": self._disability, "age": self._age, "birth_date": self._birth_date,
            "age_band": read_band, "birth_year": lambda cell: band_of_birth_year(cell, day),
        }  # fmt: skip

    def read(self, column: str, cell: str) -> Any:
        """Return what a cell says; raises Unreadable."""
        key = (column, cell)
        if key not in self._known:
            try:
                self._known[key] = (self._readers.get(column, read_count)(cell), "")
            except Unreadable as error:
                self._known[key] = (None, str(error))
        value, code = self._known[key]
        if code:
            raise Unreadable(code)
        return value

    def questions(self) -> list[Question]:
        """Return the codes nobody has explained yet, and those somebody has, so that she can change her mind."""
        found: list[Question] = []
        for column, values in self._seen.items():
            codes = sorted(value for value in values if value and self._must_ask(column, value))
            if column == "birth_date" and codes:
                found.append(Question(column, ORDER, sum(values[code] for code in codes), ANSWERS[column]))
            elif len(codes) <= MOST_CODES:
                found += [Question(column, code, values[code], ANSWERS[column]) for code in codes]
        return found

    def _must_ask(self, column: str, value: str) -> bool:
        if column == "birth_date":
            return self._date_code(value) == "ask_order"
        if column == "age":
            return bool(_ZERO.fullmatch(value))
        return self._is_ambiguous(column, value) or _fails(read_sex if column == "sex" else read_disability, value)

    def _is_ambiguous(self, column: str, value: str) -> bool:
        here = {code for code in self._seen.get(column, ()) if code}
        if column == "sex":
            return value.isdigit() or (value == "m" and _may_be_mujer(here)) or (value == "h" and not _is_french(here))
        return value.isdigit() and not here <= {"0", "1"}  # 1 and 2 is also how surveys grade difficulty

    def _explained(self, column: str, cell: str) -> str | None:
        return self._meanings.get(column, {}).get(cell)

    def _word(self, column: str, cell: str, read: Callable[[str], str]) -> str:
        code = cell.casefold()
        explained = self._explained(column, code)
        if explained is not None:
            return explained
        if code and self._is_ambiguous(column, code):
            raise Unreadable("ask_meaning")
        return "male" if (column, code) == ("sex", "h") else read(code)

    def _sex(self, cell: str) -> str:
        return self._word("sex", cell, read_sex)

    def _disability(self, cell: str) -> str:
        return self._word("disability", cell, read_disability)

    def _age(self, cell: str) -> str:
        if _ZERO.fullmatch(cell):
            explained = self._explained("age", cell)
            if explained is None:
                raise Unreadable("ask_zero")
            return explained
        return band_of_age(cell)

    def _date_code(self, cell: str) -> str:
        match = _SLASHED.fullmatch(cell)
        if not match or int(match[1]) > 12 or int(match[2]) > 12 or match[1] == match[2]:
            return ""
        bands = {_band_or_nothing(_iso(match, order), self._day) for order in (DAY_FIRST, MONTH_FIRST)}
        return "ask_order" if len(bands) > 1 else ""

    def _birth_date(self, cell: str) -> str:
        match = _SLASHED.fullmatch(cell)
        if match is None:
            return band_of_birth_date(cell, self._day)
        order = self._explained("birth_date", ORDER)
        if order is None and self._date_code(cell):
            raise Unreadable("ask_order")
        if order is None:  # at most one reading is a day, or both give the same band
            order = MONTH_FIRST if int(match[2]) > 12 else DAY_FIRST
        return band_of_birth_date(_iso(match, order), self._day)


def count_codes(rows: Iterable[Mapping[str, str]]) -> dict[str, Counter[str]]:
    """Return how often each value stands in each column whose values may need explaining."""
    seen: dict[str, Counter[str]] = {column: Counter() for column in ANSWERS}
    for cells in rows:
        for column, counter in seen.items():
            if column in cells:
                counter[cells[column].casefold()] += 1
    return seen


def year_of_birth(birth_date: str, birth_year: str) -> str:
    """Return the year of birth that two cells say, '' where neither does: which of day and month is first does not matter."""
    found = re.search(r"(?<!\d)(?:18|19|20)\d\d(?!\d)", birth_date or birth_year)
    return found[0] if found else ""


def _iso(match: re.Match[str], order: str) -> str:
    day, month = (match[1], match[2]) if order == DAY_FIRST else (match[2], match[1])
    return f"{match[3]}-{int(month):02d}-{int(day):02d}"


def _band_or_nothing(cell: str, day: date) -> str:
    try:
        return band_of_birth_date(cell, day)
    except Unreadable:
        return ""


def _may_be_mujer(here: set[str]) -> bool:
    """Return whether M may be Spanish for a woman: it is, beside H; beside F it is male; alone it says nothing."""
    others = here - {"m"}
    return bool(others & {"h", *_SPANISH}) or all(code == "masculino" or _fails(_read_known_sex, code) for code in others)


def _is_french(here: set[str]) -> bool:
    return "f" in here and "m" not in here


def _read_known_sex(code: str) -> str:
    if read_sex(code) == UNKNOWN:
        raise Unreadable("not_a_sex")
    return code


def _fails(read: Callable[[str], str], value: str) -> bool:
    try:
        read(value)
    except Unreadable:
        return True
    return False
