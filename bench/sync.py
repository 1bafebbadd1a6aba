"""Sync in 200-record batches over HTTP against a real server: records a second, beside raw inserts into the same tables.

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
from typing import Any

import psycopg

from bench.load import BATCH, Load
from bench.table import Row, show
from relief import create_app
from relief.db import db
from relief.schema import upgrade_schema
from relief.settings import Settings
from tests.databases import PostgresServer

DURABLE = {"listen_addresses": "", "max_connections": "100", "shared_buffers": "256MB", "log_min_messages": "fatal"}
WRITTEN = ("entry", "standing", "fold_group", "feed")  # what a batch leaves rows in, beside a seal and some counters
RAW_ENTRIES = 10_000
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


def raw_inserts(kind: str, url: str, folder: Path) -> float:
    """Return seconds an entry for inserting what sync wrote into the same tables anew: plain driver, same indexes, 200 a commit.

    Rows that sync writes again and again, such as a family's document, are inserted once: this is the least it could cost.
    """
    return raw_on_sqlite(folder) if kind == "sqlite" else raw_on_postgresql(url)


def raw_on_sqlite(folder: Path) -> float:
    for path in folder.glob("raw.db*"):
        path.unlink()
    source = sqlite3.connect(folder / "relief.db")
    target = sqlite3.connect(folder / "raw.db", isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        target.execute(f"PRAGMA {pragma}")
    marks = ",".join("?" * len(WRITTEN))
    for (sql,) in source.execute(f"SELECT sql FROM sqlite_master WHERE tbl_name IN ({marks}) AND sql IS NOT NULL "
                                 "AND type <> 'trigger' ORDER BY type DESC", list(WRITTEN)):  # fmt: skip
        target.execute(sql)
    rows = {table: source.execute(f"SELECT * FROM {table} ORDER BY 1, 2 LIMIT {RAW_ENTRIES}").fetchall() for table in WRITTEN}
    seconds = insert_in_batches(target.cursor(), rows, "BEGIN IMMEDIATE", "?", {table: table for table in WRITTEN})
    source.close()
    target.close()
    return seconds


def raw_on_postgresql(url: str) -> float:
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        rows = {}
        for table in WRITTEN:
            rows[table] = connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2 LIMIT {RAW_ENTRIES}").fetchall()
            connection.execute(f"DROP TABLE IF EXISTS raw_{table}")
            connection.execute(f"CREATE TABLE raw_{table} (LIKE {table} INCLUDING ALL)")
        return insert_in_batches(connection.cursor(), rows, "BEGIN", "%b", {table: f"raw_{table}" for table in WRITTEN})


def insert_in_batches(cursor: Any, rows: dict[str, list[Any]], begin: str, mark: str, names: dict[str, str]) -> float:
    """Insert every table's rows, a batch's share of each to a commit; return seconds an entry."""
    entries = len(rows["entry"])
    commits = max(1, entries // BATCH)
    start = time.perf_counter()
    for number in range(commits):
        cursor.execute(begin)
        for table, all_rows in rows.items():
            share = all_rows[len(all_rows) * number // commits : len(all_rows) * (number + 1) // commits]
            if share:
                cursor.executemany(f"INSERT INTO {names[table]} VALUES ({','.join([mark] * len(share[0]))})", share)
        cursor.execute("COMMIT")
    return (time.perf_counter() - start) / entries


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
                ratios.append(rates[-1] * raw_inserts(kind, url, folder))
    total = sum(counts.values())
    verdicts = ", ".join(f"{word} {100 * number / total:.1f} %" for word, number in sorted(counts.items()))
    return Row(f"{NAMES[kind]}, {clients} at once, visits of 1 to {most_items} items", statistics.median(rates), "records/s",
               "at least", WANTED_A_SECOND, f"{min(rates):,.0f} to {max(rates):,.0f}; {statistics.median(ratios):.2f} of raw "
               f"inserts into the same tables; {verdicts}")  # fmt: skip


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
