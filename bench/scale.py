"""What grows with an operation: SQLite files filled to 10,000, 100,000 (and 1,000,000) records, one a stage.

Filled in-process in batches of 200, through the same functions as a request; read through the app's own routes. Machines
change their speed while they are measured, so the cost of a record is process CPU time, the stages take turns batch by
batch, and between any two batches a fixed piece of plain Python is timed in the same way: the ratio of stages is that of
their costs in units of it.
"""

from __future__ import annotations

import argparse
import gzip
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

import orjson
from flask import Flask

from bench.load import BATCH, Load
from bench.table import Row, show
from relief import create_app
from relief.db import snapshot, write
from relief.kernel.garbage import collect_garbage_seldom
from relief.kernel.ids import to_text
from relief.ledger.keys import current_keys
from relief.ledger.queries import get_position
from relief.office.deciding.waiting import KINDS, list_waiting
from relief.schema import upgrade_schema
from relief.settings import Settings
from relief.sync.body import read_body
from relief.sync.service import receive
from tests.accounts.people import browser_of, make_user

STAGES = (10_000, 100_000, 1_000_000)
RECORDS_A_HOUSEHOLD = 15  # three to register it, twelve hand-overs
MOST_ITEMS = 4
MEASURED_BATCHES = 60
HOUSEHOLDS_OF_REGISTER = 20_000
READS = 9
MOST_RATIO, TOTALS_MS, PEOPLE_MS = 1.3, 20, 500


def calibrate() -> float:
    """Return the CPU seconds of a fixed piece of work of the kind that settling is made of."""
    start = time.process_time()
    for number in range(400):
        orjson.loads(orjson.dumps({"id": str(number), "members": [{"n": each, "sex": "female"} for each in range(20)]}))
    return time.process_time() - start


