"""Pages of an operation's cards: how many there are, issuing them, what is printed on them, and one card."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from relief.accounts import audit, guards, limits
from relief.accounts.devices import get_desk_enrolment
from relief.accounts.schemas import read_form
from relief.cards.logo import LARGEST_BYTES, clean_logo
from relief.cards.queries import Design
from relief.cards.rules import parse_running_number
from relief.cards.service import keep_design
from relief.db import snapshot, unit_of_work, write
from relief.kernel.errors import BadInput, NotFound, ReliefError
from relief.kernel.ids import is_id_text, to_bytes, to_text
from relief.ledger.keys import current_keys
from relief.office import card_acts
from relief.office.card_acts import Desk
from relief.office.card_printing import ARRANGEMENTS, get_design
from relief.office.card_queries import CardRow, find_card, list_cards, list_events, list_runs
from relief.office.card_runs import issue_blank_run, issue_run
from relief.office.card_schemas import DesignForm, IssueForm
from relief.office.erasing import find_household_named
from relief.operations.queries import get_current_plan, get_operation

blueprint = Blueprint("cards", __name__, url_prefix="/operations/<operation_id>/cards")
DESK = ("manager", "site_lead")
READERS = (*DESK, "auditor")
PART = 1_000  # cards a file: a hundred sheets lie well in a printer's tray
Answer = str | Response | tuple[str, int]


@blueprint.get("")
@guards.role(*READERS)
def show(operation_id: str) -> str:
    return _overview(operation_id, {}, {})


def _overview(operation_id: str, form: Any, problems: dict[str, str]) -> str:
    with snapshot() as connection:
        operation = get_operation(connection, to_bytes(operation_id))
        cards = list_cards(connection, operation.id)
        sites = get_current_plan(connection, operation.id).sites
    return render_template("cards/show.html", operation=operation, runs=list_runs(cards), sites=sites, form=form,
                           problems=problems, uncollected=sum(card.is_uncollected for card in cards))  # fmt: skip


@blueprint.post("/issue")
@guards.role("manager")
def issue(operation_id: str) -> Answer:
    """Issue cards to all households without one, to a site's, to one household, or as blank stock."""
    form, problems = read_form(IssueForm(), request.form)
    if not problems:
        try:
            cards = _issue(acting_desk(operation_id), form)
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
        cards = [card for card in list_cards(connection, operation.id) if card.run == run]
        plan = get_current_plan(connection, operation.id)
    if not cards:
        raise NotFound(_("There is no such print run."))
    places = [parse_running_number(card.number)[1] for card in cards]
    parts = [(first, min(first + PART - 1, places[-1])) for first in range(1, places[-1] + 1, PART)]
    (counted,) = list_runs(cards)
    here = {to_text(card.site_id) for card in cards if card.site_id}
    return render_template("cards/run.html", operation=operation, run=counted, parts=parts, arrangements=arrangement_names(),
                           sites=[site for site in plan.sites if site.id in here])  # fmt: skip


@blueprint.post("/find")
@guards.role(*READERS)
@limits.typed_codes
def find(operation_id: str) -> Answer:
    """Lead to the card of a scanned or typed code or number; by POST, so that no address holds a code."""
    try:
        with snapshot() as connection:
            card = card_acts.find_scanned(connection, to_bytes(operation_id), request.form.get("code", ""))
    except ReliefError as error:
        return _overview(operation_id, {}, {"code": error.message}), error.status
    return redirect(url_for("cards.show_card", operation_id=operation_id, card_id=to_text(card.card_id)), 303)


@blueprint.get("/design")
@guards.role("manager")
def design(operation_id: str) -> str:
    with snapshot() as connection:
        chosen = get_design(connection, to_bytes(operation_id))
    return _design(operation_id, {"society": chosen.society, "valid_until": chosen.valid_until, "hotline": chosen.hotline}, {})


def _design(operation_id: str, form: Any, problems: dict[str, str]) -> str:
    with snapshot() as connection:
        operation = get_operation(connection, to_bytes(operation_id))
        chosen = get_design(connection, operation.id)
    return render_template("cards/design.html", operation=operation, form=form, problems=problems, has_logo=bool(chosen.logo),
                           arrangements=arrangement_names())  # fmt: skip


@blueprint.post("/design")
@guards.role("manager")
def change_design(operation_id: str) -> Answer:
    """Keep the words and the logo of the cards; a logo that is not brought anew stays."""
    form, problems = read_form(DesignForm(), request.form)
    try:
        if not problems:
            logo = _uploaded_logo()
            with unit_of_work() as session:
                kept = b"" if form["drop_logo"] else get_design(session.connection(), to_bytes(operation_id)).logo
                chosen = Design(form["society"], form["valid_until"], form["hotline"], logo or kept)
                keep_design(session, to_bytes(operation_id), chosen)
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


