"""Which units of decision a batch touches, and holding them: rows at first sight, locks in one order for everybody.

On PostgreSQL a batch makes missing rows first (sorted), then locks group rows in id order, then resolves again and starts
over if the answer changed: only who holds a card's group moves the card. Batches that may move cards and households wait
for each other before they look. SQLite has one writer, so the same statements simply run.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from relief.cards.models import Card
from relief.db import StartOver, is_sqlite
from relief.households.models import Household
from relief.kernel.ids import random_id, to_bytes, to_text
from relief.ledger.devices import lock_structure
from relief.ledger.documents import Document, load_document
from relief.ledger.intake import Fresh, Intake
from relief.ledger.models import FoldGroup
from relief.ledger.rules.grouping import is_structural
from relief.ledger.sets import insert_rows, rows_where_in
from relief.ledger.wire import CARD_FIELDS, CARDS_OF

ALONE = frozenset(("contact", "stock", "not_served"))
GROUPLESS = frozenset(("clock", "plan_version", "day_closed", "feedback"))


@dataclass(slots=True)
class Held:
    """The groups that a batch holds: documents by group id (text), and where cards and households belong (text to text)."""

    documents: dict[str, Document] = field(default_factory=dict)
    group_of: dict[str, str] = field(default_factory=dict)
    structural: set[str] = field(default_factory=set)

    def group_of_facts(self, facts: dict[str, str]) -> str | None:
        """Return the group that a record's facts belong to, as things stand; None for kinds without one."""
        kind = facts["kind"]
        if kind in GROUPLESS or kind == "decision":
            return None
        if kind in ("registration", "composition", "household"):
            return self.group_of[facts["household"]]
        if "card_id" in facts:
            return self.group_of[facts["card_id"]]
        return facts["target"] if kind == "void" else facts["id"]


def named_places(facts: dict[str, str]) -> tuple[list[str], list[str]]:
    """Return (card ids, household ids) that a record's facts name."""
    cards = [facts[name] for name in ("card_id", "new_card_id") if name in facts]
    households = [facts[name] for name in ("household", "other") if name in facts]
    return cards, households


def first_sight(connection: Connection, operation_id: bytes, intake: Intake) -> None:
    """Give every card key and household that the batch names for the first time its row, and every record its card ids."""
    if intake.new_cards:
        rows = []
        for key in sorted(intake.new_cards):
            card_id = random_id()
            rows.append((operation_id, card_id, bytes.fromhex(key), card_id, "unknown"))
        insert_rows(connection, Card.__table__, ("operation_id", "card_id", "card_key", "group_id", "state"), rows,
                    "(operation_id, card_key) DO NOTHING")  # fmt: skip
        seen = rows_where_in(connection, "SELECT card_key, card_id FROM card", operation_id, "card_key",
                             [row[2] for row in rows])  # fmt: skip
        intake.cards.update((bytes(key).hex(), bytes(card_id)) for key, card_id in seen)
    for fresh in intake.fresh:
        _name_cards(fresh, intake.cards)
    households = {each for fresh in intake.fresh for each in named_places(fresh.facts)[1]}
    _ensure_households(connection, operation_id, households)


def _name_cards(fresh: Fresh, cards: dict[str, bytes]) -> None:
    facts, private = fresh.facts, fresh.prepared.private
    for name in CARDS_OF[fresh.prepared.kind]:
        if name in private:
            facts[CARD_FIELDS[name]] = to_text(cards[private[name]])
    if "card_id" in facts:
        fresh.card_id = to_bytes(facts["card_id"])


def _ensure_households(connection: Connection, operation_id: bytes, households: set[str]) -> None:
    ids = sorted(to_bytes(each) for each in households)
    known = {bytes(row[0]) for row in
             rows_where_in(connection, "SELECT household_id FROM household", operation_id, "household_id", ids)}  # fmt: skip
    rows = [(operation_id, each, each, "", 0) for each in ids if each not in known]
    insert_rows(connection, Household.__table__, ("operation_id", "household_id", "group_id", "state", "size"), rows,
                "(operation_id, household_id) DO NOTHING")  # fmt: skip


