"""The choice of columns that somebody made for a header, remembered in its operation for the next file that has it."""

from __future__ import annotations

import json

from sqlalchemy import Connection, delete, insert, select

from relief.households.columns import Choice
from relief.households.models import ColumnChoice


def find_choice(connection: Connection, operation_id: bytes, signature: bytes) -> Choice | None:
    """Return what was last chosen for a header of this signature, or None."""
    table = ColumnChoice.__table__.c
    stored = connection.execute(
        select(table.choice).where(table.operation_id == operation_id, table.signature == signature)
    ).scalar()
    if stored is None:
        return None
    told = json.loads(stored)
    return Choice(tuple(told["columns"]), told["meanings"])


def keep_choice(connection: Connection, operation_id: bytes, signature: bytes, choice: Choice) -> None:
    """Remember a choice instead of the one before it; nothing of the header itself is kept."""
    table = ColumnChoice.__table__
    stored = json.dumps({"columns": list(choice.columns), "meanings": choice.meanings}, ensure_ascii=False).encode()
    connection.execute(delete(ColumnChoice).where(table.c.operation_id == operation_id, table.c.signature == signature))
    connection.execute(insert(ColumnChoice).values(operation_id=operation_id, signature=signature, choice=stored))
