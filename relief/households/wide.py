"""Lists with the members side by side - *Member 1 name, Member 1 sex, Member 2 name ...* - as one row a member."""

from __future__ import annotations

import re
from dataclasses import dataclass

from relief.households.column_names import HEADS_OWN, recognise
from relief.households.columns import COUNT_COLUMNS, MEMBER_COLUMNS
from relief.households.name_columns import FULL, MEMBER_PART, PART, SHORT
from relief.households.rules import MOST_MEMBERS
from relief.households.sheets import Cells, Sheet
from relief.households.submissions import Joined

_NUMBER = re.compile(r"\d+")
_MEMBER = re.compile(r"household member|family member|members?|individual|person|член\w* (?:семьи|домохозяйства)|член|человек|"
                     r"membre|personne|miembro|persona|الفرد|فرد|عضو", re.IGNORECASE)  # fmt: skip
_NAMES = frozenset({"member_name", FULL, SHORT, PART, MEMBER_PART})


@dataclass(frozen=True, slots=True)
class _Numbered:
    """One column that is there once for each member: which of ours, its header without the number, where it stands by number."""

    column: str
    header: str
    places: dict[int, int]


def unfold_members(sheet: Sheet) -> Joined | None:
    """Return households with one row a member, or None where the sheet has no columns that are numbered by member."""
    header = sheet.rows[0][1]
    numbered = _numbered(header)
    if not numbered:
        return None
    taken = {place for each in numbered for place in each.places.values()}
    own = [place for place in range(len(header)) if place not in taken]
    _add_head(header, own, numbered)
    numbers = sorted({number for each in numbered for number in each.places})
    rows: list[tuple[int, Cells]] = []
    places: dict[int, tuple[str, int, str, int]] = {}
    alone: set[int] = set()
    for line, cells in sheet.rows[1:]:
        household = tuple(_cell(cells, place) for place in own)
        members = [tuple(_cell(cells, each.places.get(number, len(cells))) for each in numbered) for number in numbers]
        told = _without_twice([member for member in members if any(member)], numbered)
        for member in told or members[:1]:
            rows.append((len(rows) + 2, household + member))
            places[rows[-1][0]] = (sheet.name, line, sheet.name, line)
        if not told:
            alone.add(rows[-1][0])
    unfolded = (*(header[place] for place in own), *(each.header for each in numbered))
    return Joined(sheet.name, sheet.name, unfolded, tuple(rows), len(own), frozenset(alone), places)


def _numbered(header: Cells) -> list[_Numbered]:
    """Return the columns numbered by member; none unless they tell a sex or an age, or say *member*."""
    stems: dict[str, dict[int, int]] = {}
    for place, cell in enumerate(header):
        found = _NUMBER.findall(cell)
        if len(found) == 1 and 1 <= int(found[0]) <= MOST_MEMBERS and recognise(cell, False)[0] not in COUNT_COLUMNS:
            stems.setdefault(_NUMBER.sub("#", cell.casefold()), {}).setdefault(int(found[0]), place)
    found_columns = {stem: _member_column(stem) for stem, places in stems.items() if len(places) > 1 and min(places) <= 2}
    known = {stem: column for stem, column in found_columns.items() if column}
    if not any(column != "member_name" or _MEMBER.search(stem) for stem, column in known.items()):
        return []
    return [_Numbered(column, f"{_title(stem)} ({min(stems[stem])}-{max(stems[stem])})", stems[stem])
            for stem, column in known.items()]  # fmt: skip


def _add_head(header: Cells, own: list[int], numbered: list[_Numbered]) -> None:
    """Where columns of their own tell the head's sex or age, the head is one of the members, before the first."""
    heads: dict[str, int] = {}
    for place in own:
        name = recognise(header[place], False)[0].removeprefix(HEADS_OWN)
        heads.setdefault("member_name" if name in ("head_name", FULL, SHORT) else name, place)
    if any(each.column in heads for each in numbered if each.column != "member_name"):
        for each in numbered:
            if each.column in heads:
                each.places[0] = heads[each.column]


def _without_twice(members: list[Cells], numbered: list[_Numbered]) -> list[Cells]:
    """Leave the head out where she is written out among the members too."""
    name = next((place for place, each in enumerate(numbered) if each.column == "member_name" and 0 in each.places), None)
    if name is None or not members or not members[0][name]:
        return members
    return members[1:] if any(member[name] == members[0][name] for member in members[1:]) else members


def _member_column(stem: str) -> str:
    name = recognise(_title(stem), True)[0]
    return "member_name" if name in _NAMES else name if name in MEMBER_COLUMNS else ""


def _title(stem: str) -> str:
    """Return what a numbered header says without *member* and the number: `member # name` says name."""
    bare = re.sub(r"[#№\[\](){}:_./|-]+|\b[nn]°", " ", _MEMBER.sub(" ", stem))
    return " ".join(bare.split()) or "name"


def _cell(cells: Cells, place: int) -> str:
    return cells[place] if place < len(cells) else ""
