"""A rebuild that is killed half-way leaves what was there; run again, it does all of it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

from sqlalchemy import text

from relief.db import snapshot, unit_of_work
from relief.ledger.keys import current_keys
from relief.ledger.rebuilding import rebuild
from relief.ledger.sealer import seal_all
from relief.ledger.verification import verify

PROGRAM = """
import os, signal, sys
from relief import create_app
from relief.db import unit_of_work
from relief.ledger.rebuilding import rebuild
from relief.settings import load_settings

passed = []
def until_written(count):
    passed.append(count)
    if len(passed) > 1:  # all entries were read, and a part of what they say is written
        os.kill(os.getpid(), signal.SIGKILL)

with create_app(load_settings()).app_context(), unit_of_work() as session:
    rebuild(session.connection(), bytes.fromhex(sys.argv[1]), lambda: None, until_written)
"""


def projections(connection):
    return {table: connection.execute(text(f"SELECT * FROM {table} ORDER BY 1, 2, 3")).all()
            for table in ("counter", "standing", "fold_group", "feed", "card", "household")}  # fmt: skip


def test_a_rebuild_killed_half_way_leaves_what_was_there(field):
    field.household("h1")
    phone = field.phone()
    phone.send(phone.handover("h1"), phone.handover("h1"))
    field.seal()
    with unit_of_work() as session:
        session.execute(text("UPDATE counter SET n = n + 1"))
    with snapshot() as connection:
        before = projections(connection)

    settings = field.app.extensions["relief_settings"]
    environment = {**os.environ, "RELIEF_INSTANCE": str(settings.instance), "RELIEF_DATABASE_URL": settings.database_url}
    cut = subprocess.run([sys.executable, "-c", PROGRAM, field.operation_id.hex()], env=environment, timeout=60, check=False,
                         capture_output=True, text=True)  # fmt: skip

    assert cut.returncode == -signal.SIGKILL, cut.stderr
    with snapshot() as connection:
        assert projections(connection) == before
    with unit_of_work() as session:
        rebuild(session.connection(), field.operation_id, lambda: seal_all(field.clock.now(), current_keys()))
    with snapshot() as connection:
        assert verify(connection, field.operation_id, field.app.extensions["relief_secrets"]).problems == []
