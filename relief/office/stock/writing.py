"""What the desk writes down of stock: a delivery that came, goods brought from another site, a count."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Connection

from relief.kernel.errors import BadInput, Conflict
from relief.kernel.ids import to_text
from relief.ledger.desk import tell
from relief.office.acting import Desk
from relief.operations.queries import get_current_plan
from relief.operations.rules import Plan

WAYS = ("received", "transferred", "counted")
SOURCES = ("dref", "own_funds", "in_kind")
MOST_UNITS = 10_000_000


@dataclass(frozen=True, slots=True)
class StockNote:
    """`quantity` units of an item at a site: received (with its funding source), transferred (from another site), or counted."""

    way: str
    item: str
    site: str
    quantity: int
    from_site: str = ""
    source: str = ""
    waybill: str = ""


def write_stock(connection: Connection, acting: Desk, note: StockNote) -> str:
    """Tell the ledger one movement or count, as of now; return the record's id. Raises BadInput naming the field, Conflict."""
    _check(note, get_current_plan(connection, acting.operation_id))
    record: dict[str, Any] = {"kind": "stock", "action": note.way, "item": note.item, "quantity": note.quantity}
    if note.way == "transferred":
        record |= {"site": note.from_site, "to_site": note.site}
    else:
        record["site"] = note.site
    if note.way == "received":
        record |= {name: value for name, value in (("source", note.source), ("waybill", note.waybill.strip())) if value}
    if acting.user_id:
        record["by"] = to_text(acting.user_id)
    (verdict,) = tell(connection, acting.operation_id, acting.enrolment_id, [record], acting.now, acting.keys)
    if verdict.verdict == "held":
        raise Conflict(_("The ledger did not take this."), code="not_taken", where=",".join(verdict.codes))
    return str(verdict.id)


def _check(note: StockNote, plan: Plan) -> None:
    if note.way not in WAYS:
        raise BadInput(_("There is no such act."), where="way")
    item = plan.item.get(note.item)
    if item is None or item.service:
        raise BadInput(_("Choose an item."), where="item")
    if note.site not in plan.site:
        raise BadInput(_("Choose a site."), where="site")
    if note.way == "transferred" and (note.from_site not in plan.site or note.from_site == note.site):
        raise BadInput(_("Choose the other site that it came from."), where="from_site")
    if note.source and note.source not in SOURCES:
        raise BadInput(_("Choose who paid for it."), where="source")
    if not (0 if note.way == "counted" else 1) <= note.quantity <= MOST_UNITS:
        raise BadInput(_("Say how many, in whole units."), where="quantity")
