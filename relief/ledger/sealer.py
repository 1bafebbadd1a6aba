"""The sealer of a process: on PostgreSQL it seals what batches left, within a second of their commit.

Any number of processes may run one; an advisory lock lets one at a time work on an operation.
"""

from __future__ import annotations

import threading
from functools import partial

from flask import Flask, current_app
from sqlalchemy import Connection, select
from sqlalchemy.exc import OperationalError

from relief.db import after_commit, db, is_sqlite, snapshot, write_snapshot
from relief.ledger.keys import Keys, current_keys
from relief.ledger.models import Entry
from relief.ledger.sealing import seal_waiting

LONGEST_WAIT_SECONDS = 0.5
PAUSE_AFTER_TROUBLE_SECONDS = 2
SHORTEST_PAUSE_SECONDS = 0.25  # scans that come one by one are sealed together


def seal_all(now: int, keys: Keys) -> int:
    """Seal everything that waits, of every operation; return how many entries. Does nothing on SQLite."""
    if is_sqlite(db.engine):
        return 0
    table = Entry.__table__.c
    with snapshot() as connection:
        operations = connection.execute(select(table.operation_id).where(table.position.is_(None)).distinct()).scalars().all()
    seal = partial(_seal, now=now, keys=keys)
    return sum(write_snapshot(partial(seal, operation_id=each)) or 0 for each in operations)


def _seal(connection: Connection, operation_id: bytes, now: int, keys: Keys) -> int:
    return seal_waiting(connection, operation_id, keys, now)


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
    pause = threading.Event()
    while True:
        wake.wait(LONGEST_WAIT_SECONDS)
        wake.clear()
        with app.app_context():
            try:
                seal_all(current_app.extensions["relief_clock"].now(), current_keys())
            except OperationalError as error:  # the database is away for a moment
                app.logger.warning("sealing waits: %s", type(error.orig).__name__)
                pause.wait(PAUSE_AFTER_TROUBLE_SECONDS)
            except Exception:  # the next round tries again; a dead sealer would stop all totals
                app.logger.exception("sealing failed")
        pause.wait(SHORTEST_PAUSE_SECONDS)


