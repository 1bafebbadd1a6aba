"""Pages of an operation: its overview, registering a new one, and giving it its appeal code and GLIDE once."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from relief.accounts import audit, guards
from relief.accounts.rules import ROLES
from relief.accounts.schemas import read_form
from relief.budget import labels as budget_labels
from relief.budget.queries import get_budget, list_allocations, list_lines
from relief.db import snapshot, unit_of_work
from relief.kernel.clock import local_day
from relief.kernel.errors import ReliefError
from relief.kernel.ids import to_bytes, to_text
from relief.kernel.money import Money
from relief.office.operations.plan_saving import move_status
from relief.office.operations.reading import may_enter_money, may_manage, plan_for_reader
from relief.operations import labels
from relief.operations.deadlines import list_deadlines, timeframe_months
from relief.operations.queries import Bind, get_operation
from relief.operations.registration import list_moves
from relief.operations.rules import SECTORS, Area, Plan
from relief.operations.schemas import IdentityFormSchema, OperationFormSchema
from relief.operations.service import name_appeal, register_operation

blueprint = Blueprint("operations", __name__)
Answer = str | Response | tuple[str, int]


def _now() -> int:
    return current_app.extensions["relief_clock"].now()


@blueprint.get("/operations/<operation_id>/")
@guards.role(*ROLES)
def show(operation_id: str) -> str:
    with snapshot() as connection:
        return render_template("operations/show.html", **_overview(connection, to_bytes(operation_id)))


def _overview(bind: Bind, operation_id: bytes) -> dict[str, Any]:
    operation, plan = get_operation(bind, operation_id), plan_for_reader(bind, operation_id)
    today = local_day(_now(), plan.sites[0].zone if plan.sites else "UTC")
    return {
        "operation": operation,
        "plan": plan,
        "areas": area_tree(plan),
        "deadlines": list_deadlines(operation.start_day, operation.end_day, today),
        "timeframe": timeframe_months(operation.start_day, operation.end_day),
        "may_edit": may_manage(bind, operation_id),
        "may_enter_money": may_enter_money(bind, operation_id),
        "moves": list_moves(plan.status),
        "labels": labels,
        **_money(bind, operation_id),
    }


def _money(bind: Bind, operation_id: bytes) -> dict[str, Any]:
    budget = get_budget(bind, operation_id)
    return {
        "allocations": list_allocations(bind, operation_id),
        "lines": list_lines(bind, operation_id),
        "allocated": Money("CHF", budget.allocated),
        "budgeted": Money("CHF", budget.budgeted),
        "left": Money("CHF", budget.left),
        "sectors": [(sector, Money("CHF", budget.by_sector[sector])) for sector in SECTORS if sector in budget.by_sector],
        "budget_labels": budget_labels,
    }


def area_tree(plan: Plan, parent: str | None = None) -> list[tuple[Area, list[Any]]]:
    """Return the areas as a tree: each with the list of those in it."""
    return [(area, area_tree(plan, area.id)) for area in plan.areas if area.parent == parent]


@blueprint.post("/operations/<operation_id>/status")
@guards.role("manager")
def change_status(operation_id: str) -> Answer:
    """Move the operation on: to the status the form names, where that may follow."""
    with unit_of_work() as session:
        get_operation(session, to_bytes(operation_id))
        move_status(session, to_bytes(operation_id), request.form.get("status", ""), guards.current_actor(), _now())
    return redirect(url_for("operations.show", operation_id=operation_id), 303)


@blueprint.get("/operations/new")
@guards.administrator
def new() -> str:
    return _registration({}, {})


@blueprint.post("/operations/new")
@guards.administrator
def register() -> Answer:
    values, problems = read_form(OperationFormSchema(), request.form)
    if problems:
        return _registration(request.form, problems), 422
    try:
        with unit_of_work() as session:
            operation_id = register_operation(session, values, _now())
            audit.note(session, guards.current_actor(), "operation.registered", _now(), operation_id=operation_id)
    except ReliefError as error:
        return _registration(request.form, _at_field(error, "working_name")), error.status
    flash(_("The operation is registered. Its appeal code can follow when it is known."))
    return redirect(url_for("operations.show", operation_id=to_text(operation_id)), 303)


def _registration(form: Any, problems: dict[str, str]) -> str:
    return render_template("operations/new.html", form=form, problems=problems, labels=labels)


@blueprint.get("/operations/<operation_id>/identity")
@guards.role("manager")
def identity(operation_id: str) -> str:
    return _identity(operation_id, {}, {})


@blueprint.post("/operations/<operation_id>/identity")
@guards.role("manager")
def give_identity(operation_id: str) -> Answer:
    values, problems = read_form(IdentityFormSchema(), request.form)
    if problems:
        return _identity(operation_id, request.form, problems), 422
    try:
        with unit_of_work() as session:
            if name_appeal(session, to_bytes(operation_id), values["appeal_code"], values["glide"]):
                audit.note(session, guards.current_actor(), "operation.named", _now(), operation_id=to_bytes(operation_id))
    except ReliefError as error:
        if error.where is None:
            raise
        return _identity(operation_id, request.form, _at_field(error, "appeal_code")), error.status
    return redirect(url_for("operations.show", operation_id=operation_id), 303)


def _identity(operation_id: str, form: Any, problems: dict[str, str]) -> str:
    with snapshot() as connection:
        operation = get_operation(connection, to_bytes(operation_id))
    return render_template("operations/identity.html", operation=operation, form=form, problems=problems)


def _at_field(error: ReliefError, otherwise: str) -> dict[str, str]:
    return {error.where or otherwise: error.message}