def hold_groups(connection: Connection, operation_id: bytes, records: Iterable[dict[str, str]], also: Iterable[str] = ()) -> Held:
    """Lock all groups that records' facts (and the groups `also`) lead to, and return their documents."""
    records = list(records)
    held = Held()
    cards = {each for facts in records for each in named_places(facts)[0]}
    households = {each for facts in records for each in named_places(facts)[1]}
    structural = any(is_structural(facts) for facts in records)
    if structural:
        lock_structure(connection, operation_id)
    held.group_of = _resolve(connection, operation_id, cards, households)
    wanted = set(held.group_of.values()) | set(also)
    for facts in records:
        group = held.group_of_facts(facts)
        if group is not None:
            wanted.add(group)
        if is_structural(facts):
            held.structural.update(held.group_of[each] for named in named_places(facts) for each in named)
    if structural and not is_sqlite(connection):  # look first, then lock all in one order
        held.documents = _peek(connection, operation_id, wanted)
        _hold_rivals(connection, operation_id, held, _peek)
        held.documents = _documents(connection, operation_id, held.documents.keys())
    else:
        held.documents = _documents(connection, operation_id, wanted)
        _hold_rivals(connection, operation_id, held, _documents)
    if not is_sqlite(connection) and not _resolve(connection, operation_id, cards, households).items() <= held.group_of.items():
        raise StartOver
    return held


def _hold_rivals(connection: Connection, operation_id: bytes, held: Held, read: Callable[..., dict[str, Document]]) -> None:
    """Hold also every group that a structural fact in the cluster names: a late link or mark may give it the card."""
    looked: set[str] = set()
    while fresh := held.structural - looked:
        looked |= fresh
        names = [named_places(entry.facts) for gid in fresh for entry in held.documents[gid].group.entries
                 if is_structural(entry.facts)]  # fmt: skip
        cards = {each for pair in names for each in pair[0]} - held.group_of.keys()
        households = {each for pair in names for each in pair[1]} - held.group_of.keys()
        held.group_of.update(_resolve(connection, operation_id, cards, households))
        rivals = {held.group_of[each] for pair in names for part in pair for each in part}
        held.documents.update(read(connection, operation_id, rivals - held.documents.keys()))
        held.structural |= rivals


def _resolve(connection: Connection, operation_id: bytes, cards: set[str], households: set[str]) -> dict[str, str]:
    by_card = rows_where_in(connection, "SELECT card_id, group_id FROM card", operation_id, "card_id",
                            [to_bytes(each) for each in cards])  # fmt: skip
    by_household = rows_where_in(connection, "SELECT household_id, group_id FROM household", operation_id, "household_id",
                                 [to_bytes(each) for each in households])  # fmt: skip
    return _texts((*by_card, *by_household))


def _peek(connection: Connection, operation_id: bytes, groups: Collection[str]) -> dict[str, Document]:
    """Return documents without holding them."""
    ids = [to_bytes(each) for each in groups]
    rows = rows_where_in(connection, "SELECT group_id, document FROM fold_group", operation_id, "group_id", ids)
    found = {to_text(bytes(group)): load_document(document) for group, document in rows}
    return {each: found.get(each) or load_document(b"") for each in groups}


def _documents(connection: Connection, operation_id: bytes, groups: Collection[str]) -> dict[str, Document]:
    ids = sorted(to_bytes(each) for each in groups)
    select, lock = "SELECT group_id, document FROM fold_group", "ORDER BY group_id FOR UPDATE"
    rows = rows_where_in(connection, select, operation_id, "group_id", ids, lock=lock)
    if len(rows) < len(ids):
        there = {bytes(row[0]) for row in rows}
        missing = [(operation_id, each, b"", 0) for each in ids if each not in there]
        insert_rows(connection, FoldGroup.__table__, ("operation_id", "group_id", "document", "open_cases"), missing,
                    "(operation_id, group_id) DO NOTHING")  # fmt: skip
        if not is_sqlite(connection):  # somebody else's row of this moment is waited for, and seen
            rows = rows_where_in(connection, select, operation_id, "group_id", ids, lock=lock)
    documents = {to_text(bytes(group)): load_document(document) for group, document in rows}
    return {**{to_text(each): load_document(b"") for each in ids}, **documents}


def cluster_members(connection: Connection, operation_id: bytes, groups: Iterable[str]) -> tuple[dict[str, str], dict[str, str]]:
    """Return the cards and the households (each id -> group) that belong to any of these groups now."""
    ids = [to_bytes(each) for each in groups]
    cards = rows_where_in(connection, "SELECT card_id, group_id FROM card", operation_id, "group_id", ids)
    households = rows_where_in(connection, "SELECT household_id, group_id FROM household", operation_id, "group_id", ids)
    return _texts(cards), _texts(households)


def _texts(rows: Iterable[Any]) -> dict[str, str]:
    return {to_text(bytes(one)): to_text(bytes(other)) for one, other in rows}
