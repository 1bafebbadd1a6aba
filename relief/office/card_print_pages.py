"""Sheets of cards and hand-out lists as PDF. Each print is noted with its purpose; lists and cards never share a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import IO

from flask import Blueprint, Response, request
from flask_babel import gettext as _
from sqlalchemy import Connection

from relief.accounts import guards
from relief.accounts.purposes import purpose_needed
from relief.cards.rules import parse_running_number
from relief.db import snapshot
from relief.kernel.errors import Conflict
from relief.kernel.ids import to_bytes
from relief.office.card_pages import DESK, get_card
from relief.office.card_printing import cards_job, get_design, list_job, practice_job, sample_job, send_to_press
from relief.office.card_queries import CardRow, list_cards
from relief.office.card_schemas import PrintQuery, chosen

blueprint = Blueprint("card_prints", __name__, url_prefix="/operations/<operation_id>/cards")
PRINTABLE = ("blank", "linked")
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
    wanted = chosen(PrintQuery, request.args)
    site_id = to_bytes(wanted["site"]) if wanted["site"] else None
    return [card for card in list_cards(connection, to_bytes(operation_id))
            if card.run == run and card.state in PRINTABLE and site_id in (None, card.site_id)
            and wanted["first"] <= parse_running_number(card.number)[1] <= wanted["last"]]  # fmt: skip


def _answer(operation_id: str, name: str, job: Callable[[Connection], list[bytes]]) -> Response:
    """Print, and answer the file: shown in the browser where it has no name, else to be kept."""
    with snapshot() as connection:
        lines = job(connection)
    file = send_to_press(lines)
    response = Response(_chunks(file), mimetype="application/pdf")
    response.call_on_close(file.close)  # HEAD reads nothing of it
    response.headers["Cache-Control"] = "no-store"
    if name:
        response.headers["Content-Disposition"] = f"attachment; filename={name}.pdf"
    return response


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while chunk := file.read(CHUNK):
            yield chunk
