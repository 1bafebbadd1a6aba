"""What is to decide, and deciding it, as JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from marshmallow import RAISE

from relief.accounts import audit, guards
from relief.accounts.devices import get_desk_enrolment
from relief.accounts.guards import role
from relief.db import snapshot, unit_of_work
from relief.kernel.errors import BadInput, NotFound
from relief.kernel.ids import is_id_text, to_bytes
from relief.ledger.keys import current_keys
from relief.ledger.taking_up import take_up
from relief.ledger.waiting import get_held
from relief.office.deciding.deciding import Decision, decide
from relief.office.deciding.schemas import (
    DecisionSchema,
    HeldRecordSchema,
    TakeUpSchema,
    ToDecideQuerySchema,
    ToDecideSchema,
    WrittenSchema,
)
from relief.office.deciding.waiting import count_waiting, list_waiting
from relief.office.noted_writing import Act, write_noted
from relief.operations.queries import get_operation
from relief.sync.json_arguments import Blueprint

blueprint = Blueprint("deciding_api", __name__, url_prefix="/api/v1", description="What is to decide")
DECIDERS = ("manager", "site_lead")


def _now() -> int:
    return current_app.extensions["relief_clock"].now()


def _held_id(text: str) -> bytes:
    if not is_id_text(text):
        raise NotFound(_("There is no such record."))
    return to_bytes(text)


def _desk(operation_id: bytes, now: int) -> tuple[bytes, bytes]:
    """Return (user id, enrolment id of her desk)."""
    user_id = guards.get_current_user().id
    with unit_of_work() as session:
        get_operation(session, operation_id)
        return user_id, get_desk_enrolment(session, operation_id, user_id, now).enrolment_id


@blueprint.route("/operations/<operation_id>/to-decide")
@role(*DECIDERS)
@blueprint.arguments(ToDecideQuerySchema, location="query", unknown=RAISE)
@blueprint.response(200, ToDecideSchema)
def list_to_decide(query: dict[str, Any], operation_id: str) -> dict[str, Any]:
    """Return one list of what waits for a person, a page at a time, and how many wait in every list.

    `cases` of households and cards, `causes` of dates outside a round or site, `numbers` that a phone used twice, `grants`
    that nobody ended for a day, `held` records, negative `stock`.
    """
    operation, now = to_bytes(operation_id), _now()
    with snapshot() as connection:
        get_operation(connection, operation)
        page = list_waiting(connection, operation, query["kind"], now, query["page"], query["size"])
        counts = count_waiting(connection, operation, now)
    return {"as_of": now, "counts": counts, "kind": query["kind"], "page": page.number, "pages": page.pages,
            "total": page.total, "rows": page.rows}  # fmt: skip


@blueprint.route("/operations/<operation_id>/decisions", methods=["POST"])
@role(*DECIDERS)
@blueprint.arguments(DecisionSchema)
@blueprint.response(201, WrittenSchema)
def post_decision(body: dict[str, Any], operation_id: str) -> dict[str, Any]:
    """Decide a case: leave it as it is (`accept`), take hand-overs back (`void`), or settle a grant:
    it was not given (`end_grant`), it was (`was_given`).

    409 `case_changed` when the case is no longer what was seen.
    """
    operation, now, keys = to_bytes(operation_id), _now(), current_keys()
    decision = Decision(**{**body, "cites": tuple(body["cites"]), "targets": tuple(body["targets"])})
    if not decision.cites and decision.cause is None:
        raise BadInput(_("Name the records of the case, or its cause."), where="cites")
    user_id, desk_id = _desk(operation, now)
    act = Act(guards.current_actor(), "case.decided", operation, decision.case, now)
    verdicts = write_noted(act, lambda connection: decide(connection, operation, desk_id, decision, user_id, now, keys))
    return {"verdicts": [verdict.as_dict() for verdict in verdicts]}


@blueprint.route("/operations/<operation_id>/held/<held_id>")
@role(*DECIDERS)
@blueprint.response(200, HeldRecordSchema)
def get_held_record(operation_id: str, held_id: str) -> dict[str, Any]:
    """Return a held record and all that it says; the audit notes who looked."""
    operation, held = to_bytes(operation_id), _held_id(held_id)
    with snapshot() as connection:
        row, record = get_held(connection, operation, held)
    with unit_of_work() as session:
        audit.note(session, guards.current_actor(), "held.seen", _now(), operation_id=operation, subject=held)
    return {"held": asdict(row), "record": record}


@blueprint.route("/operations/<operation_id>/held/<held_id>/take-up", methods=["POST"])
@role(*DECIDERS)
@blueprint.arguments(TakeUpSchema)
@blueprint.response(201, WrittenSchema)
def post_take_up(body: dict[str, str], operation_id: str, held_id: str) -> dict[str, Any]:
    """Enter a held record unchanged; 409 says why it still cannot be entered. A second time it is `already_there`."""
    operation, held, now, keys = to_bytes(operation_id), _held_id(held_id), _now(), current_keys()
    user_id, desk_id = _desk(operation, now)
    act = Act(guards.current_actor(), "held.taken_up", operation, held, now)
    verdict = write_noted(act, lambda connection: take_up(connection, operation, held, desk_enrolment_id=desk_id,
                                                          reason=body["reason"], now=now, by=user_id, keys=keys))  # fmt: skip
    return {"verdicts": [verdict.as_dict()]}
