"""The phones of an operation: who has them, when they were last heard, new join codes, and taking access away."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from relief.accounts import audit, guards, queries, service
from relief.accounts.schemas import JoinCodeForm, read_form
from relief.db import db, unit_of_work
from relief.kernel import ids
from relief.kernel.errors import NotFound
from relief.operations.queries import get_current_plan, get_operation

blueprint = Blueprint("phones", __name__)


@blueprint.get("/operations/<operation_id>/phones")
@guards.role("manager")
def list_phones(operation_id: str) -> str:
    return _page(operation_id, {}, {})


def _page(operation_id: str, form: Any, problems: dict[str, str], code: str | None = None) -> str:
    session = db.session()
    operation = get_operation(session, operation_id)
    sites = get_current_plan(session, operation.id).sites
    settings = current_app.extensions["relief_settings"]
    return render_template(
        "web/phones.html", operation=operation, phones=queries.list_enrolments(session, operation.id), sites=sites,
        form=form, problems=problems, code=code, hours=settings.join_code_hours, zone=sites[0].zone if sites else "UTC",
        silent_before=_now() - settings.silent_phone_minutes * 60,
    )  # fmt: skip


@blueprint.post("/operations/<operation_id>/phones")
@guards.role("manager")
def create_join_code(operation_id: str) -> str | tuple[str, int]:
    form, problems = read_form(JoinCodeForm(), {**request.form, "site_ids": request.form.getlist("site_ids")})
    operation = get_operation(db.session(), operation_id)
    known = {site.id for site in get_current_plan(db.session(), operation.id).sites}
    if not problems and not known.issuperset(form["site_ids"]):
        problems = {"site_ids": str(lazy_gettext("There is no such site."))}
    if problems:
        return _page(operation_id, MultiDict(request.form), problems), 422
    hours = current_app.extensions["relief_settings"].join_code_hours
    with unit_of_work() as session:
        code = service.create_join_code(session, operation.id, **form, now=_now(), hours=hours)
        audit.note(session, guards.current_actor(), "join_code.created", _now(), operation_id=operation.id)
    return _page(operation_id, {}, {}, code)  # in the answer itself: it is stored nowhere


@blueprint.post("/operations/<operation_id>/phones/<enrolment_id>/revoke")
@guards.role("manager")
def revoke(operation_id: str, enrolment_id: str) -> Response:
    if not ids.is_id_text(enrolment_id):
        raise NotFound(_("There is no such device."))
    with unit_of_work() as session:
        operation = get_operation(session, operation_id)
        service.revoke_enrolment(session, operation.id, ids.to_bytes(enrolment_id), _now())
        audit.note(session, guards.current_actor(), "phone.revoked", _now(), operation_id=operation.id, subject=enrolment_id)
    flash(_("Access taken away. What the phone still hands in is kept for a decision."))
    return redirect(url_for("phones.list_phones", operation_id=operation_id), 303)


def _now() -> int:
    return current_app.extensions["relief_clock"].now()
