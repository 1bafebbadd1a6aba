"""`relief ledger verify`: the chain, its signatures, and every projection against what the entries say."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlalchemy import Connection, func, select

from relief.accounts.models import Enrolment
from relief.cards.models import Card
from relief.households.models import Household
from relief.kernel.ids import to_bytes, to_text
from relief.ledger.chain import START, entry_hash, head_is_signed, part_digest
from relief.ledger.documents import dump_identity, dump_moves
from relief.ledger.lineage import Ancestry
from relief.ledger.models import Citation, Counter, Delta, Entry, Feed, FoldGroup, Seal, Standing
from relief.ledger.recomputing import Recomputed, recompute, stream_entries
from relief.ledger.rules.tally import merge_counters
from relief.ledger.sealing import find_head
from relief.ledger.store import CARD_COLUMNS, HOUSEHOLD_COLUMNS, STANDING_COLUMNS, card_rows, household_rows, standing_rows
from relief.ledger.wire import CARD_FIELDS
from relief.operations.models import PlanVersion
from relief.operations.queries import get_current_plan
from relief.settings import Secrets

MOST_PROBLEMS = 50


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is not as the entries say: a stable code and where."""

    code: str
    where: str


@dataclass(slots=True)
class Verified:
    """What was checked, and what is wrong (the first MOST_PROBLEMS of it)."""

    entries: int = 0
    unsealed: int = 0
    groups: int = 0
    position: int = 0
    head: str = ""
    problems: list[Problem] = field(default_factory=list)

    @property
    def good(self) -> bool:
        return not self.problems

    def note(self, problems: Iterable[Problem]) -> None:
        for problem in problems:
            if len(self.problems) < MOST_PROBLEMS:
                self.problems.append(problem)


def verify(connection: Connection, operation_id: bytes, secrets: Secrets) -> Verified:
    """Check one operation's ledger within one snapshot; nothing is written."""
    result = Verified()
    result.note(_chain(connection, operation_id, secrets, result))
    if result.problems:
        return result  # what follows would only repeat it
    again = recompute(connection, operation_id, get_current_plan(connection, operation_id))
    result.groups = len(again.documents)
    for check in (_documents, _standings, _counters, _places, _card_keys, _citations, _plans, _devices, _feed):
        result.note(check(connection, operation_id, again))
    return result


def _chain(connection: Connection, operation_id: bytes, secrets: Secrets, result: Verified) -> Iterator[Problem]:
    previous = START
    hashes: dict[int, bytes] = {}
    for row in stream_entries(connection, operation_id):
        result.entries += 1
        where = f"position {row.position} ({to_text(row.id)}, {row.step})"
        if row.private is not None and part_digest(row.private_salt, row.private) != row.private_digest:
            yield Problem("private_part_changed", where)
        if not _columns_agree(row):
            yield Problem("columns_changed", where)
        if row.position is None:
            result.unsealed += 1
            continue
        if row.position != result.position + 1:
            yield Problem("position_missing", f"position {result.position + 1}")
        result.position = row.position
        digest = entry_hash(previous, row.position, row.id, row.step, row.kind, part_digest(row.facts_salt, row.facts),
                            row.private_digest)  # fmt: skip
        if digest != row.hash:
            yield Problem("entry_changed", where)
        previous = hashes[row.position] = row.hash
    result.head = previous.hex() if result.position else ""
    yield from _seals(connection, operation_id, secrets, hashes, result.position, previous)


def _columns_agree(row: Any) -> bool:
    facts = orjson.loads(row.facts)
    ids = {"id": row.id, "enrolment": row.enrolment_id, "session": row.session_id, "card_id": row.card_id,
           "household": row.household_id, "target": row.target_id}  # fmt: skip
    same = all(facts.get(name) == (to_text(value) if value is not None else None) for name, value in ids.items())
    return same and facts["kind"] == row.kind and facts["seq"] == row.seq and ("answer" in facts) == (row.step == "answer")


