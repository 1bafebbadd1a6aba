"""Pages: enter an allocation when it is granted."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from relief.accounts import audit, guards
from relief.accounts.schemas import read_form
from relief.budget import labels
from relief.budget.queries import has_first_allocation
from relief.budget.rules import REPORTING_CURRENCY, AllocationRow
from relief.budget.schemas import AllocationFormSchema
from relief.budget.service import add_allocation
from relief.db import snapshot, unit_of_work
from relief.kernel.errors import Conflict
from relief.kernel.ids import is_id_text, new_id, to_bytes, to_text
from relief.operations.queries import get_operation

blueprint = Blueprint("allocations", __name__)


@blueprint.get("/operations/<operation_id>/allocations/new")
@guards.role("manager", "finance")
def new(operation_id: str) -> str:
    return _form(operation_id, {"id": to_text(new_id())}, {})


@blueprint.post("/operations/<operation_id>/allocations/new")
@guards.role("manager", "finance")
def add(operation_id: str) -> str | Response | tuple[str, int]:
    """Add the allocation. The form carries its id, so that pressing twice adds it once."""
    values, problems = read_form(AllocationFormSchema(), request.form)
    if problems:
        return _form(operation_id, request.form, problems), 422
    now = current_app.extensions["relief_clock"].now()
    allocation = AllocationRow(_id(), values["kind"], values["amount"], REPORTING_CURRENCY, values["granted_on"],
                               values["funding_source"], values["note"])  # fmt: skip
    try:
        with unit_of_work() as session:
            operation = get_operation(session, to_bytes(operation_id))
            if add_allocation(session, operation.id, allocation):
                audit.note(session, guards.current_actor(), "allocation.added", now, operation_id=operation.id,
                           subject=allocation.id)  # fmt: skip
    except Conflict as error:
        return _form(operation_id, request.form, {"kind": error.message}), error.status
    return redirect(url_for("operations.show", operation_id=operation_id), 303)


def _id() -> bytes:
    text = request.form.get("id", "")
    return to_bytes(text) if is_id_text(text) else new_id()


def _form(operation_id: str, form: Any, problems: dict[str, str]) -> str:
    with snapshot() as connection:
        operation = get_operation(connection, to_bytes(operation_id))
        kind = "additional" if has_first_allocation(connection, operation.id) else "first"
    return render_template("operations/allocation.html", operation=operation, form=form, problems=problems, labels=labels,
                           usual_kind=kind)  # fmt: skip
