"""What comes after an erasure, and late, about whom it erased: it counts, and leaves nothing behind."""

from __future__ import annotations

import json

import pytest

from relief.ledger.models import Entry
from tests.model.plan import card_of, id_of
from tests.office.erasable import what_stays
from tests.office.erasing.looking import checkpoint, close, count, problems


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
