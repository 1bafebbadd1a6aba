"""The SQLite file and its write-ahead log: a lost or swapped one is never taken for a new one.

An installation remembers in `databases.json` which databases it has had tables in. Where one of them is gone or empty,
nothing is made in its place. A write-ahead log (`-wal`) that was taken away shows by the index (`-shm`) that SQLite never
leaves behind alone: without its log the file would silently be yesterday's.
"""

from __future__ import annotations

import json
import os
import sqlite3
import time
from pathlib import Path
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Connection, Engine, event, make_url
from sqlalchemy.exc import DatabaseError, DisconnectionError

from relief.database_trouble import LATER_SECONDS, damaged
from relief.kernel.errors import Unusable
from relief.settings import Settings

MEMORY_FILE = "databases.json"
LOOK_SECONDS = 2
STEPS_BETWEEN_LOOKS = 100_000


def remember_database(settings: Settings) -> None:
    """Note that the installation's database has tables."""
    known = _remembered(settings)
    if _name(settings) in known:
        return
    spare = settings.instance / f"{MEMORY_FILE}.{os.getpid()}"
    spare.write_text(json.dumps(sorted({*known, _name(settings)}), indent=1) + "\n", encoding="utf-8")
    spare.replace(settings.instance / MEMORY_FILE)


def is_remembered(settings: Settings) -> bool:
    """Tell whether this installation's database had tables before."""
    return _name(settings) in _remembered(settings)


def missing(settings: Settings) -> Unusable:
    """Return the error for a database that was there and is not."""
    return Unusable(_("The database %(name)s is missing or empty, but this installation had one. Nothing was made in its "
                      "place. Put it back, or restore the last backup. To begin anew, use another instance folder: "
                      "RELIEF_INSTANCE names it.",
                      name=_name(settings)), code="database_missing", retry_after_seconds=LATER_SECONDS)  # fmt: skip


def watch_file(engine: Engine, settings: Settings) -> None:
    """Look, whenever a connection is opened or taken from the pool, whether the files are still those."""
    path = str(engine.url.database)

    @event.listens_for(engine, "do_connect")
    def check(*_told: Any) -> None:
        if is_remembered(settings) and not _size(path):
            raise missing(settings)
        if _lacks_log(path):
            raise _log_missing(path)

    @event.listens_for(engine, "connect")
    def note(_connection: sqlite3.Connection, record: Any) -> None:
        record.info["file"] = _identity(path)

    @event.listens_for(engine, "checkout")
    def compare(_connection: sqlite3.Connection, record: Any, _proxy: Any) -> None:
        if _identity(path) != record.info["file"] or _lacks_log(path):
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


def _name(settings: Settings) -> str:
    """Return the database's name as people know it: never with a password, and within the folder if it lies there."""
    url = make_url(settings.database_url)
    if url.drivername != "sqlite":
        return url.set(username=None, password=None, query={}).render_as_string()
    path = Path(str(url.database)).resolve()
    return str(path.relative_to(settings.instance)) if path.is_relative_to(settings.instance) else str(path)


def _remembered(settings: Settings) -> list[str]:
    try:
        return list(json.loads((settings.instance / MEMORY_FILE).read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return []


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


def _lacks_log(path: str) -> bool:
    """Tell whether there is an index without its log; looked at twice, because somebody may be opening the file just now."""
    log, index = f"{path}-wal", f"{path}-shm"
    return not os.path.exists(log) and os.path.exists(index) and not os.path.exists(log)


def _log_missing(path: str) -> Unusable:
    name = os.path.basename(path)
    return Unusable(_("The file %(name)s-wal is missing: it held what was stored last. Nothing was changed. Put it back beside "
                      "%(name)s, or restore the last backup. To go on without it, remove %(name)s-shm: what it held is lost, "
                      "but for what phones still keep.", name=name),
                    code="wal_missing", retry_after_seconds=LATER_SECONDS)  # fmt: skip
