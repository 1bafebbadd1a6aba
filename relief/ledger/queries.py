"""Reading the ledger: its head, its counters and what is to decide."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, literal_column, select
from sqlalchemy.orm import Session

from relief.kernel.ids import to_bytes, to_text
from relief.kernel.paging import PAGE_SIZE, Page
from relief.ledger.documents import Document, load_document
from relief.ledger.models import Counter, Entry, FoldGroup, Head
from relief.ledger.sets import rows_where_in
from relief.statements import fetch

Bind = Session | Connection


@dataclass(frozen=True, slots=True)
class HeadRow:
    """Where the chain stands: position 0 and an empty hash before the first entry.

    A restored ledger names its parent, and the parent's last position that is here.
    """

    ledger_id: bytes
    position: int
    hash: bytes
    sealed_at: int
    signature: bytes
    key_id: str
    parent_id: bytes | None = None
    parent_position: int | None = None


# A restored ledger's first head is its parent's last: the entry and its hash are the same, but it is signed under the new id.
_HEAD = (
    "SELECT head.ledger_id, head.position, head.hash, head.sealed_at, "
    "CASE WHEN lineage.position = head.position THEN lineage.signature ELSE seal.signature END, "
    "CASE WHEN lineage.position = head.position THEN lineage.key_id ELSE seal.key_id END, "
    "lineage.parent_id, lineage.position FROM head "
    "JOIN seal ON seal.operation_id = head.operation_id AND seal.position = head.position "
    "LEFT JOIN lineage ON lineage.operation_id = head.operation_id AND lineage.ledger_id = head.ledger_id "
    "WHERE head.operation_id = ?"
)


def get_head(bind: Bind, operation_id: bytes) -> HeadRow:
    """Return an operation's head with its signature."""
    connection = bind if isinstance(bind, Connection) else bind.connection()
    found = fetch(connection, _HEAD, operation_id)
    return HeadRow(*found[0]) if found else HeadRow(bytes(16), 0, b"", 0, b"", "")


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
    """Return open cases of households and cards, in the order of their groups."""
    table = FoldGroup.__table__.c
    where = (table.operation_id == operation_id, table.open_cases > literal_column("0"))
    total = bind.execute(select(func.coalesce(func.sum(table.open_cases), 0)).where(*where)).scalar_one()
    first = (page - 1) * size
    upto = func.sum(table.open_cases).over(order_by=table.group_id)
    counted = select(table.group_id, (upto - table.open_cases).label("before"), upto.label("upto")).where(*where).subquery()
    wanted = bind.execute(
        select(counted.c.group_id, counted.c.before).where(counted.c.upto > first, counted.c.before < first + size)
        .order_by(counted.c.group_id)
    ).all()  # fmt: skip
    rows = bind.execute(
        select(table.group_id, table.document, table.basis, table.origins)
        .where(table.operation_id == operation_id,
               table.group_id.in_([row.group_id for row in wanted]))
        .order_by(table.group_id)
    )  # fmt: skip
    cases = [case for row in rows for case in cases_of(to_text(row.group_id), load_document(*row[1:]))]
    skipped = first - int(wanted[0].before) if wanted else 0
    return Page(cases[skipped : skipped + size], page, size, int(total))


def cases_of(group_id: str, document: Document) -> Iterable[CaseRow]:
    """Yield the open cases of one group."""
    for code, cites, decided in document.cases:
        if not decided:
            records = tuple({**entry.facts, "id": entry.id, "moment": entry.at, "standing": document.standings.get(entry.id)}
                            for entry in document.entries if entry.id in cites and entry.step == "given")  # fmt: skip
            yield CaseRow(code, group_id, tuple(cites), decided, records)


def find_case(connection: Connection, operation_id: bytes, code: str, cites: Iterable[str]) -> CaseRow | None:
    """Return the open case of this code that cites exactly these records, wherever they belong now."""
    wanted = tuple(sorted(set(cites)))
    ids = [to_bytes(each) for each in wanted]
    named = rows_where_in(connection, "SELECT card_id, household_id FROM entry", operation_id, "id", ids)
    found = [
        *rows_where_in(connection, "SELECT group_id FROM standing", operation_id, "record_id", ids),
        *rows_where_in(connection, "SELECT group_id FROM card", operation_id, "card_id", {row[0] for row in named if row[0]}),
        *rows_where_in(connection, "SELECT group_id FROM household", operation_id, "household_id",
                       {row[1] for row in named if row[1]}),
    ]  # fmt: skip
    groups = rows_where_in(connection, "SELECT group_id, document, basis, origins FROM fold_group", operation_id, "group_id",
                           {bytes(row[0]) for row in found})  # fmt: skip
    cases = (case for group_id, *parts in groups for case in cases_of(to_text(bytes(group_id)), load_document(*parts)))
    return next((case for case in cases if case.code == code and tuple(sorted(case.cites)) == wanted), None)


def count_entries(bind: Bind, operation_id: bytes) -> int:
    """Return how many entries are stored, sealed or not."""
    entry = Entry.__table__.c
    return bind.execute(select(func.count()).where(entry.operation_id == operation_id)).scalar_one()
