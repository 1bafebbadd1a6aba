"""Values of another type than their column's: SQLite takes any, whatever a table says, so each is looked at before it is read.

PostgreSQL keeps its types itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Boolean, Column, Connection, Integer, LargeBinary, String, Table

from relief.accounts.models import Enrolment
from relief.cards.models import Card
from relief.db import is_sqlite
from relief.households.models import Household, HouseholdApproval, HouseholdAuthor, HouseholdOrigin, RegisterMark
from relief.ledger.models import (
    Citation,
    Counter,
    Delta,
    Entry,
    Erasure,
    Feed,
    FoldGroup,
    Head,
    Held,
    Lineage,
    Seal,
    Standing,
    Witness,
)
from relief.ledger.problems import Problem, name_of
from relief.operations.models import PlanVersion

_MODELS = (Entry, Held, Seal, Head, Lineage, Witness, Erasure, Standing, FoldGroup, Counter, Delta, Feed, Citation, Card,
           Household, HouseholdApproval, HouseholdAuthor, HouseholdOrigin, RegisterMark, PlanVersion, Enrolment)  # fmt: skip
_TABLES: tuple[Table, ...] = tuple(model.__table__ for model in _MODELS)  # type: ignore[misc]
_WRONG = 1  # what the database itself can tell; of odd text it gives the bytes


def type_problems(connection: Connection, operation_id: bytes) -> Iterator[Problem]:
    """Yield every value that is not of its column's type, length or encoding, with its table, column and row."""
    for table in _TABLES if is_sqlite(connection) else ():
        columns = [column for column in table.columns if column.name != "operation_id"]
        names = [column for column in columns if column.primary_key or column.name == "position"]
        found = [_found(column) for column in columns]
        sql = (f"SELECT {', '.join([*map(_name, names), *found])} FROM {table.name} WHERE operation_id = ? AND "
               f"({' OR '.join(f'({each}) IS NOT NULL' for each in found)})")  # fmt: skip
        for row in connection.exec_driver_sql(sql, (operation_id,)):
            where = ", ".join(f"{column.name} {name_of(value)}" for column, value in zip(names, row, strict=False))
            for column, value in zip(columns, row[len(names) :], strict=True):
                if value == _WRONG or value is not None and not _is_text(value):
                    yield Problem("type_wrong", f"{table.name}.{column.name} ({where})")


def _name(column: Column[Any]) -> str:
    """Return SQL for a part of a row's key that can be read whatever it is: text and bytes as bytes."""
    return f"CASE WHEN typeof({column.name}) = 'text' THEN CAST({column.name} AS BLOB) ELSE {column.name} END"


def _found(column: Column[Any]) -> str:
    """Return SQL that is NULL for a right value, _WRONG for another, and the bytes of text that is not plain ASCII."""
    name, kind = column.name, column.type
    wrong = f"WHEN typeof({name}) <> '{_storage(kind)}' THEN {_WRONG}"
    if column.nullable:
        wrong = f"WHEN {name} IS NULL THEN NULL {wrong}"
    if isinstance(kind, Boolean):
        wrong += f" WHEN {name} NOT IN (0, 1) THEN {_WRONG}"
    elif isinstance(kind, LargeBinary) and kind.length:
        wrong += f" WHEN length({name}) <> {kind.length} THEN {_WRONG}"
    elif isinstance(kind, String):  # beside what GLOB sees: a zero byte ends the text for it
        wrong += f" WHEN {name} GLOB '*[^ -~]*' OR length({name}) <> length(CAST({name} AS BLOB)) THEN CAST({name} AS BLOB)"
    return f"CASE {wrong} END"


def _storage(kind: Any) -> str:
    if isinstance(kind, (Integer, Boolean)):  # BigInteger is an Integer
        return "integer"
    return "blob" if isinstance(kind, LargeBinary) else "text"


def _is_text(value: bytes) -> bool:
    try:
        return "\0" not in value.decode()
    except UnicodeDecodeError:
        return False
