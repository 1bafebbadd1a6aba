"""Everything the ledger's projections say, computed anew from its entries alone: for `verify` and `rebuild`.

Memory does not grow with the entries, only with cards and households: a first look reads what decides where things belong (the
facts of identity, clock marks, decisions); then every entry passes once and is put down, with its group, in one of several
temporary files; then the files are folded one after the other.
"""

from __future__ import annotations

import marshal
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlalchemy import Connection, select

from relief.accounts.models import Enrolment
from relief.kernel.clock import parse_wall
from relief.ledger.chain_check import ROWS_AT_ONCE, Progress, ignore
from relief.ledger.devices import find_devices
from relief.ledger.documents import Document, document_of, slim
from relief.ledger.groups import GROUPLESS, named_places
from relief.ledger.models import Entry as EntryTable
from relief.ledger.rules.entry import Entry, Group
from relief.ledger.rules.grouping import connect, is_structural
from relief.ledger.rules.timing import Mark, effective_time, is_about, mark_of, session_of
from relief.ledger.service import decision_entry
from relief.ledger.settle import home_of
from relief.operations.rules import Plan

ENTRIES_A_PART = 20_000
MOST_PARTS = 200  # each is an open file
LINES_AT_ONCE = 200
IN_MEMORY_BYTES = 32 << 20  # of all parts together; what is more goes to temporary files
_STRUCTURE = ("registration", "card", "household")


class _Belongs(dict[str, str]):
    """Where each card and household belongs: to itself, unless facts say otherwise."""

    def __missing__(self, place: str) -> str:
        return place


@dataclass(slots=True)
class Part:
    """Some groups: documents by group id, and the position of the last entry of each."""

    documents: dict[str, Document] = field(default_factory=dict)
    last: dict[str, int] = field(default_factory=dict)
    entries: int = 0


