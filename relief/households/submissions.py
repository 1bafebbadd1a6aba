"""Kobo and ODK exports: the repeat group of members stands in a sheet or file of its own and is joined to its households."""

from __future__ import annotations

from dataclasses import dataclass

from relief.households.column_names import count_known
from relief.households.sheets import Cells, Rows, Sheet

# The column of a repeat and the column of the form that it points to, the surest first.
_LINKS = (("_submission__uuid", "_uuid"), ("_parent_index", "_index"), ("parent_key", "key"))
_PLUMBING = ("_index", "_parent_index", "_parent_table_name", "parent_key", "key")


@dataclass(frozen=True, slots=True)
class Joined:
    """Households and their members as one table; see `table.Table`."""

    main: str
    repeat: str
    header: Cells
    rows: Rows
    member_start: int
    alone: frozenset[int]
    places: dict[int, tuple[str, int, str, int]]


def find_repeats(sheets: list[Sheet]) -> list[tuple[Sheet, str]]:
    """Return the sheets that are repeat groups of another, each with the column that says so."""
    headers = [(sheet, [cell.casefold() for cell in sheet.rows[0][1]]) for sheet in sheets]
    return [(sheet, link) for sheet, names in headers
            for link in [next((link for link, _to in _LINKS if link in names), None)] if link]  # fmt: skip


def join_repeats(sheets: list[Sheet]) -> Joined | None:
    """Return households with the members of their repeat group, or None where there is no such group."""
    repeats = find_repeats(sheets)
    mains = [sheet for sheet in sheets if all(sheet is not repeat for repeat, _link in repeats)]
    pairs = [(main, repeat) for main in mains for repeat, _link in repeats if _common_link(main, repeat)]
    if not pairs:
        return None
    main, repeat = max(pairs, key=lambda pair: (count_known(pair[1].rows[0][1], members=True), count_known(pair[0].rows[0][1])))
    return _join(main, repeat)


def _common_link(main: Sheet, repeat: Sheet) -> tuple[int, int] | None:
    """Return (column of the form, column of the repeat) that belong together."""
    form = [cell.casefold() for cell in main.rows[0][1]]
    members = [cell.casefold() for cell in repeat.rows[0][1]]
    return next(((form.index(to), members.index(link)) for link, to in _LINKS if link in members and to in form), None)


def _join(main: Sheet, repeat: Sheet) -> Joined:
    link = _common_link(main, repeat)
    assert link is not None
    key, pointer = link
    kept = [place for place, name in enumerate(repeat.rows[0][1])
            if not name.casefold().startswith(("_submission_", "set-of-")) and name.casefold() not in _PLUMBING]  # fmt: skip
    width = len(main.rows[0][1])
    of_household: dict[str, list[tuple[int, Cells]]] = {}
    for number, cells in repeat.rows[1:]:
        of_household.setdefault(_cell(cells, pointer), []).append((number, tuple(_cell(cells, place) for place in kept)))
    rows: list[tuple[int, Cells]] = []
    places: dict[int, tuple[str, int, str, int]] = {}
    alone: set[int] = set()

    def add(number: int, household: Cells, member_number: int, member: Cells) -> None:
        rows.append((len(rows) + 2, household + ("",) * (width - len(household)) + member))
        places[rows[-1][0]] = (main.name, number, repeat.name if member_number else "", member_number)

    for number, cells in main.rows[1:]:
        members = of_household.pop(_cell(cells, key), [])
        for member_number, member in members:
            add(number, cells[:width], member_number, member)
        if not members:
            add(number, cells[:width], 0, ("",) * len(kept))
            alone.add(rows[-1][0])
    for members in of_household.values():  # members of nobody: the missing household number is the problem shown
        for member_number, member in members:
            add(member_number, (), member_number, member)
    header = main.rows[0][1] + tuple(repeat.rows[0][1][place] for place in kept)
    return Joined(main.name, repeat.name, header, tuple(rows), width, frozenset(alone), places)


def _cell(cells: Cells, place: int) -> str:
    return cells[place] if place < len(cells) else ""
