"""Erasing a household or an operation: no byte left, every figure as before, whatever comes afterwards."""

from __future__ import annotations

import json
import os
from dataclasses import replace

import pytest
from sqlalchemy import delete, func, insert, select, text, update

from relief.accounts.audit import COMMAND_LINE
from relief.db import db, is_sqlite, snapshot, unit_of_work
from relief.households.models import ListVersion
from relief.kernel.errors import BadSetting, Conflict, NotFound
from relief.kernel.ids import to_bytes
from relief.ledger.erasure_journal import JOURNAL, list_orders, write_order
from relief.ledger.erasure_orders import journal_problems
from relief.ledger.keys import current_keys
from relief.ledger.models import Entry, Erasure, Held
from relief.ledger.plan_saving import save_plan
from relief.ledger.rebuilding import rebuild
from relief.ledger.sealer import seal_all
from relief.ledger.verification import verify
from relief.office.erasing import erase, give_order, list_given, plan_erasure, replay_erasures
from tests.ledger.field import Field, field_plan, take_guards_away
from tests.model.plan import card_of, id_of
from tests.office.erasable import Families, files_with, what_stays


@pytest.fixture
def field(app, clock):
    return Field(app, clock)


@pytest.fixture
def families(field):
    return Families(field)


@pytest.fixture
def files(app, settings, request):
    """Search the instance folder and, of PostgreSQL, the files of all tables."""

    def search(*needles):
        folders = [settings.instance]
        if not is_sqlite(db.engine):
            folders.append(request.getfixturevalue("postgres_server").folder / "data" / "base")
        return files_with(list(needles), *folders)

    return search


@pytest.fixture
def run(field, settings, clock):
    def erase_now(household=None):
        order, _found = plan_erasure(field.operation_id, household, "asked", clock.now())
        return erase(order, COMMAND_LINE, settings.instance, clock.now)

    return erase_now


def close(field):
    with unit_of_work() as session:
        save_plan(session.connection(), field.operation_id, replace(field_plan(), version=2, status="closed"),
                  enrolment_id=field.desk.enrolment_id, saved_by=None, now=field.clock.now())  # fmt: skip
    field.seal()


def problems(field):
    with snapshot() as connection:
        return verify(connection, field.operation_id, field.app.extensions["relief_secrets"]).problems


def count(model, *where):
    db.session.rollback()
    return db.session.execute(select(func.count()).select_from(model).where(*where)).scalar_one()


def checkpoint():
    with db.engine.connect() as connection:
        connection.connection.driver_connection.execute(
            "PRAGMA wal_checkpoint" if is_sqlite(connection) else "CHECKPOINT")  # fmt: skip


def test_of_an_erased_household_no_byte_is_left(families, files, run):
    checkpoint()
    ours = families.needles("ours")
    assert {needle for _file, needle in files(*ours)} == set(ours)  # the search would find them
    erased = run(families.household)
    assert (erased.entries, erased.held) == (11, 2)
    assert files(*ours) == set()


def test_other_families_keep_what_they_have(families, files, run):
    run(families.household)
    theirs = families.needles("theirs", "stock")
    assert {needle for _file, needle in files(*theirs)} == set(theirs)


def test_of_an_erased_operation_no_byte_is_left_not_even_the_keys_of_cards(field, families, files, run):
    close(field)
    run()
    assert files(*families.needles("ours", "theirs", "stock"), *families.keys()) == set()
    assert count(Entry, Entry.private.is_not(None)) == count(Held, Held.raw.is_not(None)) == 0


def test_what_people_wrote_about_an_erased_operation_goes_too(field, families, files, run):
    words = (b"List of Zinaida Qnameq", b"Zinaida Qreasonq of Lesnaja 5 died")
    name, reason = (each.decode() for each in words)
    with unit_of_work() as session:
        session.add(ListVersion(operation_id=field.operation_id, number=1, name=name, state="returned", households=1, people=1,
                                author_id=bytes(16), made_at=1, reason=reason))  # fmt: skip
    checkpoint()
    assert {needle for _file, needle in files(*words)} == set(words)
    close(field)
    run()
    assert files(*words) == set()


@pytest.mark.parametrize("whole", [False, True])
def test_figures_and_chain_are_the_same_before_and_after(field, families, run, whole):
    if whole:
        close(field)
    before = what_stays(field)
    run(None if whole else families.household)
    assert what_stays(field) == before
    assert problems(field) == []


@pytest.mark.parametrize("whole", [False, True])
def test_rebuilding_after_an_erasure_gives_the_same(field, families, run, whole):
    if whole:
        close(field)
    run(None if whole else families.household)
    before = what_stays(field)
    with unit_of_work() as session:
        rebuild(session.connection(), field.operation_id, lambda: seal_all(field.clock.now(), current_keys()))
    assert what_stays(field) == before
    assert problems(field) == []


@pytest.mark.parametrize("whole", [False, True])
def test_records_sent_again_are_there_already_and_leave_nothing_behind(field, families, files, run, whole):
    if whole:
        close(field)
    run(None if whole else families.household)
    before = what_stays(field)
    again = [each for each in families.sent if whole or families.words["theirs"] not in json.dumps(each)]
    assert {each["verdict"] for each in families.phone.send(*again)} == {"already_there"}
    assert what_stays(field) == before
    checkpoint()
    assert files(*families.needles("ours")) == set()


