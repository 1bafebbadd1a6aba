"""A filled sheet as a CSV file: one row a line, the columns `number`, `signs` and one for each item, by name or id."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask_babel import gettext as _

from relief.households.csv_text import read_csv
from relief.kernel.errors import BadInput
from relief.office.paper.lines import Line
from relief.office.paper.queries import Sheet
from relief.operations.rules import Plan

YES = ("1", "x", "yes", "true")


def read_lines(content: bytes, sheet: Sheet, plan: Plan) -> dict[int, Line]:
    """Return the lines of a file by their number on the sheet: that of a column `line`, else of the row. Raises BadInput."""
    rows = [(number, list(cells)) for number, cells in read_csv(content).rows]
    if not rows:
        raise BadInput(_("The file is empty."))
    places = _columns([str(cell).strip() for cell in rows[0][1]], sheet, plan)
    lines: dict[int, Line] = {}
    for number, cells in rows[1:]:
        values = {name: str(cells[place]).strip() for name, place in places.items() if place < len(cells)}
        place = _place(values.get("line", ""), number - rows[0][0], number, sheet)
        if place in lines:
            raise BadInput(_("Line %(line)s stands twice.", line=place), where=f"row {number}")
        given = {item: values[item] for item in sheet.items if values.get(item)}
        lines[place] = Line(values.get("number", ""), values.get("signs", ""), given,
                            values.get("as_written", "").casefold() in YES)  # fmt: skip
    return lines


def _columns(header: Sequence[str], sheet: Sheet, plan: Plan) -> dict[str, int]:
    names: Mapping[str, str] = {
        **{name: name for name in ("line", "number", "signs", "as_written")},
        **{text.casefold(): item for item in sheet.items if item in plan.item
           for text in (item, plan.item[item].name, plan.item[item].public_label or item)},
    }  # fmt: skip
    found = {}
    for place, cell in enumerate(header):
        name = names.get(cell.casefold())
        if name is None:
            raise BadInput(_("The sheet has no column “%(name)s”.", name=cell), where=f"column {place + 1}")
        found[name] = place
    if "number" not in found:
        raise BadInput(_("The file needs a column “number”."), where="number")
    return found


def _place(text: str, row: int, number: int, sheet: Sheet) -> int:
    place = int(text) if text.isdecimal() and len(text) < 5 else row if not text else 0
    if not 1 <= place <= sheet.lines:
        raise BadInput(_("The sheet has lines 1 to %(lines)s.", lines=sheet.lines), where=f"row {number}")
    return place
