"""Sheets of cards and hand-out lists as PDF. Each print is noted with its purpose; lists and cards never share a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import IO

from flask import Blueprint, Response, current_app, redirect, render_template, request, stream_with_context, url_for
from flask_babel import gettext as _
from sqlalchemy import Connection
from werkzeug.wrappers import Response as Answer

from relief.accounts import guards
from relief.accounts.purposes import purpose_needed
from relief.db import snapshot
from relief.kernel.errors import Conflict, NotFound
from relief.kernel.ids import is_id_text, to_bytes, to_text
from relief.office.cards.act_pages import get_card
from relief.office.cards.pages import DESK
from relief.office.cards.print_jobs import READY, Print, get_print, read_pieces, start_print
from relief.office.cards.printing import cards_job, get_design, list_job, practice_job, sample_job, send_to_press
from relief.office.cards.queries import CardRow, list_cards
from relief.office.cards.schemas import PrintQuery, chosen
from relief.operations.queries import get_operation

blueprint = Blueprint("card_prints", __name__, url_prefix="/operations/<operation_id>/cards")
PRINTABLE = ("blank", "linked")
Job = Callable[[Connection], list[bytes]]
CHUNK = 1 << 16


@blueprint.get("/runs/<int:run>/cards.pdf")
@guards.role("manager")
@purpose_needed("cards.printed", subject="run")
def print_run(operation_id: str, run: int) -> Response:
    """Answer the cards of a run, or some of them; those that were cancelled or replaced are left out."""
    wanted = chosen(PrintQuery, request.args)
    return _answer(operation_id, f"cards-{run:02d}", lambda connection: cards_job(
        connection, to_bytes(operation_id), _of_run(connection, operation_id, run), wanted["arrangement"]))  # fmt: skip


@blueprint.get("/runs/<int:run>/list.pdf")
@guards.role(*DESK)
@purpose_needed("cards.list_printed", subject="run")
def print_list(operation_id: str, run: int) -> Response:
    """Answer the hand-out list of a run, in the order of its cards."""
    return _answer(operation_id, f"hand-out-list-{run:02d}", lambda connection: list_job(
        connection, to_bytes(operation_id), _of_run(connection, operation_id, run)))  # fmt: skip


@blueprint.post("/runs/<int:run>/cards")
@guards.role("manager")
@purpose_needed("cards.printed", subject="run")
def start_run(operation_id: str, run: int) -> Answer:
    """Print the cards of a run, or some of them, aside, and show how far it is."""
    wanted = chosen(PrintQuery, request.form)
    return _start(operation_id, f"cards-{run:02d}", run, lambda connection: cards_job(
        connection, to_bytes(operation_id), _of_run(connection, operation_id, run), wanted["arrangement"]))  # fmt: skip


@blueprint.post("/runs/<int:run>/list")
@guards.role(*DESK)
@purpose_needed("cards.list_printed", subject="run")
def start_list(operation_id: str, run: int) -> Answer:
    """Print the hand-out list of a run aside, and show how far it is."""
    return _start(operation_id, f"hand-out-list-{run:02d}", run, lambda connection: list_job(
        connection, to_bytes(operation_id), _of_run(connection, operation_id, run)))  # fmt: skip


def _start(operation_id: str, name: str, run: int, job: Job) -> Answer:
    with snapshot() as connection:
        lines = job(connection)
    print_id = start_print(to_bytes(operation_id), guards.get_current_user().id, name, run, lines)
    return redirect(url_for("card_prints.show_print", operation_id=operation_id, print_id=to_text(print_id)), 303)


@blueprint.get("/prints/<print_id>")
@guards.role(*DESK)
def show_print(operation_id: str, print_id: str) -> str:
    """Show how far a print is; ready, it can be fetched."""
    with snapshot() as connection:
        operation = get_operation(connection, to_bytes(operation_id))
        found = _get_print(connection, operation_id, print_id)
    at_work = found.is_at_work(int(current_app.extensions["relief_clock"].now()))
    return render_template("cards/print.html", operation=operation, print=found, at_work=at_work)


@blueprint.get("/prints/<print_id>/file.pdf")
@guards.role(*DESK)
def fetch_print(operation_id: str, print_id: str) -> Response:
    """Answer the file of a print that is ready, to whoever asked for it."""
    with snapshot() as connection:
        found = _get_print(connection, operation_id, print_id)
    if found.state != READY:
        raise Conflict(_("This print is not ready yet."), code="not_ready")
    pieces = stream_with_context(read_pieces(found.operation_id, found.print_id))
    response = Response(pieces, mimetype="application/pdf")
    return _to_keep(response, found.name)


def _get_print(connection: Connection, operation_id: str, print_id: str) -> Print:
    if not is_id_text(print_id):
        raise NotFound(_("There is no such print."))
    return get_print(connection, to_bytes(operation_id), to_bytes(print_id), guards.get_current_user().id)


@blueprint.get("/<card_id>/card.pdf")
@guards.role(*DESK)
@purpose_needed("card.reprinted", subject="card_id")
def reprint(operation_id: str, card_id: str) -> Response:
    """Answer one card again, with the same code."""
    wanted = chosen(PrintQuery, request.args)

    def job(connection: Connection) -> list[bytes]:
        card = get_card(connection, to_bytes(operation_id), card_id)
        if card.state not in PRINTABLE:
            raise Conflict(_("This card is no longer good: nothing can be had with it."), code=f"card_{card.state}")
        return cards_job(connection, to_bytes(operation_id), [card], wanted["arrangement"])

    return _answer(operation_id, "card", job)


@blueprint.get("/sample.pdf")
@guards.role("manager")
def sample(operation_id: str) -> Response:
    """Answer a sheet that shows what the cards will look like; nobody's codes are on it."""
    wanted = chosen(PrintQuery, request.args)
    return _answer(operation_id, "", lambda connection: sample_job(
        get_design(connection, to_bytes(operation_id)), wanted["arrangement"]))  # fmt: skip


@blueprint.get("/sites/<site_id>/practice.pdf")
@guards.role(*DESK)
def practice(operation_id: str, site_id: str) -> Response:
    """Answer the ten practice cards of a site, the same every time."""
    wanted = chosen(PrintQuery, request.args)
    return _answer(operation_id, "practice-cards", lambda connection: practice_job(
        connection, to_bytes(operation_id), site_id, wanted["arrangement"]))  # fmt: skip


def _of_run(connection: Connection, operation_id: str, run: int) -> Sequence[CardRow]:
    wanted = chosen(PrintQuery, request.values)
    site_id = to_bytes(wanted["site"]) if wanted["site"] else None
    cards = list_cards(connection, to_bytes(operation_id), run=run, site_id=site_id, first=wanted["first"], last=wanted["last"])
    return [card for card in cards if card.state in PRINTABLE]


def _answer(operation_id: str, name: str, job: Job) -> Response:
    """Print, and answer the file: shown in the browser where it has no name, else to be kept."""
    with snapshot() as connection:
        lines = job(connection)
    file = send_to_press(lines)
    response = Response(_chunks(file), mimetype="application/pdf")
    response.call_on_close(file.close)  # HEAD reads nothing of it
    return _to_keep(response, name)


def _to_keep(response: Response, name: str) -> Response:
    response.headers["Cache-Control"] = "no-store"
    if name:
        response.headers["Content-Disposition"] = f"attachment; filename={name}.pdf"
    return response


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while chunk := file.read(CHUNK):
            yield chunk
