"""Sealing: gap-free positions, the chain, the counters and the feed, all of one moment.

On SQLite the batch seals itself in its own commit. On PostgreSQL a batch leaves its entries without position and its
deltas beside them; one sealer per operation, under an advisory lock, takes what one snapshot shows. So counters, cursor,
as-of, ETag and head are always exactly those of the sealed position.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import NamedTuple

import orjson
from sqlalchemy import Connection

from relief.kernel.ids import random_id, to_bytes
from relief.ledger.chain import START, entry_hash, part_digest, sign_head
from relief.ledger.devices import advisory_key
from relief.ledger.holding import last_held
from relief.ledger.keys import Keys
from relief.ledger.marks import Marker
from relief.ledger.models import Counter, Entry, Feed, Head, Seal
from relief.ledger.sets import insert_rows, replace_rows
from relief.statements import change, fetch

SEALER_SALT = 0x5EA1


@dataclass(slots=True)
class NewEntry:
    """One entry to be stored, in the columns of the table."""

    id: bytes
    step: str
    kind: str
    enrolment_id: bytes
    seq: int
    session_id: bytes
    card_id: bytes | None
    household_id: bytes | None
    target_id: bytes | None
    verdict: str
    facts: bytes
    facts_salt: bytes
    private: bytes | None
    private_salt: bytes | None
    private_digest: bytes


_COLUMNS = tuple(field.name for field in fields(NewEntry))
_values = attrgetter(*_COLUMNS)


def insert_entries(connection: Connection, operation_id: bytes, uploader: bytes, entries: Sequence[NewEntry], now: int,
                   marker: Marker, sealed: Sequence[tuple[int, bytes]] | None = None) -> None:  # fmt: skip
    """Store entries with their marks, and with (position, hash) where they are sealed at once."""
    values = [
        (operation_id, now, uploader,
         marker.entry(now, uploader, entry.id, entry.step, entry.verdict, entry.facts, entry.private_digest), *_values(entry))
        for entry in entries
    ]  # fmt: skip
    if sealed:
        values = [(*row, *end) for row, end in zip(values, sealed, strict=True)]
    columns = ("operation_id", "received_at", "uploaded_by", "mark", *_COLUMNS, *(("position", "hash") if sealed else ()))
    insert_rows(connection, Entry, columns, values)


class ChainEnd(NamedTuple):
    """Where an operation's chain stands."""

    ledger_id: bytes
    position: int
    hash: bytes
    sealed_at: int


def find_head(connection: Connection, operation_id: bytes) -> ChainEnd | None:
    """Return the end of an operation's chain, or None before its first entry."""
    found = fetch(connection, "SELECT ledger_id, position, hash, sealed_at FROM head WHERE operation_id = ?", operation_id)
    return ChainEnd(*found[0]) if found else None


def seal_batch(connection: Connection, operation_id: bytes, uploader: bytes, entries: Sequence[NewEntry],
               deltas: Iterable[tuple[str, dict[str, int]]], keys: Keys, now: int) -> None:  # fmt: skip
    """Store and seal a batch in one go (SQLite: the writer is the sealer)."""
    if not entries:
        return
    head = find_head(connection, operation_id)
    position, previous = (head.position, head.hash) if head else (0, START)
    sealed = []
    for entry in entries:
        position += 1
        facts = part_digest(entry.facts_salt, entry.facts)
        previous = entry_hash(previous, position, entry.id, entry.step, entry.kind, facts, entry.private_digest)
        sealed.append((position, previous))
    insert_entries(connection, operation_id, uploader, entries, now, keys.marker, sealed)
    sums: dict[str, int] = {}
    groups = []
    for gid, counters in deltas:
        groups.append(to_bytes(gid))
        for name, number in counters.items():
            sums[name] = sums.get(name, 0) + number
    _move_head(connection, operation_id, position, previous, sums, groups, keys, now, head)


