"""What the totals may lack: silent phones, records known to wait, gaps."""

from __future__ import annotations

from dataclasses import replace

from relief.totals.completeness import PhoneState, judge_completeness

NOW = 1_363_590_000
HOUR = 3600
PHONE = PhoneState("Phone 1", "phone", NOW - 9 * HOUR, NOW - 60, None, 0, 0, 12, 12)


def judge(*phones, **named):
    return judge_completeness(phones, NOW, HOUR, **named)


def test_a_phone_heard_a_minute_ago_makes_complete_totals():
    assert judge(PHONE).complete
    assert judge(PHONE).phones == 1


def test_a_phone_not_heard_for_more_than_the_setting_is_silent_since_its_last_contact():
    silent = judge(PHONE, replace(PHONE, label="Phone 2", last_contact_at=NOW - 2 * HOUR))
    assert [(phone.label, phone.heard_at) for phone in silent.silent] == [("Phone 2", NOW - 2 * HOUR)]
    assert not silent.complete and silent.heard_at == NOW - 2 * HOUR


def test_a_phone_that_never_reported_is_silent_since_it_was_enrolled():
    assert judge(replace(PHONE, last_contact_at=None)).heard_at == NOW - 9 * HOUR


def test_a_revoked_phone_is_not_waited_for_unless_it_is_known_to_hold_records():
    revoked = replace(PHONE, last_contact_at=NOW - 5 * HOUR, revoked_at=NOW - 4 * HOUR)
    assert judge(revoked).complete
    assert len(judge(replace(revoked, waiting=3)).silent) == 1


def test_phones_of_a_closed_operation_are_expected_to_be_silent():
    old = replace(PHONE, last_contact_at=NOW - 999 * HOUR)
    assert judge(old, closed=True).complete
    assert not judge(old).complete


def test_a_gap_in_the_numbers_says_how_many_records_have_not_arrived():
    state = judge(replace(PHONE, max_seq=12, seq_count=9), replace(PHONE, kind="desk", last_contact_at=None))
    assert (state.missing, state.phones_with_gaps, state.silent) == (3, 1, ())
    assert not state.complete


def test_records_known_to_wait_are_added_up():
    state = judge(replace(PHONE, waiting=4), replace(PHONE, waiting=2, held=1))
    assert (state.waiting, state.on_phone_shelf, state.complete) == (6, 1, False)
