"""Deadlines, statuses, and what a reader may see."""

from __future__ import annotations

import pytest

from relief.operations.deadlines import final_report_due, list_deadlines, operation_end, timeframe_months
from relief.operations.discretion import discreet_plan
from relief.operations.registration import list_moves, may_move
from tests.operations.plans import A_PLAN


@pytest.mark.parametrize(
    ("end", "due"), [("2013-06-04", "2013-09-04"), ("2013-03-25", "2013-06-25"), ("2013-11-30", "2014-02-28")]
)
def test_the_final_report_is_due_three_months_after_the_end(end: str, due: str) -> None:
    assert final_report_due(end) == due


def test_the_operation_ends_a_timeframe_after_its_allocation() -> None:
    assert operation_end("2013-03-04", 3) == "2013-06-04"


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        ("2013-03-04", "2013-06-04", 3),
        ("2013-03-04", "2013-06-05", 4),
        ("2013-03-04", "2013-03-04", 0),
        ("2013-01-31", "2013-02-28", 1),
    ],
)
def test_a_timeframe_is_told_in_started_months(start: str, end: str, months: int) -> None:
    assert timeframe_months(start, end) == months


def test_days_left_count_down_and_go_below_zero() -> None:
    found = [(each.name, each.days_left) for each in list_deadlines("2013-03-04", "2013-06-04", "2013-06-04")]
    assert found == [("operation_start", -92), ("operation_end", 0), ("final_report_due", 92)]


@pytest.mark.parametrize(("status", "moves"), [("draft", ["active"]), ("active", ["closing"]), ("closing", ["active", "closed"]),
                                               ("closed", [])])  # fmt: skip
def test_a_status_moves_on_by_one_step(status: str, moves: list[str]) -> None:
    assert list_moves(status) == moves
    assert may_move(status, status)


def test_who_need_not_know_sees_a_sensitive_item_under_its_public_label() -> None:
    shown = discreet_plan(A_PLAN)
    assert [item.name for item in shown.items] == ["Food parcel", "Talk"]
    assert [each.title for each in shown.indicators] == ["People with food"]
    assert [item.id for item in shown.items] == [item.id for item in A_PLAN.items]
