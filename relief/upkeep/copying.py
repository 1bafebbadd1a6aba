"""Rows from one database to another, whatever the two are: every table, streamed, in the order that references ask for."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import Connection, MetaData, Table, func, insert, select

from relief.db import db, is_sqlite
from relief.kernel.errors import Busy
from relief.ledger.devices import lock_operation
from relief.ledger.keys import current_keys
from relief.ledger.models import Entry
from relief.ledger.sealer import seal_all
from relief.operations.models import Operation

ROWS_AT_ONCE = 2000
MIGRATION_TABLE = "alembic_version"
TRIES, PAUSE_SECONDS = 50, 0.1


@contextmanager
def sealed_moment() -> Iterator[Connection]:
    """Yield a connection that reads one moment of PostgreSQL at which every entry is sealed.

    Phones wait for that moment (tenths of a second), not for the reading. So the chain's end says exactly what is covered.
    """
    for _attempt in range(TRIES):
        with db.engine.connect().execution_options(isolation_level="REPEATABLE READ") as reader:
            if _wait_for_moment(reader):
                yield reader
                return
        time.sleep(PAUSE_SECONDS)
    raise Busy(_("What phones sent is not being sealed, so no backup can say where it ends. relief doctor says more."),
               code="sealer_behind")  # fmt: skip


def _wait_for_moment(reader: Connection) -> bool:
    """Let the reader's moment begin while nobody appends; tell whether all was sealed then."""
    with db.engine.connect() as gate:
        for operation_id in gate.execute(select(Operation.__table__.c.id).order_by(Operation.__table__.c.id)).scalars().all():
            lock_operation(gate, operation_id, alone=True)
        seal_all(current_app.extensions["relief_clock"].now(), current_keys())
        entry = Entry.__table__.c
        unsealed = reader.execute(select(func.count()).where(entry.position.is_(None))).scalar_one()
        gate.rollback()
    return unsealed == 0


def copy_tables(source: Connection, target: Connection) -> None:
    """Copy all rows of all tables into the empty tables of `target`, which has the same migration; memory stays flat."""
    there = MetaData()  # not the models: the database may be an earlier version's
    there.reflect(target)
    for table in (each for each in there.sorted_tables if each.name != MIGRATION_TABLE):
        (_insert_rows if is_sqlite(target) else _stream_rows)(source, target, table)


def _chunks(source: Connection, table: Table) -> Iterator[list[tuple[object, ...]]]:
    result = source.execution_options(stream_results=True, max_row_buffer=ROWS_AT_ONCE).execute(select(table))
    for rows in result.partitions(ROWS_AT_ONCE):
        yield [tuple(row) for row in rows]


def _insert_rows(source: Connection, target: Connection, table: Table) -> None:
    names = [column.name for column in table.columns]
    sql = str(insert(table).compile(target, column_keys=names))
    for rows in _chunks(source, table):
        target.exec_driver_sql(sql, rows)


def _stream_rows(source: Connection, target: Connection, table: Table) -> None:
    """Use PostgreSQL's COPY, several times faster than inserting."""
    driver = target.connection.dbapi_connection
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    with driver.cursor() as cursor, cursor.copy(f'COPY "{table.name}" ({names}) FROM STDIN') as copy:  # type: ignore[union-attr]
        for rows in _chunks(source, table):
            for row in rows:
                copy.write_row(row)
