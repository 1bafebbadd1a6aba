"""Tally sheets as they stand: rows of sheets, counts by site, and the sealed parts of one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Connection, func, select
from sqlalchemy.orm import Session

from relief.cards.sheet_codes import check_signs, read_sheet_code, sheet_code
from relief.cards.sheet_models import TallyPhoto, TallySheet
from relief.kernel.errors import BadInput, NotFound
from relief.kernel.ids import is_id_text, to_bytes, to_text
from relief.kernel.paging import PAGE_SIZE, Page

Bind = Session | Connection
STATES = ("printed", "filled", "entered", "unused", "missing")
_sheet, _photo = TallySheet.__table__, TallyPhoto.__table__


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet without its lines; ids as text. `has_photo` only where one sheet was asked for."""

    operation_id: bytes
    sheet_id: bytes
    number: int
    site: str
    round: str
    lane: int
    items: tuple[str, ...]
    lines: int
    state: str
    printed_at: int
    touched_at: int
    day: str
    about_time: str
    version: int
    has_photo: bool = False

    @property
    def id(self) -> str:
        return to_text(self.sheet_id)

    @property
    def code(self) -> str:
        """What stands on the paper."""
        return sheet_code(self.number, self.sheet_id)


def list_sheets(bind: Bind, operation_id: bytes, state: str = "", number: int = 1, size: int = PAGE_SIZE) -> Page[Sheet]:
    """Return a page of an operation's sheets, the highest number first; of one state (of STATES), or all."""
    where = [_sheet.c.operation_id == operation_id, *([_sheet.c.state == state] if state in STATES else [])]
    total = bind.execute(select(func.count()).select_from(_sheet).where(*where)).scalar_one()
    rows = bind.execute(_rows().where(*where).order_by(_sheet.c.number.desc()).limit(size).offset((number - 1) * size))
    return Page([_read(row) for row in rows], number, size, total)


def get_sheet(bind: Bind, operation_id: bytes, sheet_id: str) -> Sheet:
    """Return one sheet of an id's text; raises NotFound."""
    if not is_id_text(sheet_id):
        raise _no_sheet()
    row = bind.execute(_rows().where(*is_sheet(operation_id, to_bytes(sheet_id)))).one_or_none()
    if row is None:
        raise _no_sheet()
    photo = select(func.count()).select_from(_photo)
    there = bind.execute(photo.where(_photo.c.operation_id == operation_id, _photo.c.sheet_id == row.sheet_id)).scalar_one()
    return _read(row, has_photo=bool(there))


def find_by_code(bind: Bind, operation_id: bytes, typed: str) -> Sheet:
    """Return the sheet of a typed or scanned code, or of its number alone; raises BadInput, NotFound."""
    try:
        number, signs = read_sheet_code(typed)
    except ValueError:
        raise BadInput(_("A sheet's code looks like 0012-K7F3; its number alone will do."), where="code") from None
    row = bind.execute(_rows().where(_sheet.c.operation_id == operation_id, _sheet.c.number == number)).one_or_none()
    if row is None or signs and signs != check_signs(bytes(row.sheet_id)):
        raise _no_sheet()
    return _read(row)


def count_sheets(bind: Bind, operation_id: bytes) -> dict[str, dict[str, int]]:
    """Return site id (text) -> state -> how many sheets."""
    rows = bind.execute(
        select(_sheet.c.site_id, _sheet.c.state, func.count()).where(_sheet.c.operation_id == operation_id)
        .group_by(_sheet.c.site_id, _sheet.c.state)
    )  # fmt: skip
    counts: dict[str, dict[str, int]] = {}
    for site_id, state, count in rows:
        counts.setdefault(to_text(bytes(site_id)), dict.fromkeys(STATES, 0))[state] = count
    return counts


def is_sheet(operation_id: bytes, sheet_id: bytes) -> tuple[Any, Any]:
    """Return the conditions that pick one sheet."""
    return _sheet.c.operation_id == operation_id, _sheet.c.sheet_id == sheet_id


def _rows() -> Any:
    c = _sheet.c
    columns: list[Any] = [c.operation_id, c.sheet_id, c.number, c.site_id, c.round_id, c.lane, c["items"], c.lines, c.state,
                          c.printed_at, c.touched_at, c.day, c.about_time, c.version]  # fmt: skip
    return select(*columns)


def _read(row: Any, has_photo: bool = False) -> Sheet:
    items = tuple(row._mapping["items"].split())
    return Sheet(bytes(row.operation_id), bytes(row.sheet_id), row.number, to_text(bytes(row.site_id)),
                 to_text(bytes(row.round_id)), row.lane, items, row.lines, row.state, row.printed_at, row.touched_at, row.day,
                 row.about_time, row.version, has_photo)  # fmt: skip


def _no_sheet() -> NotFound:
    return NotFound(_("There is no such sheet."), where="code")
