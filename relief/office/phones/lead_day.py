"""A lead's day at one site: what came, what was given, what is left, and which phones still have something."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Connection

from relief.kernel.errors import NotAllowed
from relief.ledger.queries import get_position, list_counters
from relief.office.phones.queries import PhoneRow, list_phones
from relief.operations.rules import Plan
from relief.stock.queries import list_stock

NO_LANE = 0


def check_lead(phone: Any, site: str, plan: Plan) -> None:
    """Refuse who does not lead this site (`not_for_this_device`); which sites there are is not told."""
    sites = bytes(phone.site_ids)
    if not phone.site_lead or site not in plan.site or (sites != b"[]" and site.encode("ascii") not in sites):
        raise NotAllowed(_("This is for the lead's phone of the site."), code="not_for_this_device")


def read_day(connection: Connection, phone: Any, plan: Plan, site: str, day: str, now: int) -> dict[str, Any]:
    """Return the stock and the phones of a site; `connection` should be one snapshot. Raises NotAllowed."""
    check_lead(phone, site, plan)
    operation_id = bytes(phone.operation_id)
    given = _given_on(connection, operation_id, site, day)
    items = {item.id: item for item in plan.items if phone.sensitive or not item.sensitive}
    stock = [{
        "item": row.item, "name": items[row.item].public_label or items[row.item].name, "received": row.received,
        "transferred_in": row.transferred_in, "transferred_out": row.transferred_out, "given": row.given,
        "given_that_day": given.get(row.item, 0), "lost": row.lost, "on_hand": row.on_hand, "kept": row.kept,
    } for row in list_stock(connection, operation_id) if row.site == site and row.item in items]  # fmt: skip
    phones = [_phone(row, site) for row in list_phones(connection, operation_id)
              if row.serves(site) and (row.revoked_at is None or row.waiting)]  # fmt: skip
    ledger_id, position = get_position(connection, operation_id)
    return {"as_of": now, "position": position, "site": site, "day": day, "stock": stock, "phones": phones}


def _given_on(connection: Connection, operation_id: bytes, site: str, day: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for key, quantity in list_counters(connection, operation_id).items():
        word, *rest = key.split("|")
        if word == "given" and rest[1] == site and rest[3] == day:
            found[rest[0]] = found.get(rest[0], 0) + quantity
    return found


def _phone(row: PhoneRow, site: str) -> dict[str, Any]:
    lanes = row.lanes_now.get(site)
    told_lanes = [NO_LANE] if lanes == [] else lanes or []
    return {"enrolment": row.id, "label": row.label, "lanes": told_lanes, "made": row.made, "waiting": row.waiting,
            "held": row.held, "missing": max(0, row.max_seq - row.seq_count), "last_contact_at": row.last_contact_at,
            "revoked": row.revoked_at is not None}  # fmt: skip
