"""Sync in 200-record batches over HTTP against a real server: records a second, beside raw inserts in the same run.

All rules on, 10 % repeats, 5 % flagged, SQLite with synchronous=FULL or PostgreSQL with its durable defaults. The
client is a process of its own; its bodies are made before the clock starts.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import psycopg

from bench.load import BATCH, Load
from bench.table import Row, show
from relief import create_app
from relief.db import db
from relief.schema import upgrade_schema
from relief.settings import Settings
from tests.databases import PostgresServer

DURABLE = {"listen_addresses": "", "max_connections": "100", "shared_buffers": "256MB", "log_min_messages": "fatal"}
RAW_BATCH = 500
VERDICTS = ("accepted", "already_there", "flagged", "held", "refused")
WARM_UP = 6
WANTED_A_SECOND = 5000
NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
RUNS = (
    ("sqlite",),
    ("postgresql",),
    ("sqlite", "--clients", "6"),
    ("postgresql", "--clients", "6"),
    ("sqlite", "--most-items", "1"),
    ("postgresql", "--most-items", "1"),
)


@contextmanager
def database(kind: str, folder: Path):
    """Yield the address of an empty database of its own."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'relief.db'}"
        return
    server = PostgresServer(DURABLE, parent=tempfile.gettempdir())
    try:
        yield server.url(server.create())
    finally:
        server.stop()


@contextmanager
def serving(folder: Path, url: str, port: int):
    """Run `relief serve` on a port until the block ends."""
    environment = {**os.environ, "RELIEF_INSTANCE": str(folder), "RELIEF_DATABASE_URL": url, "RELIEF_PORT": str(port)}
    process = subprocess.Popen([Path(sys.executable).with_name("relief"), "serve"], env=environment, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)  # fmt: skip
    try:
        _wait_until_ready(port)
        yield
    finally:
        process.terminate()
        process.wait(20)


