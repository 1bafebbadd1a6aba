"""Letting phones join: codes made for one phone or a team, shown as QR, printed, and taken back while nobody has used them."""

from __future__ import annotations

import io
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from flask import Blueprint, Response, current_app, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import force_locale, get_babel, get_locale
from flask_babel import gettext as _
from marshmallow import fields, validate
from werkzeug.wrappers import Response as Answer

from relief.accounts import audit, guards
from relief.accounts.join_codes import (
    MOST_CODES,
    JoinCodeRow,
    create_join_code,
    find_codes,
    list_batch,
    list_open_codes,
    withdraw_code,
)  # fmt: skip
from relief.accounts.lanes import Lanes
from relief.accounts.schemas import FormSchema, read_form, required
from relief.cards.qr import link_modules, svg_path
from relief.db import db, snapshot, unit_of_work
from relief.kernel.errors import NotFound
from relief.kernel.ids import is_id_text, random_id, to_bytes, to_text
from relief.office.families.history import default_zone
from relief.office.pdf_answer import pdf_response
from relief.office.phones import words
from relief.office.phones.acts import lanes_of_sites
from relief.office.phones.links import is_fit_for_the_field, is_reachable, join_link, public_address
from relief.operations.queries import get_current_plan, get_operation
from relief.operations.rules import Plan

blueprint = Blueprint("phone_joining", __name__, url_prefix="/operations/<operation_id>/phones/join")
EACH = "each"


class JoinForm(FormSchema):
    """Phones that are to join. `lane`: one for all of them, `each` for one lane each in turn, empty for all lanes."""

    label = required(90)
    count = fields.Integer(load_default=1, validate=validate.Range(1, MOST_CODES))
    site_ids = fields.List(fields.String(), load_default=list)
    lane = fields.String(load_default="", validate=validate.Regexp(r"(each|[1-9]\d?)?\Z"))
    site_lead = fields.Boolean(load_default=False)
    sensitive = fields.Boolean(load_default=False)
    registers = fields.Boolean(load_default=False)
    why = fields.String(load_default="", validate=validate.Length(max=200))


@dataclass(frozen=True, slots=True)
class Shown:
    """A join code while it is shown: its signs, its picture as an SVG path of `side` modules, and its row."""

    code: str
    row: JoinCodeRow
    path: str
    side: int


@blueprint.get("")
@guards.role("manager")
def show(operation_id: str) -> str:
    return _page(operation_id, {}, {})


def _page(operation_id: str, form: Any, problems: dict[str, str]) -> str:
    with snapshot() as connection:
        operation = get_operation(connection, to_bytes(operation_id))
        plan = get_current_plan(connection, operation.id)
        codes = list_open_codes(connection, operation.id, _now())
    return render_template("phones/join.html", operation=operation, plan=plan, form=form, problems=problems, codes=codes,
                           words=words, now=_now(), most=MOST_CODES, hours=_hours(), zone=default_zone(plan),
                           chosen=form.getlist("site_ids") if form else [],
                           lanes=max((site.lanes for site in plan.sites), default=0), **_address())  # fmt: skip


@blueprint.post("")
@guards.role("manager")
def create(operation_id: str) -> str | tuple[str, int]:
    """Make codes and show them: in this answer alone, for they are stored nowhere."""
    form, problems = read_form(JoinForm(), {**request.form, "site_ids": request.form.getlist("site_ids")})
    plan = get_current_plan(db.session(), get_operation(db.session(), operation_id).id)
    if not problems and not plan.site.keys() >= set(form["site_ids"]):
        problems = {"site_ids": _("There is no such site.")}
    if not problems and form["sensitive"] and not form["why"]:
        problems = {"why": _("Say what for, in a few words.")}
    if problems:
        return _page(operation_id, request.form, problems), 422
    why, batch_id = form.pop("why"), random_id()
    with unit_of_work() as session:
        operation = get_operation(session, operation_id)
        codes = _make(session, operation.id, plan, form, batch_id)
        purpose = f"distribution: {why}" if form["sensitive"] else ""
        audit.note(session, guards.current_actor(), "join_code.created", _now(), operation_id=operation.id, subject=batch_id,
                   purpose=purpose)  # fmt: skip
    return _shown(operation_id, batch_id, codes)


def _make(session: Any, operation_id: bytes, plan: Plan, form: dict[str, Any], batch_id: bytes) -> list[str]:
    count, label, lane = form["count"], form["label"], form["lane"]
    rights = {name: form[name] for name in ("site_ids", "site_lead", "sensitive", "registers")}
    return [create_join_code(session, operation_id, label=label if count == 1 else f"{label} {number}", **rights, now=_now(),
                             lanes=_lanes(lane, number, form["site_ids"], plan), hours=_hours(), batch_id=batch_id,
                             number=number) for number in range(1, count + 1)]  # fmt: skip


