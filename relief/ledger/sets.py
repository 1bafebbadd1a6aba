"""Whole sets of rows in one statement, on both databases: what the ledger's hot path needs and the ORM is too slow for.

SQLite takes many short parameter lists, PostgreSQL one array a column. Everything goes through bound parameters.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import lru_cache
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
    wanted = list(values)
    if not is_sqlite(connection):
        among, given = ("= ?", wanted[0]) if len(wanted) == 1 else ("= ANY(?)", wanted)  # a scan names one: cheaper than a list
        return fetch(connection, f"{select} WHERE operation_id = ? AND {column} {among} {tail} {lock}", operation_id, given)
    found: list[Any] = []
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
    if is_sqlite(connection):
        change_many(connection, _insert(model, tuple(columns), on_conflict, "?"), new)
    elif len(new) == 1:
        change(connection, _insert(model, tuple(columns), on_conflict, "?::{kind}"), *new[0])
    else:
        sql = _insert(model, tuple(columns), on_conflict, "?::{kind}[]")
        change(connection, sql, *(list(values) for values in zip(*new, strict=True)))


@lru_cache(maxsize=256)
def _insert(model: Model, columns: tuple[str, ...], on_conflict: str, mark: str) -> str:
    """Return the statement that inserts a row, or from arrays of PostgreSQL rows, one `mark` a column."""
    marks = ", ".join(mark.format(kind=_kind(model, name)) for name in columns)
    rows = f"SELECT * FROM unnest({marks})" if mark.endswith("[]") else f"VALUES ({marks})"
    clause = f" ON CONFLICT {on_conflict}" if on_conflict else ""
    return f"INSERT INTO {model.__tablename__} ({', '.join(columns)}) {rows}{clause}"


def replace_rows(connection: Connection, model: Model, columns: Sequence[str], new: Sequence[Row]) -> None:
    """Insert rows, or replace the other columns where the primary key is there already."""
    key = [column.name for column in model.__table__.primary_key]
    changes = ", ".join(f"{name} = excluded.{name}" for name in columns if name not in key)
    insert_rows(connection, model, columns, new, f"({', '.join(key)}) DO UPDATE SET {changes}")


def _kind(model: Model, column: str) -> str:
    kind = model.__table__.c[column].type
    if isinstance(kind, LargeBinary):
        return "bytea"
    if isinstance(kind, Boolean):
        return "boolean"
    return "bigint" if isinstance(kind, (Integer, BigInteger)) else "text"
