"""Phones under load: each hands in batch after batch, and one that got no answer again until it has one.

What they are told is checked on the way: a batch handed in again is there as a whole or not at all, and what was
acknowledged stays so.
"""

from __future__ import annotations

import json
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from typing import Any

from sqlalchemy import func, select

from relief.db import db
from relief.kernel.ids import to_bytes
from relief.ledger.models import Entry
from tests.ledger.crowd import phones, problems
from tests.ledger.field import Field, Phone
from tests.model.plan import id_of

FAMILIES = [f"f{number}" for number in range(12)]
SOON_SECONDS = 0.02
ANSWER_SECONDS = 20
SETTLED = {"accepted", "already_there", "flagged"}


@dataclass
class Sender(threading.Thread):
    """One phone that works without a break until `stop` is set."""

    phone: Phone
    port: int
    chance: random.Random
    acknowledged: list[dict[str, Any]] = field(default_factory=list)
    waiting: list[dict[str, Any]] = field(default_factory=list)
    answers: Counter[Any] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(daemon=True)
        self.stop = threading.Event()

    __hash__ = threading.Thread.__hash__

    def run(self) -> None:
        while not self.stop.is_set():
            self.waiting, tries = self._batch(), 0
            while self.waiting and not self.stop.is_set():
                self.hand_in(again=tries > 0)
                tries += 1

    def hand_in(self, again: bool) -> None:
        """Send what waits; settle it when the answer says so, else note why not."""
        try:
            status, headers, body = self.post(self.waiting)
        except (OSError, HTTPException, json.JSONDecodeError):
            self.answers["no answer"] += 1
            time.sleep(SOON_SECONDS)
            return
        self.answers[status] += 1
        if status == 200:
            self._settle(body["verdicts"], again)
        else:
            if status != 503 or "Retry-After" not in headers:
                self.wrong.append(f"{status}: {body}")
            time.sleep(SOON_SECONDS)

    def post(self, records: list[dict[str, Any]]) -> tuple[int, Any, Any]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=ANSWER_SECONDS)
        try:
            body = {"app_version": "1", "counts": {"made": self.phone.seq, "waiting": 0, "held": 0}, "records": records}
            headers = {**self.phone.headers, "Content-Type": "application/json", "Connection": "close"}
            connection.request("POST", "/api/v1/sync", json.dumps(body).encode(), headers)
            with connection.getresponse() as answer:
                return answer.status, answer.headers, json.loads(answer.read())
        finally:
            connection.close()

    def _settle(self, verdicts: list[dict[str, Any]], again: bool) -> None:
        words = [each["verdict"] for each in verdicts]
        if [each["id"] for each in verdicts] != [each["id"] for each in self.waiting] or not SETTLED.issuperset(words):
            self.wrong.append(f"verdicts {verdicts}")
        there = words.count("already_there")
        self.answers["already there"] += there > 0
        if there not in ((0, len(words)) if again else (0,)):
            self.wrong.append(f"torn: {words}")
        self.acknowledged += self.waiting
        self.waiting = []

    def _batch(self) -> list[dict[str, Any]]:
        people = [{"sex": "female", "age_band": "60+", "count": 1}]
        given = [self._service(self.chance.choice(FAMILIES)) for _each in range(self.chance.randint(1, 3))]
        return [*given, self.phone.record("contact", item=id_of("pss"), site=id_of("s1"), people=people)]

    def _service(self, family: str) -> dict[str, Any]:
        return self.phone.handover(family, item="pss", members=[id_of(f"{family}-1")])


@contextmanager
def working(senders: list[Sender]) -> Iterator[None]:
    """Let the phones work until the block ends."""
    for sender in senders:
        sender.start()
    try:
        yield
    finally:
        for sender in senders:
            sender.stop.set()
        for sender in senders:
            sender.join(ANSWER_SECONDS + 10)


def senders_of(stage: Field, port: int, number: int, seed: int) -> list[Sender]:
    """Return enrolled phones that will talk to a port."""
    made = [Sender(phone, port, random.Random(seed * 1000 + place)) for place, phone in enumerate(phones(stage, number))]
    db.session.remove()
    return made


def finish(stage: Field, senders: list[Sender]) -> int:
    """Hand in what is left, then check that everything is there once and verified; return how many records.

    Raises AssertionError naming what is wrong.
    """
    for sender in senders:
        assert not sender.wrong, sender.wrong[:3]
        for _try in range(100):
            if sender.waiting:
                sender.hand_in(again=True)
        assert not sender.waiting, sender.answers
    assert not [sender.wrong for sender in senders if sender.wrong]
    acknowledged = [record for sender in senders for record in sender.acknowledged]
    assert count_of(stage, acknowledged) == len(acknowledged)
    for sender in senders:
        assert count_made_by(stage, sender.phone) == len(sender.acknowledged)
    assert problems(stage) == []
    given = sum(record["kind"] == "handover" for record in acknowledged)
    assert stage.total(f"given|{id_of('pss')}") == given
    assert stage.total(f"contact_events|{id_of('pss')}") == len(acknowledged) - given
    db.session.remove()
    return len(acknowledged)


def count_of(stage: Field, records: list[dict[str, Any]]) -> int:
    """Return how many entries the records have."""
    db.session.rollback()
    table = Entry.__table__.c
    ids = [to_bytes(each["id"]) for each in records]
    return sum(db.session.execute(select(func.count()).where(table.operation_id == stage.operation_id,
               table.id.in_(ids[start : start + 500]))).scalar_one() for start in range(0, len(ids), 500))  # fmt: skip


def count_made_by(stage: Field, phone: Phone) -> int:
    table = Entry.__table__.c
    here = (table.operation_id == stage.operation_id, table.enrolment_id == phone.enrolment_id)
    return db.session.execute(select(func.count()).where(*here)).scalar_one()
