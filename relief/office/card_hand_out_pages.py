"""Handing cards out: scan card after card, or tick them off; and which ones nobody has collected yet."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from relief.accounts import guards, limits
from relief.db import snapshot, write
from relief.kernel.errors import ReliefError
from relief.kernel.ids import to_bytes
from relief.kernel.paging import PAGE_SIZE, Page
from relief.office import card_acts
from relief.office.card_pages import DESK, acting_desk, get_card, note_act
from relief.office.card_queries import CardRow, list_cards
from relief.office.card_schemas import UncollectedQuery, chosen
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
    acting, code = acting_desk(operation_id), request.form.get("code", "")

    def work(connection: Connection) -> tuple[CardRow, bool]:
        card = card_acts.find_scanned(connection, acting.operation_id, code)
        return card, bool(card_acts.hand_out(connection, acting, [card]))

    try:
        card, is_new = write(work)
    except ReliefError as error:
        if error.where != "code":
            raise
        return _page(operation_id, None, error.message), 422
    if is_new:
        note_act("card.handed_out", acting, card.number)
    return _page(operation_id, card, "", is_new=is_new)


def _page(operation_id: str, card: CardRow | None, problem: str, *, is_new: bool = False) -> str:
    with snapshot() as connection:
        operation = get_operation(connection, to_bytes(operation_id))
        waiting = sum(each.is_uncollected for each in list_cards(connection, operation.id))
        sites = get_current_plan(connection, operation.id).sites
    return render_template("cards/hand_out.html", operation=operation, card=card, problem=problem, is_new=is_new, waiting=waiting,
                           zone=sites[0].zone if sites else "UTC")  # fmt: skip


@blueprint.get("/uncollected")
@guards.role(*DESK)
def uncollected(operation_id: str) -> str:
    wanted = chosen(UncollectedQuery, request.args)
    with snapshot() as connection:
        operation = get_operation(connection, to_bytes(operation_id))
        plan = get_current_plan(connection, operation.id)
        site_id = to_bytes(wanted["site"]) if wanted["site"] else None
        cards = [card for card in list_cards(connection, operation.id) if card.is_uncollected and site_id in (None, card.site_id)]
    first = (wanted["page"] - 1) * PAGE_SIZE
    page = Page(cards[first : first + PAGE_SIZE], wanted["page"], PAGE_SIZE, len(cards))
    names = {to_bytes(site.id): site.name for site in plan.sites}
    return render_template("cards/uncollected.html", operation=operation, page=page, sites=plan.sites, site=wanted["site"],
                           names=names)  # fmt: skip


@blueprint.post("/uncollected")
@guards.role(*DESK)
def tick(operation_id: str) -> Answer:
    """Mark the ticked cards as handed out; those that changed meanwhile are said."""
    acting, ticked = acting_desk(operation_id), request.form.getlist("card")[:PAGE_SIZE]

    def work(connection: Connection) -> tuple[int, list[str]]:
        cards = [get_card(connection, acting.operation_id, each) for each in ticked]
        left_out = [card.number for card in cards if card.state != "linked"]
        return len(card_acts.hand_out(connection, acting, [card for card in cards if card.state == "linked"])), left_out

    count, left_out = write(work)
    note_act("cards.handed_out", acting, str(count))
    flash(ngettext("%(num)s card handed out.", "%(num)s cards handed out.", count))
    if left_out:
        flash(_("These changed meanwhile and were left out: %(numbers)s.", numbers=", ".join(left_out)), "warn")
    back = chosen(UncollectedQuery, request.args)
    return redirect(url_for("card_hand_out.uncollected", operation_id=operation_id, site=back["site"], page=back["page"]), 303)
