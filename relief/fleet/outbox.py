"""What the phone has made and the server has not yet settled. Nothing leaves it but by the record's own id in an answer."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from relief.fleet.records import Record

SETTLING = frozenset(("accepted", "already_there", "flagged", "refused"))


@dataclass(frozen=True, slots=True)
class Verdict:
    """The server's answer to one record."""

    id: str
    verdict: str
    codes: tuple[str, ...] = ()
    mode: str | None = None
    detail: Any = None


@dataclass
class Outbox:
    """Records in the order they were made. `held` is the shelf of those the server could not take; never emptied here."""

    waiting: dict[str, Record] = field(default_factory=dict)
    settled: dict[str, Verdict] = field(default_factory=dict)
    held: dict[str, tuple[Record, Verdict]] = field(default_factory=dict)
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

    def settle(self, verdicts: Sequence[Verdict]) -> list[Verdict]:
        """Take the verdicts on records that wait here, return them; strangers' ids settle nothing."""
        mine = {verdict.id: verdict for verdict in reversed(verdicts) if verdict.id in self.waiting}  # of two the first counts
        for verdict in mine.values():
            if verdict.verdict in SETTLING:
                del self.waiting[verdict.id]
                self.settled[verdict.id] = verdict
            elif verdict.verdict == "held":
                self.held[verdict.id] = (self.waiting.pop(verdict.id), verdict)
        return list(mine.values())

    def counts(self, batch: Sequence[Record] = ()) -> dict[str, int]:
        """Return what the phone tells about itself beside a batch: `waiting` is what waits beyond it."""
        sent = sum(record["id"] in self.waiting for record in batch)
        return {"made": self.made, "waiting": len(self.waiting) - sent, "held": len(self.held)}


def read_verdicts(body: dict[str, Any]) -> list[Verdict]:
    """Return the verdicts of a sync answer; what is not shaped like one is passed over."""
    rows = body.get("verdicts")
    return [
        Verdict(row["id"], row["verdict"], tuple(row.get("codes", ())), row.get("mode"), row.get("detail"))
        for row in (rows if isinstance(rows, list) else [])
        if isinstance(row, dict) and isinstance(row.get("id"), str) and isinstance(row.get("verdict"), str)
    ]
