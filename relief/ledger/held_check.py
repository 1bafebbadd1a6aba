"""Held records as `ledger verify` reads them: numbered without gap, each linked to the one before, raw as it came."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import orjson
from sqlalchemy import Connection, select

from relief.ledger.chain_check import ROWS_AT_ONCE
from relief.ledger.holding import LINKED_COLUMNS, held_mark
from relief.ledger.keys import Keys
from relief.ledger.marks import NO_LINK
from relief.ledger.models import Entry, Held
from relief.ledger.problems import Problem, Verified, name_of

Decided = dict[tuple[str, str, str], list[int]]  # (what a decision does, code, record id) -> when
_MOMENTS = {"take_up": "taken_up_at", "accept": "put_aside_at"}


def check_held(connection: Connection, operation_id: bytes, keys: Sequence[Keys], result: Verified) -> None:
    """Compare every held record with its link, its raw bytes with their mark, and what was taken up with the decisions."""
    table = Held.__table__
    statement = select(table).where(table.c.operation_id == operation_id).order_by(table.c.number.asc(), table.c.held_id)
    decided: Decided = {}
    link, number = NO_LINK, 0
    for row in connection.execute(statement.execution_options(yield_per=ROWS_AT_ONCE)):
        if row.number is not None and row.number > number + 1:
            result.note([_missing(number + 1, row.number - 1)])  # what the next one links to is gone: no word about that
        elif not _right(row, link, operation_id, keys):
            where = f"held {row.number} ({name_of(row.held_id)})"
            result.note([Problem("held_changed", where, record_id=row.record_id and name_of(row.record_id))])
        number, link = row.number or number, row.link or NO_LINK
        result.held = max(result.held, row.number or 0)
        for action, column in _MOMENTS.items():
            moments = decided.setdefault((action, row.code, name_of(row.record_id or row.held_id)), [])
            moments += [] if getattr(row, column) is None else [getattr(row, column)]
    result.note(_decided_problems(connection, operation_id, decided))


def _missing(first: int, last: int) -> Problem:
    return Problem("held_missing", f"held {first}" if first == last else f"held {first} to {last}")


def _right(row: Any, link: bytes, operation_id: bytes, keys: Sequence[Keys]) -> bool:
    try:
        return _linked(row, link, keys) and _raw_agrees(row, operation_id, keys)
    except (TypeError, AttributeError, ValueError, OverflowError):  # not even of the type it was
        return False


def _linked(row: Any, link: bytes, keys: Sequence[Keys]) -> bool:
    fields = {name: getattr(row, name) for name in LINKED_COLUMNS}
    return any(each.marker.held(link, row.number, fields) == row.link for each in keys)


def _raw_agrees(row: Any, operation_id: bytes, keys: Sequence[Keys]) -> bool:
    return row.raw is None or any(held_mark(each.held_key, operation_id, row.code, row.raw) == row.mark for each in keys)


def _decided_problems(connection: Connection, operation_id: bytes, stored: Decided) -> Iterator[Problem]:
    """Compare when held records were taken up or put aside with the moments of the decisions about them."""
    entry = Entry.__table__.c
    rows = connection.execute(
        select(entry.facts, entry.received_at).where(entry.operation_id == operation_id, entry.kind == "decision")
    )
    said: Decided = {}
    for row in rows:
        facts = orjson.loads(row.facts)
        for cited in facts.get("cites", ()) if facts.get("action") in _MOMENTS else ():
            said.setdefault((facts["action"], facts["case"], cited), []).append(row.received_at)
    for key, moments in stored.items():
        if sorted(moments) != sorted(said.get(key, ())):
            yield Problem("held_decided_differs", f"held records of {key[2]} ({key[1]})", record_id=key[2])
