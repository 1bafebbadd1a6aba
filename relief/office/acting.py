"""Who acts at the desk: the signed-in user with the device of her desk, as services and the audit name her."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app

from relief.accounts import guards
from relief.accounts.devices import get_desk_enrolment
from relief.accounts.purposes import current_purpose
from relief.db import unit_of_work
from relief.kernel.ids import to_bytes
from relief.ledger.keys import Keys, current_keys
from relief.office.noted_writing import Act
from relief.operations.queries import get_operation


@dataclass(frozen=True, slots=True)
class Desk:
    """Who acts: the operation, the device of her desk, and her user id; the moment, and the keys of the ledger."""

    operation_id: bytes
    enrolment_id: bytes
    user_id: bytes | None
    now: int
    keys: Keys


def signed_in_desk(operation_id: str) -> Desk:
    """Return under whose name and device the signed-in user acts; raises NotFound for an operation that is not there."""
    user_id, now = guards.get_current_user().id, int(current_app.extensions["relief_clock"].now())
    with unit_of_work() as session:
        operation = get_operation(session, to_bytes(operation_id))
        enrolment_id = get_desk_enrolment(session, operation.id, user_id, now).enrolment_id
    return Desk(operation.id, enrolment_id, user_id, now, current_keys())


def signed_in_act(desk: Desk, action: str, subject: bytes | str = "", *, about_people: bool = False) -> Act:
    """Return what the signed-in user is about to do, for the audit; `about_people`: with what she needs people's data for."""
    purpose = current_purpose(desk.operation_id) if about_people else ""
    return Act(guards.current_actor(), action, desk.operation_id, subject, desk.now, purpose)
