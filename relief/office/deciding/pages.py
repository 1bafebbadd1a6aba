"""The page of what waits for a decision: list by list, each question with its records side by side, and buttons to answer."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from marshmallow import fields, validate
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from relief.accounts import guards
from relief.accounts.purposes import purpose_asked, purpose_needed
from relief.accounts.schemas import FormSchema
from relief.budget.labels import FUNDING_SOURCES
from relief.db import snapshot
from relief.kernel.errors import BadInput
from relief.kernel.ids import is_id_text, to_bytes
from relief.office.acting import signed_in_act, signed_in_desk
from relief.office.deciding import words
from relief.office.deciding.deciding import Decision, decide
from relief.office.deciding.waiting import KINDS, count_waiting, list_waiting
from relief.office.families.family import find_group
from relief.office.families.history import default_zone
from relief.office.noted_writing import write_noted
from relief.office.operations.reading import may_manage, plan_for_reader
from relief.operations.queries import get_operation
from relief.operations.rules import Plan

blueprint = Blueprint("to_decide", __name__, url_prefix="/operations/<operation_id>/to-decide")
DECIDERS = ("manager", "site_lead")
PAGE = 20
MOST_CITED = 500
Answer = str | Response | tuple[str, int]


class ListQuery(FormSchema):
    """Which list, and which page of it."""

    kind = fields.String(load_default="cases", validate=validate.OneOf(KINDS))
    page = fields.Integer(load_default=1, validate=validate.Range(1, 1_000_000))


@blueprint.get("")
@guards.role(*DECIDERS)
@purpose_needed("to_decide.listed")
def show(operation_id: str) -> Answer:
    if request.args.get("kind") == "held":  # has a page of its own
        return redirect(url_for("held.show_list", operation_id=operation_id), 303)
    return _page(operation_id, {})


def _page(operation_id: str, problems: dict[str, str]) -> str:
    asked, now = ListQuery().load(request.args), _now()
    with snapshot() as connection:
        operation = get_operation(connection, to_bytes(operation_id))
        plan = plan_for_reader(connection, operation.id)
        page = list_waiting(connection, operation.id, asked["kind"], now, asked["page"], PAGE)
        rows = [_row(connection, operation.id, asked["kind"], row, plan) for row in page.rows]
        counts = count_waiting(connection, operation.id, now)
        may_see_phones = may_manage(connection, operation.id)
    return render_template("office/to_decide.html", operation=operation, plan=plan, kind=asked["kind"], page=page, rows=rows,
                           counts=counts, words=words, sources=FUNDING_SOURCES, may_see_phones=may_see_phones, now=now,
                           zone=default_zone(plan), problems=problems, form=request.form if problems else {})  # fmt: skip


def _row(connection: Connection, operation_id: bytes, kind: str, row: dict[str, Any], plan: Plan) -> dict[str, Any]:
    """Add to a row what its words need."""
    if kind != "cases":
        return row
    sides = words.sides_of(connection, operation_id, row["records"], plan)
    free_card = next((each["card_id"] for each in row["records"] if "card_id" in each), None)
    return {**row, "sides": sides, "household": find_group(connection, operation_id, to_bytes(row["group"])),
            "free_card": free_card if row["code"] == "unknown_card" else None}  # fmt: skip


@blueprint.post("")
@guards.role(*DECIDERS)
@purpose_asked
def answer(operation_id: str) -> Answer:
    """Decide one question as its form says: leave it, take back, or end what was never finished."""
    form = request.form
    cites, targets = (tuple(form.getlist(name)[:MOST_CITED]) for name in ("cites", "targets"))
    version = form.get("plan_version", "")
    try:
        if not all(map(is_id_text, (*cites, *targets))) or not (cites or is_id_text(form.get("cause", ""))):
            raise BadInput(_("This question is not there any more. Look again."), where="cites")
        decision = Decision(form.get("case", ""), form.get("action", ""), cites, form.get("cause") or None,
                            int(version) if version.isascii() and version.isdigit() and len(version) < 10 else None, targets,
                            form.get("goods") == "back" if form.get("goods") else None, form.get("reason", "")[:500])  # fmt: skip
        desk = signed_in_desk(operation_id)
        work = partial(decide, operation_id=desk.operation_id, desk_id=desk.enrolment_id, decision=decision,
                       user_id=guards.get_current_user().id, now=desk.now, keys=desk.keys)  # fmt: skip
        write_noted(signed_in_act(desk, "case.decided", decision.case, about_people=True), work)
    except BadInput as error:
        return _page(operation_id, {error.where or "reason": error.message}), error.status
    flash({"accept": _("Left as it is. It waits no more."), "void": _("Taken back. The hand-over counts no more."),
           "end_grant": _("Ended. The family can still get it."),
           "was_given": _("Written down. The hand-over counts.")}[decision.action])  # fmt: skip
    asked = ListQuery().load(request.args)
    return redirect(url_for("to_decide.show", operation_id=operation_id, kind=asked["kind"], page=asked["page"]), 303)


def _now() -> int:
    return int(current_app.extensions["relief_clock"].now())
