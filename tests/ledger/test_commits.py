"""One commit for many: a mistake in one hurts no other, and neither a full disk nor a kill loses what was acknowledged."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import threading
from functools import partial
from http.client import HTTPConnection, HTTPException

import orjson
import pytest
from sqlalchemy import event, func, select, text

from relief.db import db, write
from relief.kernel.ids import to_bytes
from relief.ledger.models import Entry
from tests.conftest import only_sqlite
from tests.ledger.crowd import NAMES, phones, problems, together
from tests.model.plan import id_of
from tests.web.test_server import RELIEF, environment, free_port, wait_until_answers


@only_sqlite
def test_waiting_batches_share_a_commit(families):
    field, commits, pause = families, [], threading.Event()
    writer = field.app.extensions["relief_writer"]
    devices = phones(field, 12)

    def note(connection):
        if connection.get_execution_options().get("relief_writes"):
            commits.append(1)

    def hold_up(_connection):
        for _look in range(2000):
            if writer._jobs.qsize() == len(devices):
                return
            pause.wait(0.005)

    started = threading.Event()

    def first():
        write(lambda connection: (started.set(), hold_up(connection)))

    def then(phone):
        record = phone.handover(NAMES[0], item="milk")
        started.wait()
        phone.send(record)

    event.listen(db.engine, "commit", note)
    together(field, [first, *(partial(then, phone) for phone in devices)])
    assert len(commits) == 2
    assert field.total(f"given|{id_of('milk')}") == 12
    assert problems(field) == []


def test_a_job_that_fails_does_not_hurt_the_others(families):
    field = families
    devices = phones(field, 6)

    def fail():
        def work(connection):
            connection.execute(text("UPDATE card SET state = 'cancelled'"))
            raise ValueError("a mistake")

        with pytest.raises(ValueError, match="a mistake"):
            write(work)

    def break_a_rule():
        with pytest.raises(Exception, match="(?i)no such column|does not exist"):
            write(lambda connection: connection.execute(text("SELECT nothing_of_this_name FROM card")))

    sends = [partial(phone.send, phone.handover(name)) for phone, name in zip(devices, NAMES, strict=True)]
    together(field, [*sends, fail, break_a_rule, fail])
    assert field.total(f"given|{id_of('parcel')}") == 6
    assert problems(field) == []


@only_sqlite
def test_a_full_disk_loses_nothing_acknowledged_and_the_server_goes_on(families):
    field = families
    devices = phones(field, 6)
    with db.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()

    def limit(connection, _record=None):
        connection.execute(f"PRAGMA max_page_count = {bound}")

    bound = pages + 12
    db.engine.dispose()
    event.listen(db.engine, "connect", limit)
    statuses, acknowledged, waiting = [], [], []

    def hand_in_until_full(phone):
        for _turn in range(12):
            records = [phone.record("contact", item=id_of("pss"), site=id_of("s1"), people=[
                {"sex": "female", "age_band": "60+", "count": 1}]) for _each in range(10)]  # fmt: skip
            answer = phone.post({"app_version": "1", "counts": {"made": 1, "waiting": 0, "held": 0}, "records": records})
            statuses.append((answer.status_code, answer.json.get("error", {}).get("code")))
            (acknowledged if answer.status_code == 200 else waiting).append((phone, records))

    together(field, [partial(hand_in_until_full, phone) for phone in devices])
    assert {status for status, _code in statuses} == {200, 503}
    assert {code for status, code in statuses if status == 503} == {"storage_full"}
    assert count_of(field, [each for _phone, records in acknowledged for each in records]) == 10 * len(acknowledged)
    assert count_of(field, [each for _phone, records in waiting for each in records]) == 0
    bound = 1 << 30
    db.session.remove()
    db.engine.dispose()
    for phone, records in waiting:
        assert {each["verdict"] for each in phone.send(*records)} == {"accepted"}
    assert problems(field) == []


def count_of(field, records):
    db.session.rollback()
    table = Entry.__table__.c
    ids = [to_bytes(each["id"]) for each in records]
    here = (table.operation_id == field.operation_id, table.id.in_(ids))
    return db.session.execute(select(func.count()).where(*here)).scalar_one()


@only_sqlite
def test_a_server_killed_under_load_keeps_what_it_acknowledged(field, settings):
    for name in NAMES:
        field.household(name)
    devices = phones(field, 4)
    acknowledged, sent = [], []
    chance = random.Random(3)
    db.session.remove()
    db.engine.dispose()
    for _turn in range(5):
        port, enough = free_port(), threading.Semaphore(0)
        server = subprocess.Popen([*RELIEF, "serve", "--port", str(port)], env=environment(settings), process_group=0,
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
        try:
            wait_until_answers(port)
            threads = [threading.Thread(target=hand_in_until_killed, args=(port, phone, acknowledged, sent, enough))
                       for phone in devices]  # fmt: skip
            for thread in threads:
                thread.start()
            for _answer in range(chance.randint(3, 25)):
                enough.acquire()
        finally:
            os.killpg(server.pid, signal.SIGKILL)  # the server and its worker
            server.wait()
        for thread in threads:
            thread.join()
    db.engine.dispose()
    assert len(acknowledged) >= 15
    assert count_of(field, acknowledged) == len(acknowledged)
    assert problems(field) == []
    for phone in devices:
        again = [record for owner, record in sent if owner is phone]
        for start in range(0, len(again), 500):
            words = {each["verdict"] for each in phone.send(*again[start : start + 500])}
            assert words <= {"already_there", "accepted", "flagged"}
    assert count_of(field, [record for _owner, record in sent]) == len(sent)
    assert problems(field) == []


def hand_in_until_killed(port, phone, acknowledged, sent, enough):
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        while True:
            record = phone.handover(NAMES[phone.seq % 6], item="pss", members=[id_of(f"{NAMES[phone.seq % 6]}-1")])
            sent.append((phone, record))
            body = {"app_version": "1", "counts": {"made": phone.seq, "waiting": 0, "held": 0}, "records": [record]}
            connection.request("POST", "/api/v1/sync", orjson.dumps(body), {**phone.headers, "Content-Type": "application/json"})
            with connection.getresponse() as response:
                answer = orjson.loads(response.read())
            assert answer["verdicts"][0]["id"] == record["id"]
            acknowledged.append(record)
            enough.release()
    except (OSError, HTTPException):
        pass
    finally:
        connection.close()
        for _any in range(100):  # whoever waits for answers goes on
            enough.release()
