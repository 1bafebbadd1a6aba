"""PostgreSQL taken away under load: restarted at once, its connections cut, its standby promoted."""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from relief.db import db
from tests.databases import fast_folder
from tests.faults.load import finish, senders_of, working
from tests.faults.postgresql import Postgres, address_of, postgres
from tests.faults.server import Server
from tests.faults.stage import installed, settings_of
from tests.ledger.field import Field

WORKING_SECONDS = 0.5
CONNECTED_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Outcome:
    times: int
    records: int
    busy: int


def restart_database(times: int, seed: int) -> Outcome:
    """Restart PostgreSQL as `pg_ctl -m immediate` does. Raises AssertionError when anything acknowledged is lost or torn."""

    def restart(server: Postgres, _name: str) -> None:
        server.crash()
        server.start()

    return _interrupted(times, seed, restart)


def cut_connections(times: int, seed: int) -> Outcome:
    """End all sessions of the database. Raises AssertionError when anything acknowledged is lost or torn."""
    return _interrupted(times, seed, cut_some)


def promote_standby(times: int, seed: int) -> Outcome:
    """Kill the primary under load and promote its synchronous standby, which the address of the database names too."""
    outcomes = [_promoted(seed + number) for number in range(times)]
    return Outcome(times, sum(each.records for each in outcomes), sum(each.busy for each in outcomes))


def _promoted(seed: int) -> Outcome:
    with postgres() as primary, postgres() as standby, tempfile.TemporaryDirectory(dir=fast_folder()) as folder:
        name = primary.create()
        standby.follow(primary)
        with installed(Path(folder), address_of(name, primary, standby)) as stage:

            def fail_over() -> None:
                time.sleep(WORKING_SECONDS)
                primary.crash()
                time.sleep(WORKING_SECONDS)
                standby.promote()
                time.sleep(WORKING_SECONDS)

            return _under_load(stage, 1, seed, fail_over)


def cut_some(server: Postgres, name: str) -> None:
    """Cut all connections that there are; where a slow server has none just then, as soon as it has."""
    last = time.monotonic() + CONNECTED_SECONDS
    while not server.cut_connections(name):
        assert time.monotonic() < last, "there was no connection to cut"
        time.sleep(0.01)


def _interrupted(times: int, seed: int, interrupt: Callable[[Postgres, str], None]) -> Outcome:
    chance = random.Random(seed)
    with postgres() as server, tempfile.TemporaryDirectory(dir=fast_folder()) as folder:
        name = server.create()
        with installed(Path(folder), server.url(name)) as stage:

            def again_and_again() -> None:
                for _time in range(times):
                    time.sleep(chance.uniform(0.1, 2 * WORKING_SECONDS))
                    interrupt(server, name)
                time.sleep(WORKING_SECONDS)

            return _under_load(stage, times, seed, again_and_again)


def _under_load(stage: Field, times: int, seed: int, trouble: Callable[[], None]) -> Outcome:
    with Server(settings_of(stage), workers=2) as server:
        senders = senders_of(stage, server.port, 4, seed)
        db.engine.dispose()
        with working(senders):
            trouble()
        records = finish(stage, senders)
    return Outcome(times, records, sum(sender.answers[503] for sender in senders))
