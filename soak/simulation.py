"""Simulated fleets of growing size, seed after seed, on both databases: `python -m soak.simulation [MINUTES]`."""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass

from relief import create_app
from relief.db import unit_of_work
from relief.fleet.belarus.facts import FLOODS
from relief.fleet.belarus.floods import floods_file
from relief.fleet.simulation.describing import Words, describe_history, describe_result
from relief.fleet.simulation.playing import Wish
from relief.fleet.simulation.running import Outcome, Place, simulate
from relief.office.operations.service import import_operation
from relief.schema import upgrade_schema
from relief.settings import load_settings
from tests.databases import PostgresServer

SIZES = ((4, 4), (8, 8), (20, 8), (40, 8))  # phones, hours
MINUTES = 30


@dataclass
class Simulated:
    """How many fleets were simulated, and how many of them left the server and the model different."""

    fleets: int = 0
    different: int = 0


def simulate_fleets(minutes: float) -> Simulated:
    """Simulate until the time is over; raises AssertionError where anything differed."""
    done, deadline = Simulated(), time.monotonic() + minutes * 60
    server = PostgresServer()
    try:
        with tempfile.TemporaryDirectory() as folder:
            app = create_app(load_settings({"RELIEF_INSTANCE": folder}))
            with app.app_context():
                _bring_operation()
                while time.monotonic() < deadline:
                    done.different += _one(done.fleets, server)
                    done.fleets += 1
    finally:
        server.stop()
    assert not done.different, done
    return done


def _bring_operation() -> None:
    upgrade_schema()
    with unit_of_work() as session:
        import_operation(session, json.dumps(floods_file()).encode(), int(time.time()))


def _one(number: int, server: PostgresServer) -> bool:
    """Run one simulation, print its line, and return whether anything differed."""
    phones, hours = SIZES[number // 2 % len(SIZES)]
    on_sqlite = number % 2 == 0
    url = None if on_sqlite else server.url(server.create())
    started = time.monotonic()
    outcome = simulate(FLOODS, Wish(phones, hours, f"soak {number}"), Place(create_app, database_url=url), lambda name: None)
    seconds = time.monotonic() - started
    print(f"{'sqlite' if on_sqlite else 'postgresql':<11} {phones:>3} phones {hours:>3} hours  seed 'soak {number}' "
          f"{outcome.result.records:>7,} entries {seconds:6.1f} s  {'equal' if outcome.result.equal else 'NOT EQUAL'}",
          flush=True)  # fmt: skip
    _explain(outcome, print)
    return not outcome.result.equal


def _explain(outcome: Outcome, say: Callable[[str], None]) -> None:
    if outcome.result.equal:
        return
    words = Words(outcome.fleet.world.plan, outcome.fleet.book)
    for line in describe_result(outcome.result, words):
        say(line)
    if outcome.history is not None:
        for line in describe_history(outcome.history, outcome.tried, words):
            say(line)


if __name__ == "__main__":
    print(simulate_fleets(float(sys.argv[1]) if sys.argv[1:] else MINUTES))
