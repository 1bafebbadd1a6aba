"""A ledger that was lived in: something of everything that can happen."""

from __future__ import annotations

from sqlalchemy import text

from relief.accounts.audit import COMMAND_LINE
from relief.db import unit_of_work
from relief.kernel.ids import random_id, to_bytes
from relief.ledger.erasing import Order
from relief.ledger.keys import current_keys
from relief.ledger.lineage import start_new_ledgers
from relief.ledger.putting_aside import put_aside
from relief.ledger.register_reading import read_register
from relief.ledger.taking_up import take_up
from relief.office.erasing.erasing import give_order
from tests.ledger.field import Field
from tests.model.plan import card_of, id_of


def live(field: Field) -> Field:
    """Fill a ledger with every kind of record, links, merges, voids, an ask, held records (one taken up), a decision."""
    for name in ("h1", "h2", "h3"):
        field.household(name, members=3)
    named = field.desk.send({"kind": "registration", "household": id_of("h4"), "home_site": id_of("s1"), "by": id_of("olga"),
                     "members": [{"id": id_of("h4-1"), "number": 1, "sex": "female", "age_band": "60+", "disability": "no"}],
                     "private": {"head": "Ivanova Olga", "phone": "+375 29 1112233"}})  # fmt: skip
    assert [each["verdict"] for each in named] == ["accepted"], named
    phone, other = field.phone("one"), field.phone("other")
    scan, again = phone.handover("h1"), phone.handover("h1")
    phone.send(phone.record("clock", server_time=field.clock.now(), round_trip_ms=100), scan, again, phone.handover("h2"),
               phone.handover("zz"), phone.void(scan, reason="wrong family"))  # fmt: skip
    other.ask("h3")
    people = [{"sex": "female", "age_band": "60+", "count": 9}]
    conflict = {**again, "quantity": 2}
    other.send(other.record("contact", item=id_of("pss"), site=id_of("s1"), people=people),
               other.record("not_served", cause="absent", site=id_of("s1")), other.record("day_closed"),
               other.record("stock", action="received", item=id_of("parcel"), site=id_of("s1"), quantity=40, waybill="W-1"),
               other.record("dance"), other.record("waltz"), conflict)  # fmt: skip
    field.seal()
    with unit_of_work() as session:  # as after a restore
        start_new_ledgers(session.connection(), current_keys(), field.clock.now(), {field.operation_id: 1000})
    double = [phone.handover("h2"), phone.handover("h2")]
    phone.send(*double)
    field.desk.send({"kind": "household", "action": "merged", "household": id_of("h1"), "other": id_of("h2"), "pairs": []},
                    {"kind": "card", "action": "replaced", "card": card_of("h3"), "new_card": card_of("n3"), "number": "7-1"},
                    {"kind": "decision", "case": "over_entitlement", "cites": [double[0]["id"]], "action": "accept"})  # fmt: skip
    with unit_of_work() as session:
        held_id = session.execute(text("SELECT held_id FROM held WHERE code = 'conflict'")).scalar_one()
        take_up(session.connection(), field.operation_id, bytes(held_id), desk_enrolment_id=field.desk.enrolment_id,
                reason="both", now=field.clock.now())  # fmt: skip
        strange = session.execute(text("SELECT held_id FROM held WHERE code <> 'conflict' LIMIT 1")).scalar_one()
        put_aside(session.connection(), field.operation_id, bytes(strange), desk_enrolment_id=field.desk.enrolment_id,
                  reason="a dance", now=field.clock.now(), by=random_id())  # fmt: skip
    order = Order(field.operation_id, (to_bytes(id_of("h3")),), random_id(), "asked", field.clock.now())
    give_order(order, COMMAND_LINE, field.app.extensions["relief_settings"].instance, field.clock.now())
    field.seal()
    read_register(field.operation_id)
    return field
