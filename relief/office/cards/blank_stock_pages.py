"""The page of blank cards: how many each site should have, stacks given out and taken back, counts, losses."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from relief.accounts import guards
from relief.accounts.schemas import read_form
from relief.db import snapshot
from relief.kernel.errors import BadInput, ReliefError
from relief.kernel.ids import to_bytes
from relief.office.acting import Desk, signed_in_act, signed_in_desk
from relief.office.cards import blank_stock
from relief.office.cards.pages import DESK, READERS
from relief.office.cards.schemas import BlankCountForm
from relief.office.noted_writing import write_noted
from relief.operations.queries import get_current_plan, get_operation

blueprint = Blueprint("blank_cards", __name__, url_prefix="/operations/<operation_id>/cards/blank")
OFFICE = "office"
Answer = str | Response | tuple[str, int]
T = TypeVar("T")


@blueprint.get("")
@guards.role(*READERS)
def show(operation_id: str) -> str:
    return _page(operation_id, "", {})


def _page(operation_id: str, act: str, problems: dict[str, str]) -> str:
    """Show the stock; `act` names the form that was not taken, whose words stay."""
    with snapshot() as connection:
        operation = get_operation(connection, to_bytes(operation_id))
        sites = get_current_plan(connection, operation.id).sites
        stock = blank_stock.list_stock(connection, operation.id, [to_bytes(site.id) for site in sites])
    names = {to_bytes(site.id): site.name for site in sites}
    return render_template("cards/blank.html", operation=operation, sites=sites, stock=stock, names=names, act=act,
                           form=request.form if act else {}, problems=problems,
                           zone=sites[0].zone if sites else "UTC")  # fmt: skip


@blueprint.post("/move")
@guards.role("manager")
def move(operation_id: str) -> Answer:
    """Give a stack to a site, or take it back into the office."""
    stack, chosen = _stack(), request.form.get("place", "")
    return _act(operation_id, "move", "blank_cards.moved",
                lambda connection, acting: blank_stock.move(connection, acting, *stack, _site(connection, acting, chosen)),
                partial(_moved_words, to_office=chosen == OFFICE))  # fmt: skip


def _moved_words(count: int, to_office: bool) -> str:
    if to_office:
        return ngettext("%(num)s blank card is back in the office.", "%(num)s blank cards are back in the office.", count)
    return ngettext("%(num)s blank card given out.", "%(num)s blank cards given out.", count)


@blueprint.post("/count")
@guards.role(*DESK)
def count(operation_id: str) -> Answer:
    """Note what was counted at a place, and say what is missing."""
    form, problems = read_form(BlankCountForm(), request.form)
    if problems:
        return _page(operation_id, "count", problems), 422
    return _act(operation_id, "count", "blank_cards.counted",
                lambda connection, acting: blank_stock.note_count(connection, acting, _site(connection, acting, form["place"]),
                                                                  form["counted"]), _counted_words)  # fmt: skip


def _counted_words(noted: blank_stock.Counted) -> str:
    if not noted.difference:
        return _("Noted: as many as there should be.")
    if noted.difference > 0:
        return ngettext("Noted: %(num)s more than there should be. Was a stack given out that nobody wrote down?",
                        "Noted: %(num)s more than there should be. Was a stack given out that nobody wrote down?",
                        noted.difference)  # fmt: skip
    return ngettext("Noted: %(num)s is missing. Look for it; what stays lost is cancelled below.",
                    "Noted: %(num)s are missing. Look for them; what stays lost is cancelled below.",
                    -noted.difference)  # fmt: skip


@blueprint.post("/lose")
@guards.role("manager")
def lose(operation_id: str) -> Answer:
    """Cancel blank cards that are lost or spoiled."""
    stack, reason = _stack(), request.form.get("reason", "")
    return _act(operation_id, "lose", "blank_cards.lost",
                lambda connection, acting: blank_stock.lose(connection, acting, *stack, reason), _lost_words)  # fmt: skip


def _lost_words(count: int) -> str:
    return ngettext("%(num)s blank card cancelled: nothing can be had with it.",
                    "%(num)s blank cards cancelled: nothing can be had with them.", count)  # fmt: skip


def _stack() -> tuple[str, str]:
    return request.form.get("first", ""), request.form.get("last", "")


def _site(connection: Connection, acting: Desk, chosen: str) -> bytes | None:
    """Return the chosen site, None for the office; raises BadInput."""
    if chosen == OFFICE:
        return None
    for site in get_current_plan(connection, acting.operation_id).sites:
        if site.id == chosen:
            return to_bytes(site.id)
    raise BadInput(_("Choose a site."), where="place")


def _act(operation_id: str, name: str, action: str, do: Callable[[Connection, Desk], T], words: Callable[[T], str]) -> Answer:
    """Do it as one with its note in the audit, and say what was done; `do` knows nothing of the request."""
    acting = signed_in_desk(operation_id)
    try:
        done = write_noted(signed_in_act(acting, action), lambda connection: do(connection, acting))
    except ReliefError as error:
        return _page(operation_id, name, {error.where or "first": error.message}), error.status
    flash(words(done))
    return redirect(url_for("blank_cards.show", operation_id=operation_id), 303)
