"""Which units of decision a batch touches, and holding them: rows at first sight, locks in one order for everybody.

On PostgreSQL a batch makes missing rows first (sorted), then locks group rows in id order, then resolves again and starts
over if the answer changed: only who holds a card's group moves the card. Batches that may move cards and households wait
for each other before they look. SQLite has one writer, so the same statements simply run.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
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
from relief.ledger.rules.basis import IDENTITY_KINDS
from relief.ledger.rules.grouping import alone_group
from relief.ledger.sets import insert_rows, rows_where_in
from relief.ledger.wire import CARD_FIELDS, CARDS_OF

ALONE = frozenset(("contact", "stock", "not_served"))
GROUPLESS = frozenset(("clock", "plan_version", "day_closed", "feedback"))


@dataclass(slots=True)
class Held:
    """The groups that a batch holds: documents by group id (text), and where cards and households belong (text to text).

    `regrouped` are those whose identity the batch touches: they are read whole and put together anew.
    """

    documents: dict[str, Document] = field(default_factory=dict)
    group_of: dict[str, str] = field(default_factory=dict)
    regrouped: set[str] = field(default_factory=set)

    def group_of_facts(self, facts: dict[str, str]) -> str | None:
        """Return the group that a record's facts belong to, as things stand; None for kinds without one."""
        kind = facts["kind"]
        if kind in GROUPLESS or kind == "decision":
            return None
        if kind in ("registration", "composition", "household"):
            return self.group_of[facts["household"]]
        if "card_id" in facts:
            return self.group_of[facts["card_id"]]
        return alone_group(facts["target"] if kind == "void" else facts["id"])


def named_places(facts: dict[str, str]) -> tuple[list[str], list[str]]:
    """Return (card ids, household ids) that a record's facts name."""
    cards = [facts[name] for name in ("card_id", "new_card_id") if name in facts]
    return cards, named_households(facts)


def named_households(facts: dict[str, str]) -> list[str]:
    """Return the household ids that a record's facts name."""
    return [facts[name] for name in ("household", "other") if name in facts]


def first_sight(connection: Connection, operation_id: bytes, intake: Intake) -> None:
    """Give every card key and household that the batch names for the first time its row, and every record its card ids."""
    if intake.new_cards:
        rows = []
        for key in sorted(intake.new_cards):
            card_id = random_id()
            rows.append((operation_id, card_id, bytes.fromhex(key), card_id, "unknown"))
        insert_rows(connection, Card, ("operation_id", "card_id", "card_key", "group_id", "state"), rows,
                    "(operation_id, card_key) DO NOTHING")  # fmt: skip
        intake.look_up_cards(connection, operation_id, intake.new_cards)
    for fresh in intake.fresh:
        _name_cards(fresh, intake.cards)
    households = {each for fresh in intake.fresh for each in named_households(fresh.facts)}
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
    insert_rows(connection, Household, ("operation_id", "household_id", "group_id", "state", "size"), rows,
                "(operation_id, household_id) DO NOTHING")  # fmt: skip


def hold_groups(connection: Connection, operation_id: bytes, records: Iterable[dict[str, str]], seen: dict[str, str]) -> Held:
    """Lock all groups that records' facts lead to, and return their documents; `seen` is where cards belonged at the door."""
    records = list(records)
    held = Held()
    named = [named_places(facts) for facts in records]
    cards = {each for places in named for each in places[0]}
    households = {each for places in named for each in places[1]}
    structural = any(facts["kind"] in IDENTITY_KINDS for facts in records)
    if structural:
        lock_structure(connection, operation_id)
        seen = {}  # look again: it may have moved while we waited
    held.group_of = {each: seen[each] for each in cards & seen.keys()}
    held.group_of |= _resolve(connection, operation_id, cards - seen.keys(), households)
    wanted = set(held.group_of.values())
    for facts, places in zip(records, named, strict=True):
        group = held.group_of_facts(facts)
        if group is not None:
            wanted.add(group)
        if facts["kind"] in IDENTITY_KINDS:
            held.regrouped.update(held.group_of[each] for part in places for each in part)
    look_first = structural and not is_sqlite(connection)
    _read(connection, operation_id, held, wanted, lock=not look_first)
    if structural:
        _hold_rivals(connection, operation_id, held, lock=not look_first)
    if look_first:  # all of them in one order
        _documents(connection, operation_id, held.documents.keys())
        _read(connection, operation_id, held, held.documents.keys(), lock=False)
    if not is_sqlite(connection) and not _resolve(connection, operation_id, cards, households).items() <= held.group_of.items():
        raise StartOver
    return held


