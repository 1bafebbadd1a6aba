"""`make soak`: every fault many times, one after the other, in one table. Bounded in time, and the same with the same seed."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from typing import Any

from soak import fuzzing, measuring, simulation
from soak.places import KINDS, empty
from soak.repeating import repeated
from tests.faults import cutting, dropping, filling, kills, migrating, outages
from tests.faults.stage import installed

# Where `make test` tries a share, see tests/amounts.py.
IN_FULL = ("tests/fuzz", "tests/model/test_reference.py", "tests/ledger/test_wire.py", "tests/ledger/test_histories.py",
           "tests/ledger/test_against_model.py", "tests/totals/test_filtered_people.py", "tests/stock/test_stock.py",
           "tests/sync/test_bad_bodies.py")  # fmt: skip
UNDER = {"slowest_start_seconds": 5}  # bars of the faults' own figures; those of speed are in bench


def staged(run: Callable[..., Any], kind: str, **given: Any) -> Callable[[], Any]:
    """Return a run on an installation of its own."""

    def go() -> Any:
        with empty(kind) as settings, installed(settings.instance, settings.database_url) as stage:
            return run(stage, **given)

    return go


def upgrades(kind: str, every: int) -> Callable[[], Any]:
    def go() -> Any:
        with empty(kind) as settings:
            return migrating.kill_upgrades(settings, every)

    return go


def largest(share: float) -> int:
    """Return how many records to fill in: a million takes its time."""
    return 1_000_000 if share >= 1 else 100_000 if share >= 0.1 else 10_000


def runs(seed: int, share: float) -> dict[str, Callable[[], Any]]:
    """Return every run by what it tries; `share` of the full number of times."""

    def times(full: int) -> int:
        return max(1, round(full * share))

    several = {"sqlite": None, "postgresql": 3}
    made: dict[str, Callable[[], Any]] = {}
    for kind in KINDS:
        given = {"seed": seed, "workers": several[kind]}
        made[f"kill -9 of the server, {kind}"] = staged(kills.kill_servers, kind, times=times(100), **given)
        made[f"kill -9 of one worker, {kind}"] = staged(kills.kill_workers, kind, times=times(100), **given)
        made[f"answers lost after the commit, {kind}"] = staged(dropping.drop_answers, kind, times=times(1000), seed=seed)
        made[f"hostile visitors, {kind}"] = partial(fuzzing.fuzz, kind, fuzzing.MINUTES * share, seed)
        made[f"kill -9 within an upgrade, {kind}"] = upgrades(kind, every=max(1, round(10 / share)))
    made["requests cut at every byte, sqlite"] = staged(cutting.cut_everywhere, "sqlite", every=max(1, round(1 / share)))
    made["disk full, space returned, sqlite"] = filling.fill_and_free(times(10), seed)
    made["PostgreSQL restarted at once"] = lambda: outages.restart_database(times(30), seed)
    made["PostgreSQL connections cut"] = lambda: outages.cut_connections(times(100), seed)
    made["synchronous standby promoted"] = lambda: outages.promote_standby(times(5), seed)
    made["clock steps, both databases"] = repeated(times(10), "tests/faults/test_clock_steps.py")
    made["lost and damaged files, sqlite"] = repeated(times(5), "tests/faults/test_lost_files.py")
    made["files locked, read-only, not to be grown"] = repeated(times(5), "tests/faults/test_storage.py")
    made["pool exhausted, rows locked by others"] = repeated(times(5), "tests/faults/test_outages.py")
    made["yesterday's backup brought back"] = repeated(times(3), "tests/upkeep/test_restore.py")
    made["random records, histories, calls and forms"] = repeated(1, *IN_FULL)
    made["simulated fleets, both databases"] = lambda: simulation.simulate_fleets(simulation.MINUTES * share)
    made["one scan a request, both databases"] = measuring.measured("single", "--requests", times(3000))
    made["an operation that grows, sqlite"] = measuring.measured("scale", "--records", largest(share))
    made["verify and rebuild, sqlite"] = measuring.measured("recompute", "sqlite", "--records", times(100_000))
    return made


def tried(what: str, run: Callable[[], Any]) -> list[str]:
    """Try one run and print its line; return what was not well."""
    started = time.monotonic()
    try:
        figures = asdict(run())
        line = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in figures.items())
        wrong = [f"{what}: {name.replace('_', ' ')} {figures[name]}, which must be under {bar:g}" for name, bar in UNDER.items()
                 if figures.get(name, 0) >= bar]  # fmt: skip
    except Exception as error:  # whatever it is, the other runs have their turn
        line = f"FAILED: {type(error).__name__}: {error}"
        wrong = [f"{what}: {line}"]
    print(f"{what:<44} {line}; {time.monotonic() - started:.0f} s", flush=True)
    return wrong


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m soak", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--share", type=float, default=1.0, help="of the full number of times: 0.1 is a quick look")
    parser.add_argument("--only", default="", help="runs whose name has this in it")
    parser.add_argument("--minutes", type=int, default=90, help="begin no further run after so long")
    given = parser.parse_args()
    known = runs(given.seed, given.share)
    chosen = {what: run for what, run in known.items() if given.only in what}
    if not chosen:
        parser.error(f"no run has {given.only!r} in its name. There are:\n  " + "\n  ".join(known))
    last, wrong = time.monotonic() + given.minutes * 60, []
    for what, run in chosen.items():
        wrong += tried(what, run) if time.monotonic() < last else [f"{what}: not tried, the {given.minutes} minutes were over"]
    for line in wrong:
        print(f"NOT MET  {line}", flush=True)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
