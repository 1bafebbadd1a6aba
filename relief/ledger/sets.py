"""Whole sets of rows in one statement, on both databases: what the ledger's hot path needs and the ORM is too slow for.

SQLite takes many short parameter lists, PostgreSQL one array a column. Everything goes through bound parameters.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, TypeAlias

from sqlalchemy import BigInteger, Boolean, Connection, Integer, LargeBinary

from relief.db import Base, is_sqlite

Model: TypeAlias = type[Base]
MOST_PARAMETERS = 20_000


def rows_where_in(connection: Connection, select: str, operation_id: bytes, column: str, values: Collection[Any],
                  tail: str = "", lock: str = "") -> list[Any]:  # fmt: skip
    """Return the rows of `select` (`SELECT ... FROM table`) of one operation whose `column` is among `values`.

    `lock` (such as `ORDER BY id FOR UPDATE`) is added on PostgreSQL only: SQLite has a single writer anyway.
    """
    if not values:
        return []
    if not is_sqlite(connection):
        sql = f"{select} WHERE operation_id = %b AND {column} = ANY(%b) {tail} {lock}"
        return list(connection.exec_driver_sql(sql, (operation_id, list(values))))
    found: list[Any] = []
    wanted = list(values)
    for start in range(0, len(wanted), MOST_PARAMETERS):
        part = wanted[start : start + MOST_PARAMETERS]
        marks = ",".join("?" * len(part))
        sql = f"{select} WHERE operation_id = ? AND {column} IN ({marks}) {tail}"
        found += connection.exec_driver_sql(sql, (operation_id, *part)).all()
    return found


def run(connection: Connection, sql: str, *parameters: Any) -> Any:
    """Run one statement written with `?`, and return its result: a third of a millisecond less than building it each time."""
    return connection.exec_driver_sql(sql if is_sqlite(connection) else sql.replace("?", "%b"), parameters)


def insert_rows(connection: Connection, model: Model, columns: Sequence[str], rows: Sequence[tuple[Any, ...]],
                on_conflict: str = "") -> None:  # fmt: skip
    """Insert `rows` (values in the order of `columns`); `on_conflict` is the clause after ON CONFLICT, if any."""
    if not rows:
        return
    names = ", ".join(columns)
    clause = f" ON CONFLICT {on_conflict}" if on_conflict else ""
    if is_sqlite(connection):
        marks = ",".join("?" * len(columns))
        connection.exec_driver_sql(f"INSERT INTO {model.__tablename__} ({names}) VALUES ({marks}){clause}", list(rows))
        return
    arrays = ", ".join(f"%b::{_array_type(model, name)}" for name in columns)  # binary: a fifth of the time of text
    sql = f"INSERT INTO {model.__tablename__} ({names}) SELECT * FROM unnest({arrays}){clause}"
    connection.exec_driver_sql(sql, tuple(list(values) for values in zip(*rows, strict=True)))


def replace_rows(connection: Connection, model: Model, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows, or replace the other columns where the primary key is there already."""
    key = [column.name for column in model.__table__.primary_key]
    changes = ", ".join(f"{name} = excluded.{name}" for name in columns if name not in key)
    insert_rows(connection, model, columns, rows, f"({', '.join(key)}) DO UPDATE SET {changes}")


def _array_type(model: Model, column: str) -> str:
    kind = model.__table__.c[column].type
    if isinstance(kind, LargeBinary):
        return "bytea[]"
    if isinstance(kind, Boolean):
        return "boolean[]"
    return "bigint[]" if isinstance(kind, (Integer, BigInteger)) else "text[]"
