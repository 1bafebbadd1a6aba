"""`relief serve` as processes that may be killed at any moment."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

from relief.settings import Settings
from tests.faults.cuts import forms_of, send_slowly
from tests.ledger.field import Phone
from tests.web.test_server import free_port

START_SECONDS = 30
LOOK_EVERY_SECONDS = 0.02


class Server:
    """One installation's server on a port of its own, the same after every start. `log` holds what it said.

    `prepare` is Python that its processes run first; `environment` are further settings.
    """

    def __init__(self, settings: Settings, workers: int | None = None, threads: int = 8, prepare: str = "",
                 **environment: str) -> None:  # fmt: skip
        self.port, self.workers = free_port(), workers
        self.program = [sys.executable, "-c", f"{prepare}\nfrom relief.cli import main; main()"]
        self.log = settings.instance / "server.log"
        chosen = {"INSTANCE": str(settings.instance), "DATABASE_URL": settings.database_url, "THREADS": str(threads),
                  **environment}  # fmt: skip
        outside = {name: value for name, value in os.environ.items() if not name.startswith("RELIEF_")}
        self.environment = {**outside, **{f"RELIEF_{name}": value for name, value in chosen.items()}}
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Server:
        self.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.kill()

    def start(self, **options: Any) -> float:
        """Start the server and wait until it is ready; return the seconds that took. Raises AssertionError with its log."""
        started = time.monotonic()
        workers = ["--workers", str(self.workers)] if self.workers else []
        command = [*self.program, "serve", "--port", str(self.port), *workers]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, env=self.environment, process_group=0, stdin=subprocess.DEVNULL,
                                            stdout=log, stderr=log, **options)  # fmt: skip
        self.wait_until_ready()
        return time.monotonic() - started

    def wait_until_ready(self) -> None:
        last = time.monotonic() + START_SECONDS
        while not self.is_ready():
            assert self.process is not None
            assert self.process.poll() is None and time.monotonic() < last, self.said()
            time.sleep(LOOK_EVERY_SECONDS)

    def is_ready(self) -> bool:
        try:
            return self.get("/readyz") == 200
        except (OSError, HTTPException):
            return False

    def get(self, path: str) -> int:
        """Return the status of an answer."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", path)
            with connection.getresponse() as answer:
                return answer.status
        finally:
            connection.close()

    def post(self, phone: Phone, record: dict[str, Any]) -> int | None:
        """Have a phone hand one record in; return the answer's status."""
        body = {"app_version": "1", "counts": {"made": phone.seq, "waiting": 0, "held": 0}, "records": [record]}
        return send_slowly(self.port, forms_of(body, phone.headers)["plain"], pieces=1, pause_seconds=0)

    def kill(self) -> None:
        """End the server and its workers with kill -9."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def stop(self) -> int:
        """Ask the server to end, as a person would; return its exit code."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(START_SECONDS)
        self.process = None
        return code

    def kill_worker(self, chance: random.Random) -> None:
        """End one worker with kill -9, and wait until the server has started another in its place."""
        workers = self.worker_pids()
        killed = chance.choice(workers)
        os.kill(killed, signal.SIGKILL)
        last = time.monotonic() + START_SECONDS
        while killed in (there := self.worker_pids()) or len(there) < len(workers):
            assert time.monotonic() < last, self.said()
            time.sleep(LOOK_EVERY_SECONDS)

    def worker_pids(self) -> list[int]:
        assert self.process is not None
        pid = self.process.pid
        return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")[-4000:]