def _read(connection: Connection, operation_id: bytes, held: Held, groups: Collection[str], lock: bool) -> None:
    held.documents = {**_documents(connection, operation_id, set(groups) - held.regrouped, lock=lock),
                      **_documents(connection, operation_id, held.regrouped, whole=True, lock=lock)}  # fmt: skip


def _hold_rivals(connection: Connection, operation_id: bytes, held: Held, lock: bool) -> None:
    """Hold also every group that a fact of identity in the cluster names: a late link or mark may give it the card."""
    looked: set[str] = set()
    while fresh := held.regrouped - looked:
        looked |= fresh
        names = [named_places(entry.facts) for gid in fresh for entry in held.documents[gid].origins or ()]
        cards = {each for pair in names for each in pair[0]} - held.group_of.keys()
        households = {each for pair in names for each in pair[1]} - held.group_of.keys()
        held.group_of.update(_resolve(connection, operation_id, cards, households))
        rivals = {held.group_of[each] for pair in names for part in pair for each in part}
        held.documents.update(_documents(connection, operation_id, rivals - held.regrouped, whole=True, lock=lock))
        held.regrouped |= rivals


def _resolve(connection: Connection, operation_id: bytes, cards: set[str], households: set[str]) -> dict[str, str]:
    by_card = rows_where_in(connection, "SELECT card_id, group_id FROM card", operation_id, "card_id",
                            [to_bytes(each) for each in cards])  # fmt: skip
    by_household = rows_where_in(connection, "SELECT household_id, group_id FROM household", operation_id, "household_id",
                                 [to_bytes(each) for each in households])  # fmt: skip
    return _texts((*by_card, *by_household))


def _documents(connection: Connection, operation_id: bytes, groups: Collection[str], whole: bool = False,
               lock: bool = True) -> dict[str, Document]:  # fmt: skip
    ids = sorted(to_bytes(each) for each in groups)
    columns = "group_id, document, basis, origins" if whole else "group_id, document, basis"
    select, locking = f"SELECT {columns} FROM fold_group", "ORDER BY group_id FOR UPDATE" if lock else ""
    rows = rows_where_in(connection, select, operation_id, "group_id", ids, lock=locking)
    if lock and len(rows) < len(ids):
        there = {bytes(row[0]) for row in rows}
        missing = [(operation_id, each, b"", 0) for each in ids if each not in there]
        insert_rows(connection, FoldGroup, ("operation_id", "group_id", "document", "open_cases"), missing,
                    "(operation_id, group_id) DO NOTHING")  # fmt: skip
        if not is_sqlite(connection):  # somebody else's row of this moment is waited for, and seen
            rows = rows_where_in(connection, select, operation_id, "group_id", ids, lock=locking)
    documents = {to_text(bytes(group)): load_document(*parts) for group, *parts in rows}
    return {**{to_text(each): Document() for each in ids}, **documents}


def cluster_members(connection: Connection, operation_id: bytes, groups: Iterable[str]) -> tuple[dict[str, str], dict[str, str]]:
    """Return the cards and the households (each id -> group) that belong to any of these groups now."""
    ids = [to_bytes(each) for each in groups]
    cards = rows_where_in(connection, "SELECT card_id, group_id FROM card", operation_id, "group_id", ids)
    households = rows_where_in(connection, "SELECT household_id, group_id FROM household", operation_id, "group_id", ids)
    return _texts(cards), _texts(households)


def _texts(rows: Iterable[Any]) -> dict[str, str]:
    return {to_text(bytes(one)): to_text(bytes(other)) for one, other in rows}
