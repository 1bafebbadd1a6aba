"""Which of our columns those of a list most likely are: by their headers, and by whether a household has one row or more."""

from __future__ import annotations

from flask_babel import gettext as _

from relief.households.column_names import EXACT, HEADS_OWN, recognise
from relief.households.columns import COUNT_COLUMNS, MEMBER_COLUMNS
from relief.households.name_columns import KINDS, settle_names
from relief.households.sheets import Cells, Rows
from relief.kernel.errors import BadInput

NEARLY_ALL = 0.9
# In a repeat group whose form did not come with it: the household of a row. Its own key is the member's.
_HOUSEHOLD_OF_ROW = ("_submission__uuid", "parent_key")
_DESCRIBING = frozenset(MEMBER_COLUMNS) - {"member_name", "member_number"}
Found = list[tuple[str, int]]


def guess_columns(header: Cells, rows: Rows, member_start: int | None = None) -> list[str]:
    """Return which of our columns each column most likely is, '' where none: of several the surest, then the first."""
    found = _recognised(header, member_start)
    one_row = member_start is None and _has_one_row_a_household(found, rows)
    found = _heads_own(found, one_row)
    if one_row and sum(name in COUNT_COLUMNS for name, _sure in found) > 1:  # the counts tell of everybody, the head among them
        found = [(name, sure) if name not in _DESCRIBING else ("", 0) for name, sure in found]
    elif any(name in MEMBER_COLUMNS for name, _sure in found):
        found = [(name, sure) if name not in COUNT_COLUMNS or sure == EXACT else ("", 0) for name, sure in found]
    names = [name for name, _sure in found]
    joined = settle_names(names, _whose(names, member_start, one_row))
    chosen = [joined.get(place, "") for place in range(len(header))]
    for place in sorted(range(len(header)), key=lambda place: (-found[place][1], place)):
        if names[place] and names[place] not in KINDS and names[place] not in chosen:
            chosen[place] = names[place]
    return chosen


def check_header(header: Cells, member_start: int | None = None) -> None:
    """Raise BadInput where two columns carry the very same name of ours: neither is the better guess."""
    exact = [name for name, sure in _recognised(header, member_start) if sure == EXACT]
    for name in exact:
        if exact.count(name) > 1:
            raise BadInput(_("Two columns say %(name)s.", name=name), where=name)


def _heads_own(found: Found, one_row: bool) -> Found:
    """The sex of the head is that of the person in the row where she is the only one; on the rows of others it says nothing."""
    bare = [(name.removeprefix(HEADS_OWN), sure) for name, sure in found]
    return bare if one_row else [("", 0) if name.startswith(HEADS_OWN) else (name, sure) for name, sure in found]


def _recognised(header: Cells, member_start: int | None) -> Found:
    """Where members have a sheet of their own, what the households' sheet says of a sex or an age is not about them."""
    found: Found = []
    for place, cell in enumerate(header):
        of_member = member_start is not None and place >= member_start
        name, sure = recognise(cell, of_member)
        found.append(("", 0) if member_start is not None and not of_member and name in MEMBER_COLUMNS else (name, sure))
    return found if member_start is not None else _by_pointer(header, found)


def _by_pointer(header: Cells, found: Found) -> Found:
    names = [cell.casefold() for cell in header]
    pointer = next((names.index(name) for name in _HOUSEHOLD_OF_ROW if name in names), None)
    if pointer is None or ("external_id", EXACT) in found:
        return found
    others = [("", 0) if name == "external_id" else (name, sure) for name, sure in found]
    return [*others[:pointer], ("external_id", EXACT), *others[pointer + 1 :]]


def _whose(names: list[str], member_start: int | None, one_row: bool) -> list[str]:
    """Return for each column whose name a bare name in it is: its row's person's, or the head's where a household has one row."""
    if member_start is not None:
        return ["member_name" if place >= member_start else "head_name" for place in range(len(names))]
    of_member = any(name in _DESCRIBING for name in names) and not one_row
    whose = "member_name" if of_member or "head_name" in names else "head_name"
    return [whose] * len(names)


def _has_one_row_a_household(found: Found, rows: Rows) -> bool:
    """Tell by the numbers of the households: each stands once, or nearly, where a column says how many people there are."""
    names = [name for name, _sure in found]
    key = max((place for place, name in enumerate(names) if name == "external_id"),
              key=lambda place: (found[place][1], -place), default=None)  # fmt: skip
    has_sizes = "members" in names
    if key is None:
        return has_sizes
    keys = [cells[key] for _row, cells in rows if key < len(cells) and cells[key]]
    different = len(set(keys))
    return bool(keys) and (different == len(keys) or (has_sizes and different >= NEARLY_ALL * len(keys)))
