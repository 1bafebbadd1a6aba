"""The phones of an operation: how each is, what it serves and may, and signing it off."""

from __future__ import annotations

from functools import cache
from importlib.metadata import version
from typing import Any

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from marshmallow import fields, validate
from werkzeug.wrappers import Response as Answer

from relief.accounts import audit, guards
from relief.accounts.devices import revoke_enrolment
from relief.accounts.join_codes import list_open_codes
from relief.accounts.schemas import FormSchema, read_form, required
from relief.db import snapshot, unit_of_work
from relief.kernel.errors import BadInput, NotFound, ReliefError
from relief.kernel.ids import is_id_text, to_bytes
from relief.office.families.history import default_zone
from relief.office.phones import words
from relief.office.phones.acts import Rights, give_rights, hand_lanes_over, place_phone
from relief.office.phones.queries import get_phone, list_phones
from relief.office.phones.states import SHOWN, WEIGHTS, Judge, PhoneState, by_need, chosen
from relief.operations.queries import get_current_plan, get_operation
from relief.operations.rules import Plan
from relief.totals.pages import FRAGMENT

blueprint = Blueprint("phones", __name__, url_prefix="/operations/<operation_id>/phones")
LONGEST_WHY = 200


class ListQuery(FormSchema):
    """Which phones to show, and which page of them."""

    show = fields.String(load_default="all", validate=validate.OneOf(SHOWN))
    site = fields.String(load_default="", validate=validate.Length(max=36))
    q = fields.String(load_default="", validate=validate.Length(max=100))
    page = fields.Integer(load_default=1, validate=validate.Range(1, 1_000_000))


class RightsForm(FormSchema):
    """What a phone may beyond an ordinary one, and what for."""

    site_lead = fields.Boolean(load_default=False)
    sensitive = fields.Boolean(load_default=False)
    help_desk = fields.String(load_default="", validate=validate.Length(max=36))
    registers = fields.Boolean(load_default=False)
    why = fields.String(load_default="", validate=validate.Length(max=LONGEST_WHY))


class NameForm(FormSchema):
    label = required(100)


@blueprint.get("")
@guards.role("manager")
def show_list(operation_id: str) -> str:
    return render_template("phones/list.html", **_list(operation_id))


@blueprint.get("/fragment")
@guards.role("manager")
def show_fragment(operation_id: str) -> Response:
    """Answer the list alone, for a page that keeps itself fresh."""
    response = current_app.make_response(render_template("phones/_list.html", **_list(operation_id)))
    response.headers["Content-Type"] = FRAGMENT
    response.add_etag()
    response.make_conditional(request)
    return response


def _list(operation_id: str) -> dict[str, Any]:
    asked, now = ListQuery().load(request.args), _now()
    with snapshot() as connection:
        operation = get_operation(connection, to_bytes(operation_id))
        plan = get_current_plan(connection, operation.id)
        states = by_need(map(_judge(plan).state, list_phones(connection, operation.id)))
        codes = list_open_codes(connection, operation.id, now)
    page = chosen(states, asked["show"], asked["site"], asked["q"], asked["page"])
    counts = {each: chosen(states, each, asked["site"], asked["q"], 1).total for each in SHOWN}
    return {"operation": operation, "plan": plan, "page": page, "counts": counts, "asked": asked, "codes": codes, "now": now,
            "words": words, "weights": WEIGHTS, "zone": default_zone(plan), "total": len(states),
            "waiting": sum(state.row.waiting for state in states)}  # fmt: skip


@blueprint.get("/<phone_id>")
@guards.role("manager")
def show(operation_id: str, phone_id: str) -> str:
    return _page(operation_id, phone_id, {}, {})


def _page(operation_id: str, phone_id: str, form: Any, problems: dict[str, str]) -> str:
    with snapshot() as connection:
        operation = get_operation(connection, to_bytes(operation_id))
        plan = get_current_plan(connection, operation.id)
        row = get_phone(connection, operation.id, phone_id)
        others = [each for each in list_phones(connection, operation.id) if each.revoked_at is None and each.id != row.id
                  and any(site.lanes and row.serves(site.id) and each.serves(site.id) for site in plan.sites)]  # fmt: skip
    state = _judge(plan).state(row)
    return render_template("phones/show.html", operation=operation, plan=plan, phone=row, flag_counts=_flag_counts(state),
                           form=form, problems=problems, others=others, words=words, weights=WEIGHTS, now=_now(),
                           zone=default_zone(plan), version=_version(), longest_why=LONGEST_WHY)  # fmt: skip


def _flag_counts(state: PhoneState) -> dict[str, int]:
    row = state.row
    numbers = {"lost": row.lost, "not_back": row.waiting, "waits": row.waiting, "to_decide": row.to_decide,
               "missing": state.missing}  # fmt: skip
    return {flag: numbers.get(flag, 0) for flag in state.flags}


