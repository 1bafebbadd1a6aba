"""What a phone's records carry: ids of its own making, numbers without gaps, its own time."""

from __future__ import annotations

import random

from relief.fleet.phone_clock import PhoneClock, SetTime
from relief.fleet.records import RecordMaker
from relief.kernel.clock import parse_wall
from relief.kernel.ids import is_id_text, to_bytes

MORNING = parse_wall("2013-03-18T09:00:00+03:00")


def maker_at(moment: float, error_seconds: int = 0) -> tuple[RecordMaker, SetTime]:
    time = SetTime(moment)
    clock = PhoneClock(time, error_seconds=error_seconds, zone="Europe/Minsk")
    return RecordMaker("e" * 36, clock, random.Random(1)), time


def test_numbers_have_no_gaps():
    maker, _time = maker_at(MORNING)
    assert [maker.make("clock")["seq"] for _each in range(3)] == [1, 2, 3]


def test_ids_are_version_7_of_the_phones_own_time():
    maker, _time = maker_at(MORNING, error_seconds=3600)
    record_id = maker.make("clock")["id"]
    assert is_id_text(record_id) and record_id[14] == "7"
    assert int.from_bytes(to_bytes(record_id)[:6], "big") == (MORNING + 3600) * 1000


def test_the_wall_time_is_the_phones_own_wrong_one_with_its_offset():
    maker, _time = maker_at(MORNING, error_seconds=3600)
    assert maker.make("clock")["at"] == "2013-03-18T10:00:00+03:00"


def test_uptime_runs_from_the_last_restart_and_never_back():
    maker, time = maker_at(MORNING)
    time.moment += 5
    assert maker.make("clock")["uptime_ms"] == 5000
    time.moment -= 3
    assert maker.make("clock")["uptime_ms"] == 5000
    session = maker.session
    maker.restart()
    assert maker.make("clock")["uptime_ms"] == 0 and maker.session != session


def test_fields_that_are_not_known_are_left_out():
    maker, _time = maker_at(MORNING)
    assert "reason" not in maker.make("void", reason=None, target="t")


def test_a_seeded_phone_makes_the_same_ids_again():
    first, second = maker_at(MORNING)[0], maker_at(MORNING)[0]
    assert first.make("clock")["id"] == second.make("clock")["id"]
