"""Leaving no byte: what was erased still stands in free pages, write-ahead logs and dead rows until these are written anew.

SQLite: the file is rebuilt and the log emptied. PostgreSQL: the tables are rewritten and a checkpoint removes the old files; its
own write-ahead log and archives are the server's (docs/data-protection.md).
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress

from flask_babel import gettext as _
from sqlalchemy import Engine

from relief.db import is_sqlite
from relief.kernel.errors import Busy

WAIT_SECONDS = 30
TABLES = ("entry", "held", "card", "import_salt", "list_upload", "list_upload_part", "column_choice", "suspicion",
          "household_term", "tally_sheet", "tally_photo", "card_print", "card_print_part",
          "list_version", "purpose")


def leave_no_byte(engine: Engine) -> None:
    """Write the database's files anew; raises Busy when somebody reads for so long that it cannot be done now."""
    (_scrub_sqlite if is_sqlite(engine) else _scrub_postgresql)(engine)


def _scrub_sqlite(engine: Engine) -> None:
    with closing(sqlite3.connect(str(engine.url.database), timeout=WAIT_SECONDS, isolation_level=None)) as connection:
        try:
            connection.execute("PRAGMA secure_delete=ON")
            connection.execute("VACUUM")
            busy, *_pages = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) and "busy" not in str(error):
                raise
            raise _busy() from error
    if busy:
        raise _busy()


def _scrub_postgresql(engine: Engine) -> None:
    import psycopg  # a sixth of the start of every command that never speaks to PostgreSQL

    _arguments, address = engine.dialect.create_connect_args(engine.url)
    with closing(psycopg.connect(**address, autocommit=True)) as connection:  # VACUUM takes no transaction around it
        connection.execute(f"SET lock_timeout = '{WAIT_SECONDS}s'")
        try:
            for table in TABLES:
                connection.execute(f"VACUUM (FULL, ANALYZE) {table}")
        except psycopg.errors.LockNotAvailable as error:
            raise _busy() from error
        with suppress(psycopg.errors.InsufficientPrivilege):  # the server does it by itself within minutes
            connection.execute("CHECKPOINT")


def _busy() -> Busy:
    return Busy(_("It is erased, but somebody reads the database, so its files could not be written anew. Run it again."),
                code="not_scrubbed", retry_after_seconds=60)  # fmt: skip
