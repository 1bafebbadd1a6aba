"""Deciding about held records: taken up or put aside, one or all of a phone at once; and what was taken up, taken back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from flask_babel import gettext as _
from sqlalchemy import Connection, insert, select

from relief.accounts import audit
from relief.accounts.models import Enrolment
from relief.kernel.errors import BadInput, Conflict, ReliefError
from relief.kernel.ids import derived_id, is_id_text, to_bytes, to_text
from relief.ledger.desk import tell
from relief.ledger.putting_aside import put_aside
from relief.ledger.rules.book import VOIDABLE
from relief.ledger.taking_up import take_up
from relief.ledger.values import LONGEST_TEXT
from relief.office.acting import Desk
from relief.office.deciding.held_queries import HeldItem, get_item

NOTED = {"take_up": "held.taken_up", "put_aside": "held.put_aside"}


@dataclass(frozen=True, slots=True)
class Decider:
    """Who decides and why; `actor` and `purpose` as the audit names them."""

    desk: Desk
    reason: str
    actor: audit.Actor
    purpose: str = ""


@dataclass(slots=True)
class Outcome:
    """How many were decided, and why others could not be: (sentence, how many)."""

    done: int = 0
    left: Counter[str] = field(default_factory=Counter)


def decide_held(connection: Connection, operation_id: bytes, held_id: bytes, action: str, decider: Decider) -> None:
    """Take a held record up, or put it aside. Raises NotFound, BadInput without a reason, Conflict for what cannot enter."""
    if action not in NOTED:
        raise BadInput(_("There is no such decision."), where="action")
    if not decider.reason.strip():
        raise BadInput(_("Say why, in a few words."), where="reason")
    desk = decider.desk
    by = {"desk_enrolment_id": desk.enrolment_id, "reason": decider.reason, "now": desk.now, "by": desk.user_id}
    if action == "put_aside":
        put_aside(connection, operation_id, held_id, **by, keys=desk.keys)  # type: ignore[arg-type]
        return
    item = get_item(connection, operation_id, held_id)
    if item.code == "unknown_enrolment" and is_id_text(item.phone):
        _know_phone(connection, operation_id, to_bytes(item.phone), desk.now)
    take_up(connection, operation_id, held_id, **by, keys=desk.keys)  # type: ignore[arg-type]


def decide_several(connection: Connection, operation_id: bytes, held_ids: Sequence[bytes], action: str,
                   decider: Decider) -> Outcome:  # fmt: skip
    """Decide and note each of several, whatever becomes of the others."""
    outcome = Outcome()
    for held_id in held_ids:
        try:
            with connection.begin_nested():
                decide_held(connection, operation_id, held_id, action, decider)
                audit.note(connection, decider.actor, NOTED[action], decider.desk.now, operation_id=operation_id, subject=held_id,
                           purpose=decider.purpose)  # fmt: skip
            outcome.done += 1
        except BadInput:
            raise
        except ReliefError as error:
            outcome.left[error.message] += 1
    return outcome


def take_back(connection: Connection, operation_id: bytes, held_id: bytes, goods_back: bool, decider: Decider) -> None:
    """Void what was taken up. Raises NotFound, BadInput without a reason, Conflict for what cannot be voided."""
    if not decider.reason.strip():
        raise BadInput(_("Say why, in a few words."), where="reason")
    item = get_item(connection, operation_id, held_id)
    if not can_take_back(item):
        raise Conflict(_("This cannot be taken back. Correct it with a record of its own."), code="not_voidable")
    desk, by = decider.desk, {"by": to_text(decider.desk.user_id)} if decider.desk.user_id else {}
    place = {name: item.record[name] for name in ("card", "site") if name in item.record}
    where = {"card": place["card"]} if "card" in place else {"site": place["site"]}
    void = {"kind": "void", "target": entered_id(item), **where, "cause": "mistake", "goods_back": int(goods_back),
            "reason": decider.reason.strip()[:LONGEST_TEXT], **by}  # fmt: skip
    tell(connection, operation_id, desk.enrolment_id, [void], desk.now, desk.keys)


def can_take_back(item: HeldItem) -> bool:
    """Tell whether a held record was taken up and is of a kind that can be voided."""
    return item.taken_up_at is not None and isinstance(item.record, dict) and item.record.get("kind") in VOIDABLE


def entered_id(item: HeldItem) -> str:
    """Return the id under which a held record was entered: a new one where its own was taken."""
    return to_text(derived_id(to_bytes(item.held_id), "taken up")) if item.code == "conflict" else str(item.record["id"])


def _know_phone(connection: Connection, operation_id: bytes, phone_id: bytes, now: int) -> None:
    """Enrol, signed off and without a token, a phone that joined after the backup which was brought back."""
    device = Enrolment.__table__.c
    here = (device.operation_id == operation_id, device.enrolment_id == phone_id)
    if connection.execute(select(device.enrolment_id).where(*here)).first() is None:
        label = _("Phone %(mark)s", mark=to_text(phone_id)[:4])
        connection.execute(insert(Enrolment.__table__).values(
            operation_id=operation_id, enrolment_id=phone_id, kind="phone", label=label, site_ids=b"[]", site_lead=False,
            sensitive=False, enrolled_at=now, revoked_at=now, app_version="", made=0, waiting=0, held=0, max_seq=0,
            seq_count=0))  # fmt: skip
