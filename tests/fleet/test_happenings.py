"""A simulation says which troubles of the field it met, and which it never did."""

from __future__ import annotations

from collections import Counter

from relief.fleet.simulation.book import Book, Exchange
from relief.fleet.simulation.describing import Words, describe_result
from relief.fleet.simulation.happenings import count_troubles
from relief.fleet.simulation.simulating import Result
from tests.model.plan import sample_plan


def test_troubles_that_never_came_are_named():
    words = "\n".join(describe_result(Result(1, {}, {"lost_answers": 2, "replaced_cards": 0}, {}), Words(sample_plan(), Book())))
    assert "Troubles of the field: 2 lost answers." in words
    assert "Not tried this time: replaced cards." in words


def test_troubles_that_stand_in_the_records_are_counted_once_however_often_they_are_sent():
    def record(number, kind, phone, **fields):
        return {"id": f"r{number}", "kind": kind, "enrolment": phone, **fields}

    records = (record(1, "registration", "a", card="blank"), record(2, "void", "b", target="r3"),
               record(3, "handover", "b", card="blank"), record(4, "handover", "a", card="blank"),
               record(5, "card", "a", action="replaced", card="blank"))  # fmt: skip
    exchange = Exchange("a", records, (), 0)
    counted = count_troubles([Counter(lost_answers=1), Counter(lost_answers=2)], [exchange, exchange])
    assert {name: count for name, count in counted.items() if count} == {
        "lost_answers": 3, "cards_at_two_phones": 1, "blank_cards_used_elsewhere": 1, "voids_before_their_hand_over": 1,
        "replaced_cards": 1,
    }  # fmt: skip
