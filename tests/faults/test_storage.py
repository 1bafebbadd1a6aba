"""Storage that is read-only, failing or locked by somebody else: a sentence, nothing half stored, and it goes on afterwards."""

from __future__ import annotations

import resource
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import event

from relief.db import db
from relief.traces import write_whole
from tests.conftest import only_sqlite
from tests.faults.load import FAMILIES, count_made_by
from tests.faults.server import Server
from tests.faults.stage import refusal
from tests.ledger.crowd import phones, problems
from tests.model.plan import id_of

pytestmark = only_sqlite


@pytest.fixture
def quickly(field):
    """Wait for others' locks for a moment only."""
    tell_new_connections("busy_timeout = 50")
    yield
    db.session.remove()


def tell_new_connections(*pragmas):
    """Set pragmas on every connection made from now on; return how to stop it."""

    def tell(connection, _record=None):
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")

    db.session.remove()
    db.engine.dispose()
    event.listen(db.engine, "connect", tell)
    return lambda: (event.remove(db.engine, "connect", tell), db.session.remove(), db.engine.dispose())


def answer_to(phone):
    record = phone.handover(FAMILIES[0], item="pss", members=[id_of("f0-1")])
    answer = phone.post({"app_version": "1", "counts": {}, "records": [record]})
    db.session.remove()
    return answer


def told(answer):
    assert answer.headers["Retry-After"]
    return answer.status_code, answer.json["error"]["code"]


def test_a_read_only_database_is_told_and_works_when_it_can_be_written_again(field):
    (phone,) = phones(field, 1)
    writable_again = tell_new_connections("query_only = 1")
    assert told(answer_to(phone)) == (503, "storage_read_only")
    assert phone.register()["cards"]
    page = field.app.test_client().get("/sign-in")
    assert page.status_code == 200
    writable_again()
    assert count_made_by(field, phone) == 0
    assert answer_to(phone).status_code == 200
    assert problems(field) == []


def test_a_file_locked_by_somebody_else_is_busy_and_then_works(field, settings, quickly):
    (phone,) = phones(field, 1)
    db.session.remove()
    with closing(sqlite3.connect(settings.instance / "relief.db", isolation_level=None)) as outsider:
        outsider.execute("BEGIN IMMEDIATE")
        assert told(answer_to(phone)) == (503, "busy")
        assert phone.register()["cards"]  # who only reads is not disturbed
        outsider.execute("ROLLBACK")
    assert answer_to(phone).status_code == 200
    assert problems(field) == []


def test_a_file_locked_even_for_readers_is_busy_and_then_works(field, settings, quickly):
    (phone,) = phones(field, 1)
    db.session.remove()
    db.engine.dispose()
    with closing(sqlite3.connect(settings.instance / "relief.db", isolation_level=None)) as outsider:
        outsider.execute("PRAGMA locking_mode = EXCLUSIVE")
        outsider.execute("BEGIN IMMEDIATE")
        outsider.execute("CREATE TABLE mine (n)")
        outsider.execute("ROLLBACK")
        assert told(answer_to(phone)) == (503, "busy")
        assert field.app.test_client().get("/readyz").status_code == 503
    db.engine.dispose()
    assert answer_to(phone).status_code == 200
    assert problems(field) == []


def test_a_server_that_may_not_grow_its_files_stores_nothing_and_goes_on_when_it_may(field, settings):
    """A file size limit on the running server: SQLite sees its writes fail as on a broken disk."""
    (phone,) = phones(field, 1)
    records = [phone.handover(FAMILIES[each % 12], item="pss", members=[id_of(f"f{each % 12}-1")]) for each in range(40)]
    db.session.remove()
    db.engine.dispose()
    with Server(settings) as server:
        assert server.post(phone, records[0]) == 200
        size = max(path.stat().st_size for path in Path(settings.instance).glob("relief.db*"))
        for pid in server.worker_pids():
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (size + 40_000, resource.RLIM_INFINITY))
        statuses = [server.post(phone, record) for record in records]
        assert set(statuses) == {200, 503}
        assert server.get("/healthz") == 200
        for pid in server.worker_pids():
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        assert {server.post(phone, record) for record in records} == {200}
        assert server.stop() == 0
    assert count_made_by(field, phone) == len(records)
    assert problems(field) == []


@pytest.mark.parametrize("words", [(), ("db", "upgrade")], ids=["serve", "upgrade"])
def test_a_start_on_a_read_only_database_is_a_sentence(field, words):
    tell_new_connections("query_only = 1")
    assert refusal(field, *words) == "storage_read_only"


def test_a_file_that_found_no_room_leaves_nothing_beside(settings):
    kept = settings.instance / "anchors.json"
    write_whole(kept, {"before": True})
    write = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))\n" \
            f"from pathlib import Path; from relief.traces import write_whole; write_whole(Path({str(kept)!r}), [])"  # fmt: skip
    tried = subprocess.run([sys.executable, "-c", write], capture_output=True, text=True)
    assert "File too large" in tried.stderr
    assert list(settings.instance.glob("anchors.json*")) == [kept]
    assert kept.read_text() == '{"before": true}'