@blueprint.get("/<card_id>")
@guards.role(*READERS)
def show_card(operation_id: str, card_id: str) -> str:
    return _card_page(operation_id, card_id, {}, {})


def _card_page(operation_id: str, card_id: str, form: Any, problems: dict[str, str]) -> str:
    with snapshot() as connection:
        operation = get_operation(connection, to_bytes(operation_id))
        card = get_card(connection, operation.id, card_id)
        events = list_events(connection, operation.id, card.card_id)
        sites = get_current_plan(connection, operation.id).sites
    return render_template("cards/card.html", operation=operation, card=card, events=events, form=form, problems=problems,
                           arrangements=arrangement_names(), zone=sites[0].zone if sites else "UTC")  # fmt: skip


@blueprint.post("/<card_id>/cancel")
@guards.role("manager")
def cancel(operation_id: str, card_id: str) -> Answer:
    words = _("The card is cancelled: nothing can be had with it from now on.")
    reason = request.form.get("reason", "")

    def act(connection: Connection, acting: Desk, card: CardRow) -> None:
        card_acts.cancel(connection, acting, card, reason)

    return _act(operation_id, card_id, "card.cancelled", words, act)


@blueprint.post("/<card_id>/replace")
@guards.role(*DESK)
def replace(operation_id: str, card_id: str) -> Answer:
    """Put a card of the blank stock in its place, or a new one to be printed when none is named."""
    words = _("The card is replaced: nothing can be had with the old one.")
    reason, named = request.form.get("reason", ""), request.form.get("new_card", "").strip()
    return _act(operation_id, card_id, "card.replaced", words, partial(_replace, reason=reason, named=named))


def _replace(connection: Connection, acting: Desk, card: CardRow, reason: str, named: str) -> None:
    if not named:
        card_acts.replace_with_new(connection, acting, card, reason)
        return
    try:
        new = card_acts.find_scanned(connection, acting.operation_id, named)
    except ReliefError as error:
        error.where = "new_card"
        raise
    card_acts.replace(connection, acting, card, new, reason)


@blueprint.post("/<card_id>/not-handed-out")
@guards.role(*DESK)
def take_back(operation_id: str, card_id: str) -> Answer:
    words = _("Taken back: the card waits in the office again.")
    return _act(operation_id, card_id, "card.not_handed_out", words, card_acts.take_back)


def _act(operation_id: str, card_id: str, action: str, words: str, act: Any) -> Answer:
    acting = acting_desk(operation_id)

    def work(connection: Connection) -> None:
        act(connection, acting, get_card(connection, acting.operation_id, card_id))

    try:
        write(work)
    except ReliefError as error:
        if isinstance(error, NotFound) and error.where is None:
            raise
        return _card_page(operation_id, card_id, request.form, {error.where or "reason": error.message}), error.status
    note_act(action, acting, card_id)
    flash(words)
    return redirect(url_for("cards.show_card", operation_id=operation_id, card_id=card_id), 303)


def note_act(action: str, acting: Desk, subject: str) -> None:
    """Write an act into the audit."""
    with unit_of_work() as session:
        audit.note(session, guards.current_actor(), action, acting.now, operation_id=acting.operation_id, subject=subject)


def acting_desk(operation_id: str) -> Desk:
    """Return under whose name and device the signed-in user acts; raises NotFound for an operation that is not there."""
    user_id, now = guards.get_current_user().id, _now()
    with unit_of_work() as session:
        operation = get_operation(session, to_bytes(operation_id))
        enrolment_id = get_desk_enrolment(session, operation.id, user_id, now).enrolment_id
    return Desk(operation.id, enrolment_id, user_id, now, current_keys())


def get_card(connection: Connection, operation_id: bytes, card_id: str) -> CardRow:
    """Return the card of an id in an address; raises NotFound."""
    found = find_card(connection, operation_id, card_id=to_bytes(card_id)) if is_id_text(card_id) else None
    if found is None:
        raise NotFound(_("There is no such card."))
    return found


def arrangement_names() -> list[tuple[str, str]]:
    """Return the kinds of sheets with their names."""
    names = {"a4": _("A4, ten cards to cut"), "fold": _("A4, eight cards to cut and fold"),
             "single": _("Single cards, for a card printer")}  # fmt: skip
    return [(each, names[each]) for each in ARRANGEMENTS]


def _now() -> int:
    return int(current_app.extensions["relief_clock"].now())
