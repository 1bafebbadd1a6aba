"""The server beside the plain model: standings, counters, totals, people, cases, stock, held records."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import current_app
from sqlalchemy import Connection, exists, select

from relief.db import snapshot
from relief.fleet.model.reference import fold
from relief.fleet.simulation.book import Reading
from relief.kernel.ids import to_text
from relief.kernel.paging import LARGEST_PAGE
from relief.ledger.keys import current_keys
from relief.ledger.models import Entry, Held, Standing
from relief.ledger.queries import list_cases, list_counters
from relief.ledger.reused_seqs import list_reused_seqs
from relief.ledger.sealer import seal_all
from relief.operations.rules import Plan
from relief.stock.queries import list_stock
from relief.totals.queries import read_totals

PARTS = ("standings", "cases", "counters", "people", "totals", "stock", "held", "numbers_reused")
SEALING_SECONDS, SEALING_PAUSE_SECONDS = 30, 0.05
State = dict[str, dict[Any, Any]]


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that the server says otherwise than the plain model; None where one of them does not know it at all."""

    part: str
    key: Any
    server: Any
    model: Any

    def as_dict(self) -> dict[str, Any]:
        """Return it for a program."""
        key = self.key if isinstance(self.key, str) else list(self.key)
        return {"part": self.part, "key": key, "server": self.server, "model": self.model}


def model_state(plan: Plan, reading: Reading) -> State:
    """Return what the plain model says, part by part."""
    state = fold(plan, reading.entries)
    decided = {(entry["record"]["case"], tuple(sorted(entry["record"].get("cites", ()))))
               for entry in reading.entries if entry["record"]["kind"] == "decision"}  # fmt: skip
    open_cases = {(code, tuple(sorted(cites))) for code, cites in state["cases"]} - decided
    goods = {item.id for item in plan.items if not item.service}
    return {
        "standings": {record_id: _word(**(each | ({"codes": reading.refusals.get(record_id, [])}
                                                  if each["standing"] == "refused" else {})))
                      for record_id, each in state["standings"].items()},
        "cases": dict.fromkeys(open_cases, "open"),
        "counters": state["counters"],
        "people": {item: len(members) for item, members in state["people"].items() if members},
        "totals": _headlines(state["counters"]),
        "stock": {place: (each["on_hand"], each["difference"], each.get("given", 0))
                  for place, each in state["stock"].items() if place[0] in goods},
        "held": dict.fromkeys(reading.held, "held"),
        "numbers_reused": dict.fromkeys(_reused(reading), "reused"),
    }  # fmt: skip


def server_state(operation_id: bytes) -> State:
    """Return what the server's database says, part by part, everything sealed; needs its app context."""
    now = current_app.extensions["relief_clock"].now()
    _seal_everything(operation_id, now)
    with snapshot() as connection:
        figures = read_totals(connection, operation_id, now).figures
        counters = {key: n for key, n in list_counters(connection, operation_id).items() if n}
        held = connection.execute(select(Held.__table__.c.record_id).where(Held.__table__.c.operation_id == operation_id))
        return {
            "standings": _standings(connection, operation_id),
            "cases": dict.fromkeys(_cases(connection, operation_id), "open"),
            "counters": counters,
            "people": {each.item: each.people for each in (figures.people, *figures.people_by_item) if each.people},
            "totals": {"people": figures.people.people, "households": figures.households, "handovers": figures.handovers},
            "stock": {(row.item, row.site): (row.on_hand, row.count_difference, row.given)
                      for row in list_stock(connection, operation_id)},
            "held": {to_text(each): "held" for each in held.scalars() if each},
            "numbers_reused": dict.fromkeys((row.enrolment_id for row in _pages(list_reused_seqs, connection, operation_id)),
                                            "reused"),
        }  # fmt: skip


def compare(server: State, model: State) -> list[Difference]:
    """Return all differences, those that tell most first."""
    return [Difference(part, key, server[part].get(key), model[part].get(key))
            for part in PARTS for key in sorted(server[part].keys() | model[part].keys())
            if server[part].get(key) != model[part].get(key)]  # fmt: skip


def _seal_everything(operation_id: bytes, now: int) -> None:
    """Seal until nothing waits; the server's own sealer may be at it too."""
    deadline = time.monotonic() + SEALING_SECONDS
    while time.monotonic() < deadline:
        seal_all(now, current_keys())
        with snapshot() as connection:
            waiting = select(exists().where(Entry.operation_id == operation_id, Entry.position.is_(None)))
            if not connection.execute(waiting).scalar_one():
                return
        time.sleep(SEALING_PAUSE_SECONDS)


def _standings(connection: Connection, operation_id: bytes) -> dict[str, str]:
    table = Standing.__table__.c
    rows = connection.execute(
        select(table.record_id, table.standing, table.entitled, table.excess, table.codes)
        .where(table.operation_id == operation_id, table.kind == "handover")
    )  # fmt: skip
    return {to_text(row[0]): _word(row[1], row[2], row[3], row[4].split()) for row in rows}


def _word(standing: str, entitled: int, excess: int, codes: list[str]) -> str:
    """Return a standing in one line. Of a live grant nobody is told what its codes would be."""
    told = "" if standing == "waiting" else " " + ",".join(sorted(codes))
    return f"{standing} {entitled}+{excess}{told}".strip()


def _cases(connection: Connection, operation_id: bytes) -> Iterator[tuple[str, tuple[str, ...]]]:
    for row in _pages(list_cases, connection, operation_id):
        yield row.code, tuple(sorted(row.cites))


def _pages(listed: Any, connection: Connection, operation_id: bytes) -> Iterator[Any]:
    number, seen = 1, 0
    while True:
        page = listed(connection, operation_id, number, LARGEST_PAGE)
        yield from page.rows
        number, seen = number + 1, seen + len(page.rows)
        if not page.rows or seen >= page.total:
            return


def _headlines(counters: dict[str, int]) -> dict[str, int]:
    def total(start: str) -> int:
        return sum(n for key, n in counters.items() if key.startswith(start))

    return {"people": total("people|*|"), "households": total("households|*"), "handovers": total("handovers|")}


def _reused(reading: Reading) -> set[str]:
    """Return the phones that used a number for two records."""
    ids: dict[tuple[str, int], set[str]] = {}
    for entry in reading.entries:
        if entry["authority"] != "desk":
            ids.setdefault((entry["record"]["enrolment"], entry["record"]["seq"]), set()).add(entry["id"])
    return {enrolment for (enrolment, _seq), found in ids.items() if len(found) > 1}
