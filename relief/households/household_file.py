"""Households out of a table: one row a household, or one row a member. The columns are in docs/households-file.md."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from relief.households.columns import (
    COUNT_COLUMNS,
    HOUSEHOLD_COLUMNS,
    KNOWN_COLUMNS,
    MEMBER_COLUMNS,
    PRIVATE_COLUMNS,
    SHOWN_COLUMNS,
    name_columns,
)
from relief.households.places import PlaceFinder
from relief.households.rules import (
    LONGEST_EXTERNAL_ID,
    LONGEST_TEXT,
    MOST_MEMBERS,
    UNKNOWN,
    HouseholdRow,
    MemberRow,
    Problem,
    Unreadable,
    band_of_age,
    band_of_birth_date,
    band_of_birth_year,
    read_band,
    read_count,
    read_disability,
    read_sex,
)
from relief.households.table import Table, read_table
from relief.operations.rules import Plan

Cells = dict[str, str]
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class HouseholdFile:
    """What a file holds: households (those without a problem), problems, columns nobody read, and its number of rows."""

    households: tuple[HouseholdRow, ...]
    problems: tuple[Problem, ...]
    ignored_columns: tuple[str, ...]
    rows: int

    @property
    def people(self) -> int:
        return sum(len(household.members) for household in self.households)


def read_household_file(content: bytes, plan: Plan, reference_day: date, encoding: str = "utf-8") -> HouseholdFile:
    """Return the households of a CSV file, ages as bands on `reference_day`; raises TooLarge and BadInput."""
    table = read_table(content, encoding)
    columns = name_columns(table.header)
    return _Reader(plan, reference_day).read(table, columns)


class _Reader:
    """Reads one file: gathers the rows of each household, notes problems, keeps what has none."""

    def __init__(self, plan: Plan, reference_day: date) -> None:
        self.places = PlaceFinder(plan)
        self.day = reference_day
        self.problems: list[Problem] = []

    def read(self, table: Table, columns: list[str]) -> HouseholdFile:
        by_member = bool(set(columns) & set(MEMBER_COLUMNS))
        gathered: dict[str, list[tuple[int, Cells]]] = {}
        for row, cells in table.rows:
            values = self._cells(row, columns, cells)
            if values is not None:
                gathered.setdefault(values["external_id"], []).append((row, values))
        households = [self._household(rows, by_member) for rows in gathered.values()]
        ignored = [given for given, name in zip(table.header, columns, strict=True) if given and name not in KNOWN_COLUMNS]
        whole = tuple(household for household in households if household is not None)
        return HouseholdFile(whole, tuple(sorted(self.problems, key=lambda each: each.row)), tuple(ignored), len(table.rows))

    def _cells(self, row: int, columns: list[str], cells: tuple[str, ...]) -> Cells | None:
        """Return a row's cells by column, or None (with a problem) when they cannot be told apart."""
        if any(cells[len(columns) :]):
            self._problem(row, "", "too_many_cells")
            return None
        values = {name: cell for name, cell in zip(columns, cells, strict=False) if name}
        if not values.get("external_id"):
            self._problem(row, "external_id", "missing")
            return None
        return values

    def _household(self, rows: list[tuple[int, Cells]], by_member: bool) -> HouseholdRow | None:
        before = len(self.problems)
        first, values = rows[0][0], self._common(rows)
        for row, _cells in rows[1:] if not by_member else ():
            self._problem(row, "external_id", "repeated")
        members = self._members_by_row(rows, values) if by_member else self._members_by_count(first, values)
        area = self._place(first, values, "area", self.places.area)
        home_site = self._place(first, values, "home_site", self.places.site)
        if len(self.problems) > before:
            return None
        private = {key: values[column] for column, key in PRIVATE_COLUMNS.items() if values.get(column)}
        return HouseholdRow(first, values["external_id"], tuple(members), private, area, home_site)

    def _common(self, rows: list[tuple[int, Cells]]) -> Cells:
        """Return the household's own cells: what its rows say, which must not differ; texts are checked."""
        values = dict(rows[0][1])
        for row, cells in rows:
            self._check_texts(row, cells)
            for column in HOUSEHOLD_COLUMNS:
                if cells.get(column) and values.setdefault(column, cells[column]) != cells[column]:
                    if values[column]:
                        self._problem(row, column, "differs")
                    else:
                        values[column] = cells[column]
        return values

    def _check_texts(self, row: int, cells: Cells) -> None:
        for column in ("external_id", *PRIVATE_COLUMNS, "member_name"):
            text = cells.get(column, "")
            if len(text) > (LONGEST_EXTERNAL_ID if column == "external_id" else LONGEST_TEXT):
                self._problem(row, column, "too_long")
            elif not text.isprintable() and any(unicodedata.category(sign) in ("Cc", "Cs", "Cn") for sign in text):
                self._problem(row, column, "bad_signs")

    def _place(self, row: int, values: Cells, column: str, find: Callable[[str], str]) -> str | None:
        return self._try(row, values, column, find) if values.get(column) else None

    def _members_by_count(self, row: int, values: Cells) -> list[MemberRow]:
        members: list[MemberRow] = []
        for column, (sex, band) in COUNT_COLUMNS.items():
            count = self._try(row, values, column, read_count) or 0
            members += [MemberRow(0, sex, band)] * count
        return self._complete(row, values, [MemberRow(place, each.sex, each.age_band) for place, each in enumerate(members, 1)])

    def _members_by_row(self, rows: list[tuple[int, Cells]], values: Cells) -> list[MemberRow]:
        members = [self._member(row, cells, place) for place, (row, cells) in enumerate(rows, 1)]
        numbers = [bool(cells.get("member_number")) for _row, cells in rows]
        seen: set[int] = set()
        for (row, _cells), member, numbered in zip(rows, members, numbers, strict=True):
            if numbered != numbers[0] or (numbered and member.number in seen) or member.number < 1:
                self._problem(row, "member_number", "bad_number")
            seen.add(member.number)
        return self._complete(rows[0][0], values, sorted(members, key=lambda member: member.number))

    def _member(self, row: int, cells: Cells, place: int) -> MemberRow:
        number = (self._try(row, cells, "member_number", read_count) or 0) if cells.get("member_number") else place
        return MemberRow(
            number=number,
            sex=self._try(row, cells, "sex", read_sex) or UNKNOWN,
            age_band=self._band(row, cells),
            disability=self._try(row, cells, "disability", read_disability) or UNKNOWN,
            name=cells.get("member_name", ""),
        )

    def _band(self, row: int, cells: Cells) -> str:
        """Return the band that the age columns of a row agree on; empty ones say nothing."""
        readers: dict[str, Callable[[str], str]] = {
            "age_band": read_band,
            "age": band_of_age,
            "birth_date": lambda cell: band_of_birth_date(cell, self.day),
            "birth_year": lambda cell: band_of_birth_year(cell, self.day),
        }
        found = {column: self._try(row, cells, column, reader) for column, reader in readers.items()}
        told = {column: band for column, band in found.items() if band not in (None, UNKNOWN)}
        if len(set(told.values())) > 1:
            self._problem(row, next(reversed(told)), "ages_differ")
        return next(iter(told.values()), None) or UNKNOWN

    def _complete(self, row: int, values: Cells, members: list[MemberRow]) -> list[MemberRow]:
        """Return the members, with unknown ones up to the size that the column `members` states."""
        stated = self._try(row, values, "members", read_count) or 0
        if stated and stated < len(members):
            self._problem(row, "members", "fewer_than_described")
        if not stated and not members:
            self._problem(row, "members", "missing")
        if max((member.number for member in members), default=0) > MOST_MEMBERS or len(members) > MOST_MEMBERS:
            self._problem(row, "members", "too_many_members")
        used = {member.number for member in members}
        free = (number for number in range(1, 2 * MOST_MEMBERS) if number not in used)
        return members + [MemberRow(next(free)) for _each in range(stated - len(members))]

    def _try(self, row: int, cells: Cells, column: str, read: Callable[[str], Value]) -> Value | None:
        """Return what `read` makes of a cell, or None and note a problem."""
        try:
            return read(cells.get(column, ""))
        except Unreadable as error:
            self._problem(row, column, str(error), cells[column])
            return None

    def _problem(self, row: int, column: str, code: str, value: str = "") -> None:
        self.problems.append(Problem(row, column, code, value[:60] if column in SHOWN_COLUMNS else ""))
