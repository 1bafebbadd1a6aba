"""Every projection against what the entries say: groups, standings, places and the feed part by part, sums at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import orjson
from sqlalchemy import Connection, func, or_, select, text

from relief.cards.models import Card
from relief.households.models import Household
from relief.kernel.ids import to_bytes, to_text
from relief.ledger.documents import Document, dump_identity, dump_moves
from relief.ledger.models import Citation, Counter, Delta, FoldGroup, Standing
from relief.ledger.problems import Problem, Verified
from relief.ledger.recomputing import Part, Recomputing
from relief.ledger.sets import rows_where_in
from relief.ledger.store import (
    BLANK_CARD,
    CARD_COLUMNS,
    HOUSEHOLD_COLUMNS,
    STANDING_COLUMNS,
    card_rows,
    household_rows,
    standing_rows,
)
from relief.statements import fetch

_STANDING_KINDS = "('handover', 'contact', 'not_served', 'stock')"
Rows = dict[bytes, tuple[Any, ...]]


class ProjectionCheck:
    """Compares what is stored with what was recomputed, one part after the other."""

    def __init__(self, connection: Connection, operation_id: bytes, again: Recomputing, result: Verified) -> None:
        self.connection, self.operation_id, self.again, self.result = connection, operation_id, again, result
        self._said_counters: dict[str, int] = {}
        self._groups = bytearray()  # all ids said, 16 bytes each: only looked at where there are more rows than these
        self._standings = 0
        delta = Delta.__table__.c
        rows = connection.execute(select(delta.group_id, delta.counters).where(delta.operation_id == operation_id)).all()
        self._waiting = [orjson.loads(row.counters) for row in rows]
        self._on_its_way = {bytes(row.group_id) for row in rows}

    def check(self, part: Part) -> None:
        """Compare one part."""
        documents = {to_bytes(gid): document for gid, document in part.documents.items()}
        said = {gid: document for gid, document in documents.items() if not document.is_empty}
        self._groups += b"".join(said)
        self.result.groups += len(said)
        for document in documents.values():
            for key, number in document.all_counters(self.again.plan).items():
                self._said_counters[key] = self._said_counters.get(key, 0) + number
        self._documents(said)
        self._standing_rows(documents)
        self._places(documents)
        self.result.note(self._feed(part, documents))

    def _documents(self, said: dict[bytes, Document]) -> None:
        rows = rows_where_in(self.connection, "SELECT group_id, document, open_cases, basis, origins FROM fold_group",
                             self.operation_id, "group_id", list(said))  # fmt: skip
        self._compare("group_differs", rows, {gid: _stored_form(gid, document) for gid, document in said.items()})

    def _standing_rows(self, documents: dict[bytes, Document]) -> None:
        said = {row[1]: tuple(row[1:]) for gid, document in documents.items()
                for row in standing_rows(self.operation_id, to_text(gid), None, document)}  # fmt: skip
        self._standings += len(said)
        self._compare("standing_differs", self._rows("standing", STANDING_COLUMNS, said), said)

    def _places(self, documents: dict[bytes, Document]) -> None:
        known = [(to_text(gid), document) for gid, document in documents.items() if document.has_identity]
        tables: tuple[tuple[str, tuple[str, ...], Callable[..., list[tuple[Any, ...]]]], ...] = (
            ("card", CARD_COLUMNS, card_rows), ("household", HOUSEHOLD_COLUMNS, household_rows))  # fmt: skip
        for table, columns, make in tables:
            said = {row[1]: tuple(row[1:]) for gid, document in known for row in make(self.operation_id, gid, document)}
            self._compare("place_differs", self._rows(table, columns, said), said)

    def _rows(self, table: str, columns: tuple[str, ...], said: Rows) -> list[Any]:
        select_columns = f"SELECT {', '.join(columns[1:])} FROM {table}"
        return rows_where_in(self.connection, select_columns, self.operation_id, columns[1], list(said))

    def _compare(self, code: str, rows: Iterable[Any], said: Rows) -> None:
        stored = {bytes(row[0]): tuple(row) for row in rows}
        if stored != said:
            self.result.note(Problem(code, to_text(key), record_id=to_text(key))
                             for key in sorted(said) if stored.get(key) != said[key])  # fmt: skip

    def _feed(self, part: Part, documents: dict[bytes, Document]) -> Iterator[Problem]:
        """Yield groups that phones would never hear of, or whose last entry is newer than what the feed says."""
        rows = rows_where_in(self.connection, "SELECT group_id, position FROM feed", self.operation_id, "group_id",
                             list(documents))  # fmt: skip
        fed = {bytes(row[0]): row[1] for row in rows}
        for gid in sorted(documents.keys() - self._on_its_way):
            if gid not in fed:
                yield Problem("feed_lacks", to_text(gid))
            elif fed[gid] < part.last.get(to_text(gid), 0):
                yield Problem("feed_differs", to_text(gid))

    def finish(self) -> None:
        """Compare the sums, and name what is stored of groups and records that no entry knows."""
        for check in (self._counters, self._strange_groups, self._strange_standings, self._strange_places, self._strange_feed,
                      self._citations):  # fmt: skip
            self.result.note(check())

    def _counters(self) -> Iterator[Problem]:
        counter = Counter.__table__.c
        rows = self.connection.execute(select(counter.key, counter.n).where(counter.operation_id == self.operation_id))
        stored = {row.key: row.n for row in rows}
        for waiting in self._waiting:
            for key, number in waiting.items():
                stored[key] = stored.get(key, 0) + number
        for key in sorted(stored.keys() | self._said_counters.keys()):
            if stored.get(key, 0) != self._said_counters.get(key, 0):
                yield Problem("counter_differs", f"{key}: {stored.get(key, 0)} stored, "
                              f"{self._said_counters.get(key, 0)} by the entries")  # fmt: skip

    def _strange_groups(self) -> Iterator[Problem]:
        """Yield groups that nothing makes. The row of a group that was emptied stays, empty."""
        table = FoldGroup.__table__.c
        filled = or_(table.document != b"", table.open_cases != 0, table.basis.is_not(None), table.origins.is_not(None))
        count = select(func.count()).where(table.operation_id == self.operation_id, filled)
        if self.connection.execute(count).scalar_one() == len(self._groups) // 16:
            return
        known = {bytes(self._groups[start : start + 16]) for start in range(0, len(self._groups), 16)}
        rows = self.connection.execute(select(table.group_id).where(table.operation_id == self.operation_id, filled))
        for gid in rows.scalars():
            if bytes(gid) not in known:
                yield Problem("group_differs", to_text(bytes(gid)))

    def _strange_standings(self) -> Iterator[Problem]:
        table = Standing.__table__.c
        count = select(func.count()).where(table.operation_id == self.operation_id)
        if self.connection.execute(count).scalar_one() == self._standings:
            return
        rows = fetch(self.connection, "SELECT record_id FROM standing WHERE operation_id = ? AND NOT EXISTS (SELECT 1 FROM entry "
                   f"WHERE entry.operation_id = standing.operation_id AND entry.id = standing.record_id AND kind IN "
                   f"{_STANDING_KINDS})", self.operation_id)  # fmt: skip
        for (record_id,) in rows:
            yield Problem("standing_differs", to_text(bytes(record_id)), record_id=to_text(bytes(record_id)))

    def _strange_places(self) -> Iterator[Problem]:
        """Yield changed rows of cards and households that no entry names: their first record was held, they say nothing yet."""
        for table, columns, blank in ((Card.__table__, CARD_COLUMNS, tuple(BLANK_CARD.values())),
                                      (Household.__table__, HOUSEHOLD_COLUMNS, ("", None, None, 0, ""))):  # fmt: skip
            names = [table.c[name] for name in columns[1:]]
            for row in self.connection.execute(select(*names).where(table.c.operation_id == self.operation_id)):
                place = to_text(bytes(row[0]))
                if place not in self.again.places and (row[1] != row[0] or tuple(row[2:]) != blank):
                    yield Problem("place_differs", place)

    def _strange_feed(self) -> Iterator[Problem]:
        """Yield rows that no sealing wrote (nor a rebuild, which writes the next position)."""
        rows = fetch(self.connection, "SELECT group_id FROM feed WHERE operation_id = ? AND (NOT EXISTS "
                   "(SELECT 1 FROM fold_group WHERE fold_group.operation_id = feed.operation_id AND "
                   "fold_group.group_id = feed.group_id) OR NOT EXISTS "
                   "(SELECT 1 FROM seal WHERE seal.operation_id = feed.operation_id AND seal.position IN (feed.position, "
                   "feed.position - 1)))", self.operation_id)  # fmt: skip
        for (gid,) in rows:
            yield Problem("feed_differs", to_text(bytes(gid)))
        known = text("SELECT 1 FROM fold_group WHERE operation_id = :operation AND group_id = :gid")
        for gid in sorted(self._on_its_way):
            if self.connection.execute(known, {"operation": self.operation_id, "gid": gid}).one_or_none() is None:
                yield Problem("feed_differs", to_text(gid))

    def _citations(self) -> Iterator[Problem]:
        table = Citation.__table__.c
        rows = self.connection.execute(select(table.cited_id, table.decision_id).where(table.operation_id == self.operation_id))
        stored = {(to_text(bytes(row.cited_id)), to_text(bytes(row.decision_id))) for row in rows}
        for cited, decision in sorted(stored ^ self.again.citations):
            yield Problem("citation_differs", f"{decision} cites {cited}", record_id=decision)


def _stored_form(gid: bytes, document: Document) -> tuple[Any, ...]:
    identity = dump_identity(document) if document.has_identity else (None, None)
    return (gid, dump_moves(document), document.open_cases, *identity)