def _move_head(connection: Connection, operation_id: bytes, position: int, digest: bytes, sums: dict[str, int],
               groups: Iterable[bytes], keys: Keys, now: int, head: ChainEnd | None) -> None:  # fmt: skip
    ledger_id = head.ledger_id if head else random_id()
    replace_rows(connection, Head, ("operation_id", "ledger_id", "position", "hash", "sealed_at"),
                 [(operation_id, ledger_id, position, digest, now)])  # fmt: skip
    insert_rows(connection, Counter, ("operation_id", "key", "n"),
                [(operation_id, name, number) for name, number in sorted(sums.items()) if number],
                "(operation_id, key) DO UPDATE SET n = counter.n + excluded.n")  # fmt: skip
    replace_rows(connection, Feed, ("operation_id", "group_id", "position"),
                 [(operation_id, each, position) for each in sorted(set(groups))])  # fmt: skip
    _write_seal(connection, operation_id, (ledger_id, position, digest), keys, now, head.position if head else 0)


def _write_seal(connection: Connection, operation_id: bytes, head: tuple[bytes, int, bytes], keys: Keys, now: int,
                predecessor: int) -> None:  # fmt: skip
    ledger_id, position, digest = head
    seal: dict[str, bytes | int | str | None] = {
        "operation_id": operation_id, "position": position, "hash": digest, "sealed_at": now, "key_id": keys.key_id,
        "signature": sign_head(keys.seal_key, ledger_id, operation_id, position, digest), "ledger_id": ledger_id,
        "predecessor": predecessor, "held_number": last_held(connection, operation_id)[0],
    }  # fmt: skip
    seal["mark"] = keys.marker.seal(seal)
    insert_rows(connection, Seal, tuple(seal), [tuple(seal.values())])


def seal_waiting(connection: Connection, operation_id: bytes, keys: Keys, now: int) -> int:
    """Seal what one snapshot shows (PostgreSQL, REPEATABLE READ); return how many entries. Another sealer at work: 0."""
    [(locked,)] = fetch(connection, "SELECT pg_try_advisory_xact_lock(?::bigint)", advisory_key(operation_id, SEALER_SALT))
    if not locked:
        return 0
    waiting = fetch(connection, "SELECT id, step, kind, facts, facts_salt, private_digest FROM entry WHERE operation_id = ? "
                    "AND position IS NULL ORDER BY received_at, enrolment_id, seq, id, step", operation_id)  # fmt: skip
    if not waiting:
        return 0
    head = find_head(connection, operation_id)
    position, previous = (head.position, head.hash) if head else (0, START)
    sealed = []
    for entry_id, step, kind, facts, salt, private_digest in waiting:
        position += 1
        previous = entry_hash(previous, position, entry_id, step, kind, part_digest(salt, facts), private_digest)
        sealed.append((entry_id, step, position, previous))
    _write_positions(connection, operation_id, sealed)
    sums, groups = _take_deltas(connection, operation_id)
    _move_head(connection, operation_id, position, previous, sums, groups, keys, now, head)
    return len(sealed)


def _write_positions(connection: Connection, operation_id: bytes, sealed: Sequence[tuple[bytes, str, int, bytes]]) -> None:
    ids, steps, positions, hashes = (list(column) for column in zip(*sealed, strict=True))
    connection.exec_driver_sql(
        "UPDATE entry SET position = new.position, hash = new.hash "
        "FROM unnest(%b::bytea[], %b::text[], %b::bigint[], %b::bytea[]) AS new (id, step, position, hash) "
        "WHERE entry.operation_id = %s AND entry.id = new.id AND entry.step = new.step",
        (ids, steps, positions, hashes, operation_id),
    )


def _take_deltas(connection: Connection, operation_id: bytes) -> tuple[dict[str, int], list[bytes]]:
    deltas = fetch(connection, "SELECT delta_id, group_id, counters FROM delta WHERE operation_id = ?", operation_id)
    sums: dict[str, int] = {}
    for _delta_id, _group_id, counters in deltas:
        for name, number in orjson.loads(counters).items():
            sums[name] = sums.get(name, 0) + number
    ids = [delta_id for delta_id, _group_id, _counters in deltas]
    change(connection, "DELETE FROM delta WHERE operation_id = ? AND delta_id = ANY(?)", operation_id, ids)
    return sums, [group_id for _delta_id, group_id, _counters in deltas]
