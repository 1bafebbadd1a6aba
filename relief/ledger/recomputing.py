"""Everything the ledger's projections say, computed anew from its entries alone: for `verify` and `rebuild`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlalchemy import Connection, select

from relief.accounts.models import Enrolment
from relief.kernel.clock import parse_wall
from relief.kernel.ids import to_bytes
from relief.ledger.devices import Device, find_devices
from relief.ledger.documents import Document, document_of, slim
from relief.ledger.groups import GROUPLESS, named_places
from relief.ledger.models import Entry as EntryTable
from relief.ledger.rules.basis import IDENTITY_KINDS
from relief.ledger.rules.entry import Entry
from relief.ledger.rules.grouping import connect
from relief.ledger.rules.timing import Mark, effective_time, mark_of, session_of
from relief.ledger.service import decision_entry
from relief.ledger.settle import arrange
from relief.operations.rules import Plan

ROWS_AT_ONCE = 5000


@dataclass(slots=True)
class Recomputed:
    """Under `plan`: documents by group id, the group of every card and household, and the citations of decisions."""

    plan: Plan
    documents: dict[str, Document] = field(default_factory=dict)
    group_of: dict[str, str] = field(default_factory=dict)
    citations: set[tuple[str, str]] = field(default_factory=set)


def recompute(connection: Connection, operation_id: bytes, plan: Plan) -> Recomputed:
    """Fold all entries of an operation from nothing."""
    result = Recomputed(plan)
    entries = _read(connection, operation_id)
    cards: set[str] = set()
    households: set[str] = set()
    for entry in entries:
        for found, named in zip((cards, households), named_places(entry.facts), strict=True):
            found.update(named)
        if entry.facts["kind"] == "decision":
            result.citations.update((each, entry.id) for each in entry.facts.get("cites", ()))
    belongs = connect(entry for entry in entries if entry.facts["kind"] in IDENTITY_KINDS)
    result.group_of = {each: belongs.get(each, each) for each in (*cards, *households)}
    for gid, group in arrange(entries, cards, households, result.group_of).items():
        result.documents[gid] = document_of(group, plan)
    return result


def _read(connection: Connection, operation_id: bytes) -> list[Entry]:
    """Return all entries that have a group, with their effective times."""
    devices = _devices(connection, operation_id)
    marks = _marks(connection, operation_id)
    asked: dict[str, int] = {}
    rows = []
    for row in stream_entries(connection, operation_id):
        if row.kind in GROUPLESS:
            continue
        facts = orjson.loads(row.facts)
        if row.step == "answer":
            asked[facts["id"]] = facts["answer"]["at"]
        rows.append((row.step, facts))
    return [_entry(step, facts, devices[to_bytes(facts["enrolment"])], marks, asked) for step, facts in rows]


def _entry(step: str, facts: dict[str, Any], device: Device, marks: dict[tuple[str, str], list[Mark]],
           asked: dict[str, int]) -> Entry:  # fmt: skip
    if facts["kind"] == "decision":
        return decision_entry(facts)
    if facts["id"] in asked:
        at, unsure = asked[facts["id"]], False
    elif device.is_phone:
        at, unsure = effective_time(facts, marks.get(session_of(facts), ()))
    else:
        at, unsure = parse_wall(facts["at"]), False
    return Entry(facts["id"], step, at, unsure, device.authority, slim(facts))


def _devices(connection: Connection, operation_id: bytes) -> dict[bytes, Device]:
    table = Enrolment.__table__.c
    ids = connection.execute(select(table.enrolment_id).where(table.operation_id == operation_id)).scalars().all()
    return find_devices(connection, operation_id, ids)


def _marks(connection: Connection, operation_id: bytes) -> dict[tuple[str, str], list[Mark]]:
    table = EntryTable.__table__.c
    rows = connection.execute(select(table.facts).where(table.operation_id == operation_id, table.kind == "clock")).scalars()
    marks: dict[tuple[str, str], list[Mark]] = {}
    for row in rows:
        facts = orjson.loads(row)
        marks.setdefault(session_of(facts), []).append(mark_of(facts))
    return marks


def stream_entries(connection: Connection, operation_id: bytes) -> Iterator[Any]:
    """Yield all entries, sealed ones by position, then what waits for the sealer."""
    table = EntryTable.__table__.c
    statement = select(EntryTable.__table__).where(table.operation_id == operation_id).execution_options(yield_per=ROWS_AT_ONCE)
    sealed = statement.where(table.position.is_not(None)).order_by(table.position)
    for part in (sealed, statement.where(table.position.is_(None)).order_by(table.id, table.step)):
        yield from connection.execute(part)