class Recomputing:
    """Takes all entries of an operation in any order, then gives its groups, folded under `plan`, part by part."""

    def __init__(self, connection: Connection, operation_id: bytes, plan: Plan, entries: int) -> None:
        self.plan = plan
        table = Enrolment.__table__.c
        ids = connection.execute(select(table.enrolment_id).where(table.operation_id == operation_id)).scalars().all()
        self._devices = {each.hex(): device for each, device in find_devices(connection, operation_id, ids).items()}
        self._marks: dict[tuple[str, str], list[Mark]] = {}
        for _step, facts in _facts_of(connection, operation_id, ("clock",)):
            self._marks.setdefault(session_of(facts), []).append(mark_of(facts))
        structure = (self._entry(step, {**facts, "members": ()}) for step, facts in
                     _facts_of(connection, operation_id, _STRUCTURE) if is_structural(facts))  # fmt: skip
        self.group_of = _Belongs(connect(structure))
        self._decisions = [facts for _step, facts in _facts_of(connection, operation_id, ("decision",))]
        self.citations = {(each, facts["id"]) for facts in self._decisions for each in facts.get("cites", ())}
        self._homes: dict[str, str] = {each: "" for each, _decision in self.citations}
        self.places: set[str] = set()
        parts = min(entries // ENTRIES_A_PART + 1, MOST_PARTS)
        self._files = [_Spill(IN_MEMORY_BYTES // parts) for _ in range(parts)]

    def close(self) -> None:
        """Give all space back."""
        for file in self._files:
            file.close()

    def take(self, facts: dict[str, Any], step: str, position: int | None = None) -> None:
        """Put an entry down with its group."""
        kind = facts["kind"]
        if kind in GROUPLESS:
            return
        for which, places in enumerate(named_places(facts)):
            for place in places:
                if place not in self.places:
                    self.places.add(place)
                    self._put((self.group_of[place], which, place))
        if kind == "decision":
            return
        entry = self._entry(step, facts)
        gid = home_of(entry, self.group_of)
        if entry.id in self._homes:
            self._homes[entry.id] = gid
        self._put_entry(gid, entry, position)
        if kind == "registration" and "card_id" in facts and self.group_of[facts["card_id"]] != gid:
            # the group that a card belongs to knows of a registration elsewhere that names it too
            link = {name: facts[name] for name in ("card_id", "household", "enrolment")}
            entry.facts = {"kind": "link", **link}
            self._put_entry(self.group_of[facts["card_id"]], entry, position)

    def _entry(self, step: str, facts: dict[str, Any]) -> Entry:
        device = self._devices[facts["enrolment"].replace("-", "")]
        if device.is_phone:
            at, unsure = effective_time(facts, self._marks.get((facts["enrolment"], facts["session"]), ()))
        else:
            at, unsure = parse_wall(facts["at"]), is_about(facts)
        return Entry(facts["id"], step, at, unsure, device.authority, slim(facts))

    def _put_entry(self, gid: str, entry: Entry, position: int | None) -> None:
        self._put((gid, position or 0, entry.id, entry.step, entry.at, entry.unsure, entry.authority, entry.facts))

    def _put(self, line: tuple[Any, ...]) -> None:
        self._files[int(line[0][-4:], 16) % len(self._files)].put(line)

    def parts(self, progress: Progress = ignore) -> Iterator[Part]:
        """Yield all groups, folded; each part is forgotten when the next is asked for."""
        for facts in self._decisions:  # they stand with every record they cite
            for gid in {self._homes[each] for each in facts.get("cites", ())} - {""}:
                self._put_entry(gid, decision_entry(facts), None)
        for file in self._files:
            part = Part()
            for gid, group in _groups(file.lines(), part).items():
                part.documents[gid] = document_of(group, self.plan)
            yield part
            progress(part.entries)


class _Spill:
    """Lines put down until they are read, in memory at first, then in a temporary file that nobody else can open."""

    def __init__(self, in_memory_bytes: int) -> None:
        self._lines: list[tuple[Any, ...]] = []
        self._file = tempfile.SpooledTemporaryFile(max_size=in_memory_bytes)  # noqa: SIM115 - it lives as long as this

    def put(self, line: tuple[Any, ...]) -> None:
        self._lines.append(line)
        if len(self._lines) >= LINES_AT_ONCE:
            packed = marshal.dumps(self._lines)
            self._file.write(len(packed).to_bytes(8, "big") + packed)
            self._lines = []

    def lines(self) -> Iterator[tuple[Any, ...]]:
        """Yield all lines once, and give the space back."""
        self._file.seek(0)
        while size := self._file.read(8):  # read whole: marshal's own reading asks for a few bytes at a time
            yield from marshal.loads(self._file.read(int.from_bytes(size, "big")))
        yield from self._lines
        self.close()

    def close(self) -> None:
        self._file.close()
        self._lines = []


def _groups(lines: Iterator[tuple[Any, ...]], part: Part) -> dict[str, Group]:
    found: dict[str, Group] = {}
    places: dict[str, tuple[list[str], list[str]]] = {}
    asked: dict[str, int] = {}
    for gid, number, *told in lines:
        if gid not in found:
            found[gid], places[gid] = Group((), (), []), ([], [])
        if len(told) == 1:
            places[gid][number].append(told[0])
            continue
        entry = Entry(*told)
        if entry.step == "answer":
            asked[entry.id] = entry.facts["answer"]["at"]
        found[gid].entries.append(entry)
        part.last[gid] = max(number, part.last.get(gid, 0))
        part.entries += 1
    for gid, group in found.items():
        cards, households = places[gid]
        group.cards, group.households = tuple(sorted(cards)), tuple(sorted(households))
        for entry in group.entries if asked else ():
            if entry.id in asked:  # an ask's time is the server's, also of the tell that ends it
                entry.at, entry.unsure = asked[entry.id], False
    return found


def _facts_of(connection: Connection, operation_id: bytes, kinds: Sequence[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    table = EntryTable.__table__.c
    statement = select(table.step, table.facts).where(table.operation_id == operation_id, table.kind.in_(kinds))
    for row in connection.execute(statement.execution_options(yield_per=ROWS_AT_ONCE)):
        yield row.step, orjson.loads(row.facts)
