"""Reading the ledger: its head, its counters and what is to decide."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select
from sqlalchemy.orm import Session

from relief.kernel.ids import to_text
from relief.kernel.paging import PAGE_SIZE, Page
from relief.ledger.documents import Document, load_document
from relief.ledger.models import Counter, Entry, FoldGroup, Head, Seal

Bind = Session | Connection


@dataclass(frozen=True, slots=True)
class HeadRow:
    """Where the chain stands: position 0 and an empty hash before the first entry."""

    ledger_id: bytes
    position: int
    hash: bytes
    sealed_at: int
    signature: bytes
    key_id: str


def get_head(bind: Bind, operation_id: bytes) -> HeadRow:
    """Return an operation's head with its signature."""
    head, seal = Head.__table__.c, Seal.__table__.c
    row = bind.execute(
        select(head.ledger_id, head.position, head.hash, head.sealed_at, seal.signature, seal.key_id)
        .join(Seal.__table__, (seal.operation_id == head.operation_id) & (seal.position == head.position))
        .where(head.operation_id == operation_id)
    ).one_or_none()
    return HeadRow(*row) if row else HeadRow(bytes(16), 0, b"", 0, b"", "")


def get_position(bind: Bind, operation_id: bytes) -> tuple[bytes, int]:
    """Return (ledger id, sealed position): all that an ETag needs."""
    head = Head.__table__.c
    row = bind.execute(select(head.ledger_id, head.position).where(head.operation_id == operation_id)).one_or_none()
    return (row.ledger_id, row.position) if row else (bytes(16), 0)


def list_counters(bind: Bind, operation_id: bytes) -> dict[str, int]:
    """Return all counters of the sealed position, by key (docs/counters.md)."""
    counter = Counter.__table__.c
    rows = bind.execute(select(counter.key, counter.n).where(counter.operation_id == operation_id))
    return {row.key: row.n for row in rows}


@dataclass(frozen=True, slots=True)
class CaseRow:
    """Something to decide: code, the group it stands in, the records it cites, and these records' facts for the reader."""

    code: str
    group_id: str
    cites: tuple[str, ...]
    decided: bool
    records: tuple[dict[str, Any], ...]


def list_cases(bind: Bind, operation_id: bytes, page: int = 1, size: int = PAGE_SIZE) -> Page[CaseRow]:
    """Return open cases of households and cards, a page of groups at a time, in group order."""
    table = FoldGroup.__table__.c
    where = (table.operation_id == operation_id, table.open_cases > 0)
    total = bind.execute(select(func.coalesce(func.sum(table.open_cases), 0)).where(*where)).scalar_one()
    rows = bind.execute(
        select(table.group_id, table.document).where(*where).order_by(table.group_id).limit(size).offset((page - 1) * size)
    )
    cases = [case for row in rows for case in _cases_of(to_text(row.group_id), load_document(row.document))]
    return Page(cases, page, size, total)


def _cases_of(group_id: str, document: Document) -> Iterable[CaseRow]:
    for code, cites, decided in document.cases:
        if not decided:
            records = tuple({**entry.facts, "id": entry.id, "moment": entry.at, "standing": document.standings.get(entry.id)}
                            for entry in document.group.entries if entry.id in cites and entry.step == "given")  # fmt: skip
            yield CaseRow(code, group_id, tuple(cites), decided, records)


def count_entries(bind: Bind, operation_id: bytes) -> int:
    """Return how many entries are stored, sealed or not."""
    entry = Entry.__table__.c
    return bind.execute(select(func.count()).where(entry.operation_id == operation_id)).scalar_one()
