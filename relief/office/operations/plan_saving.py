"""Saving a changed plan: only where it differs, in the order a status may go, as an entry of the ledger."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from relief.accounts import audit
from relief.accounts.devices import get_desk_enrolment
from relief.kernel.errors import BadInput, Conflict
from relief.ledger.plan_saving import save_plan
from relief.operations.labels import STATUSES
from relief.operations.plan_json import canonical_body
from relief.operations.queries import get_current_plan
from relief.operations.registration import may_move
from relief.operations.rules import Plan


def save_changed_plan(
    session: Session, operation_id: bytes, plan: Plan, device: Callable[[], bytes], saved_by: bytes | None, now: int
) -> bool:
    """Put the plan in force as the next version and return True; where it says the same as the one in force, False.

    `plan.version` is not looked at; `device` makes or finds the enrolment that tells the ledger, and is asked only when
    there is something to tell. Raises Conflict (`status_order`).
    """
    current = get_current_plan(session, operation_id)
    if canonical_body(dataclasses.replace(plan, version=current.version)) == canonical_body(current):
        return False
    # The first plan may have any status: an operation of the past comes in closed.
    if current.version and not may_move(current.status, plan.status):
        raise Conflict(_("An operation that is %(status)s cannot become %(other)s.", status=STATUSES[current.status],
                         other=STATUSES[plan.status]), code="status_order", where="status")  # fmt: skip
    enrolment_id = device()
    session.flush()
    following = dataclasses.replace(plan, version=current.version + 1)
    save_plan(session.connection(), operation_id, following, enrolment_id=enrolment_id, saved_by=saved_by, now=now)
    session.expire_all()  # the plan's version was moved beneath the session
    return True


def move_status(session: Session, operation_id: bytes, status: str, actor: audit.Actor, now: int) -> bool:
    """Move the operation to another status and return whether that changed anything; raises BadInput, Conflict."""
    if status not in STATUSES:
        raise BadInput(_("There is no such status."), where="status")
    if actor.user_id is None:
        raise ValueError("somebody moves a status")
    user_id = actor.user_id
    plan = dataclasses.replace(get_current_plan(session, operation_id), status=status)

    def desk() -> bytes:
        return get_desk_enrolment(session, operation_id, user_id, now).enrolment_id

    moved = save_changed_plan(session, operation_id, plan, desk, user_id, now)
    if moved:
        audit.note(session, actor, f"operation.{status}", now, operation_id=operation_id)
    return moved
