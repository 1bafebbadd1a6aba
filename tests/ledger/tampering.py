"""What of a ledger can be tampered with, how, and what `ledger verify` names then: each change is taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import BigInteger, Boolean, Connection, Integer, LargeBinary, String, select

from relief.cards.models import Card
from relief.db import db, is_sqlite
from relief.households.models import (
    Household,
    HouseholdApproval,
    HouseholdAuthor,
    HouseholdOrigin,
    HouseholdTerm,
    RegisterMark,
)
from relief.kernel.ids import random_id
from relief.ledger import models
from relief.ledger.verification import verify
from relief.operations.models import PlanVersion
from tests.ledger.field import take_guards_away

TABLES = {each.__table__.name: each.__table__ for each in (
    *(each for each in vars(models).values() if getattr(each, "__module__", "") == models.__name__
      and hasattr(each, "__table__")),
    Card, Household, HouseholdApproval, HouseholdAuthor, HouseholdOrigin, HouseholdTerm, RegisterMark, PlanVersion)}  # fmt: skip
# What may differ and why: nobody is told anything by it.
NOBODY_IS_TOLD = {
    ("delta", "delta_id"): "a random name, gone within a second",
}
OF_OTHER_TESTS = {"witness"}  # heads, looked at where they are told
EMPTY_HERE = {"delta"}  # everything is sealed


def problems(connection: Connection, field: Any) -> list[Any]:
    return verify(connection, field.operation_id, field.app.extensions["relief_secrets"]).problems


@contextmanager
def tampering(field: Any) -> Iterator[Callable[[Any], list[Any]]]:
    """Yield a function that returns what verify names after `change(connection)`, and takes the change back."""
    with db.engine.connect().execution_options(relief_writes=True) as connection, connection.begin() as everything:
        take_guards_away(connection)
        if is_sqlite(connection):
            connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        else:
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")

        def found_after(change: Any) -> list[Any]:
            with connection.begin_nested() as one:
                change(connection)
                found = problems(connection, field)
                one.rollback()
            return found

        yield found_after
        everything.rollback()


def changed(column: Any, value: Any) -> Any:
    """Return another value of the column's type."""
    if isinstance(column.type, Boolean):
        return not value
    if column.table.name == "feed" and column.name == "position":
        return 0  # between a group's last entry and the head any seal will do: phones read the group once more, or in time
    if isinstance(column.type, (Integer, BigInteger)):
        return (value or 0) + (1000 if column.name in unique_columns(column.table) else 1)
    if isinstance(column.type, LargeBinary):
        return bytes([value[0] ^ 1]) + value[1:] if value else b"\x01" * (column.type.length or 16)
    length = getattr(column.type, "length", None) or 40
    return (("x" if not value or value[0] != "x" else "y") + (value or "")[1:])[:length]


def first_rows(connection: Connection, table: Any, column: Any) -> list[Any]:
    """Return one row, where there are any one with a value in the column and one without."""
    rows = [connection.execute(select(table).where(which).order_by(*table.primary_key).limit(1)).one_or_none()
            for which in (column.is_not(None), column.is_(None))]  # fmt: skip
    return [row for row in rows if row is not None]


def here(table: Any, row: Any) -> Any:
    clause = table.c.operation_id == row.operation_id
    for column in table.primary_key:
        clause &= column == getattr(row, column.name)
    return clause


def every_column() -> Iterator[tuple[Any, Any]]:
    for name, table in sorted(TABLES.items()):
        for column in table.columns:
            if name not in OF_OTHER_TESTS | EMPTY_HERE and (name, column.name) not in NOBODY_IS_TOLD:
                yield table, column


def unique_columns(table: Any) -> set[str]:
    return {column.name for index in (*table.indexes, *table.constraints) if getattr(index, "unique", False)
            or type(index).__name__ == "UniqueConstraint" for column in index.columns}  # fmt: skip


def another(table: Any, row: Any) -> dict[str, Any]:
    """Return a row like this one under a key of its own."""
    values, unique = dict(row._mapping), unique_columns(table)
    for column in table.columns:
        if column.name != "operation_id" and (column.primary_key or column.name in unique):
            if isinstance(column.type, LargeBinary):
                values[column.name] = random_id()
            elif isinstance(column.type, (Integer, BigInteger)):
                values[column.name] = (values[column.name] or 0) + 1000
            elif isinstance(column.type, String) and column.name == "key":
                values[column.name] = "given|invented"
    return values
