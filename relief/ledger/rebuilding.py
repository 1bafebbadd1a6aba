"""`relief ledger rebuild`: all projections of an operation written anew from its entries."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection, delete

from relief.kernel.ids import to_bytes
from relief.ledger.devices import lock_operation
from relief.ledger.documents import Document
from relief.ledger.models import Citation, Counter, Delta, Feed, FoldGroup, Standing
from relief.ledger.recomputing import recompute
from relief.ledger.rules.tally import merge_counters
from relief.ledger.sealing import find_head
from relief.ledger.sets import insert_rows
from relief.ledger.store import store_documents, store_places
from relief.operations.queries import get_current_plan

_PROJECTIONS = (Standing, FoldGroup, Counter, Delta, Feed, Citation)


def rebuild(connection: Connection, operation_id: bytes, seal_first: Callable[[], object]) -> int:
    """Write all projections anew and return how many groups there are.

    Nothing else writes to the operation meanwhile; `seal_first` seals what waits (PostgreSQL), on a connection of its own.
    """
    lock_operation(connection, operation_id, alone=True)
    seal_first()
    plan = get_current_plan(connection, operation_id)
    again = recompute(connection, operation_id, plan)
    for model in _PROJECTIONS:
        connection.execute(delete(model).where(model.__table__.c.operation_id == operation_id))
    before = {gid: Document() for gid in again.documents}
    store_documents(connection, operation_id, before, again.documents, plan)
    store_places(connection, operation_id, before, again.documents)
    sums = merge_counters(document.all_counters(plan) for document in again.documents.values())
    insert_rows(connection, Counter, ("operation_id", "key", "n"),
                [(operation_id, key, number) for key, number in sorted(sums.items()) if number])  # fmt: skip
    insert_rows(connection, Citation, ("operation_id", "cited_id", "decision_id"),
                [(operation_id, to_bytes(cited), to_bytes(decision)) for cited, decision in sorted(again.citations)])  # fmt: skip
    head = find_head(connection, operation_id)
    position = head.position + 1 if head else 0  # past every phone's cursor: all of them read anew, once
    insert_rows(connection, Feed, ("operation_id", "group_id", "position"),
                [(operation_id, to_bytes(gid), position) for gid in sorted(again.documents)])  # fmt: skip
    return len(again.documents)
