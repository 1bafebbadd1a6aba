"""Pages of an operation's cards: how many there are, issuing them, and what is printed on them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext
from werkzeug.wrappers import Response

from relief.accounts import audit, guards, limits
from relief.accounts.schemas import read_form
from relief.accounts.uploads import Upload, upload_of
from relief.cards.logo import LARGEST_BYTES, clean_logo
from relief.cards.queries import Design
from relief.cards.rules import parse_running_number
from relief.cards.service import keep_design
from relief.db import snapshot, unit_of_work
from relief.kernel.errors import BadInput, ReliefError
from relief.kernel.ids import is_id_text, to_bytes, to_text
from relief.office.acting import Desk, signed_in_desk
from relief.office.cards.finding import get_typed_card
from relief.office.cards.issuing import MOST_BLANK, check_blank
from relief.office.cards.printing import ARRANGEMENTS, get_design
from relief.office.cards.queries import count_blank_stock, count_uncollected, get_run, list_runs, list_sites_of_run
from relief.office.cards.replacements import list_replacement_days
from relief.office.cards.runs import issue_blank_run, issue_run
from relief.office.cards.schemas import DesignForm, IssueForm, PageQuery, chosen
from relief.office.register_queries import find_household_named
from relief.operations.queries import get_current_plan, get_operation

blueprint = Blueprint("cards", __name__, url_prefix="/operations/<operation_id>/cards")
DESK = ("manager", "site_lead")
READERS = (*DESK, "auditor")
PART = 1_000  # cards a file: a hundred sheets lie well in a printer's tray
Answer = str | Response | tuple[str, int]
LOGO = Upload("cards.design", LARGEST_BYTES, lazy_gettext("Save the picture smaller: 1000 pixels are enough."))


@blueprint.get("")
@guards.role(*READERS)
def show(operation_id: str) -> str:
    return _overview(operation_id, {}, {})


def _overview(operation_id: str, form: Any, problems: dict[str, str]) -> str:
    with snapshot() as connection:
        operation = get_operation(connection, to_bytes(operation_id))
        runs = list_runs(connection, operation.id, chosen(PageQuery, request.args)["page"])
        waiting, stock = count_uncollected(connection, operation.id), count_blank_stock(connection, operation.id)
        sites, days = get_current_plan(connection, operation.id).sites, list_replacement_days(connection, operation.id)
    return render_template("cards/show.html", operation=operation, runs=runs, sites=sites, form=form, problems=problems,
                           uncollected=waiting, stock=stock, days=days, most_blank=MOST_BLANK)  # fmt: skip


@blueprint.post("/issue")
@guards.role("manager")
def issue(operation_id: str) -> Answer:
    """Issue cards to all households without one, to a site's, to one household, or as blank stock."""
    form, problems = read_form(IssueForm(), request.form)
    if not problems:
        try:
            cards = _issue(signed_in_desk(operation_id), form)
            if not cards:
                flash(_("Nobody waits for a card."))
                return redirect(url_for("cards.show", operation_id=operation_id), 303)
            flash(ngettext("%(num)s card issued.", "%(num)s cards issued.", len(cards)))
            run = parse_running_number(cards[0].number)[0]
            return redirect(url_for("cards.show_run", operation_id=operation_id, run=run), 303)
        except ReliefError as error:
            problems = {error.where or "whom": error.message}
    return _overview(operation_id, request.form, problems), 422


def _issue(acting: Desk, form: dict[str, Any]) -> Any:
    if form["whom"] == "blank":
        check_blank(form["count"])
    with unit_of_work() as session:
        audit.note(session, guards.current_actor(), "cards.issued", acting.now, operation_id=acting.operation_id,
                   subject=form["whom"])  # fmt: skip
    begun = (acting.operation_id, acting.enrolment_id)
    if form["whom"] == "blank":
        return issue_blank_run(*begun, form["count"], acting.now, acting.keys)
    if form["whom"] == "one":
        with snapshot() as connection:
            household_id = find_household_named(connection, acting.operation_id, form["household"])
        return issue_run(*begun, acting.now, acting.keys, household_id=household_id)
    if form["whom"] == "site" and not is_id_text(form["site"]):
        raise BadInput(_("Choose a site."), where="site")
    return issue_run(*begun, acting.now, acting.keys, site_id=to_bytes(form["site"]) if form["whom"] == "site" else None)


