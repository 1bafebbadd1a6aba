"""A restored ledger: a new id that names its parent and how far it covers it, so that phones resend what it lacks.

Entries keep their positions and hashes. Heads up to the parent's last position are signed under the parent's id, later ones
under the new id; so a parent that was invented would not fit the signatures that are there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select, update

from relief.kernel.ids import random_id
from relief.ledger.chain import head_is_signed, sign_head
from relief.ledger.keys import Keys
from relief.ledger.models import Head, Lineage
from relief.ledger.sets import insert_rows

MARKED_COLUMNS = ("operation_id", "ledger_id", "parent_id", "position", "hash", "began_at", "key_id", "signature",
                  "known_position")  # fmt: skip


@dataclass(frozen=True, slots=True)
class NewLedger:
    """One operation's ledger after a restore: its new id, the parent as far as it is covered, and as far as it is known."""

    operation_id: bytes
    ledger_id: bytes
    parent_id: bytes
    position: int
    known_position: int | None = None


def start_new_ledgers(connection: Connection, keys: Keys, now: int, known: Mapping[bytes, int]) -> list[NewLedger]:
    """Give every operation's chain a new ledger id, from where it ends; an operation without entries has none yet.

    `known` says, by operation, how far its ledger is known to have come where that is further than it reaches now.
    """
    heads = connection.execute(select(Head.__table__).order_by(Head.__table__.c.operation_id)).all()
    return [_start(connection, head, keys, now, known.get(bytes(head.operation_id))) for head in heads]


def _start(connection: Connection, head: Any, keys: Keys, now: int, known: int | None) -> NewLedger:
    fresh = random_id()
    signature = sign_head(keys.seal_key, fresh, head.operation_id, head.position, head.hash)
    row = (head.operation_id, fresh, head.ledger_id, head.position, head.hash, now, keys.key_id, signature, known)
    mark = keys.marker.lineage(dict(zip(MARKED_COLUMNS, row, strict=True)))
    insert_rows(connection, Lineage, (*MARKED_COLUMNS, "mark"), [(*row, mark)])
    connection.execute(update(Head).where(Head.operation_id == head.operation_id).values(ledger_id=fresh))
    return NewLedger(bytes(head.operation_id), fresh, bytes(head.ledger_id), head.position, known)


class Ancestry:
    """The ledgers that one chain was sealed under, oldest first."""

    def __init__(self, connection: Connection, operation_id: bytes, ledger_id: bytes | None) -> None:
        table = Lineage.__table__
        rows = connection.execute(select(table).where(table.c.operation_id == operation_id)).all()
        self.operation_id, self.ledger_id = operation_id, ledger_id
        self.stored = {bytes(row.ledger_id): row for row in rows}
        self.steps: list[Any] = []
        while ledger_id in self.stored and len(self.steps) < len(self.stored):
            self.steps.insert(0, self.stored[ledger_id])
            ledger_id = bytes(self.steps[0].parent_id)

    def ledger_at(self, position: int) -> bytes:
        """Return the id under which the head at `position` was signed."""
        return next((bytes(step.parent_id) for step in self.steps if position <= step.position), self.ledger_id or bytes(16))

    def covers(self, ledger_id: bytes, position: int) -> bool:
        """Tell whether what `ledger_id` held at `position` ought to be here: a restore may have left a parent's end out."""
        if ledger_id == self.ledger_id:
            return True
        return any(step.parent_id == ledger_id and position <= step.position for step in self.steps)

    def knows(self, ledger_id: bytes) -> bool:
        """Tell whether the chain was ever sealed under `ledger_id`."""
        return ledger_id == self.ledger_id or any(step.parent_id == ledger_id for step in self.steps)

    def wrong_steps(self, keys: Mapping[str, Keys], hashes: dict[int, bytes]) -> Iterator[int]:
        """Yield the positions of steps that no key of ours signed or marked, that name another head, or that lead nowhere."""
        for row in self.stored.values():
            if not _is_ours(row, keys.get(row.key_id)) or hashes.get(row.position) != row.hash or row not in self.steps:
                yield row.position


def _is_ours(row: Any, keys: Keys | None) -> bool:
    if keys is None or not head_is_signed(keys.seal_key, row.ledger_id, row.operation_id, row.position, row.hash, row.signature):
        return False
    return keys.marker.lineage({name: getattr(row, name) for name in MARKED_COLUMNS}) == row.mark
