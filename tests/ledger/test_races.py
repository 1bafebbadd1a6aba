"""Many devices at once: nothing is lost, nothing counts twice, and what follows from the entries is what is stored."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from functools import partial

import pytest
from sqlalchemy import func, select

from relief.db import db, unit_of_work
from relief.kernel.errors import Conflict
from relief.kernel.ids import to_bytes
from relief.ledger.models import Entry
from relief.ledger.plan_saving import save_plan
from relief.operations.queries import get_current_plan
from tests.ledger.crowd import desks, phones, problems, together
from tests.model.plan import card_of, id_of

PARCEL = id_of("parcel")


def words(answers):
    return Counter(verdict["verdict"] for answer in answers for verdict in answer)


def stored(field, records):
    """Return how many entries there are under each record's id."""
    db.session.rollback()
    table = Entry.__table__.c
    wanted = [to_bytes(each["id"]) for each in records]
    rows = db.session.execute(select(table.id, func.count()).where(table.operation_id == field.operation_id, table.id.in_(wanted))
                              .group_by(table.id)).all()  # fmt: skip
    found = {bytes(row[0]): row[1] for row in rows}
    return [found.get(each, 0) for each in wanted]


def asking(phone, card, **fields):
    return partial(phone.send, {**phone.handover(card, **fields), "mode": "ask"})


def test_of_twenty_phones_that_ask_for_one_card_one_is_granted(field):
    twenty = phones(field, 20)
    for time, name in enumerate(("h1", "h2", "h3"), 1):
        field.household(name)
        answers = together(field, [asking(phone, name) for phone in twenty])
        assert words(answers) == {"accepted": 1, "refused": 19}
        assert field.total(f"waiting|{PARCEL}") == time
        assert field.total(f"refused|{PARCEL}") == 19 * time
    assert field.total("given") == 0
    assert problems(field) == []


def test_two_cards_of_one_household_share_one_grant(field):
    twenty = phones(field, 20)
    for time, name in enumerate(("h1", "h2", "h3"), 1):
        household = field.household(name)
        field.desk.send({"kind": "card", "action": "linked", "card": card_of(f"{name}b"), "household": household})
        answers = together(field, [asking(phone, name + "b" * (turn % 2)) for turn, phone in enumerate(twenty)])
        assert words(answers) == {"accepted": 1, "refused": 19}
        assert field.total(f"waiting|{PARCEL}") == time
    assert problems(field) == []


def test_asks_among_tells_never_grant_more_than_is_left(field):
    twenty = phones(field, 20)
    for name in ("h1", "h2", "h3"):
        field.household(name)
        tells = [partial(phone.send, phone.handover(name)) for phone in twenty[:6]]
        answers = together(field, [*tells, *(asking(phone, name) for phone in twenty[6:])])
        assert sum(verdict["verdict"] == "accepted" for (verdict,) in answers[6:]) <= 1
        assert {verdict["verdict"] for (verdict,) in answers[:6]} <= {"accepted", "flagged"}
    assert field.total(f"given|{PARCEL}") == 18
    assert field.total(f"excess|{PARCEL}") == 18 - 3 + field.total(f"waiting|{PARCEL}")
    assert problems(field) == []


def a_day_of(phone):
    """Return records of one phone: cards and households nobody has seen, an unknown card, no card at all, a clock mark."""
    at = {"at": "2013-03-18T08:40:00+03:00", "uptime_ms": 5_000}
    records = [phone.record("registration", household=id_of(f"n{n}"), card=card_of(f"n{n}"), members=[
        {"id": id_of(f"n{n}-1"), "number": 1, "sex": "female", "age_band": "18-59", "disability": "no"}]) for n in range(6)]
    records += [phone.handover(f"n{n}", **at) for n in range(6)]
    records += [phone.handover("lone"), phone.record("contact", item=id_of("pss"), site=id_of("s1"),
                                                     people=[{"sex": "female", "age_band": "60+", "count": 9}])]  # fmt: skip
    records.append(phone.record("stock", action="received", item=PARCEL, site=id_of("s1"), quantity=40, waybill="W-1"))
    records.append(phone.record("clock", server_time=phone.field.clock.now(), round_trip_ms=300, **at))
    return records


@pytest.mark.parametrize("tries", range(2))
def test_one_batch_sent_by_eight_at_once_is_stored_once(field, tries):
    owner, *others = phones(field, 5)
    records = a_day_of(owner)
    sends = [partial(owner.send, *records)] * 4 + [partial(other.send, *records[::-1]) for other in others]
    answers = together(field, sends)
    assert "held" not in words(answers) and "refused" not in words(answers)
    assert stored(field, records) == [1] * len(records)
    assert field.total(f"given|{PARCEL}") == 7
    assert field.total("registered|households") == 6
    assert field.total("stock|received") == 40
    assert problems(field) == []


def test_an_answer_that_was_lost_is_given_again(field):
    field.household("h1")
    phone, other = phones(field, 2)
    tell, ask = phone.handover("h1"), {**phone.handover("h1", item="kit"), "mode": "ask"}
    first = phone.send(tell, ask)  # committed, and never heard
    again = phone.send(tell, ask)
    assert [each["verdict"] for each in first] == ["accepted", "accepted"]
    assert [(each["verdict"], each.get("mode")) for each in again] == [("already_there", first[0].get("mode")),
                                                                       ("accepted", "granted")]  # fmt: skip
    assert [each["verdict"] for each in other.send(tell)] == ["already_there"]
    assert problems(field) == []


