"""The SQLite file and its write-ahead log: a lost or swapped one is never taken for a new one.

Where it is gone or empty, nothing is made in its place (`relief.database_memory`).
A write-ahead log (`-wal`) that was taken away shows by the index (`-shm`) that SQLite never
leaves behind alone: without its log the file would silently be yesterday's.
"""

from __future__ import annotations

import os
import sqlite3
import time
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import DatabaseError, DisconnectionError

from relief.database_memory import refuse_if_lost
from relief.database_trouble import LATER_SECONDS, damaged
from relief.kernel.errors import Unusable
from relief.settings import Settings

LOOK_SECONDS = 2
STEPS_BETWEEN_LOOKS = 100_000


def watch_file(engine: Engine, settings: Settings) -> None:
    """Look, whenever a connection is opened or taken from the pool, whether the files are still those."""
    path = str(engine.url.database)

    @event.listens_for(engine, "do_connect")
    def check(*_told: Any) -> None:
        if not _size(path):
            refuse_if_lost(settings)
        if lacks_log(path):
            raise log_missing(path)

    @event.listens_for(engine, "connect")
    def note(_connection: sqlite3.Connection, record: Any) -> None:
        record.info["file"] = _identity(path)

    @event.listens_for(engine, "checkout")
    def compare(_connection: sqlite3.Connection, record: Any, _proxy: Any) -> None:
        if _identity(path) != record.info["file"] or lacks_log(path):
            raise DisconnectionError("the database file is another one, or gone")


def check_pages(connection: Connection, seconds: float = LOOK_SECONDS) -> None:
    """Have SQLite look at as many pages as it can within `seconds`; raises Unusable when one is damaged.

    `relief doctor` looks at all of them.
    """
    last = time.monotonic() + seconds
    driver: Any = connection.connection.dbapi_connection
    driver.set_progress_handler(lambda: time.monotonic() > last, STEPS_BETWEEN_LOOKS)
    try:
        found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one()
    except DatabaseError as error:
        if "interrupted" not in str(error.orig):
            raise damaged() from error
        return
    finally:
        driver.set_progress_handler(None, 0)
    if found != "ok":
        raise damaged()


def _size(path: str) -> int:
    try:
        return os.stat(path).st_size
    except OSError:
        return 0


def _identity(path: str) -> tuple[int, int] | None:
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def lacks_log(path: str) -> bool:
    """Tell whether there is an index without its log; looked at twice, because somebody may be opening the file just now."""
    log, index = f"{path}-wal", f"{path}-shm"
    return not os.path.exists(log) and os.path.exists(index) and not os.path.exists(log)


def log_missing(path: str) -> Unusable:
    """Return the error for a file whose write-ahead log was taken away."""
    name = os.path.basename(path)
    return Unusable(_("The file %(name)s-wal is missing: it held what was stored last. Nothing was changed. Put it back beside "
                      "%(name)s, or restore the last backup. To go on without it, remove %(name)s-shm: what it held is lost, "
                      "but for what phones still keep.", name=name),
                    code="wal_missing", retry_after_seconds=LATER_SECONDS)  # fmt: skip
