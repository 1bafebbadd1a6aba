"""`ledger verify` and `ledger rebuild` on a filled ledger: entries a second on one core, and how much memory they took.

The ledger is filled by appending in this process, once a folder; each measurement then runs in a process of its own.
"""

from __future__ import annotations

import argparse
import gzip
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.load import BATCH, FIELDS, REPEATED, Load
from bench.sync import database
from bench.table import Row, show
from relief import create_app
from relief.db import snapshot, unit_of_work, write
from relief.kernel.garbage import collect_garbage_seldom
from relief.kernel.ids import to_bytes
from relief.ledger.keys import current_keys
from relief.ledger.rebuilding import rebuild
from relief.ledger.sealer import seal_all
from relief.ledger.service import append
from relief.ledger.verification import verify
from relief.operations.queries import get_operation
from relief.schema import upgrade_schema
from relief.settings import Settings

GOODS_A_HOUSEHOLD = 10
DONE = "filled"
QUIET_LOOP_SECONDS = 0.0625
WANTED_A_SECOND = 15_000


def fill(folder: Path, url: str, records: int) -> None:
    """Put about `records` records into the database, in batches as phones send them."""
    app = create_app(Settings(instance=folder, database_url=url))
    with app.app_context():
        upgrade_schema()
        now, keys = int(time.time()), current_keys()
        load = Load(app, households=max(80, records // GOODS_A_HOUSEHOLD // 8 * 8), phones=16, now=now, most_items=3)
        maker = {phone.token: to_bytes(phone.enrolment) for phone in load.phones}
        for number, (token, body) in enumerate(load.batches(int(records / BATCH / (1 + REPEATED)))):
            batch = json.loads(gzip.decompress(body))["records"]
            write(lambda connection, token=token, batch=batch: append(connection, load.operation_id, maker[token], batch, now,
                                                                       keys))  # fmt: skip
            if number % 50 == 49:
                seal_all(now, keys)
        seal_all(now, keys)


def measure(folder: Path, url: str, what: str) -> dict[str, object]:
    """Return the figures of one command."""
    loops = [_loop()]
    collect_garbage_seldom()  # as the command line does
    app = create_app(Settings(instance=folder, database_url=url))
    with app.app_context():
        before, began, cpu = _megabytes(), time.perf_counter(), time.process_time()
        with snapshot() as connection:
            operation_id = get_operation(connection, FIELDS["working_name"]).id
            entries = connection.exec_driver_sql("SELECT count(*) FROM entry").scalar_one()
        if what == "verify":
            with snapshot() as connection:
                result = verify(connection, operation_id, app.extensions["relief_secrets"])
            assert result.good, result.problems[:5]
        else:
            with unit_of_work() as session:
                rebuild(session.connection(), operation_id, lambda: seal_all(0, current_keys()))
        seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    speed = (loops[0] + _loop()) / 2 / QUIET_LOOP_SECONDS
    return {"what": what, "entries": entries, "seconds": round(seconds, 2), "cpu seconds": round(cpu, 2),
            "entries/s": round(entries / seconds), "entries/s of a core": round(entries / cpu),
            "machine slower by": round(speed, 1), "entries/s of a quiet core": round(entries / cpu * speed),
            "MB before": before, "MB at most": _megabytes(), "MB of its own": _megabytes("RssAnon:")}  # fmt: skip


def _loop() -> float:
    """Return the CPU seconds of a fixed piece of work, in a process of its own: QUIET_LOOP_SECONDS where nobody else works."""
    command = [
        sys.executable,
        "-c",
        "import time\nbegan = time.process_time()\nfound = {}\n"
        "[found.__setitem__(str(each), [each]) for each in range(200000)]\nprint(time.process_time() - began)",
    ]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def _megabytes(what: str = "VmHWM:") -> int:
    """Return the most memory this process ever had. (The system's own count begins with the parent's.)

    Of it `RssAnon:` (now) is its own; the rest is the database's file, mapped: up to 268 MB that the system can take back.
    """
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split(what)[1].split()[0]) // 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("database", nargs="?", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--folder", type=Path, help="where the filled ledger is kept for the next time (sqlite)")
    parser.add_argument("--only", choices=("verify", "rebuild"), help=argparse.SUPPRESS)
    parser.add_argument("--url", help=argparse.SUPPRESS)
    told = parser.parse_args()
    if told.only:
        print(json.dumps(measure(told.folder, told.url, told.only)))
        return
    with tempfile.TemporaryDirectory() as name:
        folder = told.folder or Path(name)
        folder.mkdir(parents=True, exist_ok=True)
        with database(told.database, folder) as url:
            if not (folder / DONE).exists():
                fill(folder, url, told.records)
                if told.database == "sqlite":
                    (folder / DONE).touch()
            rows = [_measured(told.database, folder, url, what) for what in ("verify", "rebuild", "verify")]
    sys.exit(0 if show(f"verify and rebuild, {told.database}", rows) else 1)


def _measured(database: str, folder: Path, url: str, what: str) -> Row:
    """Measure in a process of its own."""
    options = ["--folder", str(folder), "--url", url, "--only", what]
    command = [sys.executable, "-W", "ignore", "-m", "bench.recompute", database, *options]
    figures = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    note = ", ".join(f"{name} {value}" for name, value in figures.items() if name not in ("what", "entries/s of a core"))
    return Row(what, figures["entries/s of a core"], "/s of a core", "at least", WANTED_A_SECOND, note)


if __name__ == "__main__":
    main()
