"""How connections to the database are made and kept, on SQLite and on PostgreSQL."""

from __future__ import annotations

import sqlite3
import time
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import DisconnectionError

from relief.settings import Settings

BUSY_SECONDS = 5
IDLE_SECONDS = 5


def engine_options(settings: Settings) -> dict[str, Any]:
    """Return SQLAlchemy's options for the database that the settings name."""
    hidden = {"hide_parameters": True}  # parameters are people's data, and errors reach the log
    if settings.database_url.startswith("sqlite"):
        return {"connect_args": {"timeout": BUSY_SECONDS, "check_same_thread": False}, **hidden}
    waits = {"connect_args": {"options": f"-c lock_timeout={BUSY_SECONDS}s"}, "pool_timeout": BUSY_SECONDS}
    return {"pool_size": settings.threads + 2, **waits, **hidden}


def teach_sqlite(engine: Engine) -> None:
    """Take transactions into our own hands: the driver's way lets a released SAVEPOINT survive the outer rollback."""

    @event.listens_for(engine, "connect")
    def set_up(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "temp_store=MEMORY",
                       "cache_size=-65536", "mmap_size=268435456", "wal_autocheckpoint=8000"):  # fmt: skip
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("relief_writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def ping_the_idle(engine: Engine) -> None:
    """Ask a connection that lay idle whether it still lives; one just used need not pay the round trip."""

    @event.listens_for(engine, "checkin")
    def note(_connection: Any, record: Any) -> None:
        record.info["idle_since"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def ask(connection: Any, record: Any, _proxy: object) -> None:
        if time.monotonic() - record.info.get("idle_since", time.monotonic()) > IDLE_SECONDS:
            try:
                engine.dialect.do_ping(connection)
            except engine.dialect.loaded_dbapi.Error as error:
                raise DisconnectionError from error  # the pool makes a new one
