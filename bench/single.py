"""One scan a request: 16 clients at once, as phones with a signal send them, over HTTP against real servers.

SQLite: one `relief serve`, synchronous=FULL, beside the raw commits of the same disk in the same run. PostgreSQL: two
`relief serve` sharing one database, over four operations. The clients write prepared bytes to kept-open sockets, so that
little of the machine's time is theirs.
"""

from __future__ import annotations

import argparse
import os
import socket
import sqlite3
import statistics
import sys
import tempfile
import threading
import time
from contextlib import ExitStack, suppress
from pathlib import Path

from bench.load import Load
from bench.sync import database, serving
from bench.table import Row, show
from relief import create_app
from relief.db import db
from relief.schema import upgrade_schema
from relief.settings import Settings

CLIENTS = 16
WANTED_A_SECOND, SHARE_OF_RAW, P99_MS = 300, 0.8, 300
RAW_SECONDS = 2.0
WARM_UP = 160


class Client:
    """One kept-open connection that sends prepared requests and notes how long each answer took."""

    def __init__(self, port: int, requests: list[tuple[str, bytes]]) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.requests = [_request(token, body) for token, body in requests]
        self.milliseconds: list[float] = []
        self.accepted = 0

    def run(self) -> None:
        for request in self.requests:
            start = time.perf_counter()
            self.socket.sendall(request)
            head, body = self._answer()
            self.milliseconds.append((time.perf_counter() - start) * 1000)
            if b" 200 " not in head[:20]:
                raise RuntimeError(f"{head!r} {body[:300]!r}")
            self.accepted += body.count(b'"verdict":"accepted"')
        self.socket.close()

    def _answer(self) -> tuple[bytes, bytes]:
        got = b""
        while b"\r\n\r\n" not in got:
            got += self._more()
        head, _blank, body = got.partition(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        while len(body) < length:
            body += self._more()
        return head, body

    def _more(self) -> bytes:
        part = self.socket.recv(65536)
        if not part:
            raise ConnectionError("the server hung up")
        return part


def _request(token: str, body: bytes) -> bytes:
    head = (f"POST /api/v1/sync HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n")  # fmt: skip
    return head.encode() + body


def send(ports: list[int], requests: list[tuple[str, bytes]], clients: int = CLIENTS) -> tuple[float, list[float], int]:
    """Send requests over `clients` connections spread over `ports`; return (seconds, milliseconds of each, how many accepted)."""
    everyone = [Client(ports[number % len(ports)], requests[number::clients]) for number in range(clients)]
    threads = [threading.Thread(target=each.run) for each in everyone]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - start
    milliseconds = [each for client in everyone for each in client.milliseconds]
    if len(milliseconds) < len(requests):
        raise RuntimeError(f"only {len(milliseconds)} of {len(requests)} requests were answered")
    return seconds, milliseconds, sum(client.accepted for client in everyone)


def raw_commits(folder: Path, seconds: float = RAW_SECONDS) -> float:
    """Return how many one-row commits a second the folder's disk takes, WAL and synchronous=FULL, nothing else at work."""
    path = folder / "raw-commits.db"
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("CREATE TABLE raw (id blob PRIMARY KEY, body blob) WITHOUT ROWID")
    start, count = time.perf_counter(), 0
    while time.perf_counter() - start < seconds:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO raw VALUES (?, ?)", (os.urandom(16), b"x" * 600))
        connection.execute("COMMIT")
        count += 1
    rate = count / (time.perf_counter() - start)
    connection.close()
    for leftover in folder.glob("raw-commits.db*"):
        leftover.unlink()
    return rate


def cpu_seconds_of_others() -> float:
    """Return the CPU seconds that this process's descendants (servers, their workers, the database) have used so far."""
    mine, parents, ticks = os.getpid(), {}, {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = stat.read_text().rpartition(")")[2].split()
            number = int(stat.parent.name)
            parents[number], ticks[number] = int(fields[1]), int(fields[11]) + int(fields[12])

    def descends(number: int) -> bool:
        while number in parents and number != mine:
            number = parents[number]
        return number == mine

    return sum(used for number, used in ticks.items() if number != mine and descends(number)) / os.sysconf("SC_CLK_TCK")


def measure(kind: str, requests: int, runs: int, households: int, folder: Path) -> list[Row]:
    """Return the figures of one database: SQLite behind one server, PostgreSQL behind two over four operations."""
    hosts, operations = (1, 1) if kind == "sqlite" else (2, 4)
    with database(kind, folder) as url:
        parts = prepare(url, folder, requests, runs, households, operations)
        first = 20_000 + os.getpid() % 20_000
        ports = list(range(first, first + hosts))
        rates, raw, slow, middle, costs = [], [], [], [], []
        with ExitStack() as stack:
            for port in ports:
                stack.enter_context(serving(folder, url, port))
            send(ports, parts[0])
            for part in parts[1:]:
                raw.append(raw_commits(folder))
                busy = cpu_seconds_of_others()
                seconds, milliseconds, accepted = send(ports, part)
                costs.append((cpu_seconds_of_others() - busy) / len(part) * 1000)
                if accepted != len(part):
                    raise RuntimeError(f"{accepted} of {len(part)} scans were accepted")
                rates.append(len(part) / seconds)
                slow.append(statistics.quantiles(milliseconds, n=100)[98])
                middle.append(statistics.median(milliseconds))
    name = "SQLite, one server" if kind == "sqlite" else f"PostgreSQL, {hosts} servers, {operations} operations"
    rate, commits = statistics.median(rates), statistics.median(raw)
    bar = min(WANTED_A_SECOND, SHARE_OF_RAW * commits) if kind == "sqlite" else WANTED_A_SECOND
    spread = f"{len(rates)} runs of {requests}: {min(rates):,.0f} to {max(rates):,.0f}; raw FULL commits {commits:,.0f}/s"
    return [Row(f"{name}: single scans", rate, "/s", "at least", bar, spread),
            Row(f"{name}: p99", statistics.median(slow), "ms", "at most", P99_MS,
                f"median {statistics.median(middle):.0f} ms"),
            Row(f"{name}: CPU of servers and database", statistics.median(costs), "ms a scan")]  # fmt: skip


def prepare(url: str, folder: Path, requests: int, runs: int, households: int, operations: int) -> list[list[tuple[str, bytes]]]:
    """Fill the database and return the warm-up's and each run's requests, the operations taking turns."""
    app = create_app(Settings(instance=folder, database_url=url))
    with app.app_context():
        upgrade_schema()
        loads = [Load(app, households // operations, 16 // operations, int(time.time()), 1, name=f"bench {number}")
                 for number in range(operations)]  # fmt: skip
        parts = [_in_turn([load.singles(count // operations) for load in loads]) for count in (WARM_UP, *[requests] * runs)]
        db.session.remove()
        if operations > 1:  # what autovacuum does within a minute of an import
            with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("ANALYZE")
        db.engine.dispose()
    return parts


def _in_turn(queues: list[list[tuple[str, bytes]]]) -> list[tuple[str, bytes]]:
    return [request for together in zip(*queues, strict=True) for request in together]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench single", description=__doc__)
    parser.add_argument("--kind", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--requests", type=int, default=3000, help="scans a run")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--households", type=int, default=2000)
    given = parser.parse_args()
    rows: list[Row] = []
    for kind in ("sqlite", "postgresql") if given.kind == "both" else (given.kind,):
        with tempfile.TemporaryDirectory() as folder:
            rows += measure(kind, given.requests, given.runs, given.households, Path(folder))
    sys.exit(0 if show("One scan a request, 16 clients at once", rows) else 1)


if __name__ == "__main__":
    main()
