"""`relief cards stock`: blank cards by site, given out, taken back, counted, lost - what the page of blank cards does."""

from __future__ import annotations

from typing import Any

import click
from flask.cli import with_appcontext
from flask_babel import gettext as _
from sqlalchemy import Connection

from relief.commands import answers_json, of_operation
from relief.db import snapshot
from relief.kernel.ids import to_bytes, to_text
from relief.office.acting import Desk
from relief.office.cards import blank_stock
from relief.office.cards.cli import cards
from relief.office.command_line import act_by_command, named_part, say
from relief.office.devices import CARD_ISSUE
from relief.operations.queries import get_current_plan, get_operation

OFFICE = "office"


@cards.group("stock")
def stock() -> None:
    """Blank cards by where they lie."""


@stock.command("show")
@of_operation
@answers_json
@with_appcontext
def show_command(code: str, as_json: bool) -> None:
    """Show how many blank cards the office and each site got, used and should have left, and what was counted last."""
    with snapshot() as connection:
        operation = get_operation(connection, code)
        sites = {to_bytes(site.id): site.name for site in get_current_plan(connection, operation.id).sites}
        found = blank_stock.list_stock(connection, operation.id, list(sites))
    rows = [_row(place, sites) for place in found]
    say({"places": rows}, "\n".join(_sentence(row) for row in rows), as_json)


def _row(place: blank_stock.PlaceStock, sites: dict[bytes, str]) -> dict[str, Any]:
    counted = place.last_count
    return {"site": to_text(place.site_id) if place.site_id else None,
            "name": sites.get(place.site_id, "") if place.site_id else OFFICE, "got": place.got, "used": place.used,
            "dead": place.dead, "left": place.left,
            "last_count": {"counted": counted.counted, "expected": counted.expected, "at": counted.at} if counted else None,
            }  # fmt: skip


def _sentence(row: dict[str, Any]) -> str:
    words = _("%(place)s: %(left)s left of %(got)s, %(used)s used, %(dead)s cancelled", place=row["name"] or row["site"],
              left=row["left"], got=row["got"], used=row["used"], dead=row["dead"])  # fmt: skip
    if not row["last_count"]:
        return words
    return words + _("; counted %(counted)s where %(expected)s were due", **row["last_count"])


@stock.command("move")
@of_operation
@click.option("--first", required=True, help="The first card of the stack: its running number or code.")
@click.option("--last", default="", help="The last card; left out: the first alone.")
@click.option("--to", "place", required=True, help="A site (name or id), or office: back into the office.")
@answers_json
@with_appcontext
def move_command(code: str, first: str, last: str, place: str, as_json: bool) -> None:
    """Give a stack of blank cards to a site, or take it back into the office."""
    count = act_by_command(code, CARD_ISSUE, "blank_cards.moved", lambda connection, acting: blank_stock.move(
        connection, acting, first, last, _place(connection, acting, place)))  # fmt: skip
    say({"moved": count}, _("%(count)s blank cards moved.", count=count), as_json)


@stock.command("count")
@of_operation
@click.option("--at", "place", required=True, help="A site (name or id), or office.")
@click.argument("counted", type=click.IntRange(0, 10_000_000))
@answers_json
@with_appcontext
def count_command(code: str, place: str, counted: int, as_json: bool) -> None:
    """Note that COUNTED blank cards lie at a place, beside how many should."""
    noted = act_by_command(code, CARD_ISSUE, "blank_cards.counted", lambda connection, acting: blank_stock.note_count(
        connection, acting, _place(connection, acting, place), counted))  # fmt: skip
    words = _("Counted %(counted)s; %(expected)s should be there.", counted=noted.counted, expected=noted.expected)
    say({"counted": noted.counted, "expected": noted.expected, "difference": noted.difference}, words, as_json)


@stock.command("lose")
@of_operation
@click.option("--first", required=True, help="The first card that is lost: its running number or code.")
@click.option("--last", default="", help="The last card; left out: the first alone.")
@click.option("--reason", required=True, help="Why, in a few words.")
@answers_json
@with_appcontext
def lose_command(code: str, first: str, last: str, reason: str, as_json: bool) -> None:
    """Cancel blank cards that are lost or spoiled. Nothing can be had with them from now on, and it stays so."""
    count = act_by_command(code, CARD_ISSUE, "blank_cards.lost",
                           lambda connection, acting: blank_stock.lose(connection, acting, first, last, reason))  # fmt: skip
    say({"cancelled": count}, _("%(count)s blank cards cancelled.", count=count), as_json)


def _place(connection: Connection, acting: Desk, name: str) -> bytes | None:
    if name.casefold() == OFFICE:
        return None
    return to_bytes(named_part(get_current_plan(connection, acting.operation_id).sites, name, "site"))
