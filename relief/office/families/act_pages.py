"""What the desk does about a family from its page: each act is one record in the ledger, and the page says what happened."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from relief.accounts import guards
from relief.accounts.purposes import purpose_asked, purpose_needed
from relief.db import snapshot
from relief.kernel.clock import local_day
from relief.kernel.errors import BadInput, NotFound, ReliefError
from relief.kernel.ids import to_bytes
from relief.ledger.keys import current_keys
from relief.office.acting import signed_in_act, signed_in_desk
from relief.office.families.acts import Making, act, decide_family, handle_card, separate, take_back
from relief.office.families.composition import HouseholdNow, household_now, read_composition, recompose
from relief.office.families.family import get_family
from relief.office.families.history import default_zone
from relief.office.families.pages import DESK, family_page, household_key, now
from relief.office.families.words import said_after
from relief.office.noted_writing import write_noted
from relief.operations.queries import get_current_plan, get_operation
from relief.operations.rules import AGE_BANDS, DISABILITIES, SEXES
from relief.totals.words import label

blueprint = Blueprint("household_acts", __name__, url_prefix="/operations/<operation_id>/households/<household_id>")
Answer = str | Response | tuple[str, int]


@blueprint.post("/decide")
@guards.role("manager")
@purpose_asked
def decide(operation_id: str, household_id: str) -> Answer:
    """Approve, do not approve or withdraw."""
    action, reason = request.form.get("action", ""), request.form.get("reason", "")
    making = partial(decide_family, action, reason, guards.get_current_user().id)
    return _do(operation_id, household_id, "household.decided", action, making)


@blueprint.post("/separate")
@guards.role("manager")
@purpose_asked
def apart(operation_id: str, household_id: str) -> Answer:
    """Undo a merge."""
    making = partial(separate, request.form.get("household", ""), request.form.get("reason", ""))
    return _do(operation_id, household_id, "household.separated", "separated", making)


@blueprint.post("/take-back")
@guards.role(*DESK)
@purpose_asked
def take_hand_over_back(operation_id: str, household_id: str) -> Answer:
    """Take a hand-over back, goods returned or a mere mistake."""
    making = partial(take_back, to_bytes(operation_id), request.form.get("record", ""), bool(request.form.get("goods_back")),
                     request.form.get("reason", ""))  # fmt: skip
    return _do(operation_id, household_id, "household.taken_back", "taken_back", making)


@blueprint.post("/cards")
@guards.role(*DESK)
@purpose_asked
def handle(operation_id: str, household_id: str) -> Answer:
    """Hand a card out, cancel or replace it, or give the family a blank one."""
    action = request.form.get("action", "")
    making = partial(handle_card, to_bytes(operation_id), action, request.form.get("card", ""),
                     request.form.get("typed", "")[:100], request.form.get("reason", ""))  # fmt: skip
    return _do(operation_id, household_id, "household.card_handled", action, making)


def _do(operation_id: str, household_id: str, noted: str, said: str, making: partial[Making]) -> Answer:
    try:
        tell_act(operation_id, household_id, noted, making())
    except ReliefError as error:
        if error.where is None:  # nothing of the form: the page has grown old, or this is not hers to do
            raise
        return family_page(operation_id, household_id, {error.where: error.message}, request.form), error.status
    flash(said_after(said))
    return _back(operation_id, household_id)


def tell_act(operation_id: str, household_id: str, noted: str, make: Making) -> None:
    """Tell the ledger what the signed-in user does about a household, from her own desk; the audit notes it as `noted`."""
    household = household_key(household_id)
    with snapshot() as connection:  # what is not there makes no desk
        get_family(connection, to_bytes(operation_id), household, current_keys().words)
    desk = signed_in_desk(operation_id)
    work = partial(act, operation_id=desk.operation_id, desk_id=desk.enrolment_id, household_id=household,
                   seen=request.form.get("seen", ""), make=make, user_id=guards.get_current_user().id, now=desk.now,
                   keys=desk.keys)  # fmt: skip
    write_noted(signed_in_act(desk, noted, household, about_people=True), work)


def _back(operation_id: str, household_id: str) -> Response:
    return redirect(url_for("households.show", operation_id=operation_id, household_id=household_id), 303)


@blueprint.get("/people")
@guards.role(*DESK)
@purpose_needed("household.seen", subject="household_id")
def people(operation_id: str, household_id: str) -> str:
    return _people_page(operation_id, household_id, {}, {})


@blueprint.post("/people")
@guards.role(*DESK)
@purpose_asked
def change_people(operation_id: str, household_id: str) -> Answer:
    """Change who lives in a household, from a day on or as it was all along."""
    shown = _shown(operation_id, household_id)
    operation, keys, household = to_bytes(operation_id), current_keys().words, shown["before"].household
    try:
        wanted = read_composition(request.form, shown["before"], local_day(now(), shown["zone"]))
        make = recompose(operation, household, wanted, request.form.get("list", ""), now(), keys)
        tell_act(operation_id, household_id, "household.recomposed", make)
    except BadInput as error:
        return _people_page(operation_id, household_id, request.form, {error.where or "reason": error.message}), error.status
    flash(said_after(wanted.way))
    return _back(operation_id, household_id)


def _people_page(operation_id: str, household_id: str, form: Any, problems: dict[str, str]) -> str:
    shown = _shown(operation_id, household_id)
    return render_template("households/people.html", form=form, problems=problems, sexes=SEXES, bands=AGE_BANDS,
                           disabilities=DISABILITIES, today=local_day(now(), shown["zone"]), labels=label, **shown)  # fmt: skip


def _shown(operation_id: str, household_id: str) -> dict[str, Any]:
    keys = current_keys().words
    with snapshot() as connection:
        operation = get_operation(connection, to_bytes(operation_id))
        plan = get_current_plan(connection, operation.id)
        family = get_family(connection, operation.id, household_key(household_id), keys)
    before: HouseholdNow | None = household_now(operation.id, family, household_id, now(), keys)
    if before is None:
        raise NotFound(_("Nobody has registered who lives in this household."))
    return {"operation": operation, "family": family, "before": before, "zone": default_zone(plan)}
