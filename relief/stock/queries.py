"""Reading stock: what came to every site, what left it, and what ought to be there."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, and_, func, literal_column, or_, select

from relief.kernel.clock import local_day
from relief.kernel.ids import to_bytes, to_text
from relief.ledger.models import Entry, Standing
from relief.ledger.queries import list_counters
from relief.ledger.rules.entry import ENTITLED, GIVEN_STANDINGS
from relief.ledger.rules.stock import Balance, Movement, balance
from relief.operations.queries import get_current_plan

Place = tuple[str, str]
Movements = dict[Place, list[Movement]]
LONGEST_DAY_SECONDS = 50 * 3600  # where a place once skipped over the date line
_standing, _entry = Standing.__table__.c, Entry.__table__.c


@dataclass(frozen=True, slots=True)
class StockRow:
    """Units of one item at one site. `kept`: whether anybody keeps stock of the item at all; else only `given` means something.

    received + transferred_in + count_difference = on_hand + given + lost + transferred_out.
    """

    item: str
    site: str
    received: int
    transferred_in: int
    count_difference: int
    on_hand: int
    given: int
    lost: int
    transferred_out: int
    counts: tuple[tuple[str, int], ...]
    kept: bool


def list_stock(connection: Connection, operation_id: bytes) -> list[StockRow]:
    """Return the balance of every item and site that anything moved at, in the order of the plan's items and sites.

    `connection` should be one snapshot. Services have no stock and are left out.
    """
    plan = get_current_plan(connection, operation_id)
    written_down = _stock_records(connection, operation_id)
    movements = _movements(connection, operation_id, written_down)
    kept = {item for (item, _site), _movement in written_down}  # goods that a voided hand-over lost are no sign of that
    places = [(item.id, site.id) for item in plan.items for site in plan.sites if not item.service]
    return [_row(place, balance(movements[place]), place[0] in kept) for place in places if place in movements]


def list_negative_stock(connection: Connection, operation_id: bytes) -> list[StockRow]:
    """Return where more left the table than ever came in: a receipt, transfer or count is missing.

    Only of items of which stock is kept: who writes down no stock is not asked about it.
    """
    return [row for row in list_stock(connection, operation_id) if row.on_hand < 0 and row.kept]


def _row(place: Place, total: Balance, kept: bool) -> StockRow:
    return StockRow(*place, total.received, total.transferred_in, total.count_difference, total.on_hand, total.given,
                    total.lost, total.transferred_out, total.count_differences, kept)  # fmt: skip


def read_movements(connection: Connection, operation_id: bytes) -> Movements:
    """Return the movements of every (item, site): stock records and lost goods one by one, hand-overs summed up.

    Between two counts the order of hand-overs does not matter, so they come as one sum before each count and one at the end.
    """
    return _movements(connection, operation_id, _stock_records(connection, operation_id))


def _movements(connection: Connection, operation_id: bytes, written_down: list[tuple[Place, Movement]]) -> Movements:
    zones = {site.id: site.zone for site in get_current_plan(connection, operation_id).sites}
    movements: Movements = defaultdict(list)
    for place, movement in (*written_down, *_lost(connection, operation_id)):
        movements[place].append(movement)
    for place, given in _given(connection, operation_id).items():
        counts = sorted(each for each in movements[place] if each.what == "counted")
        done = 0
        for count in counts:
            until = _given_before(connection, operation_id, place, given, count, zones)
            # All of the count's id but its last sign: sorts right before it, and after any other of the same second.
            movements[place].append(Movement(count.at, count.id[:-1], "given", until - done))
            done = until
        end = counts[-1].at if counts else 0
        movements[place].append(Movement(end, "~", "given", given.total() - done))
    return {place: moved for place, moved in movements.items() if moved}


def _stock_records(connection: Connection, operation_id: bytes) -> list[tuple[Place, Movement]]:
    of_entry = and_(_entry.operation_id == operation_id, _entry.id == _standing.record_id, _entry.step == "given")
    rows = connection.execute(
        select(_standing.effective_at, _entry.facts).join(Entry.__table__, of_entry)
        .where(_standing.operation_id == operation_id, _standing.kind == literal_column("'stock'"),
               _standing.standing == ENTITLED)
    )  # fmt: skip
    return [found for row in rows for found in _moved(row.effective_at, orjson.loads(row.facts))]


def _moved(at: int, facts: dict[str, Any]) -> list[tuple[Place, Movement]]:
    item, site, action, quantity = facts["item"], facts["site"], facts["action"], facts["quantity"]
    if action == "transferred":
        return [((item, site), Movement(at, facts["id"], "transferred_out", quantity)),
                ((item, facts["to_site"]), Movement(at, facts["id"], "transferred_in", quantity))]  # fmt: skip
    return [((item, site), Movement(at, facts["id"], action, quantity))]


def _lost(connection: Connection, operation_id: bytes) -> list[tuple[Place, Movement]]:
    """Return the goods that a voided hand-over did not bring back."""
    rows = connection.execute(
        select(_standing.item_id, _standing.site_id, _standing.effective_at, _standing.record_id, _standing.quantity)
        .where(_standing.operation_id == operation_id, _standing.kind == "handover", literal_column("lost"))
    )  # fmt: skip
    return [((to_text(item), to_text(site)), Movement(at, to_text(record), "lost", quantity))
            for item, site, at, record, quantity in rows]  # fmt: skip


def _handed_over(operation_id: bytes) -> tuple[Any, ...]:
    return (_standing.operation_id == operation_id, _standing.kind == "handover", _standing.standing.in_(GIVEN_STANDINGS))


def _given(connection: Connection, operation_id: bytes) -> dict[Place, Counter[str]]:
    """Return the quantity that stands, by place and local day."""
    given: dict[Place, Counter[str]] = defaultdict(Counter)
    for key, quantity in list_counters(connection, operation_id).items():
        if key.startswith("given|") and quantity:
            _word, item, site, _round, day = key.split("|")
            given[item, site][day] += quantity
    return given


def _given_before(connection: Connection, operation_id: bytes, place: Place, given: Counter[str], count: Movement,
                  zones: dict[str, str]) -> int:  # fmt: skip
    """Return what was handed over before a count: whole days from the counters, the count's own day record by record."""
    item, site = place
    today = local_day(count.at, zones[site])
    earlier = or_(_standing.effective_at < count.at,
                  and_(_standing.effective_at == count.at, _standing.record_id < to_bytes(count.id)))  # fmt: skip
    of_today = connection.execute(
        select(func.coalesce(func.sum(_standing.entitled + _standing.excess), 0))
        .where(_standing.operation_id == operation_id, _standing.effective_at > count.at - LONGEST_DAY_SECONDS, earlier,
               _standing.day == today, _standing.kind == "handover", _standing.standing.in_(GIVEN_STANDINGS),
               _standing.item_id == to_bytes(item), _standing.site_id == to_bytes(site))
    ).scalar_one()  # fmt: skip
    return sum(quantity for day, quantity in given.items() if day < today) + int(of_today)