def test_a_clock_mark_and_what_it_dates_come_from_two_phones_at_once(field):
    for turn in range(5):
        owner, other = phones(field, 2)
        name = f"h{turn}"
        field.household(name)
        scan = owner.handover(name, at="2013-03-19T09:30:00+03:00", uptime_ms=1_000_000)
        mark = owner.record("clock", at="2013-03-19T10:30:00+03:00", uptime_ms=4_600_000, server_time=field.clock.now(),
                            round_trip_ms=300)  # fmt: skip
        together(field, [partial(owner.send, mark), partial(other.send, scan)])
        assert problems(field) == []


def test_a_decision_meets_what_it_cites_at_the_same_moment(field):
    desk_two = desks(field, 1)[0]
    (phone,) = phones(field, 1)
    for turn in range(5):
        name = f"h{turn}"
        field.household(name)
        first, second = phone.handover(name), phone.handover(name)
        decision = desk_two.record("decision", case="already_received", cites=[first["id"], second["id"]], action="accept")
        together(field, [partial(phone.send, first, second), partial(desk_two.send, decision)])
        assert problems(field) == []
    assert field.total("cases|already_received") == 0


def test_batches_touch_the_same_households_in_any_order(field):
    names = [f"h{number}" for number in range(12)]
    for name in names:
        field.household(name)
    shuffle = random.Random(7).shuffle
    batches = []
    for phone in phones(field, 10):
        for _turn in range(2):
            shuffle(names)
            batches.append((phone, [phone.handover(name, item="bl") for name in names]))
    answers = together(field, [partial(_send_all, batches[turn * 2 : turn * 2 + 2]) for turn in range(10)])
    assert words(answers).keys() <= {"accepted", "flagged"}
    assert stored(field, [each for _phone, records in batches for each in records]) == [1] * 240
    assert field.total(f"given|{id_of('bl')}") == 240
    assert field.total(f"excess|{id_of('bl')}") == 240 - 12 * 4
    assert problems(field) == []


def _send_all(batches):
    return [verdict for device, records in batches for verdict in device.send(*records)]


@pytest.mark.parametrize("seed", range(3))
def test_links_merges_and_replacements_race_for_cards_nobody_has_seen(field, seed):
    """Every device names the same few cards and households, most of them for the first time, in an order of its own."""
    chance = random.Random(seed)
    cards, families = [f"c{number}" for number in range(8)], [f"f{number}" for number in range(6)]
    batches = [(device, [structural(device, chance, cards, families) for _each in range(chance.randint(2, 6))])
               for device in [*desks(field, 6), *phones(field, 4, site_lead=True)] for _turn in range(3)]  # fmt: skip
    together(field, [partial(_send_all, batches[turn * 3 : turn * 3 + 3]) for turn in range(10)])
    records = [each for _device, batch in batches for each in batch]
    assert sum(stored(field, records)) == len([each for each in records if each["kind"] != "household"
               or to_bytes(each["enrolment"]) not in leads(batches)])  # fmt: skip
    assert problems(field) == []


def leads(batches):
    return {device.enrolment_id for device, _records in batches if hasattr(device, "client")}


def structural(device, chance, cards, families):
    card, other_card = chance.sample(cards, 2)
    family, other = chance.sample(families, 2)
    members = [{"id": id_of(f"{family}-1"), "number": 1, "sex": "male", "age_band": "18-59", "disability": "no"}]
    at = f"2013-03-18T08:{chance.randint(0, 59):02}:00+03:00"
    return chance.choice([
        lambda: device.handover(card, at=at),
        lambda: device.record("registration", household=id_of(family), card=card_of(card), members=members, at=at),
        lambda: device.record("card", action="linked", card=card_of(card), household=id_of(family), at=at),
        lambda: device.record("card", action="replaced", card=card_of(card), new_card=card_of(other_card), at=at),
        lambda: device.record("household", action=chance.choice(("merged", "merged", "kept_apart")), household=id_of(family),
                              other=id_of(other), pairs=[], at=at),
    ])()  # fmt: skip


def changed_plan(field, **change):
    plan = get_current_plan(db.session, field.operation_id)
    db.session.rollback()
    rules = tuple(replace(rule, quantity=change["parcels"]) if rule.item == PARCEL else rule for rule in plan.rules)
    return replace(plan, version=plan.version + 1, rules=rules)


def save(field, plan):
    enrolment_id, now = field.desk.enrolment_id, field.clock.now()
    with unit_of_work() as session:
        return save_plan(session.connection(), field.operation_id, plan, enrolment_id=enrolment_id, saved_by=None, now=now)


def test_a_plan_is_saved_while_phones_sync(field):
    names = [f"h{number}" for number in range(6)]
    for name in names:
        field.household(name)
    for parcels in (2, 3):
        plan = changed_plan(field, parcels=parcels)
        batches = [[(phone, [phone.handover(name)]) for name in names] for phone in phones(field, 5)]
        together(field, [*(partial(_send_all, each) for each in batches), partial(save, field, plan)])
        assert problems(field) == []
        given = field.total(f"given|{PARCEL}")
        assert given - field.total(f"excess|{PARCEL}") == 6 * parcels
    assert given == 60


def test_of_two_plans_saved_at_once_one_is_told_that_it_is_stale(field):
    field.household("h1")
    plans = [changed_plan(field, parcels=parcels) for parcels in (2, 3)]

    def attempt(plan):
        try:
            return save(field, plan)
        except Conflict as error:
            return error.code

    assert sorted(together(field, [partial(attempt, plan) for plan in plans]), key=str) == [plans[0].version, "stale_plan"]
    assert problems(field) == []
