"""Appending to the ledger: the one way in for phones, desk and imports.

`append` composes the rooms' steps in their fixed order - door, first sight, locks, settle, store, seal - inside the
caller's transaction. It never commits.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import orjson
from sqlalchemy import Connection

from relief.db import is_sqlite
from relief.kernel.ids import to_bytes, to_text
from relief.ledger.device_marks import mark_new_devices
from relief.ledger.devices import Device, find_devices, lock_operation
from relief.ledger.documents import Document
from relief.ledger.erasure_orders import find_erasure
from relief.ledger.forgetting import forget_cards, forget_entries, forget_held
from relief.ledger.groups import Held, cluster_members, first_sight, hold_groups
from relief.ledger.holding import store_held
from relief.ledger.intake import Fresh, Intake, take_in
from relief.ledger.keys import Keys, current_keys
from relief.ledger.models import Delta
from relief.ledger.private_words import seal_records
from relief.ledger.rules.entry import Entry
from relief.ledger.sealing import insert_entries, seal_batch
from relief.ledger.sets import insert_rows, rows_where_in
from relief.ledger.settle import Settler, repeat_verdicts, verdict_of
from relief.ledger.store import (
    deltas_as_rows,
    new_entries,
    store_citations,
    store_documents,
    store_places,
)  # fmt: skip
from relief.ledger.times import read_times
from relief.ledger.values import is_id
from relief.ledger.verdicts import Verdict
from relief.operations.queries import get_current_plan
from relief.operations.rules import Plan
from relief.statements import change, fetch

Deltas = Sequence[tuple[str, dict[str, int]]]


def append(connection: Connection, operation_id: bytes, uploader_id: bytes, records: Sequence[Any], now: int,
           keys: Keys | None = None, more_deltas: Deltas = (), taken_up: bool = False) -> list[Verdict]:  # fmt: skip
    """Settle a batch of records, each with one verdict, in the order given.

    `records` are parsed JSON values, good or bad; `uploader_id` is the enrolment that sends them; `more_deltas` are sealed
    with the batch (a saved plan's refold); `taken_up` when the desk enters held records, also of revoked phones. What is not
    understood is held; nothing is refused but an ask. Raises StartOver (`db.write` tries again) when another batch moved a
    group meanwhile.
    """
    keys = keys or current_keys()
    records = seal_records(connection, keys.words, operation_id, records)
    # A decision and what it cites may come at once, each before it sees the other: rare enough to let it wait alone.
    lock_operation(connection, operation_id, alone=any(kind_of(each) == "decision" for each in records))
    makers = {uploader_id, *_makers(records)}
    devices = find_devices(connection, operation_id, makers, lock=True)
    plan = get_current_plan(connection, operation_id)
    intake = take_in(connection, operation_id, devices[uploader_id], devices, plan, records, taken_up)
    intake.erased = find_erasure(connection, operation_id, keys.orders)
    if intake.fresh or intake.repeats:
        _settle(connection, operation_id, devices[uploader_id], plan, intake, now, keys, more_deltas)
    if intake.held:
        forget_held(connection, operation_id, intake.erased, intake.held, keys.orders)
        store_held(connection, operation_id, uploader_id, keys, intake.held, now)
    return [intake.verdicts[index] for index in range(len(records))]


def kind_of(record: Any) -> Any:
    """Return the kind of a record that nobody has checked yet."""
    return record.get("kind") if type(record) is dict else None


def _makers(records: Iterable[Any]) -> set[bytes]:
    named = (each.get("enrolment") for each in records if type(each) is dict)
    return {to_bytes(each) for each in named if is_id(each)}


def _settle(connection: Connection, operation_id: bytes, uploader: Device, plan: Plan, intake: Intake, now: int,
            keys: Keys, more_deltas: Deltas) -> None:  # fmt: skip
    forget_cards(operation_id, intake)
    first_sight(connection, operation_id, intake)
    reused = _reused_seqs(connection, operation_id, intake.fresh)
    times = read_times(connection, operation_id, intake.fresh)
    decisions = _Decisions(connection, operation_id, intake.fresh)
    repeated = [known.facts for _prepared, known in intake.repeats if "card_id" in known.facts]
    records = [*(each.facts for each in intake.fresh), *times.moved, *repeated, *decisions.cited]
    held = hold_groups(connection, operation_id, records, intake.group_of)
    settler = Settler(plan, held, times, now)
    _settle_in_order(connection, operation_id, settler, intake, decisions)
    settled = Held(group_of={**held.group_of, **settler.result.group_of})
    for each in intake.fresh:
        if each.prepared.index not in intake.verdicts:
            document = settler.result.after.get(settled.group_of_facts(each.facts) or "")
            intake.verdicts[each.prepared.index] = verdict_of(each, document, plan, each.prepared.id in reused)
    repeat_verdicts(intake, {**held.documents, **settler.result.after}, held)
    deltas = [*_store(connection, operation_id, intake, held, settler), *more_deltas]
    entries = new_entries(settler.result.entries, intake.verdicts)
    forget_entries(connection, operation_id, intake, entries, settler.result.after, keys.orders)
    mark_new_devices(connection, operation_id, (each.device for each in intake.fresh), keys.marker)
    seal_or_leave(connection, operation_id, uploader.enrolment_id, entries, deltas, now, keys)


def _settle_in_order(connection: Connection, operation_id: bytes, settler: Settler, intake: Intake,
                     decisions: _Decisions) -> None:  # fmt: skip
    held = settler.held
    settler.move_times(settler.times.moved)
    settler.tell(each for each in intake.fresh if not each.known.asked)
    decisions.join(settler)
    if held.regrouped:
        cards, households = cluster_members(connection, operation_id, held.regrouped)
        held.group_of.update({**cards, **households})
        settler.regroup(set(cards), set(households))
    for each in intake.fresh:
        if each.prepared.ask:
            intake.verdicts[each.prepared.index] = settler.ask(each)
        elif each.known.asked:
            settler.tell_asked(each)
    settler.fold_all()


def _store(connection: Connection, operation_id: bytes, intake: Intake, held: Held, settler: Settler) -> Deltas:
    after = settler.result.after
    before = {gid: held.documents.get(gid, Document()) for gid in after}
    deltas = store_documents(connection, operation_id, before, after, settler.plan)
    store_places(connection, operation_id, before, after)
    store_citations(connection, operation_id, intake.fresh)
    _count_seqs(connection, operation_id, intake.fresh)
    return deltas


def seal_or_leave(connection: Connection, operation_id: bytes, uploader_id: bytes, entries: Sequence[Any],
                  deltas: Deltas, now: int, keys: Keys) -> None:  # fmt: skip
    """Seal at once on SQLite; on PostgreSQL leave entries and deltas to the sealer."""
    if is_sqlite(connection):
        seal_batch(connection, operation_id, uploader_id, entries, deltas, keys, now)
        return
    insert_entries(connection, operation_id, uploader_id, entries, now, keys.marker)
    insert_rows(connection, Delta, ("operation_id", "delta_id", "group_id", "counters"),
                deltas_as_rows(operation_id, deltas))  # fmt: skip


class _Decisions:
    """Decisions and what they cite, whichever came first: the batch's own, and stored ones that cite the batch's records."""

    def __init__(self, connection: Connection, operation_id: bytes, fresh: Sequence[Fresh]) -> None:
        self.own = [each for each in fresh if each.prepared.kind == "decision"]
        self._here = {each.prepared.id: each.facts for each in fresh}
        cited = {each for decision in self.own for each in decision.facts.get("cites", ())}
        kept = rows_where_in(connection, "SELECT facts FROM entry", operation_id, "id",
                             [to_bytes(each) for each in cited if each not in self._here])  # fmt: skip
        stored = {(facts := orjson.loads(row[0]))["id"]: facts for row in kept}.values()
        self.cited = [facts for facts in stored if facts["kind"] not in ("decision", "clock")]
        self._facts = {**{facts["id"]: facts for facts in self.cited}, **self._here}
        self._earlier = self._stored_decisions(connection, operation_id)

    def _stored_decisions(self, connection: Connection, operation_id: bytes) -> list[tuple[str, Entry]]:
        """Return (cited id of this batch, entry of a decision stored before)."""
        links = rows_where_in(connection, "SELECT cited_id, decision_id FROM citation", operation_id, "cited_id",
                             [to_bytes(each) for each in self._here])  # fmt: skip
        if not links:
            return []
        facts = rows_where_in(connection, "SELECT id, facts FROM entry", operation_id, "id", {bytes(row[1]) for row in links})
        by_id = {bytes(row[0]): decision_entry(orjson.loads(row[1])) for row in facts}
        return [(to_text(bytes(cited)), by_id[bytes(decision)]) for cited, decision in links if bytes(decision) in by_id]

    def join(self, settler: Settler) -> None:
        """Put every decision into the groups of what it cites."""
        pairs = [(cited, decision_entry(each.facts)) for each in self.own for cited in each.facts.get("cites", ())]
        for cited, entry in (*pairs, *self._earlier):
            facts = self._facts.get(cited)
            group = settler.held.group_of_facts(facts) if facts else None
            if group is not None:
                settler.add(group, entry)


def decision_entry(facts: dict[str, Any]) -> Entry:
    """Return a decision as the fold takes it: only which case it answers, and what it saw."""
    slim: dict[str, Any] = {name: facts[name] for name in ("kind", "enrolment", "case", "cites", "action") if name in facts}
    return Entry(facts["id"], "given", 0, False, "desk", slim)


def _reused_seqs(connection: Connection, operation_id: bytes, fresh: Iterable[Fresh]) -> set[str]:
    """Return the ids of this batch whose seq another id of the same enrolment has taken already."""
    taken: dict[tuple[bytes, int], str] = {}
    by_enrolment: dict[bytes, list[Fresh]] = {}
    for each in fresh:
        if each.device.is_phone:
            by_enrolment.setdefault(each.device.enrolment_id, []).append(each)
    for enrolment_id, records in by_enrolment.items():
        seqs = {each.facts["seq"] for each in records}
        found = fetch(connection, "SELECT seq, id FROM entry WHERE operation_id = ? AND enrolment_id = ? AND seq BETWEEN ? AND ?",
                      operation_id, enrolment_id, min(seqs), max(seqs))  # fmt: skip
        taken.update({(enrolment_id, seq): to_text(bytes(entry_id)) for seq, entry_id in found if seq in seqs})
    reused = set()
    for each in fresh:
        key = (each.device.enrolment_id, each.facts["seq"])
        each.new_seq = key not in taken
        if each.device.is_phone and taken.setdefault(key, each.prepared.id) != each.prepared.id:
            reused.add(each.prepared.id)
    return reused


def _count_seqs(connection: Connection, operation_id: bytes, fresh: Iterable[Fresh]) -> None:
    """Keep, per device, the highest seq and how many different ones are here: their difference is what is missing."""
    highest: dict[bytes, int] = {}
    count: dict[bytes, int] = {}
    for each in fresh:
        enrolment = each.device.enrolment_id
        highest[enrolment] = max(highest.get(enrolment, 0), each.facts["seq"])
        count[enrolment] = count.get(enrolment, 0) + each.new_seq
    for enrolment in sorted(highest):
        change(connection, "UPDATE enrolment SET seq_count = seq_count + ?, "
               "max_seq = CASE WHEN max_seq > ? THEN max_seq ELSE ? END WHERE operation_id = ? AND enrolment_id = ?",
               count[enrolment], highest[enrolment], highest[enrolment], operation_id, enrolment)  # fmt: skip
