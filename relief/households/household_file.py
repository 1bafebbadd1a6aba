"""Households out of a table: one row a household, or one row a member. The columns are in docs/households-file.md."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from relief.households.column_guessing import check_header, guess_columns
from relief.households.columns import (
    AGE_COLUMNS,
    COUNT_COLUMNS,
    COUNTED_COLUMNS,
    HOUSEHOLD_COLUMNS,
    KNOWN_COLUMNS,
    MEMBER_COLUMNS,
    PRIVATE_COLUMNS,
    PROBLEM_COLUMN,
    SHOWN_COLUMNS,
    Choice,
    check_columns,
)
from relief.households.meanings import CellReader, Question, count_codes, year_of_birth
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
    is_totals,
    with_plain_digits,
)
from relief.households.table import Table, read_table
from relief.operations.rules import Plan

Cells = dict[str, str]
Value = TypeVar("Value")


# What a spreadsheet writes where a formula failed.
SPREADSHEET_ERRORS = frozenset(("#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!",
                                "#Н/Д", "#ССЫЛКА!", "#ЗНАЧ!", "#ИМЯ?"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class HouseholdFile:
    """What a file holds: households (those without a problem), problems, columns nobody read, and its number of rows.

    `questions` are the codes in it that could mean two things.
    """

    households: tuple[HouseholdRow, ...]
    problems: tuple[Problem, ...]
    ignored_columns: tuple[str, ...]
    rows: int
    questions: tuple[Question, ...] = ()

    @property
    def people(self) -> int:
        return sum(len(household.members) for household in self.households)


def read_household_file(content: bytes, plan: Plan, reference_day: date, encoding: str | None = None,
                        choice: Choice | None = None) -> HouseholdFile:  # fmt: skip
    """Return the households of a file, ages as bands on `reference_day`; raises TooLarge and BadInput."""
    return read_households(read_table(content, encoding), plan, reference_day, choice)


def read_households(table: Table, plan: Plan, reference_day: date, choice: Choice | None = None) -> HouseholdFile:
    """Return the households of a table by a choice of columns, or by the guess where there is none; raises BadInput."""
    choice = choice or guess_choice(table)
    check_columns(choice.columns)
    return _Reader(table, choice, plan, reference_day).read()


def guess_choice(table: Table) -> Choice:
    """Return the likeliest choice of columns; raises BadInput where two columns carry the very same name of ours."""
    check_header(table.header, table.member_start)
    return Choice(tuple(guess_columns(table.header, table.rows, table.member_start)))


class _Reader:
    """Reads one file: gathers the rows of each household, notes problems, keeps what has none."""

    def __init__(self, table: Table, choice: Choice, plan: Plan, reference_day: date) -> None:
        self.table = table
        self.columns = list(choice.columns)
        self.places = PlaceFinder(plan)
        self.problems: list[Problem] = []
        self.meanings = choice.meanings
        self.day = reference_day

    def read(self) -> HouseholdFile:
        by_member = bool(set(self.columns) & set(MEMBER_COLUMNS))
        gathered: dict[str, list[tuple[int, Cells]]] = {}
        for row, cells in self.table.rows:
            values = self._cells(row, self.columns, cells)
            if values is not None:
                gathered.setdefault(values["external_id"], []).append((row, values))
        seen = count_codes(cells for rows in gathered.values() for _row, cells in rows)
        self.cells = CellReader(self.day, self.meanings, seen)
        # Each is let go of as soon as it is read: both together take twice the memory.
        households = [self._household(gathered.pop(name), by_member) for name in list(gathered)]
        ignored = [given for given, name in zip(self.table.header, self.columns, strict=True)
                   if given and name not in KNOWN_COLUMNS and given.casefold() != PROBLEM_COLUMN]  # fmt: skip
        whole = tuple(household for household in households if household is not None)
        problems = sorted(self.problems, key=lambda each: each.row)
        return HouseholdFile(whole, tuple(problems), tuple(ignored), len(self.table.rows), tuple(self.cells.questions()))

    def _cells(self, row: int, columns: list[str], cells: tuple[str, ...]) -> Cells | None:
        """Return a row's cells by column, or None (with a problem) when they cannot be told apart."""
        if any(cells[len(columns) :]):
            self._problem(row, "", "too_many_cells")
            return None
        values: Cells = {}
        for name, cell in zip(columns, cells, strict=False):
            if name:
                read = with_plain_digits(cell) if name in COUNTED_COLUMNS else cell
                values[name] = f"{values[name]} {read}".strip() if name in values else read
        own = values.get("external_id", "")
        summed = any(map(is_totals, (own, values.get("head_name", ""), values.get("member_name", ""))))
        if not own or summed:
            totals = summed or any(is_totals(cell) for cell in cells)
            self._problem(row, "external_id", "totals" if totals else "missing")
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
            if text in SPREADSHEET_ERRORS:
                self._problem(row, column, "spreadsheet_error")
            elif len(text) > (LONGEST_EXTERNAL_ID if column == "external_id" else LONGEST_TEXT):
                self._problem(row, column, "too_long")
            elif not text.isprintable() and any(unicodedata.category(sign) in ("Cc", "Cs", "Cn") for sign in text):
                self._problem(row, column, "bad_signs")

    def _place(self, row: int, values: Cells, column: str, find: Callable[[str], str]) -> str | None:
        return self._try(row, values, column, find) if values.get(column) else None

    def _members_by_count(self, row: int, values: Cells) -> list[MemberRow]:
        members: list[MemberRow] = []
        for column, (sex, band) in COUNT_COLUMNS.items():
            count = self._read(row, values, column) or 0
            members += [MemberRow(0, sex, band)] * count
        return self._complete(row, values, [MemberRow(place, each.sex, each.age_band) for place, each in enumerate(members, 1)])

    def _members_by_row(self, rows: list[tuple[int, Cells]], values: Cells) -> list[MemberRow]:
        first = rows[0][0]
        rows = [each for each in rows if each[0] not in self.table.alone]
        if not rows:
            return self._complete(first, values, [])
        if len(rows) == 1 and self.table.member_start is None and "member_name" not in self.columns:
            # The only person described beside the head's name is the head.
            rows = [(first, rows[0][1] | {"member_name": values.get("head_name", "")})]
        members = [self._member(row, cells, place) for place, (row, cells) in enumerate(rows, 1)]
        numbers = [bool(cells.get("member_number")) for _row, cells in rows]
        seen: set[int] = set()
        for (row, _cells), member, numbered in zip(rows, members, numbers, strict=True):
            if numbered != numbers[0] or (numbered and member.number in seen) or member.number < 1:
                self._problem(row, "member_number", "bad_number")
            seen.add(member.number)
        return self._complete(rows[0][0], values, sorted(members, key=lambda member: member.number))

    def _member(self, row: int, cells: Cells, place: int) -> MemberRow:
        number = (self._read(row, cells, "member_number") or 0) if cells.get("member_number") else place
        return MemberRow(
            number=number,
            sex=self._read(row, cells, "sex") or UNKNOWN,
            age_band=self._band(row, cells),
            disability=self._read(row, cells, "disability") or UNKNOWN,
            name=cells.get("member_name", ""),
            born=year_of_birth(cells.get("birth_date", ""), cells.get("birth_year", "")),
        )

    def _band(self, row: int, cells: Cells) -> str:
        """Return the band that the age columns of a row agree on; empty ones say nothing."""
        found = {column: self._read(row, cells, column) for column in AGE_COLUMNS if cells.get(column)}
        told = {column: band for column, band in found.items() if band not in (None, UNKNOWN)}
        if len(set(told.values())) > 1:
            self._problem(row, next(reversed(told)), "ages_differ")
        return next(iter(told.values()), None) or UNKNOWN

    def _complete(self, row: int, values: Cells, members: list[MemberRow]) -> list[MemberRow]:
        """Return the members, with unknown ones up to the size that the column `members` states."""
        read = self._read(row, values, "members")  # None: that it cannot be read is noted
        stated = read or 0
        if stated and stated < len(members):
            self._problem(row, "members", "fewer_than_described")
        if read == 0 and not members:
            self._problem(row, "members", "nobody" if values.get("members") else "missing")
        if max((member.number for member in members), default=0) > MOST_MEMBERS or len(members) > MOST_MEMBERS:
            self._problem(row, "members", "too_many_members")
        used = {member.number for member in members}
        free = (number for number in range(1, 2 * MOST_MEMBERS) if number not in used)
        return members + [MemberRow(next(free)) for _each in range(stated - len(members))]

    def _read(self, row: int, cells: Cells, column: str) -> Any:
        return self._try(row, cells, column, lambda cell: self.cells.read(column, cell))

    def _try(self, row: int, cells: Cells, column: str, read: Callable[[str], Value]) -> Value | None:
        """Return what `read` makes of a cell, or None and note a problem."""
        cell = cells.get(column, "")
        try:
            if cell in SPREADSHEET_ERRORS:
                raise Unreadable("spreadsheet_error")
            return read(cell)
        except Unreadable as error:
            self._problem(row, column, str(error), cell)
            return None

    def _problem(self, row: int, column: str, code: str, value: str = "") -> None:
        """Note a problem at the place where the reader of the file will look for it."""
        sheet = ""
        shown = value[:60] if column in SHOWN_COLUMNS else ""
        if row in self.table.places:
            main, main_row, repeat, repeat_row = self.table.places[row]
            in_repeat = column in MEMBER_COLUMNS and row not in self.table.alone
            sheet, row = (repeat, repeat_row) if in_repeat else (main, main_row)
        self.problems.append(Problem(row, column, code, shown, sheet))
