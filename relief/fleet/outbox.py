"""What the phone has made and the server has not yet settled. Nothing leaves it but by the record's own id in an answer."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from relief.fleet.records import Record

SETTLING = frozenset(("accepted", "already_there", "flagged", "refused"))
KEPT_SECONDS = 14 * 86_400
NO_LEDGER = "00000000-0000-0000-0000-000000000000"  # what an operation says before its first entry is sealed


@dataclass(frozen=True, slots=True)
class Verdict:
    """The server's answer to one record."""

    id: str
    verdict: str
    codes: tuple[str, ...] = ()
    mode: str | None = None
    detail: Any = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """A record as it was sent; under which ledger, at which sealed position and when (server's UTC seconds) it was answered."""

    record: Record
    ledger_id: str
    position: int
    moment: int


@dataclass
class Outbox:
    """Records in the order they were made. `held` is the shelf of those the server could not take; only a restore empties it.

    `receipts` keep for 14 days what was sent, so that a server restored from a backup can be given again what it lacks.
    """

    waiting: dict[str, Record] = field(default_factory=dict)
    settled: dict[str, Verdict] = field(default_factory=dict)
    held: dict[str, tuple[Record, Verdict]] = field(default_factory=dict)
    receipts: dict[str, Receipt] = field(default_factory=dict)
    ledger_id: str | None = None
    made: int = 0

    def put(self, record: Record, mode: str = "tell") -> None:
        """Keep a record until it is settled; the tell of a granted ask takes the ask's place."""
        self.made += record["id"] not in self.waiting and record["id"] not in self.settled
        self.waiting[record["id"]] = record if mode == "tell" else {**record, "mode": mode}

    def batch(self, most_records: int, most_bytes: int) -> list[Record]:
        """Return the oldest waiting records that fit one request; always at least one when any waits."""
        chosen: list[Record] = []
        size = 0
        for record in self.waiting.values():
            size += len(json.dumps(record, ensure_ascii=False).encode()) + 1
            if chosen and (len(chosen) >= most_records or size > most_bytes):
                break
            chosen.append(record)
        return chosen

    def settle(self, verdicts: Sequence[Verdict], ledger: dict[str, Any] | None = None, moment: int = 0) -> list[Verdict]:
        """Take the verdicts on records that wait here, return them; strangers' ids settle nothing.

        `ledger` and `moment` are what the answer says of its ledger (id, position) and of the server's time.
        """
        mine = {verdict.id: verdict for verdict in reversed(verdicts) if verdict.id in self.waiting}  # of two the first counts
        head = ledger or {}
        for verdict in mine.values():
            self.receipts[verdict.id] = Receipt(self.waiting[verdict.id], head.get("id", NO_LEDGER), head.get("position", 0),
                                                moment)  # fmt: skip
            if verdict.verdict in SETTLING:
                del self.waiting[verdict.id]
                self.settled[verdict.id] = verdict
            elif verdict.verdict == "held":
                self.held[verdict.id] = (self.waiting.pop(verdict.id), verdict)
        return list(mine.values())

    def meet(self, ledger: dict[str, Any], moment: int) -> list[Record]:
        """Notice which ledger answers; after a restore put back what its parent does not cover, and return those records.

        What may not be given (a refused ask) is not told again. The record of an ask still open is asked again.
        """
        before, self.ledger_id = self.ledger_id, ledger["id"]
        parent = ledger.get("parent")
        if before in (None, ledger["id"]) or (before == NO_LEDGER and parent is None):
            return []
        again = [each for each, receipt in self.receipts.items()
                 if receipt.moment > moment - KEPT_SECONDS and not _covered(receipt, ledger["id"], parent)
                 and each not in self.waiting and not self._refused(each)]  # fmt: skip
        back = {each: self.receipts[each].record for each in again}
        self.waiting = {**back, **self.waiting}  # the older first
        for each in again:
            self.settled.pop(each, None)
            self.held.pop(each, None)
        return list(back.values())

    def _refused(self, record_id: str) -> bool:
        return record_id in self.settled and self.settled[record_id].verdict == "refused"

    def counts(self, batch: Sequence[Record] = ()) -> dict[str, int]:
        """Return what the phone tells about itself beside a batch: `waiting` is what waits beyond it."""
        sent = sum(record["id"] in self.waiting for record in batch)
        return {"made": self.made, "waiting": len(self.waiting) - sent, "held": len(self.held)}


def _covered(receipt: Receipt, ledger_id: str, parent: dict[str, Any] | None) -> bool:
    """Tell whether the restored ledger surely has a record: it was answered by this one, or before the parent's last position."""
    if receipt.ledger_id == ledger_id:
        return True
    return parent is not None and receipt.ledger_id == parent["id"] and receipt.position < parent["position"]


def read_verdicts(body: dict[str, Any]) -> list[Verdict]:
    """Return the verdicts of a sync answer; what is not shaped like one is passed over."""
    rows = body.get("verdicts")
    return [
        Verdict(row["id"], row["verdict"], tuple(row.get("codes", ())), row.get("mode"), row.get("detail"))
        for row in (rows if isinstance(rows, list) else [])
        if isinstance(row, dict) and isinstance(row.get("id"), str) and isinstance(row.get("verdict"), str)
    ]