def memory_mb() -> float:
    """Return this process's resident memory now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


class Filling:
    """One operation that grows in this process."""

    def __init__(self, app: Flask, households: int, name: str = "scale") -> None:
        self.load = Load(app, households, phones=40, now=int(time.time()), most_items=MOST_ITEMS, name=name)
        self.enrolments = {phone.token: bytes.fromhex(phone.enrolment.replace("-", "")) for phone in self.load.phones}
        self.keys = current_keys()

    @property
    def position(self) -> int:
        with snapshot() as connection:
            return get_position(connection, self.load.operation_id)[1]

    def batch(self, token: str, packed: bytes) -> None:
        """Settle one request as the server does."""
        body = read_body(packed, {"Content-Encoding": "gzip"})
        place = (self.load.operation_id, self.enrolments[token])
        write(lambda connection: receive(connection, *place, body, self.load.now, self.keys))

    def fill(self, records: int) -> None:
        """Bring the ledger to about `records` entries, ready for the batches that are measured."""
        while (lacking := records - self.position) > 0:
            households = min(1000, max(200, lacking // RECORDS_A_HOUSEHOLD))
            self.load.grow(households, MOST_ITEMS)
            sites = len(self.load.plan.sites)  # as many batches at each, and no more than its families have visits for
            for request in self.load.batches(sites * max(1, households * 9 // (sites * BATCH))):
                self.batch(*request)
            print(f"  {self.position:>9,} records", end="\r", file=sys.stderr, flush=True)
        for visits in self.load.visits.values():  # every stage is measured on families of its own, from their first visit on
            visits.clear()
        self.load.grow(MEASURED_BATCHES * BATCH // 10, MOST_ITEMS)

    def cost(self, request: tuple[str, bytes]) -> tuple[float, float]:
        """Settle one request; return (CPU microseconds a record, the same in units of calibration)."""
        beside, start = calibrate(), time.process_time()
        self.batch(*request)
        cost = (time.process_time() - start) / BATCH
        return cost * 1e6, cost / ((beside + calibrate()) / 2)


def timed(work: Callable[[], object], times: int = READS) -> tuple[float, str]:
    """Return (median wall milliseconds of some runs, the CPU's share in words), the first, cold run left out."""
    work()
    wall, cpu = [], []
    for _each in range(times):
        start, busy = time.perf_counter(), time.process_time()
        work()
        wall.append((time.perf_counter() - start) * 1000)
        cpu.append((time.process_time() - busy) * 1000)
    return statistics.median(wall), f"{statistics.median(cpu):.1f} ms of CPU"


def reading_rows(app: Flask, filling: Filling, stage: str) -> list[Row]:
    """Return what it takes to read totals, people and lists of an operation of this size."""
    operation = to_text(filling.load.operation_id)
    manager = browser_of(app, make_user(f"{stage.replace(',', '')}@example.org", roles=((filling.load.operation_id, "manager"),)))

    def get(path: str) -> Callable[[], int]:
        def fetch() -> int:
            answer = manager.get(path)
            if answer.status_code != 200:
                raise RuntimeError(f"{path}: {answer.status_code} {answer.text[:300]}")
            return len(answer.data)

        return fetch

    totals = {"totals as JSON": f"/api/v1/operations/{operation}/totals",
              "board's fragment": f"/operations/{operation}/board/fragment"}  # fmt: skip
    rows = []
    for what, path in totals.items():
        wall, cpu = timed(get(path))
        rows.append(Row(f"{stage}: {what}", wall, "ms", "at most", TOTALS_MS, cpu))
    plan = filling.load.plan
    day = time.strftime("%Y-%m-%d", time.gmtime(filling.load.now))
    filters = {
        "nothing": "", "sex and age": "?sex=female&age_band=60%2B", "one item": f"?item={plan.items[0].id}",
        "one site, one day": f"?site={plan.sites[0].id}&from={day}&to={day}",
        "two items, three sites, from a day on, sex": f"?item={plan.items[0].id}&item={plan.items[1].id}&sex=female&from={day}"
        + "".join(f"&site={site.id}" for site in plan.sites[:3]),
    }  # fmt: skip
    for name, query in filters.items():
        wall, cpu = timed(get(f"/api/v1/operations/{operation}/people{query}"), 5)
        rows.append(Row(f"{stage}: people filtered by {name}", wall, "ms", "at most", PEOPLE_MS, cpu))
    for kind in KINDS:
        wall, cpu = timed(partial(waiting, filling, kind), 3)
        rows.append(Row(f"{stage}: list of {kind}", wall, "ms", note=cpu))
    return rows


def waiting(filling: Filling, kind: str) -> int:
    with snapshot() as connection:
        return list_waiting(connection, filling.load.operation_id, kind, filling.load.now).total


def open_app(folder: Path) -> Flask:
    """Return an app on a new SQLite file of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    app = create_app(Settings(instance=folder, database_url=f"sqlite:///{folder / 'relief.db'}"))
    with app.app_context():
        upgrade_schema()
    return app


def growth(folder: Path, most: int) -> list[Row]:
    """Fill one file for each stage; return the cost of reading at each, and that of a record beside the first stage's."""
    rows, stages = [], []
    for records in (stage for stage in STAGES if stage <= most):
        app, stage = open_app(folder / str(records)), f"{records:,}"
        with app.app_context():
            filling = Filling(app, 0)
            filling.fill(records)
            rows += reading_rows(app, filling, stage)
            rows.append(Row(f"{stage}: memory", memory_mb(), "MB", note="the process that fills and reads"))
            stages.append((stage, app, filling, filling.load.batches(MEASURED_BATCHES)))
    costs = costs_in_turn([stage[1:] for stage in stages])
    first = costs[0][1]
    for (stage, app, filling, _batches), (cost, ratio) in zip(stages, costs, strict=True):
        with app.app_context():
            note = f"{cost:.0f} us of CPU; {filling.position:,} entries"
        name = f"{stage}: cost of a record beside the first stage's"
        rows.append(Row(name, ratio / first, "times", "at most", MOST_RATIO, note))
    return rows


def costs_in_turn(stages: list[tuple[Flask, Filling, list[tuple[str, bytes]]]]) -> list[tuple[float, float]]:
    """Return each stage's (CPU microseconds a record, in units of calibration): medians over batches.

    The stages take turns batch by batch, so that a machine that changes its speed changes it for all of them.
    """
    costs: list[list[tuple[float, float]]] = [[] for _stage in stages]
    collect_garbage_seldom()
    for turn in zip(*(batches for _app, _filling, batches in stages), strict=True):
        for (app, filling, _batches), request, found in zip(stages, turn, costs, strict=True):
            with app.app_context():
                found.append(filling.cost(request))
    return [(statistics.median(cost for cost, _ratio in found), statistics.median(ratio for _cost, ratio in found))
            for found in costs]  # fmt: skip


def register(app: Flask, households: int) -> list[Row]:
    """Return what a phone's register costs: all of it at first, page by page, then what one batch changed."""
    filling = Filling(app, households, name="register")
    for request in filling.load.batches(max(2, min(25, households // 40))):
        filling.batch(*request)
    before = memory_mb()
    client, phone = app.test_client(), filling.load.phones[0]
    headers = {"Authorization": f"Bearer {phone.token}", "Accept-Encoding": "gzip"}

    def fetch(path: str) -> tuple[dict, int, tuple[float, float]]:
        start, busy = time.perf_counter(), time.process_time()
        with closing(client.get(path, headers=headers)) as answer:
            took, data = (time.perf_counter() - start, time.process_time() - busy), answer.data
        packed = answer.headers.get("Content-Encoding") == "gzip"
        return orjson.loads(gzip.decompress(data) if packed else data), len(data), took

    cards, sizes, times, more, cursor = 0, [], [], "", 0
    while more is not None:
        page, size, took = fetch(f"/api/v1/register?limit=500{more}")
        cards, cursor, turn = cards + len(page["cards"]), page["cursor"], page["turn"]
        sizes.append(size)
        times.append(took)
        more = f"&after={page['more']}" if "more" in page else None
    if cards != households:
        raise RuntimeError(f"{cards} cards of {households} households")
    grown = memory_mb() - before
    whole, size_whole, took_whole = fetch("/api/v1/register")
    filling.batch(*filling.load.batches(1)[0])
    changed, size, took = fetch(f"/api/v1/register?since={cursor}&turn={turn}")
    what = f"register of {households:,} households"
    return [
        Row(f"{what}: first, all pages", sum(wall for wall, _cpu in times), "s",
            note=f"{sum(cpu for _wall, cpu in times):.2f} s of CPU, {len(times)} pages, {sum(sizes) / 1e6:.2f} MB gzip"),
        Row(f"{what}: slowest page", max(times)[0] * 1000, "ms", note=f"largest page {max(sizes) / 1000:.0f} kB gzip"),
        Row(f"{what}: memory grown by the pages", grown, "MB"),
        Row(f"{what}: first, in one answer", took_whole[0], "s",
            note=f"{took_whole[1]:.2f} s of CPU, {size_whole / 1e6:.2f} MB gzip"),
        Row(f"{what}: one batch later, as changes", took[0] * 1000, "ms",
            note=f"{took[1] * 1000:.0f} ms of CPU, {len(changed['cards'])} cards, {size / 1000:.1f} kB gzip"),
    ]  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench scale", description=__doc__)
    parser.add_argument("--records", type=int, default=100_000, help="the last stage: 10000, 100000 or 1000000")
    parser.add_argument("--households", type=int, default=HOUSEHOLDS_OF_REGISTER, help="of the register")
    parser.add_argument("--only", choices=("growth", "register"))
    parser.add_argument("--keep", type=Path, help="fill in this folder and leave the files there")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.keep or Path(temporary)
        rows = growth(folder, given.records) if given.only != "register" else []
        if given.only != "growth":
            app = open_app(folder / "register")
            with app.app_context():
                rows += register(app, given.households)
    sys.exit(0 if show("An operation that grows, on SQLite", rows) else 1)


if __name__ == "__main__":
    main()
