"""Pages of erasing: what goes and what stays, the order, how far it is, what became of it."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from relief.accounts import guards
from relief.accounts.purposes import purpose_needed
from relief.db import db, snapshot
from relief.kernel.errors import Conflict, NotFound, ReliefError
from relief.kernel.ids import is_id_text, to_bytes, to_text
from relief.laid_aside import list_laid_aside
from relief.ledger.erasing import REASONS, Order, find_private
from relief.office.erasing.erasing import (
    Given,
    carry_out,
    find_given,
    get_given,
    give_order,
    list_given,
    plan_erasure,
)
from relief.office.erasing.words import reason_words, what_happens, who_still_holds
from relief.office.in_background import run_job
from relief.office.register_queries import find_household_named
from relief.operations.queries import get_operation

blueprint = Blueprint("erasing", __name__, url_prefix="/operations/<operation_id>/erasing")
Answer = str | Response | tuple[str, int]
STANDS_STILL_SECONDS = 120


@blueprint.get("")
@guards.role("manager", "protection")
def start(operation_id: str) -> str:
    return _start(operation_id, {})


def _start(operation_id: str, problems: dict[str, str]) -> str:
    with snapshot() as connection:
        operation = get_operation(connection, to_bytes(operation_id))
        given = list_given(connection, operation.id)
        may_erase_all = guards.has_role(connection, operation.id, frozenset(("manager",)))
    return render_template("office/erasing.html", operation=operation, given=given, problems=problems, form=request.form,
                           reasons=reason_words(), may_erase_all=may_erase_all)  # fmt: skip


@blueprint.post("")
@guards.role("manager", "protection")
def find(operation_id: str) -> Answer:
    """Look for the household that the form names, and go to what its erasure would mean."""
    try:
        with snapshot() as connection:
            operation = get_operation(connection, to_bytes(operation_id))
            household_id = find_household_named(connection, operation.id, request.form.get("household", "").strip())
            plan_erasure(operation.id, household_id, REASONS[0], _now())
    except NotFound as error:
        return _start(operation_id, {"household": error.message}), error.status
    return redirect(url_for("erasing.household", operation_id=operation_id, household_id=to_text(household_id)), 303)


@blueprint.get("/households/<household_id>")
@guards.role("manager", "protection")
@purpose_needed("household.erasure_seen", subject="household_id")
def household(operation_id: str, household_id: str) -> Answer:
    return _confirm(operation_id, _household(household_id), {})


@blueprint.post("/households/<household_id>")
@guards.role("manager", "protection")
@purpose_needed("household.erasure_seen", subject="household_id")
def erase_household(operation_id: str, household_id: str) -> Answer:
    return _order(operation_id, _household(household_id))


@blueprint.get("/everything")
@guards.role("manager")
def everything(operation_id: str) -> Answer:
    return _confirm(operation_id, None, {})


@blueprint.post("/everything")
@guards.role("manager")
def erase_everything(operation_id: str) -> Answer:
    return _order(operation_id, None)


def _household(household_id: str) -> bytes:
    if not is_id_text(household_id):
        raise NotFound(_("There is no such household."))
    return to_bytes(household_id)


def _confirm(operation_id: str, household_id: bytes | None, problems: dict[str, str]) -> Answer:
    """Show what an erasure would mean; go to the earlier one where there was one, say why where there can be none."""
    with snapshot() as connection:
        operation = get_operation(connection, to_bytes(operation_id))
    try:
        order, found = plan_erasure(operation.id, household_id, REASONS[0], _now())
    except Conflict as error:
        return render_template("office/erase.html", operation=operation, refusal=error.message), error.status
    with snapshot() as connection:
        earlier = find_given(connection, order)
    if earlier:
        return _to(earlier.order)
    return render_template("office/erase.html", operation=operation, order=order, lines=what_happens(order, found),
                           reasons=reason_words(), problems=problems, form=request.form)  # fmt: skip


def _order(operation_id: str, household_id: bytes | None) -> Answer:
    """Take the order of the form, where it is complete, and have it carried out while the page says how far it is."""
    with snapshot() as connection:
        operation = get_operation(connection, to_bytes(operation_id))
    reason, problems = request.form.get("reason", ""), {}
    if reason not in REASONS:
        problems["reason"] = _("Choose one of these.")
    if request.form.get("code", "").strip() != operation.code:
        problems["code"] = _("That is not the code. Nothing was erased.")
    if problems:
        shown = _confirm(operation_id, household_id, problems)
        return (shown, 422) if isinstance(shown, str) else shown
    order, _found = plan_erasure(operation.id, household_id, reason, _now(), guards.get_current_user().id)
    with snapshot() as connection:
        earlier = find_given(connection, order)
    if earlier is None:
        give_order(order, guards.current_actor(), _instance(), _now())
        _begin(order)
    return _to((earlier or Given(order, None)).order)


@blueprint.get("/<erasure_id>")
@guards.role("manager", "protection")
def show(operation_id: str, erasure_id: str) -> str:
    """Say how far an erasure is, from the database: whoever works on it, and however often one looks."""
    given = _get(operation_id, erasure_id)
    with snapshot() as connection:
        operation = get_operation(connection, given.order.operation_id)
        found = None if given.done_at else find_private(connection, given.order)
    left = len(found.entries) + len(found.held) if found else 0
    holding = who_still_holds(list_laid_aside(current_app.extensions["relief_settings"]))
    return render_template("office/erasure.html", operation=operation, given=given, left=left, holding=holding,
                           reasons=reason_words(), stands_still=_now() - given.order.asked_at > STANDS_STILL_SECONDS)  # fmt: skip


@blueprint.post("/<erasure_id>/go-on")
@guards.role("manager", "protection")
def go_on(operation_id: str, erasure_id: str) -> Response:
    """Go on with what was interrupted, or could not write the files anew; twice at once does no harm."""
    given = _get(operation_id, erasure_id)
    if given.done_at is None:
        _begin(given.order)
    return _to(given.order)


def _get(operation_id: str, erasure_id: str) -> Given:
    if not is_id_text(erasure_id):
        raise NotFound(_("There is no such erasure."))
    with snapshot() as connection:
        return get_given(connection, to_bytes(operation_id), to_bytes(erasure_id))


def _begin(order: Order) -> None:
    db.session.rollback()  # we read no longer: the files could not be written anew
    run_job(partial(_work_on, order))


def _work_on(order: Order) -> None:
    """Carry an order out in a thread of its own; what stops it stays ordered, and the page offers to go on."""
    try:
        carry_out([order], _instance(), _now)
    except ReliefError as error:
        current_app.logger.warning("an erasure waits: %s", error.code)


def _to(order: Order) -> Response:
    return redirect(url_for("erasing.show", operation_id=to_text(order.operation_id), erasure_id=to_text(order.erasure_id)), 303)


def _instance() -> Any:
    return current_app.extensions["relief_settings"].instance


def _now() -> int:
    return int(current_app.extensions["relief_clock"].now())
