"""Goods that a voided hand-over did not bring back. Which of several voids holds, only the fold can tell."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, select

from relief.ledger.documents import load_document
from relief.ledger.models import Standing
from relief.ledger.rules.entry import VOIDED, Entry
from relief.ledger.rules.fold import fold
from relief.ledger.sets import rows_where_in
from relief.operations.rules import Plan


def list_lost_goods(connection: Connection, operation_id: bytes, plan: Plan) -> Iterator[Entry]:
    """Yield the hand-overs that were voided without the goods; the few groups that have such are folded again."""
    standing = Standing.__table__.c
    groups = connection.execute(
        select(standing.group_id).distinct()
        .where(standing.operation_id == operation_id, standing.kind == "handover", standing.standing == VOIDED)
    ).scalars()  # fmt: skip
    for row in rows_where_in(connection, "SELECT document FROM fold_group", operation_id, "group_id", list(groups)):
        document = load_document(row[0])
        if any(key.startswith("lost|") for key in document.counters):
            standings = fold(document.group, plan).standings
            yield from (entry for entry in document.group.entries
                        if entry.facts["kind"] == "handover" and entry.step == "given" and standings[entry.id].lost)  # fmt: skip
