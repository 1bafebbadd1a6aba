"""Marks: keyed digests over what the chain's hash leaves out, made with a key that is not in the database.

An entry's hash says nothing of when it came, who handed it in and what the device was told; held records and seals are not in
the chain at all. Each such row carries a mark that only this installation can make, so a change is found at the very row, even
where somebody wrote the whole chain anew, and also in what PostgreSQL's sealer has not reached yet. Marks need no running
state, so a batch makes its own: one BLAKE2b an entry, under a microsecond and a half.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import orjson

MARK_BYTES = 16
NO_LINK = bytes(MARK_BYTES)
ORDER_COLUMNS = ("operation_id", "subject_id", "erasure_id", "reason", "asked_at", "asked_by", "done_at")


class Marker:
    """Makes the marks of one seal key (32 bytes)."""

    def __init__(self, seal_key: bytes) -> None:
        self._entry = blake2b(key=seal_key, digest_size=MARK_BYTES, person=b"relief entry")
        self._held = blake2b(key=seal_key, digest_size=MARK_BYTES, person=b"relief held")
        self._seal = blake2b(key=seal_key, digest_size=MARK_BYTES, person=b"relief seal")
        self._lineage = blake2b(key=seal_key, digest_size=MARK_BYTES, person=b"relief lineage")
        self._device = blake2b(key=seal_key, digest_size=MARK_BYTES, person=b"relief device")

    def entry(self, received_at: int, uploaded_by: bytes, entry_id: bytes, step: str, verdict: str, facts: bytes,
              private_digest: bytes) -> bytes:  # fmt: skip
        """Return the mark of an entry; it covers its content too, for what is not sealed yet."""
        digest = self._entry.copy()
        told = f"{received_at} {step} {verdict}\0"
        digest.update(uploaded_by + entry_id + private_digest + told.encode() + facts)
        return digest.digest()

    def held(self, before: bytes, number: int, fields: dict[str, bytes | int | str | None]) -> bytes:
        """Return the link of the held record `number` (from 1): it contains the link `before`, so that none can be missing."""
        return _digest(self._held, before, number, fields)

    def seal(self, fields: dict[str, bytes | int | str | None]) -> bytes:
        """Return the mark of a seal."""
        return _digest(self._seal, b"", 0, fields)

    def lineage(self, fields: dict[str, bytes | int | str | None]) -> bytes:
        """Return the mark of where a restored ledger began."""
        return _digest(self._lineage, b"", 0, fields)

    def device(self, fields: dict[str, bytes | int | str | None]) -> bytes:
        """Return the mark of what a device is and may do."""
        return _digest(self._device, b"", 0, fields)


@dataclass(frozen=True, slots=True)
class OrderMarks:
    """Makes the marks of orders to erase (values of ORDER_COLUMNS) under the newest key, and knows those of every key."""

    newest_first: Sequence[blake2b]

    @classmethod
    def of(cls, seal_keys: Mapping[str, bytes]) -> OrderMarks:
        return cls([blake2b(key=key, digest_size=MARK_BYTES, person=b"relief erasure") for key in seal_keys.values()])

    def make(self, order: Sequence[Any]) -> bytes:
        return _order_mark(self.newest_first[0], order)

    def know(self, order: Sequence[Any], mark: Any) -> bool:
        """Tell whether a mark is ours: nobody else can make one, so neither the order nor its end was invented."""
        try:
            return any(_order_mark(base, order) == mark for base in self.newest_first)
        except TypeError:  # a value of a kind that no row of ours holds
            return False


def _order_mark(base: blake2b, order: Sequence[Any]) -> bytes:
    return _digest(base, b"", 0, dict(zip(ORDER_COLUMNS, order, strict=True)))


def _digest(base: blake2b, before: bytes, number: int, fields: dict[str, bytes | int | str | None]) -> bytes:
    digest = base.copy()
    plain = {name: value.hex() if isinstance(value, bytes) else value for name, value in fields.items()}
    digest.update(before + orjson.dumps([number, plain], option=orjson.OPT_SORT_KEYS))
    return digest.digest()
