"""Whole sets of rows in one statement, on both databases: what the ledger's hot path needs and the ORM is too slow for.

SQLite takes many short parameter lists, PostgreSQL one array a column. Everything goes through bound parameters.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, TypeAlias

from sqlalchemy import BigInteger, Boolean, Connection, Integer, LargeBinary

from relief.db import Base, is_sqlite
from relief.statements import Row, change, change_many, fetch

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
        sql = f"{select} WHERE operation_id = ? AND {column} = ANY(?) {tail} {lock}"
        return fetch(connection, sql, operation_id, list(values))
    found: list[Any] = []
    wanted = list(values)
    for start in range(0, len(wanted), MOST_PARAMETERS):
        part = wanted[start : start + MOST_PARAMETERS]
        marks = ",".join("?" * len(part))
        sql = f"{select} WHERE operation_id = ? AND {column} IN ({marks}) {tail}"
        found += fetch(connection, sql, operation_id, *part)
    return found


def insert_rows(connection: Connection, model: Model, columns: Sequence[str], new: Sequence[Row],
                on_conflict: str = "") -> None:  # fmt: skip
    """Insert `new` rows (values in the order of `columns`); `on_conflict` is the clause after ON CONFLICT, if any."""
    if not new:
        return
    names = ", ".join(columns)
    clause = f" ON CONFLICT {on_conflict}" if on_conflict else ""
    if is_sqlite(connection):
        marks = ",".join("?" * len(columns))
        change_many(connection, f"INSERT INTO {model.__tablename__} ({names}) VALUES ({marks}){clause}", new)
        return
    arrays = ", ".join(f"?::{_array_type(model, name)}" for name in columns)
    sql = f"INSERT INTO {model.__tablename__} ({names}) SELECT * FROM unnest({arrays}){clause}"
    change(connection, sql, *(list(values) for values in zip(*new, strict=True)))


def replace_rows(connection: Connection, model: Model, columns: Sequence[str], new: Sequence[Row]) -> None:
    """Insert rows, or replace the other columns where the primary key is there already."""
    key = [column.name for column in model.__table__.primary_key]
    changes = ", ".join(f"{name} = excluded.{name}" for name in columns if name not in key)
    insert_rows(connection, model, columns, new, f"({', '.join(key)}) DO UPDATE SET {changes}")


def _array_type(model: Model, column: str) -> str:
    kind = model.__table__.c[column].type
    if isinstance(kind, LargeBinary):
        return "bytea[]"
    if isinstance(kind, Boolean):
        return "boolean[]"
    return "bigint[]" if isinstance(kind, (Integer, BigInteger)) else "text[]"