def _seals(connection: Connection, operation_id: bytes, secrets: Secrets, hashes: dict[int, bytes], position: int,
           digest: bytes) -> Iterator[Problem]:  # fmt: skip
    head = find_head(connection, operation_id)
    if (head.position, head.hash) != (position, digest) if head else position:
        yield Problem("head_differs", f"position {head.position if head else 0}, entries end at {position}")
    table = Seal.__table__
    ancestry = Ancestry(connection, operation_id, head.ledger_id if head else None)
    last = 0
    for seal in connection.execute(select(table).where(table.c.operation_id == operation_id).order_by(table.c.position)):
        last = seal.position
        key = secrets.seal_keys.get(seal.key_id)
        if hashes.get(seal.position) != seal.hash:
            yield Problem("seal_differs", f"position {seal.position}")
        elif not (key and head_is_signed(key, ancestry.ledger_at(seal.position), operation_id, seal.position, seal.hash,
                                         seal.signature)):  # fmt: skip
            yield Problem("signature_wrong", f"position {seal.position}")
    if last != position:
        yield Problem("seal_missing", f"position {position}")
    yield from (Problem("lineage_differs", f"position {each}") for each in ancestry.wrong_steps(secrets, hashes))


def _documents(connection: Connection, operation_id: bytes, again: Recomputed) -> Iterator[Problem]:
    table = FoldGroup.__table__.c
    columns = (table.group_id, table.document, table.open_cases, table.basis, table.origins)
    rows = connection.execute(select(*columns).where(table.operation_id == operation_id, table.document != b""))
    stored = {to_text(row.group_id): tuple(row)[1:] for row in rows}
    said = {gid: (dump_moves(document), document.open_cases,
                  *(dump_identity(document) if document.has_identity else (None, None)))
            for gid, document in again.documents.items() if not document.is_empty}  # fmt: skip
    yield from _differences("group_differs", stored, said)


def _standings(connection: Connection, operation_id: bytes, again: Recomputed) -> Iterator[Problem]:
    table = Standing.__table__.c
    columns = [table[name] for name in STANDING_COLUMNS]
    rows = connection.execute(select(*columns).where(table.operation_id == operation_id))
    stored = {to_text(row.record_id): tuple(row) for row in rows}
    said = {to_text(row[1]): row for gid, document in again.documents.items()
            for row in standing_rows(operation_id, gid, None, document)}  # fmt: skip
    yield from _differences("standing_differs", stored, said)


def _counters(connection: Connection, operation_id: bytes, again: Recomputed) -> Iterator[Problem]:
    counter, delta = Counter.__table__.c, Delta.__table__.c
    rows = connection.execute(select(counter.key, counter.n).where(counter.operation_id == operation_id))
    waiting = connection.execute(select(delta.counters).where(delta.operation_id == operation_id)).scalars()
    stored = merge_counters([{row.key: row.n for row in rows}, *(orjson.loads(each) for each in waiting)])
    said = merge_counters(document.all_counters(again.plan) for document in again.documents.values())
    yield from _differences("counter_differs", *({key: n for key, n in each.items() if n} for each in (stored, said)))


def _places(connection: Connection, operation_id: bytes, again: Recomputed) -> Iterator[Problem]:
    known = [(gid, document) for gid, document in again.documents.items() if document.has_identity]
    said = {to_text(row[1]): row[2:] for gid, document in known
            for make in (card_rows, household_rows) for row in make(operation_id, gid, document)}  # fmt: skip
    stored: dict[str, tuple[Any, ...]] = {}
    for table, names in ((Card.__table__, CARD_COLUMNS), (Household.__table__, HOUSEHOLD_COLUMNS)):
        rows = connection.execute(select(*(table.c[name] for name in names)).where(table.c.operation_id == operation_id))
        stored.update((to_text(row[1]), tuple(row)[2:]) for row in rows)
    # A card or household may have a row before any entry of it is kept (its first record was held): that says nothing.
    unknown = {each for each, row in stored.items() if each not in said and row[0] == to_bytes(each)}
    yield from _differences("place_differs", {each: row for each, row in stored.items() if each not in unknown}, said)


