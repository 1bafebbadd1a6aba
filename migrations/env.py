"""Run the migrations on the database of the current app, all in one transaction: a run cut short leaves nothing half done."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import context
from sqlalchemy import Connection, text

from relief.db import db
from relief.schema import compare_default

LOCK = 7370616  # any number, the same in every process: two servers that start together upgrade one after the other


@contextmanager
def writer() -> Iterator[Connection]:
    """Yield a connection whose transactions begin as writers, SQLite's foreign keys checked at the end instead of at once.

    Rebuilding an SQLite table drops the old one; with foreign keys on, that would take the rows pointing to it along.
    """
    with db.engine.connect() as connection:
        connection = connection.execution_options(relief_writes=True)
        driver = connection.connection.dbapi_connection
        if connection.dialect.name != "sqlite":
            yield connection
            return
        driver.execute("PRAGMA foreign_keys=OFF")
        try:
            yield connection
        finally:
            driver.execute("PRAGMA foreign_keys=ON")


def run() -> None:
    with writer() as connection:
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            render_as_batch=True,
            compare_type=True,
            compare_server_default=compare_default,
            transactional_ddl=True,
        )
        with context.begin_transaction():
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
            context.run_migrations()
            if connection.dialect.name == "sqlite":
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
                if broken:
                    raise RuntimeError(f"the migration leaves rows that point nowhere: {broken[:5]}")


run()
