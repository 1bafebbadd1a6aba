"""An enrolment's rights: who may speak for whom, ask where, and see what."""

from __future__ import annotations

from dataclasses import replace

import pytest

from relief.accounts.devices import revoke_enrolment
from relief.db import unit_of_work
from relief.kernel.ids import derived_id, to_text
from relief.ledger.plan_saving import save_plan
from relief.office.devices import HOUSEHOLD_IMPORT, get_office_enrolment
from tests.ledger.field import field_plan
from tests.model.plan import id_of


def words(verdicts):
    return [(each["verdict"], *each["codes"]) for each in verdicts]


@pytest.fixture
def sensitive(field):
    """The field with parcels that only some phones may see."""
    plan = field_plan()
    items = tuple(replace(item, sensitive=item.id == id_of("parcel")) for item in plan.items)
    with unit_of_work() as session:
        save_plan(session.connection(), field.operation_id, replace(plan, version=2, items=items),
                  enrolment_id=field.desk.enrolment_id, saved_by=None, now=field.clock.now())  # fmt: skip
    field.household("h1")
    return field


def test_a_phone_cannot_speak_as_the_office(field):
    with unit_of_work() as session:
        get_office_enrolment(session, field.operation_id, HOUSEHOLD_IMPORT, 0)
    field.household("h1", approve=False)
    phone, other = field.phone(), field.phone("other")
    given = other.handover("h1")
    other.send(given)
    office = to_text(derived_id(field.operation_id, "office:household import"))
    records = [{**phone.record("household", household=id_of("h1"), action="approved"), "enrolment": office},
               {**phone.void(given), "enrolment": office},
               {**phone.record("void", target=given["id"], cause="mistake", card=given["card"]),
                "enrolment": to_text(field.desk.enrolment_id)}]  # fmt: skip
    assert words(phone.send(*records)) == [("held", "not_for_this_device")] * 3
    assert field.total("given") == 1


def test_another_phone_may_hand_in_for_a_dead_one(field):
    field.household("h1")
    dead, other = field.phone("dead"), field.phone("other")
    assert words(other.send(dead.handover("h1"))) == [("accepted",)]


def test_what_a_revoked_phone_asked_before_is_held_when_another_brings_it(field):
    field.household("h1")
    lost, other = field.phone("lost"), field.phone("other")
    asked, _ = lost.ask("h1")
    with unit_of_work() as session:
        revoke_enrolment(session, field.operation_id, lost.enrolment_id, field.clock.now())
    assert words(other.send(asked)) == [("held", "revoked")]


def test_a_phone_asks_only_at_its_own_sites(field):
    field.household("h1")
    phone = field.phone(site_ids=[id_of("s2")])
    assert words([phone.ask("h1", site=id_of("s1"))[1]]) == [("refused", "not_for_this_device")]
    assert words(phone.send(phone.handover("h1", site=id_of("s1")))) == [("accepted",)]


def test_a_sensitive_item_shows_nothing_to_a_phone_that_is_not_enrolled_for_it(sensitive):
    trusted, plain = sensitive.phone("trusted", sensitive=True), sensitive.phone("plain")
    trusted.send(trusted.handover("h1"))
    _, refused = plain.ask("h1")
    assert words([refused]) == [("refused", "not_for_this_device")]
    assert refused["detail"] == {"received": [], "left": 0}
    assert words(plain.send(plain.handover("h1"))) == [("flagged", "not_for_this_device")]
    assert id_of("parcel") not in str(plain.register())
    assert id_of("parcel") in str(trusted.register())
