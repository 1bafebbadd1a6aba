"""Orders to erase and their journal: the real ones are carried out, invented ones named and not obeyed."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest
from sqlalchemy import delete, insert, select, text, update

from relief.accounts.audit import COMMAND_LINE
from relief.db import db, snapshot, unit_of_work
from relief.kernel.errors import BadSetting
from relief.kernel.ids import to_bytes
from relief.ledger.erasure_journal import JOURNAL, list_orders, write_order
from relief.ledger.erasure_orders import journal_problems
from relief.ledger.keys import current_keys
from relief.ledger.models import Entry, Erasure, Held
from relief.office.erasing.erasing import give_order, list_given, plan_erasure, replay_erasures
from tests.ledger.field import take_guards_away
from tests.model.plan import id_of
from tests.office.erasing.looking import problems


def test_an_erasure_that_was_only_written_in_the_journal_is_carried_out_later(field, families, files, settings, clock):
    order, _found = plan_erasure(field.operation_id, families.household, "asked", clock.now())
    write_order(settings.instance, order)
    assert replay_erasures(settings.instance, clock.now) == 1
    assert files(*families.needles("ours")) == set()
    assert replay_erasures(settings.instance, clock.now) == 0


def test_an_order_given_on_another_host_is_carried_out_without_its_journal(field, families, files, settings, clock, tmp_path):
    order, _found = plan_erasure(field.operation_id, families.household, "asked", clock.now())
    give_order(order, COMMAND_LINE, tmp_path, clock.now())
    assert replay_erasures(settings.instance, clock.now) == 1
    assert files(*families.needles("ours")) == set()


def meddle(statement):
    """Run a statement as somebody would who has the database's password."""
    with unit_of_work() as session:
        take_guards_away(session.connection())
        session.execute(statement)


def invented(field, families, whole, **values):
    """Put an order into the table that nobody gave."""
    subject = field.operation_id if whole else families.household
    meddle(insert(Erasure).values(operation_id=field.operation_id, subject_id=subject, erasure_id=bytes(16), reason="over",
                                  asked_at=field.clock.now(), **values))  # fmt: skip


def named(field):
    return {each.code for each in problems(field)}


def stored_privately(column=Entry.private):
    db.session.rollback()
    return list(map(bytes, db.session.execute(select(column).where(column.is_not(None))).scalars()))


@pytest.mark.parametrize("mark", [None, bytes(16)])
@pytest.mark.parametrize("done_at", [None, 1])
@pytest.mark.parametrize("whole", [True, False])
def test_an_order_that_nobody_gave_is_named_and_not_obeyed(field, families, settings, clock, whole, done_at, mark):
    before = len(stored_privately())
    invented(field, families, whole, done_at=done_at, mark=mark)
    assert named(field) == {"erasure_forged"}
    assert replay_erasures(settings.instance, clock.now) == 0
    assert len(stored_privately()) == before
    families.phone.send(families.handover("ours", collector="a late collector"))
    strange = {**families.handover("ours"), "kind": "blessing", "household": id_of("our"), "text": "a late blessing"}
    families.phone.send(strange)
    assert any(b"a late collector" in each for each in stored_privately())
    assert any(b"a late blessing" in each for each in stored_privately(Held.raw))
    with snapshot() as connection:
        assert list_given(connection, field.operation_id) == []


def test_an_invented_order_makes_way_for_the_real_one(field, families, files, run):
    invented(field, families, whole=False, done_at=1, mark=bytes(16))
    run(families.household)
    assert files(*families.needles("ours")) == set()
    assert named(field) == set()


@pytest.mark.parametrize("change", [{"done_at": None}, {"done_at": 7}, {"reason": "over"}, {"mark": None}, {"mark": b"m" * 16},
                                    {"asked_at": 1}, {"erasure_id": bytes(16)}, {"asked_by": bytes(16)}])  # fmt: skip
def test_a_changed_order_is_named_and_given_anew_from_the_journal(field, families, run, settings, clock, change):
    run(families.household)
    meddle(update(Erasure).values(change))
    assert named(field) == {"erasure_forged", "erasure_missing"}
    assert replay_erasures(settings.instance, clock.now) == 1  # so are those that were written before there were marks
    assert named(field) == set()
    assert replay_erasures(settings.instance, clock.now) == 0


def test_an_order_moved_to_another_family_is_named_and_not_obeyed(field, families, run):
    run(families.household)
    meddle(update(Erasure).values(subject_id=to_bytes(id_of("thr"))))
    assert named(field) == {"erasure_forged", "erasure_missing"}
    families.phone.send(families.handover("theirs", collector="their late collector"))
    assert any(b"their late collector" in each for each in stored_privately())


def test_a_deleted_order_is_named_and_given_anew_from_the_journal(field, families, run, settings, clock):
    run(families.household)
    meddle(delete(Erasure))
    assert named(field) == {"erasure_missing"}
    meddle(text("DELETE FROM audit_entry"))
    assert named(field) == set()  # nothing in the database knows it; the journal does
    marks, journal = current_keys().orders, list_orders(settings.instance)
    with snapshot() as connection:
        told = list(journal_problems(connection, field.operation_id, marks, journal))
    assert [each.code for each in told] == ["erasure_missing"]
    assert replay_erasures(settings.instance, clock.now) == 1
    assert named(field) == set()


def test_orders_of_an_operation_that_is_not_here_are_passed_over(field, settings, clock, families):
    order, _found = plan_erasure(field.operation_id, families.household, "asked", clock.now())
    write_order(settings.instance, replace(order, operation_id=bytes(16)))
    assert replay_erasures(settings.instance, clock.now) == 0


def test_a_line_that_was_cut_off_is_mended_and_a_damaged_one_is_named(field, families, settings, clock):
    order, _found = plan_erasure(field.operation_id, families.household, "asked", clock.now())
    write_order(settings.instance, order)
    path = settings.instance / JOURNAL
    path.write_bytes(path.read_bytes() + b'{"erasure": "0')
    assert list_orders(settings.instance) == [order]
    write_order(settings.instance, replace(order, erasure_id=bytes(16)))
    assert len(list_orders(settings.instance)) == 2
    path.write_bytes(b"{]\n" + path.read_bytes())
    with pytest.raises(BadSetting) as caught:
        list_orders(settings.instance)
    assert caught.value.code == "journal_damaged"


def test_the_journal_holds_ids_and_moments_and_only_its_owner_reads_it(families, run, settings):
    run(families.household)
    path = settings.instance / JOURNAL
    assert not any(needle in path.read_bytes() for needle in families.needles("ours", "theirs"))
    assert os.stat(path).st_mode & 0o077 == 0
