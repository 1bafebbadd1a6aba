"""Handing cards out: scan card after card, or tick them off; and which ones nobody has collected yet."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from relief.accounts import guards, limits
from relief.db import snapshot
from relief.kernel.errors import ReliefError
from relief.kernel.ids import to_bytes
from relief.kernel.paging import PAGE_SIZE
from relief.office.acting import signed_in_act, signed_in_desk
from relief.office.cards import acts as card_acts
from relief.office.cards.act_pages import get_card
from relief.office.cards.finding import get_typed_card
from relief.office.cards.pages import DESK
from relief.office.cards.queries import CardRow, count_uncollected, list_uncollected
from relief.office.cards.schemas import UncollectedQuery, chosen
from relief.office.noted_writing import write_noted
from relief.operations.queries import get_current_plan, get_operation

blueprint = Blueprint("card_hand_out", __name__, url_prefix="/operations/<operation_id>/cards")
Answer = str | Response | tuple[str, int]


@blueprint.get("/hand-out")
@guards.role(*DESK)
def scan(operation_id: str) -> str:
    return _page(operation_id, None, "")


@blueprint.post("/hand-out")
@guards.role(*DESK)
@limits.typed_codes
def hand_out(operation_id: str) -> Answer:
    """Mark the scanned card; the page comes back ready for the next one."""
    acting, code = signed_in_desk(operation_id), request.form.get("code", "")

    def work(connection: Connection) -> tuple[CardRow, bool]:
        card = get_typed_card(connection, acting.operation_id, code)
        return card, bool(card_acts.hand_out(connection, acting, [card]))

    try:
        card, is_new = write_noted(signed_in_act(acting, "card.handed_out"), work, _number_of_new)
    except ReliefError as error:
        if error.where != "code":
            raise
        return _page(operation_id, None, error.message, typed=code), 422
    return _page(operation_id, card, "", is_new=is_new)


def _number_of_new(done: tuple[CardRow, bool]) -> str | None:
    card, is_new = done
    return card.number if is_new else None


def _page(operation_id: str, card: CardRow | None, problem: str, *, typed: str = "", is_new: bool = False) -> str:
    with snapshot() as connection:
        operation = get_operation(connection, to_bytes(operation_id))
        waiting = count_uncollected(connection, operation.id)
        sites = get_current_plan(connection, operation.id).sites
    return render_template("cards/hand_out.html", operation=operation, card=card, problem=problem, typed=typed, is_new=is_new,
                           waiting=waiting, zone=sites[0].zone if sites else "UTC")  # fmt: skip


@blueprint.get("/uncollected")
@guards.role(*DESK)
def uncollected(operation_id: str) -> str:
    wanted = chosen(UncollectedQuery, request.args)
    with snapshot() as connection:
        operation = get_operation(connection, to_bytes(operation_id))
        plan = get_current_plan(connection, operation.id)
        site_id = to_bytes(wanted["site"]) if wanted["site"] else None
        page = list_uncollected(connection, operation.id, site_id, wanted["page"])
    names = {to_bytes(site.id): site.name for site in plan.sites}
    return render_template("cards/uncollected.html", operation=operation, page=page, sites=plan.sites, site=wanted["site"],
                           names=names)  # fmt: skip


@blueprint.post("/uncollected")
@guards.role(*DESK)
def tick(operation_id: str) -> Answer:
    """Mark the ticked cards as handed out; those that changed meanwhile are said."""
    acting, ticked = signed_in_desk(operation_id), request.form.getlist("card")[:PAGE_SIZE]

    def work(connection: Connection) -> tuple[int, list[str]]:
        cards = [get_card(connection, acting.operation_id, each) for each in ticked]
        left_out = [card.number for card in cards if card.state != "linked"]
        return len(card_acts.hand_out(connection, acting, [card for card in cards if card.state == "linked"])), left_out

    count, left_out = write_noted(signed_in_act(acting, "cards.handed_out"), work, lambda done: str(done[0]) if done[0] else None)
    flash(ngettext("%(num)s card handed out.", "%(num)s cards handed out.", count))
    if left_out:
        flash(_("These changed meanwhile and were left out: %(numbers)s.", numbers=", ".join(left_out)), "warn")
    back = chosen(UncollectedQuery, request.args)
    return redirect(url_for("card_hand_out.uncollected", operation_id=operation_id, site=back["site"], page=back["page"]), 303)
