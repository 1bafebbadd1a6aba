"""Answers lost after the server has committed: the phone hands in again, and once means once."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass

from tests.faults.load import finish, senders_of, working
from tests.faults.proxy import AnswerDroppingProxy
from tests.faults.server import Server
from tests.faults.stage import settings_of
from tests.ledger.field import Field

LONGEST_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Outcome:
    """`again` are the batches that the server knew when they came again: one for each lost answer but the repeated losses."""

    lost: int
    again: int
    records: int


def drop_answers(stage: Field, times: int, seed: int) -> Outcome:
    """Let phones work until at least `times` answers are lost. Raises AssertionError when anything is there twice or not."""
    last = time.monotonic() + LONGEST_SECONDS
    with Server(settings_of(stage)) as server, AnswerDroppingProxy(server.port, random.Random(seed)) as proxy:
        senders = senders_of(stage, proxy.port, 4, seed)
        with working(senders):
            while proxy.lost < times and time.monotonic() < last:
                time.sleep(0.05)
        records = finish(stage, senders)
        lost = proxy.lost
    assert lost >= times, f"only {lost} answers were lost in {LONGEST_SECONDS} s"
    return Outcome(lost, sum(sender.answers["already there"] for sender in senders), records)
