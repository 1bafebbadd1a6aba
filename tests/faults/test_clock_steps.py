"""The server's clock jumps by hours and years, forward and back: nothing is lost, and the ledger keeps its order."""

from __future__ import annotations

import random

from sqlalchemy import select

from relief.db import db
from relief.kernel.ids import to_text
from relief.ledger.models import Entry
from tests.faults.load import FAMILIES
from tests.ledger.crowd import phones, problems
from tests.model.plan import id_of

HOUR, YEAR = 3600, 365 * 86400


def test_a_clock_that_jumps_loses_nothing_and_keeps_the_order(field, clock):
    chance, (phone, other) = random.Random(11), phones(field, 2)
    before, sent, granted = field.counters(), [], 0
    start, cursor = clock.moment, phone.register()["cursor"]
    for number in range(24):
        clock.moment = start + chance.choice((-1, 1)) * chance.choice((1, 90, HOUR, 30 * HOUR, YEAR, 12 * YEAR))
        family = FAMILIES[number % len(FAMILIES)]
        told = phone.handover(family, item="pss", members=[id_of(f"{family}-1")], at="2013-03-18T09:00:00+03:00")
        assert {each["verdict"] for each in phone.send(told)} <= {"accepted", "flagged"}
        asked, verdict = other.ask(family, item="pss", members=[id_of(f"{family}-2")])
        granted += verdict.get("mode") == "granted"
        sent += [told["id"], asked["id"]]
        field.seal()
        answer = phone.register(cursor)
        assert answer["cursor"] > cursor and answer["server_time"] == clock.moment
        cursor = answer["cursor"]
    assert granted == 24
    assert ids_in_order(field)[-len(sent) :] == sent
    clock.moment = start
    assert [each["verdict"] for each in phone.send(told)] == ["already_there"]
    assert field.total(f"given|{id_of('pss')}") == 24 + before.get(f"given|{id_of('pss')}", 0)
    assert problems(field) == []


def ids_in_order(field):
    table = Entry.__table__.c
    db.session.rollback()
    rows = db.session.execute(select(table.id).where(table.operation_id == field.operation_id).order_by(table.position))
    return [to_text(bytes(row)) for row in rows.scalars()]
