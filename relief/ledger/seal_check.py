"""Signed heads against the chain: every seal in its order, the head where the chain ends, and heads that others were told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from heapq import merge
from typing import Any

from sqlalchemy import Connection, select

from relief.ledger.chain import head_is_signed
from relief.ledger.chain_check import ROWS_AT_ONCE
from relief.ledger.keys import Keys
from relief.ledger.lineage import Ancestry
from relief.ledger.models import Seal
from relief.ledger.problems import GivenUp, Problem, Verified
from relief.settings import Secrets

MARKED_COLUMNS = ("operation_id", "position", "hash", "sealed_at", "key_id", "signature", "ledger_id", "predecessor",
                  "held_number")  # fmt: skip


@dataclass(frozen=True, slots=True)
class ToldHead:
    """A head that this server once signed, as somebody outside the database keeps it: `kept_by` says who."""

    ledger_id: bytes
    position: int
    hash: bytes
    kept_by: str


class SealCheck:
    """Meets seals and told heads one by one, with the chain's own hash at their position."""

    def __init__(self, connection: Connection, operation_id: bytes, secrets: Secrets, result: Verified,
                 head: Any, told: Iterable[ToldHead]) -> None:  # fmt: skip
        self.connection, self.operation_id, self.result = connection, operation_id, result
        self.keys = {each.key_id: each for each in Keys.each_of(secrets)}
        self.head = head
        self.ancestry = Ancestry(connection, operation_id, head.ledger_id if head else None)
        self.told = [each for each in told if each.position and self.ancestry.covers(each.ledger_id, each.position)]
        self._step_hashes: dict[int, bytes] = {}
        self.last: Any = None

    def watched(self) -> Iterator[tuple[int, Any]]:
        """Yield (position, seal or told head or the position where a ledger was restored), in order of position."""
        told = ((each.position, each) for each in sorted(self.told, key=lambda each: each.position))
        steps = ((row.position, row.position) for row in sorted(self.ancestry.stored.values(), key=lambda row: row.position))
        return merge(self._seals(), told, steps, key=lambda pair: pair[0])

    def _seals(self) -> Iterator[tuple[int, Any]]:
        table = Seal.__table__
        statement = select(table).where(table.c.operation_id == self.operation_id).order_by(table.c.position)
        for row in self.connection.execute(statement.execution_options(yield_per=ROWS_AT_ONCE)):
            if type(row.position) is int:  # any other is named by its type, and missed here
                yield row.position, row

    def meet(self, met: Any, digest: bytes | None) -> None:
        """Compare a seal or a told head with the hash that the chain has at its position (None: no such position)."""
        if isinstance(met, int):
            if digest is not None:
                self._step_hashes[met] = digest
            return
        self.result.note(self._told(met, digest) if isinstance(met, ToldHead) else self._seal(met, digest))

    def _told(self, head: ToldHead, digest: bytes | None) -> Iterator[Problem]:
        if digest != head.hash:
            yield Problem("cut_back", f"position {head.position}, known to {head.kept_by}", head.position)

    def _seal(self, seal: Any, digest: bytes | None) -> Iterator[Problem]:
        where = f"position {seal.position}"
        before = self.last.position if self.last is not None else 0
        if digest != seal.hash:
            yield Problem("seal_differs", where, seal.position)
        elif not self._marked(seal):
            yield Problem("seal_changed" if self._signed(seal) else "signature_wrong", where, seal.position)
        elif seal.predecessor != before:
            yield Problem("seal_missing", f"position {seal.predecessor}", seal.predecessor)
        elif seal.ledger_id != self.ancestry.ledger_at(seal.position):
            yield Problem("ledger_differs", where, seal.position)
        self.last = seal

    def _marked(self, seal: Any) -> bool:
        keys = self.keys.get(seal.key_id)
        return keys is not None and keys.marker.seal({name: getattr(seal, name) for name in MARKED_COLUMNS}) == seal.mark

    def _signed(self, seal: Any) -> bool:
        keys = self.keys.get(seal.key_id)
        return keys is not None and head_is_signed(keys.seal_key, seal.ledger_id or bytes(16), self.operation_id, seal.position,
                                                   seal.hash, seal.signature)  # fmt: skip

    def finish(self, last_hash: bytes) -> None:
        """Compare the head with where chain and seals end, and the held records with what was signed of them."""
        self.result.note(self._end(last_hash))
        wrong = [*self.ancestry.wrong_steps(self.keys, self._step_hashes)]
        self.result.note(Problem("lineage_differs", f"position {each}", each) for each in wrong)
        self.result.given_up = [GivenUp(step.position, step.known_position, step.began_at)
                                for step in self.ancestry.steps if step.known_position is not None and not wrong]  # fmt: skip

    def _end(self, last_hash: bytes) -> Iterator[Problem]:
        head, position, last = self.head, self.result.position, self.last
        if (head.position, head.hash) != (position, last_hash) if head else position:
            yield Problem("head_differs", f"head at {head.position if head else 0}, entries end at {position}", position)
        elif head and last is not None and head.sealed_at != last.sealed_at:
            yield Problem("head_differs", f"head at {head.position}: its moment", position)
        if (last.position if last is not None else 0) != position:
            yield Problem("seal_missing", f"position {position}", position)
        elif last is not None and not self._signed(last):  # its mark was looked at; of the last the signature itself is too
            yield Problem("signature_wrong", f"position {position}", position)
        if last is not None and (last.held_number or 0) > self.result.held:
            yield Problem("held_missing", f"held {self.result.held + 1} to {last.held_number}")