def _wait_until_ready(port: int) -> None:
    last = time.monotonic() + 30
    while True:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
            connection.request("GET", "/readyz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            pass
        if time.monotonic() > last:
            raise TimeoutError("the server did not start")
        time.sleep(0.1)


def send(port: int, requests: list[tuple[str, bytes]], clients: int) -> tuple[float, dict[str, int]]:
    """Send requests over `clients` connections; return (seconds, how many of each verdict)."""
    counts: dict[str, int] = {}
    lock = threading.Lock()

    def client(mine: list[tuple[str, bytes]]) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        for token, body in mine:
            headers = {"Authorization": f"Bearer {token}", "Content-Encoding": "gzip", "Content-Type": "application/json"}
            connection.request("POST", "/api/v1/sync", body, headers)
            answer = connection.getresponse()
            content = answer.read()
            if answer.status != 200:
                raise RuntimeError(f"{answer.status}: {content[:300]!r}")
            with lock:  # counted without parsing, so that the client takes little of the server's time
                for word in VERDICTS:
                    counts[word] = counts.get(word, 0) + content.count(b'"verdict":"%s"' % word.encode())

    threads = [threading.Thread(target=client, args=(requests[number::clients],)) for number in range(clients)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - start, counts


def raw_inserts(kind: str, url: str, folder: Path, rows: int) -> float:
    """Return seconds for inserting `rows` rows of the size of entries with the plain driver, 500 a commit."""
    row = (b"o" * 16, os.urandom(16), "given", "handover", b"e" * 16, 1, b"s" * 16, b"c" * 16, b"f" * 420, b"s" * 16, b"p" * 45,
           b"s" * 16, b"d" * 32, b"h" * 32)  # fmt: skip
    table = ("CREATE TABLE raw (o {0}, i {0}, s text, k text, e {0}, q bigint, n {0}, c {0}, f {0}, fs {0}, p {0}, ps {0}, "
             "pd {0}, h {0})")  # fmt: skip
    if kind == "sqlite":
        connection = sqlite3.connect(folder / "raw.db", isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute(table.format("blob"))
        begin, mark = "BEGIN IMMEDIATE", "?"
    else:
        connection = psycopg.connect(url.replace("+psycopg", ""), autocommit=True)  # type: ignore[assignment]
        connection.execute(table.format("bytea"))
        begin, mark = "BEGIN", "%s"
    insert = f"INSERT INTO raw VALUES ({','.join([mark] * len(row))})"
    start = time.perf_counter()
    cursor = connection.cursor()
    for _ in range(0, rows, RAW_BATCH):
        cursor.execute(begin)
        cursor.executemany(insert, [row] * RAW_BATCH)
        cursor.execute("COMMIT")
    seconds = time.perf_counter() - start
    connection.close()
    return seconds


def measure(kind: str, batches: int, runs: int, households: int, clients: int, most_items: int) -> Row:
    """Return the figure of one database under one load."""
    with tempfile.TemporaryDirectory() as name, database(kind, Path(name)) as url:
        folder = Path(name)
        app = create_app(Settings(instance=folder, database_url=url))
        with app.app_context():
            upgrade_schema()
            load = Load(app, households, phones=20, now=int(time.time()), most_items=most_items)
            parts = [load.batches(batches if number else WARM_UP) for number in range(runs + 1)]
            db.session.remove()
            if kind != "sqlite":  # what autovacuum does within a minute of an import
                with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                    connection.exec_driver_sql("ANALYZE")
            db.engine.dispose()
        port = 20_000 + os.getpid() % 20_000
        rates, counts, ratios = [], {}, []
        with serving(folder, url, port):
            send(port, parts[0], clients)
            for part in parts[1:]:
                seconds, said = send(port, part, clients)
                rates.append(len(part) * BATCH / seconds)
                counts = {word: counts.get(word, 0) + said.get(word, 0) for word in {*counts, *said}}
                ratios.append(rates[-1] * raw_inserts_once(kind, url, folder) / 10_000)
    total = sum(counts.values())
    verdicts = ", ".join(f"{word} {100 * number / total:.1f} %" for word, number in sorted(counts.items()))
    return Row(f"{NAMES[kind]}, {clients} at once, visits of 1 to {most_items} items", statistics.median(rates), "records/s",
               "at least", WANTED_A_SECOND, f"{min(rates):,.0f} to {max(rates):,.0f}; {statistics.median(ratios):.2f} of raw "
               f"inserts; {verdicts}")  # fmt: skip


def raw_inserts_once(kind: str, url: str, folder: Path) -> float:
    for path in folder.glob("raw.db*"):
        path.unlink()
    if kind != "sqlite":
        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute("DROP TABLE IF EXISTS raw")
    return raw_inserts(kind, url, folder, 10_000)


def alone(*arguments: str) -> Row:
    """Return the row of one measurement made by a process of its own."""
    print(f"measuring {' '.join(arguments)} ...", file=sys.stderr, flush=True)
    command = [sys.executable, "-W", "ignore", "-m", "bench.sync", *arguments, "--plain"]
    return Row(**json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))


def main() -> None:
    """Measure one database under one load, or without a name both under all of `RUNS`, one after the other."""
    parser = argparse.ArgumentParser(prog="python -m bench sync", description=__doc__)
    parser.add_argument("kind", nargs="?", choices=tuple(NAMES), help="left out: both, under several loads")
    parser.add_argument("--batches", type=int, default=50, help="batches a run")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--households", type=int, default=5000)
    parser.add_argument("--clients", type=int, default=2, help="requests under way at once")
    parser.add_argument("--most-items", type=int, default=4, help="items a family is given in one visit, at most")
    parser.add_argument("--plain", action="store_true", help=argparse.SUPPRESS)
    given = vars(parser.parse_args())
    plain = given.pop("plain")
    rows = [measure(**given)] if given["kind"] else [alone(*arguments) for arguments in RUNS]
    if plain:
        print(json.dumps(asdict(rows[0])))
        return
    sys.exit(0 if show(f"Sync in batches of {BATCH} records over HTTP", rows) else 1)


if __name__ == "__main__":
    main()
