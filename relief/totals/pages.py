"""The board: live totals that refresh themselves. The script asks for the fragment; without it the page is reloaded."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, current_app, make_response, render_template
from flask_babel import get_locale
from flask_babel import gettext as _

from relief.accounts import guards
from relief.db import snapshot
from relief.kernel.ids import to_bytes
from relief.totals import words
from relief.totals.chart import day_bars
from relief.totals.freshness import not_changed, with_mark
from relief.totals.queries import Totals, find_mark, read_totals

blueprint = Blueprint("totals", __name__)
READERS = ("manager", "site_lead", "finance", "auditor")
FRAGMENT = "text/vnd.relief.fragment; charset=utf-8"  # a piece of a page, so not text/html


@blueprint.get("/operations/<operation_id>/board")
@guards.role(*READERS)
def show_board(operation_id: str) -> Response:
    """Show the whole page."""
    return _answer(operation_id, "totals/board.html", "page")


@blueprint.get("/operations/<operation_id>/board/fragment")
@guards.role(*READERS)
def show_fragment(operation_id: str) -> Response:
    """Answer the board's figures alone, or 304 before any totals query."""
    response = _answer(operation_id, "totals/_board.html", "fragment")
    response.headers["Content-Type"] = FRAGMENT
    return response


def _answer(operation_id: str, template: str, form: str) -> Response:
    now = current_app.extensions["relief_clock"].now()
    with snapshot() as connection:
        mark = f"{find_mark(connection, to_bytes(operation_id), now)}-{get_locale()}"
        # Only the fragment may be "not changed": the page also shows who is signed in.
        if form == "fragment" and (same := not_changed(mark)):
            return same
        totals = read_totals(connection, to_bytes(operation_id), now)
    page = render_template(template, operation_id=operation_id, mark=f'W/"{mark}"', **board_values(totals))
    return with_mark(make_response(page), mark) if form == "fragment" else make_response(page)


def board_values(totals: Totals) -> dict[str, Any]:
    """Return what the board's template draws."""
    missing = words.missing(totals.completeness, totals.zone, totals.as_of)
    count = words.at_least(totals.figures.people.people, totals.completeness)
    return {
        "totals": totals,
        "words": words,
        "missing": missing,
        "to_decide": words.to_decide(totals.to_decide),
        "said": "; ".join([_("People assisted: %(count)s", count=count), *missing]),
        "bars": day_bars([(row.day, row.handovers) for row in totals.figures.days]),
    }