@blueprint.get("/runs/<int:run>")
@guards.role(*READERS)
def show_run(operation_id: str, run: int) -> str:
    with snapshot() as connection:
        operation = get_operation(connection, to_bytes(operation_id))
        counted, days = get_run(connection, operation.id, run), list_replacement_days(connection, operation.id)
        here = {to_text(site) for site in list_sites_of_run(connection, operation.id, run)}
        plan = get_current_plan(connection, operation.id)
    parts = [(first, min(first + PART - 1, counted.last)) for first in range(1, counted.last + 1, PART)]
    return render_template("cards/run.html", operation=operation, run=counted, parts=parts, arrangements=arrangement_names(),
                           sites=[site for site in plan.sites if site.id in here], replaced_on=days.get(run))  # fmt: skip


@blueprint.post("/find")
@guards.role(*READERS)
@limits.typed_codes
def find(operation_id: str) -> Answer:
    """Lead to the card of a scanned or typed code or number; by POST, so that no address holds a code."""
    try:
        with snapshot() as connection:
            card = get_typed_card(connection, to_bytes(operation_id), request.form.get("code", ""))
    except ReliefError as error:
        return _overview(operation_id, request.form, {"code": error.message}), error.status
    return redirect(url_for("card_acts.show", operation_id=operation_id, card_id=to_text(card.card_id)), 303)


@blueprint.get("/design")
@guards.role("manager")
def design(operation_id: str) -> str:
    with snapshot() as connection:
        kept = get_design(connection, to_bytes(operation_id))
    return _design(operation_id, {"society": kept.society, "valid_until": kept.valid_until, "hotline": kept.hotline}, {})


def _design(operation_id: str, form: Any, problems: dict[str, str]) -> str:
    with snapshot() as connection:
        operation = get_operation(connection, to_bytes(operation_id))
        kept = get_design(connection, operation.id)
    return render_template("cards/design.html", operation=operation, form=form, problems=problems, has_logo=bool(kept.logo),
                           arrangements=arrangement_names(), upload=LOGO)  # fmt: skip


@blueprint.post("/design")
@guards.role("manager")
@upload_of(LOGO)
def change_design(operation_id: str) -> Answer:
    """Keep the words and the logo of the cards; a logo that is not brought anew stays."""
    form, problems = read_form(DesignForm(), request.form)
    try:
        if not problems:
            logo = _uploaded_logo()
            with unit_of_work() as session:
                kept = b"" if form["drop_logo"] else get_design(session.connection(), to_bytes(operation_id)).logo
                wanted = Design(form["society"], form["valid_until"], form["hotline"], logo or kept)
                keep_design(session, to_bytes(operation_id), wanted)
                audit.note(session, guards.current_actor(), "cards.designed", _now(), operation_id=to_bytes(operation_id))
            flash(_("Kept. It is printed on cards from now on; look at a sample sheet."))
            return redirect(url_for("cards.design", operation_id=operation_id), 303)
    except ReliefError as error:
        if error.where is None:
            raise
        problems = {error.where: error.message}
    return _design(operation_id, request.form, problems), 422


def _uploaded_logo() -> bytes:
    given = request.files.get("logo")
    if given is None or not given.filename:
        return b""
    content = given.stream.read(LARGEST_BYTES + 1)
    given.close()
    return clean_logo(content)


def arrangement_names() -> list[tuple[str, str]]:
    """Return the kinds of sheets with their names."""
    names = {"a4": _("A4, ten cards to cut"), "fold": _("A4, eight cards to cut and fold"),
             "single": _("Single cards, for a card printer")}  # fmt: skip
    return [(each, names[each]) for each in ARRANGEMENTS]


def _now() -> int:
    return int(current_app.extensions["relief_clock"].now())
