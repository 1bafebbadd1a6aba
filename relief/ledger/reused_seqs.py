"""Numbers that a phone used for two records: it lost its memory, or somebody copied it. One case a phone."""

from __future__ import annotations

from dataclasses import dataclass

import orjson
from sqlalchemy import ColumnElement, Connection, and_, literal_column, select

from relief.accounts.models import Enrolment
from relief.kernel.ids import to_bytes, to_text
from relief.kernel.paging import PAGE_SIZE, Page
from relief.ledger.models import Entry
from relief.ledger.sets import rows_where_in
from relief.ledger.waiting import page_of

SEQ_REUSED = "seq_reused"
MOST_CITED = 500  # as many as one decision can cite: more make a further case


@dataclass(frozen=True, slots=True)
class ReusedSeqRow:
    """Records of one phone that share their numbers with others of it: `cites` their ids, `seqs` the numbers."""

    enrolment_id: str
    phone: str
    seqs: tuple[int, ...]
    cites: tuple[str, ...]


def list_reused_seqs(connection: Connection, operation_id: bytes, number: int = 1, size: int = PAGE_SIZE) -> Page[ReusedSeqRow]:
    """Return the phones that used a number for several records, as long as nobody decided on exactly these.

    What was taken up under a new id shares its old one's number by right, and makes no case.
    """
    found = _ids_by_seq(connection, operation_id)
    decisions = _decisions(connection, operation_id, {each for ids in found.values() for each in ids})
    taken_up = {each for case, action, cites in decisions if action == "take_up" for each in cites}
    decided = {cites for case, _action, cites in decisions if case == SEQ_REUSED}
    phones: dict[tuple[bytes, str], list[tuple[int, str]]] = {}
    for (enrolment_id, label, seq), ids in sorted(found.items()):
        rest = sorted(ids - taken_up) if taken_up & ids else sorted(ids)
        if len(rest) > 1:
            phones.setdefault((enrolment_id, label), []).extend((seq, each) for each in rest)
    rows = [row for (enrolment_id, label), pairs in phones.items() for row in _rows(enrolment_id, label, pairs)]
    return page_of([row for row in rows if frozenset(row.cites) not in decided], number, size)


def _rows(enrolment_id: bytes, label: str, pairs: list[tuple[int, str]]) -> list[ReusedSeqRow]:
    parts = [pairs[start : start + MOST_CITED] for start in range(0, len(pairs), MOST_CITED)]
    return [ReusedSeqRow(to_text(enrolment_id), label, tuple(sorted({seq for seq, _id in part})),
                         tuple(sorted(each for _seq, each in part))) for part in parts]  # fmt: skip


def _ids_by_seq(connection: Connection, operation_id: bytes) -> dict[tuple[bytes, str, int], set[str]]:
    entry, device = Entry.__table__.c, Enrolment.__table__.c
    flagged: ColumnElement[bool] = literal_column("verdict LIKE '%seq_reused%'")  # the later ones of each number were told so
    several = select(entry.enrolment_id, entry.seq).where(entry.operation_id == operation_id, flagged).distinct().subquery()
    rows = connection.execute(
        select(entry.enrolment_id, device.label, entry.seq, entry.id)
        .join(several, and_(several.c.enrolment_id == entry.enrolment_id, several.c.seq == entry.seq))
        .join(Enrolment.__table__, and_(device.operation_id == operation_id, device.enrolment_id == entry.enrolment_id))
        .where(entry.operation_id == operation_id, device.kind == "phone")
    )
    found: dict[tuple[bytes, str, int], set[str]] = {}
    for enrolment_id, label, seq, record_id in rows:
        found.setdefault((bytes(enrolment_id), label, seq), set()).add(to_text(record_id))
    return found


def _decisions(connection: Connection, operation_id: bytes, ids: set[str]) -> list[tuple[str, str, frozenset[str]]]:
    """Return (case, action, cited ids) of the decisions that cite any of these records."""
    cited = rows_where_in(connection, "SELECT decision_id FROM citation", operation_id, "cited_id",
                          [to_bytes(each) for each in ids])  # fmt: skip
    rows = rows_where_in(connection, "SELECT facts FROM entry", operation_id, "id", {bytes(row[0]) for row in cited})
    facts = [orjson.loads(row[0]) for row in rows]
    return [(each["case"], each["action"], frozenset(each["cites"])) for each in facts]