def _card_keys(connection: Connection, operation_id: bytes, _again: Recomputed) -> Iterator[Problem]:
    """Compare each card's key with what the entries that are not erased say of it."""
    card = Card.__table__.c
    rows = connection.execute(select(card.card_id, card.card_key).where(card.operation_id == operation_id))
    keys = {to_text(row.card_id): row.card_key.hex() for row in rows}
    for entry in stream_entries(connection, operation_id):
        if entry.card_id is None or entry.private is None:
            continue
        facts, private = orjson.loads(entry.facts), orjson.loads(entry.private)
        for name, target in CARD_FIELDS.items():
            if target in facts and keys.get(facts[target]) != private.get(name):
                yield Problem("card_key_differs", facts[target])


def _plans(connection: Connection, operation_id: bytes, _again: Recomputed) -> Iterator[Problem]:
    """Compare every stored plan with the digest that the ledger sealed for it."""
    table, entry = PlanVersion.__table__.c, Entry.__table__.c
    rows = connection.execute(select(table.version, table.body).where(table.operation_id == operation_id))
    bodies: dict[int, bytes] = {row.version: row.body for row in rows}
    sealed = connection.execute(
        select(entry.facts).where(entry.operation_id == operation_id, entry.kind == "plan_version")
    ).scalars()
    for facts in map(orjson.loads, sealed):
        body = bodies.get(facts["version"])
        if body is None or hashlib.sha256(body).hexdigest() != facts["digest"]:
            yield Problem("plan_differs", f"version {facts['version']}")


def _devices(connection: Connection, operation_id: bytes, _again: Recomputed) -> Iterator[Problem]:
    """Compare what each device's row says of its numbers with its entries."""
    table, entry = Enrolment.__table__.c, Entry.__table__.c
    columns = (table.enrolment_id, table.max_seq, table.seq_count)
    rows = connection.execute(select(*columns).where(table.operation_id == operation_id))
    counted = connection.execute(
        select(entry.enrolment_id, func.max(entry.seq), func.count(entry.seq.distinct()))
        .where(entry.operation_id == operation_id).group_by(entry.enrolment_id)
    )  # fmt: skip
    said = {to_text(row[0]): (row[1], row[2]) for row in counted}
    stored = {to_text(row[0]): (row[1], row[2]) for row in rows if row[1] or row[2]}
    yield from _differences("device_differs", stored, said)


def _feed(connection: Connection, operation_id: bytes, again: Recomputed) -> Iterator[Problem]:
    """Every group must be in the feed, or a phone would never hear of it; what the sealer still has is on its way."""
    feed, delta = Feed.__table__.c, Delta.__table__.c
    fed = set(connection.execute(select(feed.group_id).where(feed.operation_id == operation_id)).scalars())
    fed |= set(connection.execute(select(delta.group_id).where(delta.operation_id == operation_id)).scalars())
    for gid in sorted(again.documents.keys() - {to_text(each) for each in fed}):
        yield Problem("feed_lacks", gid)


def _citations(connection: Connection, operation_id: bytes, again: Recomputed) -> Iterator[Problem]:
    table = Citation.__table__.c
    rows = connection.execute(select(table.cited_id, table.decision_id).where(table.operation_id == operation_id))
    stored = {(to_text(row.cited_id), to_text(row.decision_id)) for row in rows}
    for cited, decision in sorted(stored ^ again.citations):
        yield Problem("citation_differs", f"{decision} cites {cited}")


def _differences(code: str, stored: dict[str, Any], said: dict[str, Any]) -> Iterator[Problem]:
    for key in sorted(stored.keys() | said.keys()):
        if stored.get(key) != said.get(key):
            yield Problem(code, key)


