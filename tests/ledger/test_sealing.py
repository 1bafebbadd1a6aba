"""Positions without gaps, counters of exactly the sealed position, registers that miss nothing."""

from __future__ import annotations

import random
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from sqlalchemy import delete, func, select

from relief.db import db, is_sqlite, snapshot, write_snapshot
from relief.ledger.chain_check import parsed_facts, stream_entries
from relief.ledger.keys import current_keys
from relief.ledger.models import Entry
from relief.ledger.queries import get_head, list_counters
from relief.ledger.recomputing import Recomputing
from relief.ledger.rules.tally import merge_counters
from relief.ledger.sealer import Rounds, seal_all
from relief.ledger.sealing import seal_waiting
from relief.operations.queries import get_current_plan
from tests.conftest import only_postgresql
from tests.ledger.crowd import NAMES, phones, problems, together
from tests.ledger.field import take_guards_away
from tests.model.plan import card_of, id_of


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
