"""`relief stock`: the stock of goods by site, and writing down what came, from where, or was counted."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_babel import gettext as _
from sqlalchemy import Connection

from relief.commands import answers_json
from relief.db import snapshot
from relief.ledger.queries import get_position
from relief.office.acting import Desk
from relief.office.command_line import act_by_command, named_part, say
from relief.office.devices import STOCK
from relief.office.stock.writing import MOST_UNITS, SOURCES, WAYS, StockNote, write_stock
from relief.operations.queries import get_current_plan, get_operation
from relief.stock.queries import list_stock
from relief.stock.schemas import stock_as_json


@click.group("stock")
def stock() -> None:
    """Goods: what came to every site, what left it, what ought to be there."""


@stock.command("show")
@click.argument("code")
@answers_json
@with_appcontext
def show_command(code: str, as_json: bool) -> None:
    """Show the stock of CODE, item by item and site by site."""
    with snapshot() as connection:
        operation = get_operation(connection, code)
        rows = stock_as_json(list_stock(connection, operation.id), get_current_plan(connection, operation.id))
        _ledger_id, position = get_position(connection, operation.id)
    words = [_("%(item)s, %(site)s: %(on_hand)s there, %(received)s received, %(given)s given, %(lost)s lost",
               item=row["item_name"], site=row["site_name"],
               **{name: row[name] for name in ("on_hand", "received", "given", "lost")}) for row in rows]  # fmt: skip
    as_of = current_app.extensions["relief_clock"].now()
    say({"as_of": as_of, "position": position, "rows": rows}, "\n".join(words), as_json)


@stock.command("write-down")
@click.argument("code")
@click.option("--way", type=click.Choice(WAYS), required=True, help="A delivery, goods from another site, or a count.")
@click.option("--item", required=True, help="Its name or id.")
@click.option("--site", required=True, help="Where it came to, or was counted: name or id.")
@click.option("--quantity", type=click.IntRange(0, MOST_UNITS), required=True, help="How many units.")
@click.option("--from", "from_site", default="", help="The site that transferred goods came from: name or id.")
@click.option("--source", type=click.Choice(SOURCES), help="Who paid for a delivery.")
@click.option("--waybill", default="", help="The waybill of a delivery.")
@answers_json
@with_appcontext
def write_down_command(code: str, way: str, item: str, site: str, quantity: int, from_site: str, source: str | None,
                       waybill: str, as_json: bool) -> None:  # fmt: skip
    """Write down stock of CODE as of now: what came, what came from another site, or how many are there."""

    def write(connection: Connection, acting: Desk) -> str:
        plan = get_current_plan(connection, acting.operation_id)
        note = StockNote(way, named_part(plan.items, item, "item"), named_part(plan.sites, site, "site"), quantity,
                         named_part(plan.sites, from_site, "from") if from_site else "", source or "", waybill)  # fmt: skip
        return write_stock(connection, acting, note)

    record = act_by_command(code, STOCK, "stock.written", write, lambda _record: way)
    say({"record": record}, _("Written down."), as_json)


COMMANDS = [stock]
