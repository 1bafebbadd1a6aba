"""Plain statements on the driver's own cursor: a tenth of a millisecond less each than SQLAlchemy's way, which counts where
a request makes twenty-five of them.

Written once with `?` for both databases. The transaction stays SQLAlchemy's, and so do the errors.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from relief.db import begin_if_needed, is_sqlite

Row = tuple[Any, ...]


def fetch(connection: Connection, sql: str, *parameters: Any) -> list[Row]:
    """Run one statement and return its rows as tuples (columns of bytes as the driver gives them)."""
    return _run(connection, sql, parameters, many=False).fetchall()


def change(connection: Connection, sql: str, *parameters: Any) -> None:
    """Run one statement that returns nothing."""
    _run(connection, sql, parameters, many=False)


def change_many(connection: Connection, sql: str, parameters: Sequence[Row]) -> None:
    """Run one statement for every row of `parameters`."""
    _run(connection, sql, parameters, many=True)


def _run(connection: Connection, sql: str, parameters: Any, many: bool) -> Any:
    begin_if_needed(connection)
    driver: Any = connection.connection.dbapi_connection
    cursor = driver.cursor()
    try:
        (cursor.executemany if many else cursor.execute)(sql if is_sqlite(connection) else _binary(sql), parameters)
    except connection.dialect.loaded_dbapi.Error as error:
        lost = connection.dialect.is_disconnect(error, driver, cursor)
        if lost:
            connection.invalidate(error)
        # Without the parameters: they are people's data, and errors reach the log.
        raise DBAPIError.instance(sql, None, error, connection.dialect.loaded_dbapi.Error, hide_parameters=True,
                                  connection_invalidated=lost, dialect=connection.dialect) from error  # fmt: skip
    return cursor


@lru_cache(maxsize=256)
def _binary(sql: str) -> str:
    """Return a statement as psycopg reads it: parameters in binary, a fifth of the time of text."""
    return sql.replace("?", "%b")
