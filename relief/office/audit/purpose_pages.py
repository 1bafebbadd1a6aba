"""The page that asks why somebody looks at people's data; see `accounts/purposes.py`."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from marshmallow import fields, validate
from werkzeug.wrappers import Response

from relief.accounts import audit, guards
from relief.accounts.labels import purpose_names
from relief.accounts.purposes import LONGEST_NOTE, current_purpose, tell_purpose
from relief.accounts.rules import PERSONAL_ROLES
from relief.accounts.schemas import FormSchema, read_form, readable
from relief.accounts.sessions import current_sign_in_id, local_address
from relief.db import db, unit_of_work
from relief.kernel.errors import BadInput
from relief.kernel.ids import to_bytes
from relief.operations.queries import get_operation

blueprint = Blueprint("purposes", __name__)


class PurposeForm(FormSchema):
    """A purpose, and words of her own where she wants."""

    purpose = fields.String(load_default="")
    note = fields.String(load_default="", validate=[validate.Length(max=LONGEST_NOTE), readable])


@blueprint.get("/operations/<operation_id>/purpose")
@guards.role(*PERSONAL_ROLES)
def ask(operation_id: str) -> str:
    key, _colon, note = current_purpose(to_bytes(operation_id)).partition(": ")
    return _page(operation_id, {"purpose": key, "note": note}, {})


@blueprint.post("/operations/<operation_id>/purpose")
@guards.role(*PERSONAL_ROLES)
def tell(operation_id: str) -> str | Response | tuple[str, int]:
    form, problems = read_form(PurposeForm(), request.form)
    operation, now = to_bytes(operation_id), current_app.extensions["relief_clock"].now()
    try:
        if not problems:
            with unit_of_work() as session:
                get_operation(session, operation)
                tell_purpose(session, current_sign_in_id(), operation, form["purpose"], form["note"], now)
                audit.note(session, guards.current_actor(), "purpose.told", now, operation_id=operation, subject=form["purpose"])
            return redirect(_next(operation_id), 303)
    except BadInput as error:
        problems = {error.where or "purpose": error.message}
    return _page(operation_id, request.form, problems), 422


def _next(operation_id: str) -> str:
    wanted = local_address(request.args.get("next"))
    return wanted if wanted != "/" else url_for("operations.show", operation_id=operation_id)


def _page(operation_id: str, form: Any, problems: dict[str, str]) -> str:
    operation = get_operation(db.session(), to_bytes(operation_id))
    return render_template("office/purpose.html", operation=operation, form=form, problems=problems, purposes=purpose_names(),
                           next=request.args.get("next"), longest_note=LONGEST_NOTE)  # fmt: skip
