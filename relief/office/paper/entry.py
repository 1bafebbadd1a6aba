"""A filled tally sheet on its way into the ledger: summed up for a second look, then told by the desk that typed it.

Ids come from the sheet, the line, the item and how often that place was told before. So the same sheet twice adds nothing, and a
corrected line is a void and a new record.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Connection

from relief.kernel.clock import wall
from relief.kernel.errors import BadInput, Conflict
from relief.kernel.ids import derived_id, to_text
from relief.ledger import desk
from relief.ledger.keys import Keys
from relief.office.paper.check import Checked, check_lines
from relief.office.paper.drafts import Opened, ToldLines, Typed, keep_told, moment_of, open_sheet, save_typed
from relief.office.paper.lines import LARGEST_QUANTITY, TICKS, Line
from relief.office.paper.queries import Sheet
from relief.operations.queries import get_current_plan
from relief.operations.rules import Plan
from relief.settings import Secrets

Record = dict[str, Any]


@dataclass(slots=True)
class Summary:
    """A sheet before it is entered: its lines with remarks, what it gives by item, and what entering it would do.

    `differs` are the items whose sum is not what the site counted (`control`); `waiting` the lines that stay out.
    """

    opened: Opened
    lines: dict[int, Checked]
    sums: dict[str, int] = field(default_factory=dict)
    control: dict[str, int] = field(default_factory=dict)
    new: list[int] = field(default_factory=list)
    changed: list[int] = field(default_factory=list)
    taken_back: list[int] = field(default_factory=list)
    waiting: list[int] = field(default_factory=list)

    @property
    def differs(self) -> list[str]:
        return [item for item, count in self.control.items() if count != self.sums.get(item, 0)]

    @property
    def is_dated(self) -> bool:
        return bool(self.opened.sheet.day and self.opened.sheet.about_time)

    @property
    def has_news(self) -> bool:
        return bool(self.new or self.changed or self.taken_back)


@dataclass(frozen=True, slots=True)
class Entered:
    """What entering a sheet did: hand-overs added, taken back; codes of what the ledger flagged, by line; lines still out."""

    added: int
    taken_back: int
    flagged: dict[int, tuple[str, ...]]
    waiting: tuple[int, ...]


def sum_up(connection: Connection, operation_id: bytes, sheet_id: str, secrets: Secrets, lock: bool = False) -> Summary:
    """Return what entering the sheet, as it is typed now, would do."""
    opened = open_sheet(connection, operation_id, sheet_id, secrets, lock)
    plan = get_current_plan(connection, operation_id)
    sheet, told = opened.sheet, opened.told
    summary = Summary(opened, check_lines(connection, sheet, plan, opened.typed.lines, told, moment_of(sheet, plan)))
    for place in sorted({*summary.lines, *told}):
        _sort(summary, place)
    for checked in summary.lines.values():
        for item, gives in checked.gives.items():
            summary.sums[item] = summary.sums.get(item, 0) + gives["quantity"]
    summary.control = {item: int(text) for item, text in opened.typed.control.items()
                       if text.isdecimal() and int(text) <= LARGEST_QUANTITY}  # fmt: skip
    return summary


def save_sheet(connection: Connection, operation_id: bytes, sheet_id: str, version: int, typed: Typed, now: int,
               secrets: Secrets) -> Summary:  # fmt: skip
    """Keep what was typed and return what there is to say of it; ticks become the quantities they stand for.

    A tick is spelled out once, so that a family that grows later does not change what was given. Raises Conflict, BadInput.
    """
    plan = get_current_plan(connection, operation_id)
    save_typed(connection, operation_id, sheet_id, version, typed, plan, now, secrets)
    summary = sum_up(connection, operation_id, sheet_id, secrets)
    spelled = {place: _spelled_out(checked, summary.opened.sheet, plan) for place, checked in summary.lines.items()}
    if spelled == dict(summary.opened.typed.lines):
        return summary
    saved = summary.opened
    save_typed(connection, operation_id, sheet_id, saved.sheet.version, replace(saved.typed, lines=spelled), plan, now, secrets)
    return sum_up(connection, operation_id, sheet_id, secrets)


def _spelled_out(checked: Checked, sheet: Sheet, plan: Plan) -> Line:
    line, card = checked.line, checked.card
    if card is None or not any(text in TICKS for text in line.given.values()):
        return line
    numbers = {member["id"]: member["number"] for member in card.members(moment_of(sheet, plan))}
    told = {item: " ".join(str(each) for each in sorted(numbers[member] for member in gives["members"])) if "members" in gives
            else str(gives["quantity"]) for item, gives in checked.gives.items()}  # fmt: skip
    return replace(line, given={item: told.get(item, text) if text in TICKS else text for item, text in line.given.items()})


def _sort(summary: Summary, place: int) -> None:
    standing = _standing(summary.opened.told.get(place, {}))
    checked = summary.lines.get(place)
    if checked is not None and checked.is_stopped:
        summary.waiting.append(place)
    elif checked is None and standing:
        summary.taken_back.append(place)
    elif checked is not None and checked.gives != standing:
        (summary.changed if standing else summary.new).append(place)


def _standing(told: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return what a line gives as the ledger has it: item -> gives."""
    return {item: each["gives"] for item, each in told.items() if "record" in each}


