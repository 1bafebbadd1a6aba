"""What phones ask of the families that they register at the sites, and the notice that is read out to them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from marshmallow import fields, validate
from werkzeug.wrappers import Response

from relief.accounts import audit, guards
from relief.accounts.registration import LONGEST_NOTICE, Asked, read_asked, save_asked
from relief.accounts.schemas import FormSchema, read_form
from relief.db import snapshot, unit_of_work
from relief.kernel.errors import BadInput
from relief.kernel.ids import to_bytes
from relief.operations.queries import get_current_plan, get_operation

blueprint = Blueprint("site_registration", __name__, url_prefix="/operations/<operation_id>/phones/registering")


class AskedForm(FormSchema):
    names = fields.Boolean(load_default=False)
    disability = fields.Boolean(load_default=False)
    notice = fields.String(load_default="", validate=validate.Length(max=LONGEST_NOTICE))


@blueprint.get("")
@guards.role("manager")
def show(operation_id: str) -> str:
    return _page(operation_id, None, {})


@blueprint.post("")
@guards.role("manager")
def save(operation_id: str) -> Response | tuple[str, int]:
    form, problems = read_form(AskedForm(), request.form)
    if problems:
        return _page(operation_id, request.form, problems), 422
    try:
        with unit_of_work() as session:
            operation = get_operation(session, to_bytes(operation_id))
            save_asked(session, operation.id, Asked(form["names"], form["disability"], form["notice"].strip()))
            audit.note(session, guards.current_actor(), "site_registration.changed", _now(), operation_id=operation.id)
    except BadInput as error:
        return _page(operation_id, request.form, {error.where or "notice": error.message}), error.status
    flash(_("Saved. Phones hear it when they next have network."))
    return redirect(url_for("site_registration.show", operation_id=operation_id), 303)


def _page(operation_id: str, form: Any, problems: dict[str, str]) -> str:
    with snapshot() as connection:
        operation = get_operation(connection, to_bytes(operation_id))
        plan = get_current_plan(connection, operation.id)
        asked = read_asked(connection, operation.id)
    given = {"names": asked.names, "disability": asked.disability, "notice": asked.notice} if form is None else form
    return render_template("phones/registering.html", operation=operation, plan=plan, form=given, problems=problems,
                           longest=LONGEST_NOTICE)  # fmt: skip


def _now() -> int:
    return int(current_app.extensions["relief_clock"].now())
