"""Tally sheets on their way: printed with numbers of their own, counted back in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Connection, func, insert, select, update

from relief.accounts import audit
from relief.cards.lanes import MOST_LANES
from relief.cards.sheet_models import TallySheet
from relief.kernel.errors import BadInput, Conflict
from relief.kernel.ids import random_id, to_bytes
from relief.office.paper.queries import Sheet, get_sheet, is_sheet
from relief.operations.rules import Plan

MOST_SHEETS = 200
MOST_ITEMS = 6
LINES = 20
BY_HAND = ("printed", "filled", "unused", "missing")  # `entered` is said by entering


@dataclass(frozen=True, slots=True)
class SheetOrder:
    """What to print: `count` sheets for a site and round, `items` their columns; `lane` 0 for no lane, None for every lane."""

    site: str
    round: str
    items: tuple[str, ...]
    count: int = 1
    lane: int | None = 0


def check_order(order: SheetOrder, plan: Plan) -> None:
    """Raise BadInput, naming the field, when the plan does not have what is ordered."""
    if order.site not in plan.site:
        raise BadInput(_("Choose a site."), where="site")
    if order.round not in plan.round:
        raise BadInput(_("Choose a round."), where="round")
    different = set(order.items)
    if not 1 <= len(different) == len(order.items) <= MOST_ITEMS or not different <= plan.item.keys():
        raise BadInput(_("Choose one to %(most)s things that are given.", most=MOST_ITEMS), where="items")
    lanes = min(plan.site[order.site].lanes, MOST_LANES)
    if order.lane is not None and not 0 <= order.lane <= lanes:
        raise BadInput(_("This site has no such lane."), where="lane")
    if not 1 <= order.count * max(1, len(lanes_of(order, plan))) <= MOST_SHEETS:
        raise BadInput(_("Print 1 to %(most)s sheets at a time.", most=MOST_SHEETS), where="count")


def lanes_of(order: SheetOrder, plan: Plan) -> list[int]:
    """Return the lanes an order prints for: every one of the site where it names none."""
    lanes = min(plan.site[order.site].lanes, MOST_LANES)
    return [order.lane] if order.lane is not None else list(range(1, lanes + 1)) or [0]


def add_sheets(connection: Connection, operation_id: bytes, order: SheetOrder, plan: Plan, user_id: bytes | None,
               now: int) -> list[Sheet]:  # fmt: skip
    """Number new sheets and return them; two who print at once get different numbers. Raises BadInput."""
    check_order(order, plan)
    table = TallySheet.__table__
    last = connection.execute(select(func.max(table.c.number)).where(table.c.operation_id == operation_id)).scalar() or 0
    places = [lane for lane in lanes_of(order, plan) for _copy in range(order.count)]
    fixed = {"operation_id": operation_id, "site_id": to_bytes(order.site), "round_id": to_bytes(order.round),
             "items": " ".join(order.items), "lines": LINES, "state": "printed", "printed_at": now, "printed_by": user_id,
             "touched_at": now, "version": 0, "day": "", "about_time": ""}  # fmt: skip
    rows: list[dict[str, Any]] = [{**fixed, "sheet_id": random_id(), "number": number, "lane": lane}
                                  for number, lane in enumerate(places, last + 1)]  # fmt: skip
    connection.execute(insert(TallySheet), rows)
    return [Sheet(operation_id, row["sheet_id"], row["number"], order.site, order.round, row["lane"], order.items, LINES,
                  "printed", now, now, "", "", 0) for row in rows]  # fmt: skip


def count_sheet(connection: Connection, operation_id: bytes, sheet_id: str, state: str, now: int) -> Sheet:
    """Write down that a sheet came back filled or unused, is missing, or is out again; raises BadInput, NotFound, Conflict.

    What has lines in the ledger stays counted as entered.
    """
    if state not in BY_HAND:
        raise BadInput(_("Say what became of the sheet."), where="state")
    sheet = get_sheet(connection, operation_id, sheet_id)
    table = TallySheet.__table__
    told = connection.execute(select(table.c.told).where(*is_sheet(operation_id, sheet.sheet_id))).scalar()
    if told is not None and state != "filled":
        raise Conflict(_("Lines of this sheet are entered already."), code="sheet_entered")
    connection.execute(update(TallySheet).where(*is_sheet(operation_id, sheet.sheet_id)).values(state=state, touched_at=now))
    return get_sheet(connection, operation_id, sheet_id)


def count_and_note(connection: Connection, actor: audit.Actor, operation_id: bytes, sheet_id: str, state: str, now: int) -> Sheet:
    """Do what `count_sheet` does, and note who said so in the same transaction."""
    sheet = count_sheet(connection, operation_id, sheet_id, state, now)
    audit.note(connection, actor, f"paper.{state}", now, operation_id=operation_id, subject=sheet.sheet_id)
    return sheet
