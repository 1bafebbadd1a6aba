"""The sealer of a process: on PostgreSQL it seals what batches left, within a second of their commit.

Any number of processes may run one; an advisory lock lets one at a time work on an operation, and whoever finds an operation
sealed by somebody else since the last look leaves it to him: four processes that each seal a few entries cost more than one
that seals them together.
"""

from __future__ import annotations

import threading
import time

from flask import Flask, current_app
from sqlalchemy.exc import OperationalError

from relief.db import after_commit, db, is_sqlite, lookup, write_snapshot
from relief.ledger.keys import Keys, current_keys
from relief.ledger.sealing import seal_waiting
from relief.statements import fetch

LONGEST_WAIT_SECONDS = 0.5
PATIENCE_SECONDS, SOON_SECONDS = 2.0, 0.02
PAUSE_AFTER_TROUBLE_SECONDS = 2
SHORTEST_PAUSE_SECONDS = 0.25  # scans that come one by one are sealed together


def seal_all(now: int, keys: Keys) -> int:
    """Seal everything that waits, of every operation; return how many entries. Does nothing on SQLite.

    Where somebody else is sealing, what came after that one's look is waited for, up to two seconds.
    """
    if is_sqlite(db.engine):
        return 0
    count, last = 0, time.monotonic() + PATIENCE_SECONDS
    left = {operation_id for operation_id, _position in _waiting()}
    while left:
        for operation_id in tuple(left):
            if sealed := _seal(operation_id, now, keys):
                count += sealed
                left.discard(operation_id)
        if left:
            left &= {operation_id for operation_id, _position in _waiting()}
        if not left or time.monotonic() > last:
            break
        time.sleep(SOON_SECONDS)
    return count


def _waiting() -> list[tuple[bytes, int]]:
    """Return (operation, where its chain stands) of all operations with entries to seal."""
    with lookup() as connection:
        return fetch(connection, "SELECT waiting.operation_id, coalesce(head.position, 0) FROM "  # type: ignore[return-value]
                     "(SELECT DISTINCT operation_id FROM entry WHERE position IS NULL) AS waiting "
                     "LEFT JOIN head ON head.operation_id = waiting.operation_id")  # fmt: skip


def _seal(operation_id: bytes, now: int, keys: Keys) -> int:
    return write_snapshot(lambda connection: seal_waiting(connection, operation_id, keys, now)) or 0


class Rounds:
    """The rounds of one process among several: an operation that somebody else has sealed since the last round is left to him.

    So one process goes on with an operation while the others only look; when it falls silent, the next look takes over.
    """

    def __init__(self) -> None:
        self._seen: dict[bytes, int] = {}

    def seal(self, now: int, keys: Keys) -> int:
        """Seal what waits and nobody else is at; return how many entries."""
        count = 0
        for operation_id, position in _waiting():
            if self._seen.setdefault(operation_id, position) == position:
                count += (sealed := _seal(operation_id, now, keys))
                position += sealed
            self._seen[operation_id] = position
        return count


def start_sealer(app: Flask) -> None:
    """Start this process's sealer thread at its first commit (so that it starts in the worker, after any fork)."""
    wake = threading.Event()
    started: list[threading.Thread] = []
    start = threading.Lock()

    def after() -> None:
        with start:
            if not started and not is_sqlite(db.engine):
                thread = threading.Thread(target=_run, args=(app, wake), name="relief-sealer", daemon=True)
                started.append(thread)
                thread.start()
        wake.set()

    after_commit(app, after)


def _run(app: Flask, wake: threading.Event) -> None:
    pause, rounds = threading.Event(), Rounds()
    while True:
        wake.wait(LONGEST_WAIT_SECONDS)
        wake.clear()
        with app.app_context():
            try:
                rounds.seal(current_app.extensions["relief_clock"].now(), current_keys())
            except OperationalError as error:  # the database is away for a moment
                app.logger.warning("sealing waits: %s", type(error.orig).__name__)
                pause.wait(PAUSE_AFTER_TROUBLE_SECONDS)
            except Exception:  # the next round tries again; a dead sealer would stop all totals
                app.logger.exception("sealing failed")
        pause.wait(SHORTEST_PAUSE_SECONDS)
