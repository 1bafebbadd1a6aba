"""What has been typed of a tally sheet, and what of it stands in the ledger: kept encrypted beside the sheet.

Nothing here speaks to the ledger. A draft survives a reload, a closed lid, and the next day; `version` keeps two desks from
overwriting each other.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from flask_babel import gettext as _
from sqlalchemy import Connection, select, update

from relief.cards.sheet_models import TallySheet
from relief.db import is_sqlite
from relief.kernel.clock import EPOCH, local_day, parse_day
from relief.kernel.errors import BadInput, Conflict
from relief.office.paper.lines import LONGEST_CELL, Line, line_of, whole_lines
from relief.office.paper.queries import Sheet, get_sheet, is_sheet
from relief.office.upload_sealing import seal, unseal
from relief.operations.rules import Plan
from relief.settings import Secrets

_TIME = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)", re.ASCII)
_table = TallySheet.__table__
ToldLines = dict[int, dict[str, dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands on the form: the sheet's day and time, its lines, and the totals that the site counted, by item."""

    day: str = ""
    about_time: str = ""
    lines: Mapping[int, Line] = field(default_factory=dict)
    control: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Opened:
    """A sheet with what was typed and what is told: line -> item -> {revision, record and gives while it stands}."""

    sheet: Sheet
    typed: Typed
    told: ToldLines

    @property
    def is_told(self) -> bool:
        """Tell whether any of its hand-overs stands in the ledger."""
        return any("record" in each for items in self.told.values() for each in items.values())


def open_sheet(connection: Connection, operation_id: bytes, sheet_id: str, secrets: Secrets, lock: bool = False) -> Opened:
    """Return a sheet with all that is kept of it; with `lock` nobody else changes it until this transaction ends."""
    sheet = get_sheet(connection, operation_id, sheet_id)
    query = select(_table.c.draft, _table.c.told, _table.c.version).where(*is_sheet(operation_id, sheet.sheet_id))
    row = connection.execute(query.with_for_update() if lock and not is_sqlite(connection) else query).one()
    if row.version != sheet.version:  # somebody else was between our two looks
        sheet = get_sheet(connection, operation_id, sheet_id)
    draft = orjson.loads(unseal(secrets, sheet.sheet_id, row.draft)) if row.draft else {}
    told = orjson.loads(unseal(secrets, sheet.sheet_id, row.told)) if row.told else {}
    lines = {int(place): line_of(line) for place, line in draft.get("lines", {}).items()}
    return Opened(sheet, Typed(sheet.day, sheet.about_time, lines, draft.get("control", {})),
                  {int(place): items for place, items in told.items()})  # fmt: skip


def save_typed(connection: Connection, operation_id: bytes, sheet_id: str, version: int, typed: Typed, plan: Plan, now: int,
               secrets: Secrets) -> Opened:  # fmt: skip
    """Keep what was typed on a form that showed `version`; raises Conflict (`sheet_changed`), BadInput naming the field."""
    opened = open_sheet(connection, operation_id, sheet_id, secrets, lock=True)
    sheet = opened.sheet
    if sheet.version != version:
        raise Conflict(_("Somebody else has typed on this sheet meanwhile. Open it again: nothing of theirs is lost."),
                       code="sheet_changed")  # fmt: skip
    day, about_time = _day_and_time(opened, typed, plan, now)
    lines = whole_lines({place: _checked(line, sheet) for place, line in typed.lines.items() if 1 <= place <= sheet.lines})
    control = {item: text.strip() for item, text in typed.control.items() if item in sheet.items and text.strip()}
    draft = {"lines": {str(place): line.as_json() for place, line in lines.items()}, "control": control}
    state = "filled" if sheet.state in ("printed", "missing", "unused") and lines else sheet.state
    values = {"draft": seal(secrets, sheet.sheet_id, orjson.dumps(draft)), "day": day, "about_time": about_time, "state": state,
              "version": version + 1, "touched_at": now}  # fmt: skip
    connection.execute(update(TallySheet).where(*is_sheet(operation_id, sheet.sheet_id)).values(**values))
    return open_sheet(connection, operation_id, sheet_id, secrets)


def keep_told(connection: Connection, opened: Opened, told: ToldLines, state: str, now: int, secrets: Secrets) -> None:
    """Write down what of a sheet stands in the ledger, in the transaction that put it there."""
    sheet = opened.sheet
    sealed = seal(secrets, sheet.sheet_id, orjson.dumps({str(place): items for place, items in told.items()}))
    values = {"told": sealed, "state": state, "version": sheet.version + 1, "touched_at": now}
    connection.execute(update(TallySheet).where(*is_sheet(sheet.operation_id, sheet.sheet_id)).values(**values))


def moment_of(sheet: Sheet, plan: Plan) -> int:
    """Return when the sheet was written, in UTC seconds: the site's day and time; before they are given, when it was printed."""
    if not (sheet.day and sheet.about_time):
        return sheet.printed_at
    local = datetime.fromisoformat(f"{sheet.day}T{sheet.about_time}").replace(tzinfo=ZoneInfo(plan.site[sheet.site].zone))
    return int((local - EPOCH).total_seconds())


def _day_and_time(opened: Opened, typed: Typed, plan: Plan, now: int) -> tuple[str, str]:
    day, about_time = typed.day.strip(), typed.about_time.strip()
    if opened.is_told:  # the hand-overs stand at this moment: another one would make other records of them
        if (day, whole_time(about_time)) != (opened.sheet.day, opened.sheet.about_time):
            raise BadInput(_("Lines are entered with this day and time. Empty the lines and enter that first."), where="day")
        return opened.sheet.day, opened.sheet.about_time
    if day:
        try:
            parse_day(day)
        except ValueError:
            raise BadInput(_("Give the day as 2013-03-18."), where="day") from None
        if day > local_day(now, plan.site[opened.sheet.site].zone):
            raise BadInput(_("This day has not come yet."), where="day")
    if about_time and not whole_time(about_time):
        raise BadInput(_("Give the time as 10:30."), where="about_time")
    return day, whole_time(about_time)


def whole_time(text: str) -> str:
    """Return `9:30` or `9.30` as `09:30`; '' for what is no time."""
    match = _TIME.fullmatch(text)
    return f"{int(match.group(1)):02d}:{match.group(2)}" if match else ""


def _checked(line: Line, sheet: Sheet) -> Line:
    """Return the line with its columns alone, each as long as a column may be."""
    given = {item: text.strip()[:LONGEST_CELL] for item, text in line.given.items() if item in sheet.items and text.strip()}
    return Line(line.number.strip()[:LONGEST_CELL], line.signs.strip()[:LONGEST_CELL], given, line.as_written)

