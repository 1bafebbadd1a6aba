"""What went over the wire, also what a phone never heard: from it follows what the ledger must hold."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from relief.fleet.records import Record
from relief.fleet.transport import Answer


@dataclass(frozen=True, slots=True)
class Rights:
    """With what rights a device was enrolled. A desk has no sites and needs none."""

    kind: str = "phone"
    site_ids: tuple[str, ...] = ()
    site_lead: bool = False
    sensitive: bool = False

    @property
    def authority(self) -> str | list[str]:
        """As the fold reads it: desk, phone, or the sites that a lead leads (none = all)."""
        return "desk" if self.kind == "desk" else sorted(self.site_ids) if self.site_lead else "phone"


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request that was answered: who brought which records (with `mode`), the verdict on each, and the server's moment."""

    uploader: str
    records: tuple[Record, ...]
    verdicts: tuple[dict[str, Any], ...]
    server_time: int
    revoked: bool = False
    begun: int = 0  # how many exchanges were answered when this one began: those after may or may not have come first


@dataclass(slots=True)
class Reading:
    """What follows from the exchanges: sealed entries as the plain model takes them, held ids, and wrong answers."""

    entries: list[dict] = field(default_factory=list)
    held: set[str] = field(default_factory=set)
    refusals: dict[str, list[str]] = field(default_factory=dict)  # record id -> the codes that the phone was told
    wrong_answers: list[tuple[str, str, str]] = field(default_factory=list)  # record id, verdict given, verdict expected


@dataclass
class Book:
    """All exchanges in the order in which they were answered; `rights` and `labels` by enrolment."""

    rights: dict[str, Rights] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    revoked: set[str] = field(default_factory=set)
    broken: set[str] = field(default_factory=set)  # ids of records that no server can understand
    exchanges: list[Exchange] = field(default_factory=list)
    settled: int = 0

    def __post_init__(self) -> None:
        self._lock = threading.Lock()

    def hear(self, uploader: str, body: dict[str, Any] | None, answer: Answer, begun: int = 0) -> None:
        """Take down a phone's request and what the server answered."""
        if answer.status != 200 or not body or not body.get("records") or "verdicts" not in answer.body:
            return  # nothing was settled, or only a hello
        verdicts = answer.body["verdicts"]
        self.note(Exchange(uploader, tuple(body["records"]), tuple(verdicts), answer.body["server_time"],
                           uploader in self.revoked, begun))  # fmt: skip

    def note(self, exchange: Exchange) -> None:
        """Take down one exchange."""
        with self._lock:
            self.exchanges.append(exchange)
            self.settled += len(exchange.records)


def read_book(book: Book, exchanges: Iterable[Exchange] | None = None) -> Reading:
    """Return what the ledger must hold after the exchanges, and which verdicts cannot be right."""
    reading = Reading()
    contents: dict[str, Record] = {}
    given: set[str] = set()
    entries: dict[tuple[str, str], dict] = {}
    for exchange in book.exchanges if exchanges is None else exchanges:
        for record, verdict in zip(exchange.records, exchange.verdicts, strict=True):
            content = {key: value for key, value in record.items() if key != "mode"}
            told = verdict["verdict"]
            expected = _expected(record, contents.get(record["id"]), content, given, exchange, book)
            if verdict.get("id") != record["id"] or told not in expected:
                reading.wrong_answers.append((record["id"], told, " or ".join(expected)))
            if told == "held":
                reading.held.add(record["id"])
                continue
            entry = {"id": record["id"], "step": "given", "record": content,
                     "authority": book.rights[record["enrolment"]].authority}  # fmt: skip
            if record.get("mode") == "ask" and told != "already_there":
                answer = "granted" if verdict.get("mode") == "granted" else "refused"
                entry |= {"step": "answer", "answer": answer, "server_time": exchange.server_time}
                if answer == "refused" and (record["id"], "answer") not in entries:
                    reading.refusals[record["id"]] = verdict["codes"]
            else:
                given.add(record["id"])
            contents.setdefault(record["id"], content)
            entries.setdefault((entry["id"], entry["step"]), entry)
    reading.entries = list(entries.values())
    return reading


def _expected(record: Record, stored: Record | None, content: Record, given: set[str], exchange: Exchange,
              book: Book) -> tuple[str, ...]:  # fmt: skip
    """Return the verdicts that would be right, as far as nobody needs to judge for it."""
    same = stored is None or stored == content
    if record["id"] in given and same:
        return ("already_there",)
    if record["id"] in book.broken or exchange.revoked or not same:
        return ("held",)
    if record.get("mode") == "ask":
        return ("accepted", "refused")
    return ("accepted", "flagged")
