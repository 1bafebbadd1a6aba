"""The days an operation must keep, computed from its dates. Pure; days are ISO texts."""

from __future__ import annotations

from dataclasses import dataclass

from relief.kernel.clock import add_months, parse_day

MONTHS_TO_FINAL_REPORT = 3


@dataclass(frozen=True, slots=True)
class Deadline:
    """A day to keep: `name` is operation_start, operation_end or final_report_due; `days_left` is below zero once it passed."""

    name: str
    day: str
    days_left: int


def final_report_due(end_day: str) -> str:
    """Return the day the final report is due: three months after the end."""
    return add_months(parse_day(end_day), MONTHS_TO_FINAL_REPORT).isoformat()


def operation_end(allocated_on: str, timeframe_months: int) -> str:
    """Return the last day of an operation that runs `timeframe_months` from its allocation."""
    return add_months(parse_day(allocated_on), timeframe_months).isoformat()


def timeframe_months(start_day: str, end_day: str) -> int:
    """Return the operation's timeframe in started months."""
    start, end = parse_day(start_day), parse_day(end_day)
    months = (end.year - start.year) * 12 + end.month - start.month
    return months + 1 if add_months(start, months) < end else months


def list_deadlines(start_day: str, end_day: str, today: str) -> list[Deadline]:
    """Return the operation's key days in order, with how many days each is away from `today`."""
    days = {"operation_start": start_day, "operation_end": end_day, "final_report_due": final_report_due(end_day)}
    now = parse_day(today)
    return [Deadline(name, day, (parse_day(day) - now).days) for name, day in days.items()]
