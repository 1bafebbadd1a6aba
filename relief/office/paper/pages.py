"""Pages of tally sheets: print them, count them back in, and find the one on the table."""

from __future__ import annotations

import io
from functools import partial
from importlib import import_module
from typing import Any

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import Connection
from werkzeug.wrappers import Response as Answer

from relief.accounts import audit, guards
from relief.cards.lanes import signs_of_lane
from relief.db import snapshot, unit_of_work, write
from relief.kernel.errors import ReliefError
from relief.kernel.ids import to_bytes
from relief.office.operations.reading import plan_for_reader
from relief.office.paper.queries import STATES, Sheet, count_sheets, find_by_code, get_sheet, list_sheets
from relief.office.paper.sheets import MOST_ITEMS, MOST_SHEETS, SheetOrder, add_sheets, count_and_note
from relief.office.paper.words import state_names
from relief.office.pdf_answer import pdf_response
from relief.operations.queries import get_current_plan, get_operation
from relief.operations.rules import Plan

blueprint = Blueprint("paper", __name__, url_prefix="/operations/<operation_id>/paper")
ROLES = ("manager", "site_lead")
MOST_PAGES = 1_000_000


@blueprint.get("")
@guards.role(*ROLES)
def list_all(operation_id: str) -> str:
    return _list(operation_id, {}, {})


def _list(operation_id: str, form: Any, problems: dict[str, str]) -> str:
    state = request.args.get("state", "")
    number = min(max(1, request.args.get("page", 1, type=int)), MOST_PAGES)
    with snapshot() as connection:
        operation = get_operation(connection, to_bytes(operation_id))
        plan = plan_for_reader(connection, operation.id)
        page = list_sheets(connection, operation.id, state, number)
        counts = count_sheets(connection, operation.id)
    return render_template("paper/sheets.html", operation=operation, plan=plan, page=page, counts=counts, states=state_names(),
                           state=state if state in STATES else "", form=form, problems=problems, lanes=_lanes(plan),
                           most_items=MOST_ITEMS, most_sheets=MOST_SHEETS)  # fmt: skip


def _lanes(plan: Plan) -> list[tuple[str, str]]:
    """Return (value, words) of what an order may say of lanes, for the site with the most of them."""
    most = max((site.lanes for site in plan.sites), default=0)
    if not most:
        return []
    named = [(str(lane), _("Lane %(lane)s", lane=lane)) for lane in range(1, most + 1)]
    return [("0", _("No lane")), ("all", _("So many for each lane")), *named]


@blueprint.post("")
@guards.role(*ROLES)
def print_new(operation_id: str) -> Response | tuple[str, int]:
    """Number new sheets and answer them as PDF."""
    order = SheetOrder(request.form.get("site", ""), request.form.get("round", ""), tuple(request.form.getlist("items")),
                       request.form.get("count", 0, type=int), _lane(request.form.get("lane", "0")))  # fmt: skip
    operation, now, user_id = to_bytes(operation_id), _now(), guards.get_current_user().id

    def add(connection: Connection) -> list[Sheet]:
        get_operation(connection, operation)
        return add_sheets(connection, operation, order, get_current_plan(connection, operation), user_id, now)

    try:
        sheets = write(add)
    except ReliefError as error:
        return _list(operation_id, request.form, {error.where or "site": error.message}), error.status
    return pdf_of(operation, sheets, "paper.printed")


def _lane(text: str) -> int | None:
    return None if text == "all" else int(text) if text.isdecimal() and len(text) < 4 else -1


@blueprint.get("/<sheet_id>/sheet.pdf")
@guards.role(*ROLES)
def print_again(operation_id: str, sheet_id: str) -> Response:
    """Print one sheet once more, under its own number."""
    with snapshot() as connection:
        sheet = get_sheet(connection, to_bytes(operation_id), sheet_id)
    return pdf_of(sheet.operation_id, [sheet], "paper.printed_again")


@blueprint.post("/open")
@guards.role(*ROLES)
def find(operation_id: str) -> Answer | tuple[str, int]:
    """Go to the sheet of a number, or of the code that was typed or scanned."""
    try:
        with snapshot() as connection:
            sheet = find_by_code(connection, to_bytes(operation_id), request.form.get("code", ""))
    except ReliefError as error:
        return _list(operation_id, request.form, {"code": error.message}), error.status
    return redirect(url_for("paper_entry.show", operation_id=operation_id, sheet_id=sheet.id), 303)


@blueprint.post("/<sheet_id>/state")
@guards.role(*ROLES)
def count(operation_id: str, sheet_id: str) -> Answer:
    """Write down what became of a sheet of paper."""
    state = request.form.get("state", "")
    sheet = write(partial(count_and_note, actor=guards.current_actor(), operation_id=to_bytes(operation_id), sheet_id=sheet_id,
                          state=state, now=_now()))  # fmt: skip
    flash(_("Sheet %(number)s: %(state)s.", number=f"{sheet.number:04d}", state=state_names()[state]))
    return redirect(url_for("paper.list_all", operation_id=operation_id, state=request.args.get("state", "")), 303)


@blueprint.get("/lanes")
@guards.role(*ROLES)
def lanes(operation_id: str) -> str:
    """Show which cards belong to which lane, to be copied onto the signs at the tables."""
    with snapshot() as connection:
        operation = get_operation(connection, to_bytes(operation_id))
        plan = plan_for_reader(connection, operation.id)
    signs = {site.id: [" ".join(signs_of_lane(lane, site.lanes)) for lane in range(1, site.lanes + 1)] for site in plan.sites}
    return render_template("paper/lanes.html", operation=operation, plan=plan, signs=signs)


def pdf_of(operation_id: bytes, sheets: list[Sheet], action: str) -> Response:
    """Answer these sheets as PDF, and note that they were printed."""
    with unit_of_work() as session:
        operation, plan = get_operation(session, operation_id), get_current_plan(session, operation_id)
        numbers = f"{sheets[0].number}-{sheets[-1].number}"
        audit.note(session, guards.current_actor(), action, _now(), operation_id=operation_id, subject=numbers)
    file = io.BytesIO()
    # by name, when something is printed: it brings in a PDF library
    import_module("relief.office.paper.printing").print_sheets(file, operation, plan, sheets)
    return pdf_response(file.getvalue(), f"tally-sheets-{numbers}.pdf")


def _now() -> int:
    return int(current_app.extensions["relief_clock"].now())
