"""Deadlines, statuses, and what a reader may see."""

from __future__ import annotations

import pytest
from marshmallow import ValidationError

from relief.kernel.clock import EARLIEST, LATEST, parse_wall, wall
from relief.operations.deadlines import final_report_due, list_deadlines, operation_end, timeframe_months
from relief.operations.discretion import discreet_plan
from relief.operations.registration import list_moves, may_move
from relief.operations.schemas import OperationFormSchema, OperationSchema
from tests.operations.plans import A_PLAN
from tests.operations.test_operations import FIELDS


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


@pytest.mark.parametrize(
    ("end", "due"), [("9999-12-31", "9999-12-31"), ("9999-09-30", "9999-12-30"), ("0001-01-01", "0001-04-01")]
)
def test_deadlines_are_held_inside_the_calendar(end: str, due: str) -> None:
    assert [each.day for each in list_deadlines("0001-01-01", end, "2013-03-04")] == ["0001-01-01", end, due]
    assert timeframe_months("0001-01-01", end) >= 0


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("end_day", "9999-12-31"),
        ("end_day", "2201-01-01"),
        ("start_day", "1899-12-31"),
        ("trigger_at", "0001-01-01T00:00:00Z"),
        ("trigger_at", "9999-01-01T00:00:00Z"),
    ],
)
def test_a_year_no_operation_can_have_is_refused_at_its_field(field: str, value: str) -> None:
    fields = {**FIELDS, field: value}
    for schema in (OperationSchema(), OperationFormSchema()):
        with pytest.raises(ValidationError) as told:
            schema.load(fields)
        assert told.value.normalized_messages()[field] == ["The year must lie between 1900 and 2200."]


def test_the_first_and_last_year_are_taken() -> None:
    loaded = OperationSchema().load({**FIELDS, "start_day": "1900-01-01", "end_day": "2200-12-31"})
    assert (loaded["start_day"], loaded["end_day"]) == ("1900-01-01", "2200-12-31")


@pytest.mark.parametrize(
    ("moment", "shown"),
    [
        (1363587150, "2013-03-18T09:12:30+03:00"),
        (EARLIEST, "0001-01-02T00:00:00Z"),  # Minsk went by the sun: 1:50:16 ahead
        (LATEST, "9999-12-30T03:00:00+03:00"),
    ],
)
def test_a_wall_time_always_reads_back_as_the_same_moment(moment: int, shown: str) -> None:
    assert wall(moment, "Europe/Minsk") == shown
    assert parse_wall(shown) == moment


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
