"""An erasure that is killed at any of its stages goes on where it was; older backups do not bring anything back."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys

import pytest

from relief.accounts.audit import COMMAND_LINE
from relief.db import db, is_sqlite, snapshot
from relief.ledger.erasure_journal import list_orders
from relief.ledger.erasure_orders import is_done
from relief.ledger.keys import current_keys
from relief.ledger.register_reading import read_register
from relief.ledger.scrubbing import leave_no_byte
from relief.ledger.verification import verify
from relief.office.erasing.erasing import erase, plan_erasure, replay_erasures
from tests.conftest import only_sqlite
from tests.ledger.field import Field
from tests.office.erasable import Families, files_with, what_stays

LONGEST_SECONDS = 60
# The program erases for real and kills itself, as kill -9 does, where the argument says.
KILLED = """
import os, signal, sys
from relief import create_app
from relief.accounts.audit import COMMAND_LINE
from relief.office.erasing import erasing
place, operation, household = sys.argv[1], bytes.fromhex(sys.argv[2]), bytes.fromhex(sys.argv[3])
def die(*_given, **_named):
    os.kill(os.getpid(), signal.SIGKILL)
app = create_app()
with app.app_context():
    order, _found = erasing.plan_erasure(operation, household, "asked", 1363590000)
    tell = lambda stage, done, everything: die() if (stage, done) == (place, 1 if place == "files" else done) else None
    if place in ("note_order", "leave_no_byte", "note_done"):
        setattr(erasing, place, die)
    erasing.erase(order, COMMAND_LINE, app.extensions["relief_settings"].instance, lambda: 1363590000, tell)
"""


@pytest.fixture
def families(app, clock):
    return Families(Field(app, clock))


def searched(settings, request):
    folders = [settings.instance]
    if not is_sqlite(db.engine):
        folders.append(request.getfixturevalue("postgres_server").folder / "data" / "base")
    return folders


@pytest.mark.parametrize("place", ["note_order", "records", "leave_no_byte", "files", "note_done"])
def test_an_erasure_killed_at_any_stage_is_finished_later(families, settings, clock, request, place):
    field = families.field
    read_register(field.operation_id)
    before = what_stays(field)
    environment = {**os.environ, "RELIEF_INSTANCE": str(settings.instance), "RELIEF_DATABASE_URL": settings.database_url}
    done = subprocess.run([sys.executable, "-c", KILLED, place, field.operation_id.hex(), families.household.hex()],
                          env=environment, timeout=LONGEST_SECONDS, capture_output=True)  # fmt: skip
    assert done.returncode == -signal.SIGKILL, done.stderr
    (order,) = list_orders(settings.instance)
    with snapshot() as connection:
        assert not is_done(connection, order, current_keys().orders)
        found = verify(connection, field.operation_id, field.app.extensions["relief_secrets"])
    assert found.good or place == "note_order", found.problems  # half done is no tampering
    assert replay_erasures(settings.instance, clock.now) == 1
    assert files_with(families.needles("ours"), *searched(settings, request)) == set()
    assert what_stays(field) == before
    assert replay_erasures(settings.instance, clock.now) == 0


@only_sqlite
def test_a_restored_older_database_has_what_was_erased_erased_again(families, settings, clock, tmp_path):
    path, older = settings.instance / "relief.db", tmp_path / "older.db"
    leave_no_byte(db.engine)  # everything is in the file
    shutil.copyfile(path, older)
    order, _found = plan_erasure(families.field.operation_id, families.household, "asked", clock.now())
    erase(order, COMMAND_LINE, settings.instance, clock.now)
    db.session.remove()
    db.engine.dispose()
    for left in settings.instance.glob("relief.db*"):
        left.unlink()
    shutil.copyfile(older, path)
    assert files_with(families.needles("ours"), settings.instance) != set()
    assert replay_erasures(settings.instance, clock.now) == 1
    assert files_with(families.needles("ours"), settings.instance) == set()


@only_sqlite
def test_a_backup_made_after_an_erasure_holds_nothing_of_it(families, settings, clock, tmp_path):
    order, _found = plan_erasure(families.field.operation_id, families.household, "asked", clock.now())
    erase(order, COMMAND_LINE, settings.instance, clock.now)
    with db.engine.connect() as connection:
        connection.connection.driver_connection.execute("VACUUM INTO ?", (str(tmp_path / "backup.db"),))
    assert files_with(families.needles("ours"), tmp_path) == set()
    assert files_with(families.needles("theirs"), tmp_path) != set()
