"""The page on which an administrator gives roles: it needs both people and operations."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from marshmallow import fields, validate
from werkzeug.wrappers import Response

from relief.accounts import audit, guards, queries, service
from relief.accounts.labels import role_names
from relief.accounts.rules import ROLES
from relief.accounts.schemas import FormSchema, read_form
from relief.db import db, unit_of_work
from relief.kernel import ids
from relief.kernel.errors import BadInput, NotFound
from relief.operations.queries import get_operation, list_operations

blueprint = Blueprint("roles", __name__)


class RoleForm(FormSchema):
    """One role in one operation."""

    operation_id = fields.String(required=True, validate=validate.Regexp(r"[0-9a-f-]{36}\Z"))
    role = fields.String(required=True, validate=validate.OneOf(ROLES))


@blueprint.get("/users/<user_id>/roles")
@guards.administrator
def show_roles(user_id: str) -> str:
    user = queries.get_user(db.session, _id(user_id))
    operations = list_operations(db.session())
    titles = {one.id: one.title for one in operations}
    held = [(titles.get(operation_id, "–"), operation_id, role)
            for operation_id, role in queries.list_all_roles(db.session, user.id)]  # fmt: skip
    choices = [(ids.to_text(one.id), f"{one.title} ({one.code})") for one in operations]
    return render_template("web/roles.html", user=user, held=held, operations=choices, role_names=role_names())


@blueprint.post("/users/<user_id>/roles")
@guards.administrator
def grant_role(user_id: str) -> Response:
    operation_id, role = _wanted()
    now = current_app.extensions["relief_clock"].now()
    with unit_of_work() as session:
        get_operation(session, operation_id)
        service.grant_role(session, operation_id, _id(user_id), role)
        audit.note(session, guards.current_actor(), f"role.granted.{role}", now, operation_id=operation_id, subject=user_id)
    flash(_("Given."))
    return redirect(url_for("roles.show_roles", user_id=user_id), 303)


@blueprint.post("/users/<user_id>/roles/withdraw")
@guards.administrator
def withdraw_role(user_id: str) -> Response:
    operation_id, role = _wanted()
    now = current_app.extensions["relief_clock"].now()
    with unit_of_work() as session:
        get_operation(session, operation_id)
        service.withdraw_role(session, operation_id, _id(user_id), role)
        audit.note(session, guards.current_actor(), f"role.withdrawn.{role}", now, operation_id=operation_id, subject=user_id)
    flash(_("Taken away."))
    return redirect(url_for("roles.show_roles", user_id=user_id), 303)


def _wanted() -> tuple[bytes, str]:
    form, problems = read_form(RoleForm(), request.form)
    if problems:
        raise BadInput(_("Choose an operation and a role."), where=next(iter(problems)))
    return _id(form["operation_id"]), form["role"]


def _id(text: str) -> bytes:
    try:
        return ids.to_bytes(text)
    except ValueError:
        raise NotFound(_("There is no such user or operation.")) from None