def enter_sheet(connection: Connection, operation_id: bytes, sheet_id: str, version: int, desk_id: bytes, now: int, keys: Keys,
                secrets: Secrets, counted_otherwise: bool = False) -> Entered:  # fmt: skip
    """Tell the ledger what the sheet says, but for lines that wait; return what was done.

    Raises Conflict (`sheet_changed`) when it is not as it was looked at (`version`), BadInput where day or time is missing, or
    where its sums are not what the site counted and nobody said so (`counted_otherwise`).
    """
    summary = sum_up(connection, operation_id, sheet_id, secrets, lock=True)
    opened, plan = summary.opened, get_current_plan(connection, operation_id)
    if opened.sheet.version != version:
        raise Conflict(_("The sheet has changed since you looked at it. Look again."), code="sheet_changed")
    if not summary.is_dated:
        raise BadInput(_("Say first on which day and at about what time the sheet was written."), where="day")
    if summary.differs and not counted_otherwise:
        raise BadInput(_("The lines do not add up to what the site counted. Look again, or say that it is so."), where="control")
    told: ToldLines = {place: {item: dict(each) for item, each in items.items()} for place, items in opened.told.items()}
    changes = [*_changes(summary, plan, told)]
    verdicts = desk.tell(connection, operation_id, desk_id, [record for _place, record in changes], now, keys) if changes else []
    if any(verdict.verdict == "held" for verdict in verdicts):  # nothing of a sheet is entered when a part of it is not
        codes = ", ".join(sorted({code for verdict in verdicts for code in verdict.codes}))
        raise Conflict(_("The ledger did not take the sheet."), code="not_entered", where=codes)
    keep_told(connection, opened, told, "filled" if summary.waiting else "entered", now, secrets)
    flagged = {place: verdict.codes for (place, record), verdict in zip(changes, verdicts, strict=True)
               if record["kind"] == "handover" and verdict.verdict == "flagged"}  # fmt: skip
    added = sum(record["kind"] == "handover" for _place, record in changes)
    return Entered(added, len(changes) - added, flagged, tuple(summary.waiting))


def _changes(summary: Summary, plan: Plan, told: ToldLines) -> Iterator[tuple[int, Record]]:
    """Yield (line, record) of all that is to be told, and write it into `told`."""
    for place in (*summary.new, *summary.changed, *summary.taken_back):
        checked = summary.lines.get(place)
        gives = checked.gives if checked else {}
        items = told.setdefault(place, {})
        for item in sorted({*gives, *items}):
            before = items.get(item, {"revision": -1})
            if before.get("gives") == gives.get(item):
                continue
            if "record" in before:
                yield place, _void(summary, place, item, before)
            items[item] = {"revision": before["revision"]}
            if item in gives:
                record = _handover(summary, plan, place, item, before["revision"] + 1, gives[item])
                items[item] = {"revision": before["revision"] + 1, "record": record["id"], "gives": gives[item]}
                yield place, record


def _handover(summary: Summary, plan: Plan, place: int, item: str, revision: int, gives: Record) -> Record:
    sheet = summary.opened.sheet
    # A second a line: what stands higher on the sheet was given first.
    moment = moment_of(sheet, plan) + place
    return {"kind": "handover", "id": to_text(derived_id(sheet.sheet_id, f"line {place} {item} {revision}")),
            "at": wall(moment, plan.site[sheet.site].zone), "about": 1, "item": item, "site": sheet.site, "round": sheet.round,
            "visit": to_text(derived_id(sheet.sheet_id, f"line {place}")), "sheet": sheet.number, "line": place,
            **gives}  # fmt: skip


def _void(summary: Summary, place: int, item: str, before: Record) -> Record:
    sheet = summary.opened.sheet
    return {"kind": "void", "id": to_text(derived_id(sheet.sheet_id, f"void {place} {item} {before['revision']}")),
            "target": before["record"], "card": before["gives"]["card"], "cause": "mistake", "goods_back": 1,
            "sheet": sheet.number, "line": place, "reason": "typed anew from paper"}  # fmt: skip
