"""Bringing a database up to date: its tables, and what its rows keep of the entries, which an earlier version kept less of."""

from __future__ import annotations

from contextlib import suppress

from flask import current_app

from relief.db import snapshot, unit_of_work
from relief.kernel.errors import Conflict
from relief.ledger.key_check import refuse_other_keys
from relief.ledger.keys import current_keys
from relief.ledger.progress import Tell, tell_nobody
from relief.ledger.rebuilding import rebuild
from relief.ledger.sealer import seal_all
from relief.operations.queries import list_operations
from relief.schema import find_revision, upgrade_schema


def upgrade_database(anew: bool = False, tell: Tell = tell_nobody) -> str:
    """Run the migrations that the opened database lacks and, where there were any, compute anew what follows from the entries.

    Return the newest migration. A ledger that cannot be read is left as it is: `ledger verify` names what is wrong with it.
    """
    with snapshot() as connection:
        before = find_revision(connection)
        if before is not None:
            refuse_other_keys(connection, current_app.extensions["relief_secrets"])  # what is rebuilt is sealed, too
    newest = upgrade_schema(anew=anew)
    if before is not None and before < newest:
        tell("rebuild", 0, 0)
        _rebuild_all()
    return newest


def _rebuild_all() -> None:
    now, keys = current_app.extensions["relief_clock"].now(), current_keys()
    with snapshot() as connection:
        operations = list_operations(connection, None)
    for operation in operations:
        with suppress(Conflict), unit_of_work() as session:
            rebuild(session.connection(), operation.id, lambda: seal_all(now, keys))