@pytest.mark.parametrize("whole", [False, True])
def test_what_was_asked_before_an_erasure_may_be_told_after_it(field, families, files, run, whole):
    if whole:
        close(field)
    run(None if whole else families.household)
    (asked, _theirs), before = families.asked, field.total("given")
    (again,) = families.phone.send({**asked, "mode": "ask"})
    assert again["verdict"] == "refused"  # the stored answer
    (told,) = families.phone.send(asked)
    assert "after_refusal" in told["codes"]
    assert families.phone.send(asked)[0]["verdict"] == "already_there"
    assert field.total("given") == before + 1
    checkpoint()
    assert files(*families.needles("ours")) == set()
    assert problems(field) == []


@pytest.mark.parametrize("whole", [False, True])
def test_a_contradiction_that_comes_later_is_held_without_what_it_says_of_anybody(field, families, files, run, whole):
    if whole:
        close(field)
    run(None if whole else families.household)
    changed = {**families.sent[0], "quantity": 3}
    (verdict,) = families.phone.send(changed)
    assert (verdict["verdict"], verdict["codes"]) == ("held", ["conflict"])
    checkpoint()
    assert files(*families.needles("ours")) == set()


def test_a_card_of_an_erased_household_goes_on_to_count_for_it(field, families, files, run):
    run(families.household)
    before = field.total("households|*")
    word = families.words["ours"]
    (verdict,) = families.phone.send(families.handover("ours", item=id_of("bl"), collector=f"{word} again"))
    assert verdict["verdict"] == "accepted"
    assert field.total("households|*") == before
    checkpoint()
    assert files(*families.needles("ours")) == set()
    assert problems(field) == []


def test_a_blank_card_that_turns_out_to_be_an_erased_households_loses_its_private_parts(field, families, run):
    run(families.household)
    scan = families.phone.handover("blank", collector="somebody")
    families.phone.send(scan)
    field.desk.send({"kind": "card", "action": "linked", "card": card_of("blank"), "household": id_of("our")})
    field.seal()
    assert count(Entry, Entry.private.is_not(None), Entry.household_id == families.household) == 0
    assert problems(field) == []
    (again,) = families.phone.send(scan)
    assert again["verdict"] == "already_there"


def test_in_an_erased_operation_every_card_is_unknown_and_nothing_private_is_stored(field, families, files, run):
    close(field)
    run()
    phone, word = families.phone, families.words["ours"]
    unknown = field.total("unknown")
    record = families.handover("ours", collector=f"{word} late")
    strange = {**families.handover("theirs"), "kind": "blessing", "text": f"{word} strange"}
    verdicts = phone.send(record, strange, {"junk": word})
    assert [each["verdict"] for each in verdicts] == ["flagged", "held", "held"]
    assert verdicts[0]["codes"] == ["unknown_card"]
    assert phone.send(record)[0]["verdict"] == "already_there"
    assert field.total("unknown") == unknown + 1
    checkpoint()
    assert files(*families.needles("ours", "theirs", "stock"), *families.keys()) == set()
    assert problems(field) == []


def test_merged_households_are_erased_as_the_one_family_they_are(field, families, files, run):
    field.desk.send({"kind": "household", "action": "merged", "household": id_of("our"), "other": id_of("thr"), "pairs": []})
    run(families.household)
    assert files(*families.needles("ours", "theirs")) == set()


def test_erasing_twice_is_harmless(field, families, run, settings):
    run(families.household)
    before = what_stays(field)
    again = run(families.household)
    assert (again.entries, again.held) == (0, 0)
    assert what_stays(field) == before
    assert len(list_orders(settings.instance)) == 2


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


def test_an_operation_at_work_is_not_erased_as_a_whole(field, families, clock):
    with pytest.raises(Conflict) as caught:
        plan_erasure(field.operation_id, None, "over", clock.now())
    assert caught.value.code == "not_closed"


def test_a_household_that_is_not_there_is_not_erased(field, families, clock):
    with pytest.raises(NotFound):
        plan_erasure(field.operation_id, bytes(16), "asked", clock.now())


@pytest.mark.parametrize("sql", [
    "UPDATE entry SET private = NULL WHERE private IS NOT NULL", "UPDATE entry SET private_salt = NULL WHERE private IS NOT NULL",
    "UPDATE entry SET private = facts, private_salt = facts_salt WHERE private IS NOT NULL",
    "UPDATE entry SET private = NULL, private_salt = NULL, private_digest = facts_salt WHERE private IS NOT NULL",
    "DELETE FROM erasure", "UPDATE erasure SET reason = 'other'", "UPDATE erasure SET done_at = NULL",
    "UPDATE erasure SET mark = NULL",
])  # fmt: skip
def test_the_database_lets_nobody_change_more_than_an_erasure_does(field, families, run, sql):
    run(families.household)
    with pytest.raises(Exception, match="append-only"), unit_of_work() as session:
        session.execute(text(sql))


def test_no_log_ever_held_what_was_erased(families, run, caplog):
    caplog.set_level(0)
    run(families.household)
    families.phone.send(*families.sent[:2])
    assert not any(needle.decode() in caplog.text for needle in families.needles("ours", "theirs"))
