"""What was held may be taken up: unchanged, once, with a decision that says who and why."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from relief.accounts.devices import revoke_enrolment
from relief.db import snapshot, unit_of_work, write
from relief.kernel.errors import Conflict, NotFound
from relief.kernel.ids import new_id, to_bytes
from relief.ledger.keys import current_keys
from relief.ledger.models import Entry
from relief.ledger.reused_seqs import list_reused_seqs
from relief.ledger.taking_up import take_up
from relief.ledger.verification import verify
from relief.ledger.waiting import list_held
from tests.model.plan import id_of


@pytest.fixture
def phone(field):
    field.household("h1", members=3)
    return field.phone()


def held_id(field):
    with snapshot() as connection:
        (row,) = list_held(connection, field.operation_id).rows
    return to_bytes(row.held_id)


def take(field, held):
    now, keys = field.clock.now(), current_keys()
    return write(lambda connection: take_up(connection, field.operation_id, held, desk_enrolment_id=field.desk.enrolment_id,
                                            reason="the lead confirms", now=now, keys=keys))  # fmt: skip


def hand_in_revoked(field, phone, *records):
    with unit_of_work() as session:
        revoke_enrolment(session, field.operation_id, phone.enrolment_id, field.clock.now())
    assert {each["codes"][0] for each in phone.send(*records)} == {"revoked"}


def entries(field):
    with snapshot() as connection:
        table = Entry.__table__.c
        return connection.execute(select(table.kind, table.enrolment_id, table.uploaded_by, table.facts, table.private)
                                  .where(table.operation_id == field.operation_id)).all()  # fmt: skip


def problems(field):
    field.seal()
    with snapshot() as connection:
        return verify(connection, field.operation_id, field.app.extensions["relief_secrets"]).problems


def test_a_revoked_phones_hand_over_counts_once_it_is_taken_up(field, phone):
    hand_in_revoked(field, phone, phone.handover("h1"))
    assert take(field, held_id(field)).verdict == "accepted"
    assert field.total(f"given|{id_of('parcel')}") == 1
    assert field.total(f"people|{id_of('parcel')}") == 3
    (handover,) = [row for row in entries(field) if row.kind == "handover"]
    assert (handover.enrolment_id, handover.uploaded_by) == (phone.enrolment_id, field.desk.enrolment_id)
    assert problems(field) == []


def test_taking_up_tells_a_decision_and_empties_the_shelf(field, phone):
    hand_in_revoked(field, phone, phone.handover("h1"))
    take(field, held_id(field))
    (decision,) = [row for row in entries(field) if row.kind == "decision"]
    assert b'"action":"take_up"' in decision.facts and b'"case":"revoked"' in decision.facts
    assert b"the lead confirms" in decision.private
    with snapshot() as connection:
        assert list_held(connection, field.operation_id).total == 0


def test_taking_up_twice_is_once(field, phone):
    hand_in_revoked(field, phone, phone.handover("h1"))
    held = held_id(field)
    take(field, held)
    before = len(entries(field))
    assert take(field, held).verdict == "already_there"
    assert len(entries(field)) == before


def test_a_conflicting_record_enters_under_a_new_id_that_names_the_old(field, phone):
    scan = phone.handover("h1")
    phone.send(scan, {**scan, "quantity": 2})
    taken = take(field, held_id(field))
    assert (taken.verdict, taken.codes) == ("flagged", ("already_received", "seq_reused"))
    assert taken.id != scan["id"]
    assert field.total(f"given|{id_of('parcel')}") == 3
    named = [row for row in entries(field) if row.private and b'"taken_from":"' + scan["id"].encode() in row.private]
    assert len(named) == 1
    with snapshot() as connection:
        assert list_reused_seqs(connection, field.operation_id).total == 0
    assert problems(field) == []


def test_a_revoked_phones_record_whose_id_is_taken_enters_under_a_new_one(field, phone):
    scan = phone.handover("h1")
    phone.send(scan)
    hand_in_revoked(field, phone, {**scan, "quantity": 2})
    assert take(field, held_id(field)).id != scan["id"]
    assert field.total(f"given|{id_of('parcel')}") == 3
    with snapshot() as connection:
        assert list_held(connection, field.operation_id).total == 0


def test_what_a_revoked_phone_had_handed_in_before_is_there_already_and_no_work_for_anybody(field, phone):
    scan = phone.handover("h1")
    phone.send(scan)
    hand_in_revoked(field, phone, phone.handover("h1", item="kit"))
    assert [each["verdict"] for each in phone.send(scan)] == ["already_there"]
    with snapshot() as connection:
        assert list_held(connection, field.operation_id).total == 1


@pytest.mark.parametrize(("spoil", "code"), [
    ({"quantity": -1}, "malformed"),
    ({"v": 9}, "unknown_version"),
    ({"kind": "dance"}, "unknown_kind"),
    ({"enrolment": id_of("nobody")}, "unknown_enrolment"),
    ({"item": id_of("gold")}, "unknown_reference"),
    ({"kind": "decision", "case": "x", "action": "accept"}, "not_for_this_device"),
])  # fmt: skip
def test_what_still_cannot_be_read_stays_held_and_says_why(field, phone, spoil, code):
    phone.send({**phone.handover("h1"), **spoil})
    held, before = held_id(field), len(entries(field))
    with pytest.raises(Conflict) as refused:
        take(field, held)
    assert refused.value.code == code
    assert held_id(field) == held and len(entries(field)) == before


def test_a_question_is_not_taken_up(field, phone):
    hand_in_revoked(field, phone, {**phone.handover("h1"), "mode": "ask"})
    with pytest.raises(Conflict) as refused:
        take(field, held_id(field))
    assert refused.value.code == "only_asked"


def test_an_id_of_nothing_is_not_found(field):
    with pytest.raises(NotFound):
        take(field, new_id())


def test_what_json_could_not_carry_never_enters_changed(field, phone):
    phone.send({**phone.handover("h1"), "note": {"weight": float("nan")}})
    with pytest.raises(Conflict) as refused:
        take(field, held_id(field))
    assert refused.value.code == "malformed"
