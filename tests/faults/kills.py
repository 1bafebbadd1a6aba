"""kill -9 of the server, or of one worker, at random moments while phones hand in."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass

from tests.faults.load import finish, senders_of, working
from tests.faults.server import Server
from tests.faults.stage import settings_of
from tests.ledger.field import Field

LONGEST_LIFE_SECONDS = 0.6


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run of kills came to; `slowest_start_seconds` is from the kill until the server was ready again."""

    kills: int
    records: int
    again: int
    slowest_start_seconds: float


def kill_servers(stage: Field, times: int, seed: int, workers: int | None = None) -> Outcome:
    """Kill the whole server `times` times. Raises AssertionError when anything acknowledged is lost or torn."""

    def kill(server: Server, _chance: random.Random) -> float:
        killed = time.monotonic()
        server.kill()
        server.start()
        return time.monotonic() - killed

    return _killed(stage, times, seed, workers, kill)


def kill_workers(stage: Field, times: int, seed: int, workers: int | None = None) -> Outcome:
    """Kill one worker `times` times; the server itself must bring another."""

    def kill(server: Server, chance: random.Random) -> float:
        killed = time.monotonic()
        server.kill_worker(chance)
        server.wait_until_ready()
        return time.monotonic() - killed

    return _killed(stage, times, seed, workers, kill)


def _killed(stage: Field, times: int, seed: int, workers: int | None, kill) -> Outcome:  # type: ignore[no-untyped-def]
    chance, slowest = random.Random(seed), 0.0
    with Server(settings_of(stage), workers) as server:
        senders = senders_of(stage, server.port, 4, seed)
        with working(senders):
            for _time in range(times):
                time.sleep(chance.uniform(0, LONGEST_LIFE_SECONDS))
                slowest = max(slowest, kill(server, chance))
        records = finish(stage, senders)
    return Outcome(times, records, sum(sender.answers["already there"] for sender in senders), round(slowest, 2))
