"""A headless phone against the real server: what it sends is settled once, whatever the network does."""

from __future__ import annotations

import pytest

from relief.fleet.phone import PhoneTrouble
from relief.fleet.transport import NoAnswer
from tests.fleet.served import MORNING, SITE, Field


def test_an_enrolled_phone_knows_its_operation_and_sites(field: Field):
    phone = field.phone()
    assert phone.operation["name"] and phone.operation["demo"] is True
    assert phone.sites == [SITE]


def test_a_join_code_enrols_one_phone_only(field: Field):
    phone, code = field.phone(), field.join_code()
    phone.enrol(code)
    with pytest.raises(PhoneTrouble) as refused:
        phone.enrol(code)
    assert refused.value.answer.status == 404


def test_a_handover_is_accepted_and_leaves_the_outbox(field: Field):
    phone = field.phone()
    record = phone.handover(field.card(), field.item("food"))
    assert phone.outbox.counts()["waiting"] == 1
    phone.sync()
    assert phone.verdicts[record["id"]].verdict == "accepted"
    assert phone.outbox.counts() == {"made": 2, "waiting": 0, "held": 0}  # the hand-over and a clock mark


def test_a_lost_answer_is_asked_for_again_and_nothing_counts_twice(field: Field):
    phone = field.phone()
    phone.sync()
    record = phone.handover(field.card(), field.item("food"))
    phone.transport.drop_answers = 1
    phone.sync()
    assert phone.verdicts[record["id"]].verdict == "already_there"


def test_an_offline_phone_keeps_everything_and_sends_it_later(field: Field):
    phone = field.phone()
    phone.transport.offline = True
    records = [phone.handover(field.card(), field.item("food")) for _each in range(3)]
    with pytest.raises(NoAnswer):
        phone.sync()
    assert [record["id"] for record in records] == list(phone.outbox.waiting)
    phone.transport.offline = False
    phone.sync()
    assert {phone.verdicts[record["id"]].verdict for record in records} == {"accepted"}


def test_small_batches_settle_everything_too(field: Field):
    phone = field.phone()
    phone.most_records = 2
    records = [phone.handover(field.card(), field.item("food")) for _each in range(5)]
    phone.sync()
    assert all(phone.verdicts[record["id"]].verdict == "accepted" for record in records)


def test_the_register_tells_what_is_left_and_the_phone_takes_its_own_off(field: Field):
    phone, card = field.phone(), field.card()
    phone.register()
    assert phone.view.left(card, field.item("blanket"), phone.round) == 3
    phone.handover(card, field.item("blanket"), 2)
    assert phone.view.left(card, field.item("blanket"), phone.round) == 1
    phone.sync()
    phone.register()
    assert phone.view.left(card, field.item("blanket"), phone.round) == 1


def test_the_register_says_when_nothing_changed(field: Field):
    phone = field.phone()
    phone.sync()
    phone.register()
    assert phone.register() is False


def test_two_phones_that_ask_for_one_card_get_one_grant_and_one_refusal(field: Field):
    first, second, card = field.phone(), field.phone(), field.card()
    granted, refused = first.ask(card, field.item("food")), second.ask(card, field.item("food"))
    assert granted.granted and refused.refused
    told = first.give(granted)
    first.sync()
    assert first.verdicts[told["id"]].verdict in ("accepted", "flagged")
    assert refused.verdict and "already_received" in refused.verdict.codes


def test_an_unanswered_ask_becomes_a_tell_when_the_volunteer_gives(field: Field):
    phone, card = field.phone(), field.card()
    phone.transport.offline = True
    asked = phone.ask(card, field.item("food"))
    assert not asked.granted and not asked.refused
    phone.give(asked)
    phone.transport.offline = False
    phone.sync()
    assert phone.verdicts[asked.record["id"]].verdict == "accepted"


def test_a_lost_answer_to_an_ask_is_given_again(field: Field):
    phone, card = field.phone(), field.card()
    phone.transport.drop_answers = 1
    asked = phone.ask(card, field.item("food"))
    assert asked.verdict is None
    assert phone.ask_again(asked.record).granted


def test_what_was_granted_and_not_given_is_free_again(field: Field):
    first, second, card = field.phone(), field.phone(), field.card()
    first.keep(first.ask(card, field.item("food")))
    first.sync()
    assert second.ask(card, field.item("food")).granted


def test_a_second_handover_on_one_card_is_kept_and_flagged(field: Field):
    first, second, card = field.phone(), field.phone(), field.card()
    first.handover(card, field.item("food"))
    first.sync()
    second.clock.true_now.moment = MORNING + 60
    doubled = second.handover(card, field.item("food"))
    second.sync()
    assert second.verdicts[doubled["id"]].verdict == "flagged"
    assert "already_received" in second.verdicts[doubled["id"]].codes


def test_a_void_makes_room_for_the_right_handover(field: Field):
    phone, card = field.phone(), field.card()
    wrong = phone.handover(card, field.item("food"))
    phone.void(wrong["id"])
    right = phone.handover(card, field.item("food"))
    phone.sync()
    assert phone.verdicts[right["id"]].verdict == "accepted"


def test_a_phone_whose_clock_is_an_hour_off_still_hands_over_in_time(field: Field):
    phone = field.phone()
    phone.clock.error_seconds = 3600
    phone.sync()
    phone.clock.true_now.moment = MORNING + 600
    record = phone.handover(field.card(), field.item("food"))
    phone.sync()
    assert record["at"] == "2013-03-18T10:10:00+03:00"
    assert phone.verdicts[record["id"]].verdict == "accepted"


def test_a_household_registered_at_the_table_may_receive(field: Field):
    phone = field.phone()
    people = [{"sex": "female", "age_band": "60+", "disability": "unknown"}]
    registered = phone.registration(people, card="ab" * 16)
    given = phone.handover("ab" * 16, field.item("food"))
    phone.sync()
    assert phone.verdicts[registered["id"]].verdict in ("accepted", "flagged")
    assert phone.verdicts[given["id"]].verdict in ("accepted", "flagged")


def test_a_handover_on_a_card_of_nobody_is_kept_and_flagged(field: Field):
    phone = field.phone()
    record = phone.handover("cd" * 16, field.item("food"))
    phone.sync()
    assert "unknown_card" in phone.verdicts[record["id"]].codes


def test_sensitive_items_are_absent_from_the_register_of_other_phones(field: Field):
    plain, enrolled_for_it = field.phone(), field.phone(sensitive=True)
    pss = field.item("pss")
    for phone in (plain, enrolled_for_it):
        phone.register()
    seen = [any(due["item"] == pss for row in phone.view.rows.values() for due in row.get("due", ()))
            for phone in (plain, enrolled_for_it)]  # fmt: skip
    assert seen[0] is False


def test_a_record_of_an_unknown_kind_goes_to_the_shelf_and_blocks_no_other(field: Field):
    phone = field.phone()
    strange, given = phone.raw("miracle"), phone.handover(field.card(), field.item("food"))
    phone.sync()
    assert strange["id"] in phone.outbox.held
    assert phone.verdicts[given["id"]].verdict == "accepted"
