"""Erasing a household or an operation: no byte left, every figure as before."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from relief.db import unit_of_work
from relief.households.models import ListVersion
from relief.kernel.errors import Conflict, NotFound
from relief.ledger.erasure_journal import list_orders
from relief.ledger.keys import current_keys
from relief.ledger.models import Entry, Held
from relief.ledger.rebuilding import rebuild
from relief.ledger.sealer import seal_all
from relief.office.erasing.erasing import plan_erasure
from tests.model.plan import id_of
from tests.office.erasable import what_stays
from tests.office.erasing.looking import checkpoint, close, count, problems


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
