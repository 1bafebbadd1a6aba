"""A phone in the field: its batches come cut, turned and twice, its network fails, its clock jumps, its memory is old."""

from __future__ import annotations

import copy
import json
import random
from collections import Counter
from collections.abc import Sequence
from typing import Any

from relief.fleet.outbox import Outbox
from relief.fleet.phone import HeadlessPhone, PhoneTrouble
from relief.fleet.phone_clock import PhoneClock
from relief.fleet.records import Record
from relief.fleet.simulation.book import Book
from relief.fleet.transport import Answer, NoAnswer

LONGEST_PAUSE_SECONDS = 0.05


class RoughOutbox(Outbox):
    """Sends what waits in whatever cut and order chance gives; some records twice in one batch. `met` counts that."""

    chance: random.Random
    met: Counter[str]
    smooth = False

    def batch(self, most_records: int, most_bytes: int) -> list[Record]:
        if self.smooth or len(self.waiting) < 2:
            return super().batch(most_records, most_bytes)
        records = super().batch(most_records, most_bytes)
        if self.chance.random() < 0.4:
            self.chance.shuffle(records)
            self.met["turned_batches"] += 1
        if self.chance.random() < 0.3:
            records = records[: self.chance.randint(1, len(records))]
            self.met["cut_batches"] += 1
        if self.chance.random() < 0.1:
            records.append(self.chance.choice(records))
            self.met["doubled_batches"] += 1
        return records

    def send_last(self, record_id: str) -> None:
        """Move a waiting record behind all others."""
        self.waiting[record_id] = self.waiting.pop(record_id)

    def counts(self, batch: Sequence[Record] = ()) -> dict[str, int]:
        return super().counts(list({record["id"]: record for record in batch}.values()))


class RoughPhone(HeadlessPhone):
    """A headless phone whose troubles are its own chance's, counted in `met`. `revoked` once the server said so."""

    def __init__(self, base_url: str, clock: PhoneClock, chance: random.Random, book: Book, label: str, pause: Any) -> None:
        super().__init__(base_url, clock, chance, lambda seconds: pause(min(seconds, LONGEST_PAUSE_SECONDS)), label)
        self.met: Counter[str] = Counter()
        self.outbox = self.rough = RoughOutbox()
        self.rough.met = self.met
        self.rough.chance = random.Random(f"outbox {label} {chance.random()}")
        self.book = book
        self.revoked = False
        self.failed = 0
        self._begun = 0
        self._copy: dict[str, Any] | None = None

    def enrol(self, code: str) -> None:
        super().enrol(code)
        self.transport.overheard = self._overheard

    @property
    def enrolment(self) -> str:
        return self.maker.enrolment

    def _overheard(self, body: dict[str, Any] | None, answer: Answer) -> None:
        self.book.hear(self.enrolment, body, answer, self._begun)

    def _post_sync(self, records: list[Record]) -> Answer:
        self._begun = len(self.book.exchanges)
        return super()._post_sync(records)

    def try_sync(self) -> bool:
        """Send what waits; where that fails everything stays for the next time."""
        try:
            self.sync()
        except (NoAnswer, PhoneTrouble):
            self.failed += 1
            return False
        return True

    def try_register(self) -> bool:
        """Fetch the register's changes; a revoked phone gets none."""
        try:
            self.register()
        except NoAnswer:
            return False
        except PhoneTrouble as trouble:
            self.revoked = trouble.answer.status == 401
            return False
        return True

    def send_again(self, count: int) -> None:
        """Send some records that are settled already: a phone that lost the answer's mark."""
        again = [self.own[each] for each in list(self.outbox.settled) if each in self.own]
        if again:
            chosen = self.chance.sample(again, min(count, len(again)))
            self.met["records_sent_again"] += len(chosen)
            try:
                self._post_sync(chosen)
            except NoAnswer:
                self.failed += 1

    def keep_copy(self) -> None:
        """Keep a copy of the whole memory, as a backup of the phone does."""
        self._copy = copy.deepcopy({"outbox": (self.outbox.waiting, self.outbox.settled, self.outbox.held, self.outbox.made),
                                    "own": self.own, "seq": self.maker.seq, "view": self.view})  # fmt: skip

    def restore_copy(self) -> None:
        """Go back to the copy: settled records wait again, and numbers are used a second time."""
        if self._copy is None:
            return
        self.met["old_copies_restored"] += 1
        kept = copy.deepcopy(self._copy)
        self.outbox.waiting, self.outbox.settled, self.outbox.held, self.outbox.made = kept["outbox"]
        self.own, self.maker.seq, self.view = kept["own"], kept["seq"], kept["view"]
        self.restart()

    def read_rows(self) -> tuple[dict[str, str], dict[str, str]]:
        """Return the register by changes and the register asked for at once, each row as text by card."""
        self.register()
        answer = self.transport.call("GET", "/api/v1/register")
        whole = {row["card"]: row for row in answer.body["cards"]}
        return tuple({card: json.dumps(row, sort_keys=True) for card, row in rows.items() if row["state"] != "elsewhere"}
                     for rows in (self.view.rows, whole))  # type: ignore[return-value]  # fmt: skip
