"""A database that is missing, emptied, damaged or without its log: told in words, never replaced."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from relief.database_memory import remember_database
from relief.db import db
from tests.conftest import only_sqlite
from tests.faults.load import FAMILIES, count_made_by, count_of
from tests.faults.server import Server
from tests.faults.stage import refusal
from tests.ledger.crowd import phones, problems
from tests.model.plan import id_of

pytestmark = only_sqlite
PAGE = 4096


@pytest.fixture
def settled(field, settings):
    """An installation that was served once and was left properly; returns its database file."""
    remember_database(settings)
    leave(field)
    return settings.instance / "relief.db"


def leave(field):
    db.session.remove()
    db.engine.dispose()
    assert not os.path.exists(f"{db.engine.url.database}-wal")


@pytest.mark.parametrize("command", [(), ("db", "upgrade"), ("totals", "spring-floods")])
def test_a_missing_database_is_told_and_none_is_made(field, settled, command):
    settled.rename(settled.with_suffix(".away"))
    assert refusal(field, *command) == "database_missing"
    assert not settled.exists()
    settled.with_suffix(".away").rename(settled)
    assert problems(field) == []


@pytest.mark.parametrize("command", [(), ("db", "upgrade")])
def test_an_emptied_database_is_told_and_stays_as_it_is(field, settled, command):
    settled.write_bytes(b"")
    assert refusal(field, *command) == "database_missing"
    assert settled.read_bytes() == b""


def test_a_database_without_its_tables_is_told(field, settled):
    settled.unlink()
    with closing(sqlite3.connect(settled)) as empty:
        empty.execute("CREATE TABLE other (n)")
    assert refusal(field) == "database_missing"


@pytest.mark.parametrize("damage", ["zeros", "noise", "another file", "cut short"])
def test_damaged_pages_are_told_at_the_start(field, settled, damage):
    content = bytearray(settled.read_bytes())
    if damage == "cut short":
        content = content[: len(content) // 2]
    elif damage == "another file":
        content[:PAGE] = b"minutes of the meeting\n".ljust(PAGE)
    else:
        for page in range(1, len(content) // PAGE, 3):
            content[page * PAGE : (page + 1) * PAGE] = bytes(PAGE) if damage == "zeros" else b"\xa5" * PAGE
    settled.write_bytes(content)
    assert refusal(field) == "database_damaged"
    assert settled.read_bytes() == bytes(content)


def test_damage_under_a_running_server_is_a_503_and_never_a_500(field, settings):
    (phone,) = phones(field, 1)
    phone.send(phone.handover(FAMILIES[0], item="pss", members=[id_of("f0-1")]))
    leave(field)
    path = Path(str(db.engine.url.database))
    content = bytearray(path.read_bytes())
    content[PAGE:] = b"\xa5" * (len(content) - PAGE)
    path.write_bytes(content)
    answer = phone.post({"app_version": "1", "counts": {}, "records": []})
    assert (answer.status_code, answer.json["error"]["code"]) == (503, "database_damaged")
    assert answer.headers["Retry-After"]
    page = field.app.test_client().get("/sign-in")
    assert page.status_code in (200, 503)
    assert field.app.test_client().get("/readyz").status_code == 503


def test_a_missing_log_after_a_kill_is_told_and_nothing_acknowledged_is_lost_once_it_is_back(field, settings):
    (phone,) = phones(field, 1)
    record = phone.handover(FAMILIES[0], item="pss", members=[id_of("f0-1")])
    leave(field)
    with Server(settings) as server:
        assert server.post(phone, record) == 200
        server.kill()
    log = Path(f"{db.engine.url.database}-wal")
    log.rename(log.with_suffix(".away"))
    before = Path(str(db.engine.url.database)).read_bytes()
    assert refusal(field) == refusal(field, "ledger", "verify", "spring-floods") == "wal_missing"
    assert Path(str(db.engine.url.database)).read_bytes() == before
    log.with_suffix(".away").rename(log)
    with Server(settings):
        assert count_of(field, [record]) == count_made_by(field, phone) == 1
    assert problems(field) == []


def test_a_database_that_goes_while_the_server_runs_is_told_and_nothing_more_is_acknowledged(field, settings):
    phone, records = three_records(field)
    with Server(settings) as server:
        assert server.post(phone, records[0]) == 200
        away = settings.instance / "relief.db"
        away.rename(away.with_suffix(".away"))
        assert [server.post(phone, records[1]), server.get("/readyz")] == [503, 503]
        assert not away.exists()
        away.with_suffix(".away").rename(away)
        assert server.post(phone, records[1]) == 200
        assert server.stop() == 0
    assert count_of(field, records) == 2
    assert problems(field) == []


def test_a_log_that_goes_while_the_server_runs_takes_nothing_acknowledged_with_it(field, settings):
    phone, records = three_records(field)
    with Server(settings) as server:
        assert server.post(phone, records[0]) == 200
        (settings.instance / "relief.db-wal").unlink()
        statuses = [server.post(phone, record) for record in records for _twice in range(2)]
        assert set(statuses) <= {200, 503} and statuses[-1] == 200
        assert server.stop() == 0
    assert count_of(field, records) == 3
    assert problems(field) == []


def three_records(field):
    (phone,) = phones(field, 1)
    records = [phone.handover(FAMILIES[each], item="pss", members=[id_of(f"f{each}-1")]) for each in range(3)]
    leave(field)
    return phone, records