def _lanes(lane: str, number: int, sites: list[str], plan: Plan) -> Lanes:
    """Return the lanes of one of several phones: `each` deals them out in turn."""
    if not lane:
        return {}
    wanted = {site.id: [(number - 1) % site.lanes + 1 if lane == EACH else int(lane)] for site in plan.sites if site.lanes}
    return {site: found for site, found in lanes_of_sites(wanted, sites, plan).items() if found}


def _shown(operation_id: str, batch_id: bytes, codes: list[str]) -> str:
    with snapshot() as connection:
        operation = get_operation(connection, to_bytes(operation_id))
        plan = get_current_plan(connection, operation.id)
        rows = list_batch(connection, operation.id, batch_id)
    address = _address()
    shown = [_draw(code, row, address["address"]) for code, row in zip(codes, rows, strict=True)]
    return render_template("phones/codes.html", operation=operation, plan=plan, shown=shown, batch=to_text(batch_id), words=words,
                           now=_now(), zone=default_zone(plan), languages=_languages(), language=str(get_locale() or "en"),
                           **address)  # fmt: skip


def _draw(code: str, row: JoinCodeRow, address: str) -> Shown:
    modules = link_modules(join_link(address, code))
    return Shown(code, row, svg_path(modules), len(modules) + 8)


@blueprint.get("/<batch_id>/state")
@guards.role("manager")
def tell_state(operation_id: str, batch_id: str) -> Response:
    """Answer which codes of a batch phones have joined with, for the page that shows them."""
    with snapshot() as connection:
        operation = get_operation(connection, to_bytes(operation_id))
        rows = list_batch(connection, operation.id, to_bytes(batch_id)) if is_id_text(batch_id) else []
    return jsonify(codes=[{"id": to_text(bytes(row.id)), "state": _state(row), "words": _state_words(row)} for row in rows])


def _state(row: JoinCodeRow) -> str:
    if row.withdrawn_at is not None:
        return "withdrawn"
    return "joined" if row.spent_at is not None else "expired" if row.expires_at <= _now() else "open"


def _state_words(row: JoinCodeRow) -> str:
    return {"withdrawn": _("Taken back"), "joined": _("Joined"), "expired": _("Too old"),
            "open": _("Waiting, %(time)s left", time=words.left(row.expires_at, _now()))}[_state(row)]  # fmt: skip


@blueprint.post("/print")
@guards.role("manager")
def print_codes(operation_id: str) -> Response:
    """Print codes that are on the screen: their signs come from the page, because they are stored nowhere."""
    typed = request.form.getlist("codes")[:MOST_CODES]
    language = request.form.get("language", "")
    with snapshot() as connection:
        operation = get_operation(connection, to_bytes(operation_id))
        plan, found = get_current_plan(connection, operation.id), find_codes(connection, operation.id, typed)
    codes = [(code, found[code]) for code in typed if code in found and _state(found[code]) == "open"]
    if not codes:
        raise NotFound(_("None of these codes can be used any more. Make new ones."))
    with unit_of_work() as session:
        audit.note(session, guards.current_actor(), "join_code.printed", _now(), operation_id=operation.id,
                   subject=codes[0][1].batch_id or codes[0][1].id)  # fmt: skip
    file = io.BytesIO()
    with force_locale(language if language in _languages() else str(get_locale() or "en")):
        # by name, when something is printed: it brings in a PDF library
        import_module("relief.office.phones.printing").print_join_codes(file, operation, plan, codes, _address()["address"])
    return pdf_response(file.getvalue(), "join-codes.pdf")


@blueprint.post("/<code_id>/withdraw")
@guards.role("manager")
def withdraw(operation_id: str, code_id: str) -> Answer:
    """Take a code back that nobody has used."""
    if not is_id_text(code_id):
        raise NotFound(_("There is no such join code."))
    with unit_of_work() as session:
        operation = get_operation(session, to_bytes(operation_id))
        withdraw_code(session, operation.id, to_bytes(code_id), _now())
        audit.note(session, guards.current_actor(), "join_code.withdrawn", _now(), operation_id=operation.id, subject=code_id)
    flash(_("Taken back. No phone can join with it any more."))
    return redirect(url_for("phone_joining.show", operation_id=operation_id), 303)


def _address() -> dict[str, Any]:
    address = public_address(current_app.extensions["relief_settings"], request.host_url)
    return {"address": address, "is_fit": is_fit_for_the_field(address), "is_reachable": is_reachable(address)}


def _languages() -> dict[str, str]:
    """Return the languages that a sheet can be printed in -> what each calls itself."""
    return {str(each): (each.display_name or str(each)).capitalize() for each in get_babel().instance.list_translations()}


def _hours() -> int:
    return int(current_app.extensions["relief_settings"].join_code_hours)


def _now() -> int:
    return int(current_app.extensions["relief_clock"].now())
