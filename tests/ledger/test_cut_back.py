"""A database put back to an earlier state, with everything in it consistent, is named by whoever knows a later head."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import func, select, update

from relief.cli import relief
from relief.db import db, snapshot, unit_of_work
from relief.kernel.ids import to_text
from relief.ledger.anchors import find_lost_ends, remember_heads
from relief.ledger.keys import current_keys
from relief.ledger.lineage import start_new_ledgers
from relief.ledger.models import Lineage, Witness
from relief.ledger.verification import verify
from relief.presence import ANCHORS
from relief.totals.queries import read_totals
from tests.ledger.field import take_guards_away


@pytest.fixture
def phones(field):
    """Two phones that have given something each."""
    for name in ("h1", "h2", "h3"):
        field.household(name)
    one, other = field.phone("one"), field.phone("other")
    one.send(one.handover("h1"))
    other.send(other.handover("h2"))
    return one, other


def all_rows():
    with snapshot() as connection:
        return {table: [dict(row._mapping) for row in connection.execute(select(table))] for table in db.metadata.sorted_tables}


def put_back(rows):
    """Bring every table back to what it was, as somebody with the database's password could."""
    with unit_of_work() as session:
        take_guards_away(session.connection())
        for table in reversed(db.metadata.sorted_tables):
            session.execute(table.delete())
        for table, stored in rows.items():
            if stored:
                session.execute(table.insert(), stored)


def told_after(phone, *records, ledger=None):
    """Send records, and return the head that the phone is told."""
    answer = phone.post({"records": list(records), **({"ledger": ledger} if ledger else {})})
    assert answer.status_code == 200, answer.text
    return answer.json["ledger"]


def cut_back(field):
    """Give two more hand-overs and take them away again; return the head that the phone was told of them."""
    phone = field.phone("witness")
    before = all_rows()
    told_after(phone, phone.handover("h3"), phone.handover("h1"))
    return phone, before, told_after(phone)  # PostgreSQL seals after the first answer


def codes(field):
    with snapshot() as connection:
        return {each.code for each in verify(connection, field.operation_id, field.app.extensions["relief_secrets"]).problems}


def lost_heads(field):
    with snapshot() as connection:
        return read_totals(connection, field.operation_id, field.clock.now()).completeness.lost_heads


def test_the_instance_folder_knows_how_far_the_ledger_had_come(field, phones):
    _phone, before, _head = cut_back(field)
    remember_heads()
    put_back(before)
    assert codes(field) == set()  # in itself it is consistent
    remember_heads()  # a server that went on would not forget it
    with snapshot() as connection:
        assert [each.operation_id for each in find_lost_ends(connection, field.app.extensions["relief_settings"])] == [
            to_text(field.operation_id)]  # fmt: skip
    done = field.app.test_cli_runner().invoke(relief, ["ledger", "verify", "spring-floods"])
    assert done.exception.code == "ledger_differs"
    assert f"cut_back (1): {'A head that was signed here'}" in done.output


def test_what_is_remembered_is_for_its_owner_alone(field, phones):
    remember_heads()
    path = field.app.extensions["relief_settings"].instance / ANCHORS
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_phone_that_knows_a_later_head_is_heard(field, phones):
    phone, before, head = cut_back(field)
    put_back(before)
    told_after(phone, ledger=head)
    told_after(phone, ledger=head)
    assert codes(field) == {"cut_back"}
    assert lost_heads(field) == 1


def test_a_phone_is_heard_after_others_have_written_over_what_was_lost(field, phones):
    phone, before, head = cut_back(field)
    put_back(before)
    other = phones[1]
    other.send(*(other.handover("h3") for _each in range(5)))
    assert codes(field) == set()
    told_after(phone, ledger=head)
    assert codes(field) == {"cut_back"}


def test_what_comes_back_or_is_adopted_is_not_lost(field, phones):
    phone, before, head = cut_back(field)
    later = all_rows()
    put_back(before)
    told_after(phone, ledger=head)
    witnessed = all_rows()[Witness.__table__]
    put_back(later | {Witness.__table__: witnessed})
    assert (codes(field), lost_heads(field)) == (set(), 0)
    put_back(before | {Witness.__table__: witnessed})
    with unit_of_work() as session:
        start_new_ledgers(session.connection(), current_keys(), field.clock.now(), {})
    assert (codes(field), lost_heads(field)) == (set(), 0)
    told_after(phone, ledger=head)
    assert lost_heads(field) == 0


def adopt(field):
    done = field.app.test_cli_runner().invoke(relief, ["db", "adopt", "--json"])
    assert done.exit_code == 0, done.output
    return json.loads(done.output)["ledgers"][0]


def verified(field):
    return field.app.test_cli_runner().invoke(relief, ["ledger", "verify", "spring-floods"])


@pytest.mark.parametrize("witness", ["folder", "phone"])
def test_an_end_that_was_cut_off_and_adopted_is_spoken_of_for_ever(field, phones, witness):
    phone, before, head = cut_back(field)
    if witness == "folder":
        remember_heads()
    put_back(before)
    if witness == "phone":
        told_after(phone, ledger=head)
    adopted = adopt(field)
    assert adopted["position"] < adopted["known_position"] == head["position"]
    assert verified(field).exit_code == 0
    adopt(field)  # once more hides nothing
    assert f"though it had come to {head['position']}" in verified(field).output
    with unit_of_work() as session:
        take_guards_away(session.connection())
        session.execute(update(Lineage).values(known_position=None))
    assert codes(field) == {"lineage_differs"}


def test_a_ledger_that_lost_nothing_is_adopted_without_a_word(field, phones):
    remember_heads()
    assert adopt(field)["known_position"] is None
    assert "Look:" not in verified(field).output


def test_an_adoption_that_was_taken_away_again_is_named(field, phones):
    before = all_rows()
    adopt(field)
    put_back(before)
    assert "cut_back" in verified(field).output
    adopt(field)
    assert verified(field).exit_code == 0


@pytest.mark.parametrize("change", [
    {"position": 9}, {"position": 1 << 60}, {"position": "7"}, {"head": "0" * 64}, {"head": "x"}, {"head": None},
    {"signature": "0" * 128}, {"signature": []}, {"key_id": "none"}, {"key_id": {}}, {"id": "x"},
    {"id": "00000000-0000-4000-8000-000000000000"},
])  # fmt: skip
def test_nobody_can_invent_a_lost_head(field, phones, change):
    phone, before, head = cut_back(field)
    put_back(before)
    told_after(phone, ledger={**head, **change})
    with snapshot() as connection:
        assert connection.execute(select(func.count()).select_from(Witness.__table__)).scalar_one() == 0


@pytest.mark.parametrize("told", [[], "x", 7, {}, {"id": None}])
def test_what_is_no_head_at_all_is_ignored(field, phones, told):
    assert told_after(phones[0], ledger=told)["position"] > 0


def test_an_honest_phone_is_never_a_witness(field, phones):
    phone = phones[0]
    head = told_after(phone)
    for _each in range(3):
        head = told_after(phone, phone.handover("h3"), ledger=head)
    assert (codes(field), lost_heads(field)) == (set(), 0)
