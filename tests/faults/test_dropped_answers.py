"""Once means once, also for a phone that never hears of its success."""

from __future__ import annotations

from tests.faults.dropping import drop_answers
from tests.ledger.field import Field


def test_what_is_handed_in_again_after_a_lost_answer_is_there_once(field: Field) -> None:
    outcome = drop_answers(field, times=40, seed=3)
    assert outcome.again > 0