@blueprint.post("/<phone_id>/place")
@guards.role("manager")
def place(operation_id: str, phone_id: str) -> Answer | tuple[str, int]:
    """Rename the phone, move it to other sites, give it other lanes."""
    form, problems = read_form(NameForm(), request.form)
    if problems:
        return _page(operation_id, phone_id, request.form, problems), 422
    sites = request.form.getlist("site_ids")
    try:
        with unit_of_work() as session:
            operation, plan = get_operation(session, to_bytes(operation_id)), get_current_plan(session, to_bytes(operation_id))
            place_phone(session, operation.id, _id(phone_id), plan, label=form["label"], sites=sites, lanes=_lanes(plan),
                        now=_now())  # fmt: skip
            _note(session, operation.id, "phone.placed", phone_id)
    except BadInput as error:
        return _page(operation_id, phone_id, request.form, {error.where or "label": error.message}), error.status
    flash(_("Saved. The phone hears it when it next has network."))
    return _back_to(operation_id, phone_id)


def _lanes(plan: Plan) -> dict[str, list[int]]:
    """Return the lanes that are ticked at each site that the form showed with lanes."""
    ticked = {site.id: request.form.getlist(f"lane-{site.id}") for site in plan.sites if f"lanes-{site.id}" in request.form}
    return {site: [int(each) for each in lanes if each.isascii() and each.isdecimal() and len(each) < 3]
            for site, lanes in ticked.items()}  # fmt: skip


@blueprint.post("/<phone_id>/lanes")
@guards.role("manager")
def hand_over(operation_id: str, phone_id: str) -> Answer | tuple[str, int]:
    """Hand the phone's lanes over to another."""
    try:
        with unit_of_work() as session:
            operation, plan = get_operation(session, to_bytes(operation_id)), get_current_plan(session, to_bytes(operation_id))
            hand_lanes_over(session, operation.id, _id(phone_id), _id(request.form.get("to", "")), plan, _now())
            _note(session, operation.id, "phone.lanes_handed_over", phone_id)
    except ReliefError as error:
        return _page(operation_id, phone_id, {}, {error.where or "to": error.message}), error.status
    flash(_("Handed over. Tell both tables: a phone hears it when it next has network."))
    return _back_to(operation_id, phone_id)


@blueprint.post("/<phone_id>/rights")
@guards.role("manager")
def change_rights(operation_id: str, phone_id: str) -> Answer | tuple[str, int]:
    """Let the phone see or do more, or less; what for stands in the audit."""
    form, problems = read_form(RightsForm(), request.form)
    if problems:
        return _page(operation_id, phone_id, request.form, problems), 422
    wanted, why = Rights(form["site_lead"], form["sensitive"], form["help_desk"], form["registers"]), form["why"]
    try:
        with unit_of_work() as session:
            operation, plan = get_operation(session, to_bytes(operation_id)), get_current_plan(session, to_bytes(operation_id))
            for gained in give_rights(session, operation.id, _id(phone_id), plan, wanted, why) or ["changed"]:
                _note(session, operation.id, f"phone.rights.{gained}", phone_id, f"distribution: {why}" if why else "")
    except BadInput as error:
        return _page(operation_id, phone_id, request.form, {error.where or "why": error.message}), error.status
    flash(_("Saved. The phone hears it when it next has network."))
    return _back_to(operation_id, phone_id)


@blueprint.get("/<phone_id>/sign-off")
@guards.role("manager")
def ask_to_sign_off(operation_id: str, phone_id: str) -> str:
    """Say what signing off does before it is done."""
    with snapshot() as connection:
        operation = get_operation(connection, to_bytes(operation_id))
        plan = get_current_plan(connection, operation.id)
        row = get_phone(connection, operation.id, phone_id)
    return render_template("phones/sign_off.html", operation=operation, plan=plan, phone=row, words=words, now=_now())


@blueprint.post("/<phone_id>/revoke")
@guards.role("manager")
def revoke(operation_id: str, phone_id: str) -> Answer:
    """Sign the phone off."""
    with unit_of_work() as session:
        operation = get_operation(session, to_bytes(operation_id))
        get_phone(session, operation.id, phone_id)
        revoke_enrolment(session, operation.id, _id(phone_id), _now())
        _note(session, operation.id, "phone.revoked", phone_id)
    flash(_("Signed off. What the phone still hands in is kept for a decision."))
    return _back_to(operation_id, phone_id)


def _judge(plan: Plan) -> Judge:
    settings = current_app.extensions["relief_settings"]
    return Judge(_now(), settings.silent_phone_minutes * 60, _version(), plan.status == "closed")


@cache
def _version() -> str:
    return version("relief")


def _back_to(operation_id: str, phone_id: str) -> Answer:
    return redirect(url_for("phones.show", operation_id=operation_id, phone_id=phone_id), 303)


def _note(session: Any, operation_id: bytes, action: str, phone_id: str, purpose: str = "") -> None:
    audit.note(session, guards.current_actor(), action, _now(), operation_id=operation_id, subject=phone_id, purpose=purpose)


def _id(text: str) -> bytes:
    if not is_id_text(text):
        raise NotFound(words.no_such_phone())
    return to_bytes(text)


def _now() -> int:
    return int(current_app.extensions["relief_clock"].now())
