"""The page of one card: what happened to it, and replacing, cancelling, taking back a tick. Each act is noted as it is done."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from relief.accounts import guards
from relief.db import snapshot
from relief.kernel.errors import NotFound, ReliefError
from relief.kernel.ids import is_id_text, to_bytes
from relief.office.acting import Desk, signed_in_act, signed_in_desk
from relief.office.cards import acts as card_acts
from relief.office.cards.finding import get_blank_card
from relief.office.cards.pages import DESK, READERS, arrangement_names
from relief.office.cards.queries import CardRow, find_card, list_events
from relief.office.noted_writing import write_noted
from relief.operations.queries import get_current_plan, get_operation

blueprint = Blueprint("card_acts", __name__, url_prefix="/operations/<operation_id>/cards/<card_id>")
Answer = str | Response | tuple[str, int]
Doing = Callable[[Connection, Desk, CardRow], Any]


@blueprint.get("")
@guards.role(*READERS)
def show(operation_id: str, card_id: str) -> str:
    return _page(operation_id, card_id, {}, {})


def _page(operation_id: str, card_id: str, form: Any, problems: dict[str, str]) -> str:
    with snapshot() as connection:
        operation = get_operation(connection, to_bytes(operation_id))
        card = get_card(connection, operation.id, card_id)
        events = list_events(connection, operation.id, card.card_id)
        sites = get_current_plan(connection, operation.id).sites
    return render_template("cards/card.html", operation=operation, card=card, events=events, form=form, problems=problems,
                           arrangements=arrangement_names(), zone=sites[0].zone if sites else "UTC")  # fmt: skip


@blueprint.post("/cancel")
@guards.role("manager")
def cancel(operation_id: str, card_id: str) -> Answer:
    words = _("The card is cancelled: nothing can be had with it from now on.")
    return _act(operation_id, card_id, "card.cancelled", words, partial(_cancel, reason=request.form.get("reason", "")))


def _cancel(connection: Connection, acting: Desk, card: CardRow, reason: str) -> None:
    card_acts.cancel(connection, acting, card, reason)


@blueprint.post("/replace")
@guards.role(*DESK)
def replace(operation_id: str, card_id: str) -> Answer:
    """Put a card of the blank stock in its place, or a new one to be printed when none is named."""
    words = _("The card is replaced: nothing can be had with the old one.")
    reason, named = request.form.get("reason", ""), request.form.get("new_card", "").strip()
    return _act(operation_id, card_id, "card.replaced", words, partial(_replace, reason=reason, named=named))


def _replace(connection: Connection, acting: Desk, card: CardRow, reason: str, named: str) -> None:
    if named:
        card_acts.replace(connection, acting, card, get_blank_card(connection, acting.operation_id, named, "new_card"), reason)
    else:
        card_acts.replace_with_new(connection, acting, card, reason)


@blueprint.post("/not-handed-out")
@guards.role(*DESK)
def take_back(operation_id: str, card_id: str) -> Answer:
    words = _("Taken back: the card waits in the office again.")
    return _act(operation_id, card_id, "card.not_handed_out", words, card_acts.take_back)


def _act(operation_id: str, card_id: str, action: str, words: str, do: Doing) -> Answer:
    acting = signed_in_desk(operation_id)
    try:
        write_noted(signed_in_act(acting, action, card_id),
                    lambda connection: do(connection, acting, get_card(connection, acting.operation_id, card_id)))  # fmt: skip
    except ReliefError as error:
        if isinstance(error, NotFound) and error.where is None:
            raise
        return _page(operation_id, card_id, request.form, {error.where or "reason": error.message}), error.status
    flash(words)
    return redirect(url_for("card_acts.show", operation_id=operation_id, card_id=card_id), 303)


def get_card(connection: Connection, operation_id: bytes, card_id: str) -> CardRow:
    """Return the card of an id in an address; raises NotFound."""
    found = find_card(connection, operation_id, card_id=to_bytes(card_id)) if is_id_text(card_id) else None
    if found is None:
        raise NotFound(_("There is no such card."))
    return found
