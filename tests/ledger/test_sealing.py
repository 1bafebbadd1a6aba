"""Positions without gaps, counters of exactly the sealed position, registers that miss nothing; one commit for many."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from http.client import HTTPConnection, HTTPException

import orjson
import pytest
from sqlalchemy import delete, event, func, select, text

from relief.db import db, is_sqlite, snapshot, write, write_snapshot
from relief.kernel.ids import to_bytes
from relief.ledger.chain_check import parsed_facts, stream_entries
from relief.ledger.keys import current_keys
from relief.ledger.models import Entry
from relief.ledger.queries import get_head, list_counters
from relief.ledger.recomputing import Recomputing
from relief.ledger.rules.tally import merge_counters
from relief.ledger.sealer import Rounds, seal_all
from relief.ledger.sealing import seal_waiting
from relief.operations.queries import get_current_plan
from tests.conftest import only_postgresql, only_sqlite
from tests.ledger.crowd import phones, problems, together
from tests.ledger.field import take_guards_away
from tests.model.plan import card_of, id_of
from tests.web.test_server import RELIEF, environment, free_port, wait_until_answers

NAMES = [f"h{number}" for number in range(6)]


@pytest.fixture
def families(field):
    for name in NAMES:
        field.household(name)
    field.seal()
    field.app.extensions["relief_after_commit"] = []  # sealers of the tests' own
    return field


def scans(phone, chance, batches=4):
    """Return batches of one phone that give, take back and ask."""
    made = []
    for _batch in range(batches):
        given = [phone.handover(name, item=chance.choice(("parcel", "bl"))) for name in chance.sample(NAMES, 4)]
        made.append([*given, phone.void(given[0]), {**phone.handover(chance.choice(NAMES), item="kit"), "mode": "ask"}])
    return made


def hand_in(phone, batches):
    for records in batches:
        assert {each["verdict"] for each in phone.send(*records)} <= {"accepted", "flagged", "refused"}


def until(done, work):
    """Repeat work until all phones are done, and once more; return what it returned."""
    results = []
    while not done.is_set():
        results.append(work())
    return [*results, work()]


def phones_and(field, batches, *work):
    """Let phones hand in while each of `work` is repeated; return the results of the repeated."""
    done, left = threading.Event(), threading.Semaphore(0)

    def hand_in_and_tell(phone, own):
        try:
            hand_in(phone, own)
        finally:
            left.release()

    def wait():
        for _each in batches:
            left.acquire()
        done.set()

    handing_in = [partial(hand_in_and_tell, phone, own) for phone, own in batches]
    return together(field, [*handing_in, wait, *(partial(until, done, each) for each in work)])[len(batches) + 1 :]


def sealers(field, number):
    """Return what seals while phones hand in: on SQLite every batch seals itself."""
    return [] if is_sqlite(db.engine) else [field.seal] * number


@only_postgresql
def test_several_sealers_at_once_number_without_gaps_and_count_exactly(families):
    field, seen = families, {}

    def look():
        with snapshot() as connection:
            position = get_head(connection, field.operation_id).position
            seen[position] = {key: n for key, n in list_counters(connection, field.operation_id).items() if n}

    batches = [(phone, scans(phone, random.Random(number))) for number, phone in enumerate(phones(field, 6))]
    phones_and(field, batches, *sealers(field, 3), look)
    field.seal()
    assert problems(field) == []
    look()
    assert len(seen) > 3
    entries = Entry.__table__
    with db.engine.connect() as connection:
        take_guards_away(connection)
        positions = connection.execute(select(entries.c.position).order_by(entries.c.position)).scalars().all()
        assert positions == list(range(1, len(positions) + 1))
        plan = get_current_plan(connection, field.operation_id)
        for position in sorted(seen, reverse=True):  # what the entries up to there say
            connection.execute(delete(entries).where(entries.c.position > position))
            again = Recomputing(connection, field.operation_id, plan, position)
            for row in stream_entries(connection, field.operation_id):
                again.take(parsed_facts(row), row[2], row[0])
            documents = [document for part in again.parts() for document in part.documents.values()]
            counted = merge_counters(document.all_counters(plan) for document in documents)
            assert {key: n for key, n in counted.items() if n} == seen[position]
        connection.rollback()


def left_of(cards):
    """Return what is left by (card, item) as register rows say."""
    return {(row["card"], due["item"], due["round"]): due.get("left") for row in cards for due in row.get("due", ())}


def test_a_register_contains_exactly_the_records_it_names(families):
    """One phone gives a parcel to family after family; others read along. Left over = 1 less each time, and no other."""
    field = families
    giver, other = phones(field, 2)
    gifts, batches = {}, []
    for name in NAMES:
        record = giver.handover(name, item="bl", quantity=1)
        gifts[record["id"]] = name
        batches.append([record])
    registers, *_ = phones_and(field, [(giver, batches), (other, scans_of_milk(other))], giver.register, *sealers(field, 1))
    for register in registers:
        left = left_of(register["cards"])
        contained = {gifts[each] for each in register["contained"]}
        for name in NAMES:
            assert left[card_of(name), id_of("bl"), id_of("r1")] == 4 - (name in contained)
    assert {gifts[each] for each in registers[-1]["contained"]} == set(NAMES)


def scans_of_milk(phone):
    return [[phone.handover(name, item="milk") for name in NAMES] for _turn in range(3)]


def test_increments_add_up_to_the_full_register(families):
    field = families
    reader, *others = phones(field, 4)
    state, contained, cursor = {}, set(), 0

    def read():
        nonlocal cursor
        answer = reader.register(cursor)
        cursor = answer["cursor"]
        state.update({row["card"]: row for row in answer["cards"]})
        contained.update(answer["contained"])

    own = scans(reader, random.Random(9), 2)
    batches = [(phone, scans(phone, random.Random(number), 3)) for number, phone in enumerate(others)]
    phones_and(field, [*batches, (reader, own)], read, *sealers(field, 1))
    field.seal()
    read()
    full = reader.register()
    assert state == {row["card"]: row for row in full["cards"]}
    assert contained == set(full["contained"]) == {each["id"] for records in own for each in records}


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


@only_postgresql
def test_of_two_sealers_one_goes_on_and_the_other_takes_over_when_it_falls_silent(families):
    chance, phone = random.Random(5), families.phone()
    one, other = Rounds(), Rounds()

    def look(rounds: Rounds) -> int:
        return rounds.seal(families.clock.now(), current_keys())

    def after_a_batch(rounds: Rounds) -> bool:
        phone.send(phone.handover(chance.choice(NAMES), item="parcel"))
        return look(rounds) > 0

    assert after_a_batch(one)
    assert after_a_batch(other), "it has seen nobody at it yet"
    assert not after_a_batch(one), "the other is at it"
    assert [after_a_batch(rounds) for rounds in (other, one) * 3] == [True, False] * 3
    assert after_a_batch(one), "nobody has sealed since its last look"


@only_postgresql
def test_sealing_everything_waits_for_somebody_who_is_at_it_and_saw_less(families):
    phone = families.phone()
    phone.send(phone.handover("h1"))
    looked, go_on = threading.Event(), threading.Event()

    def slow_sealer(connection):
        sealed = seal_waiting(connection, families.operation_id, current_keys(), families.clock.now())
        looked.set()
        go_on.wait(30)
        return sealed

    def at_work():
        with families.app.app_context():
            return write_snapshot(slow_sealer)

    with ThreadPoolExecutor(2) as others:
        first = others.submit(at_work)
        assert looked.wait(30)
        phone.send(phone.handover("h2"))
        others.submit(lambda: (threading.Event().wait(0.3), go_on.set()))
        assert seal_all(families.clock.now(), current_keys()) > 0
        assert first.result(30) > 0
    with snapshot() as connection:
        assert connection.execute(select(func.count()).where(Entry.__table__.c.position.is_(None))).scalar_one() == 0
