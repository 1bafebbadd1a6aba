"""Effective times of a batch: the marks of its sessions, and what a new mark moves in entries stored before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlalchemy import Connection

from relief.kernel.clock import parse_wall
from relief.kernel.ids import to_bytes
from relief.ledger.intake import Fresh
from relief.ledger.rules.timing import Mark, effective_time, is_about, mark_of, session_of
from relief.ledger.sets import rows_where_in


@dataclass(slots=True)
class Times:
    """Marks by (enrolment, session), and `moved`: facts of stored entries that a new mark may give another time."""

    marks: dict[tuple[str, str], list[Mark]] = field(default_factory=dict)
    moved: list[dict[str, Any]] = field(default_factory=list)

    def of(self, facts: dict[str, Any]) -> tuple[int, bool]:
        return effective_time(facts, self.marks.get(session_of(facts), ()))


def read_times(connection: Connection, operation_id: bytes, fresh: Iterable[Fresh]) -> Times:
    """Read the marks of all sessions in the batch, add the batch's own, and find what these move."""
    times = Times()
    phones = [each for each in fresh if each.device.is_phone]
    sessions = {to_bytes(each.facts["session"]) for each in phones}
    rows = rows_where_in(connection, "SELECT facts FROM entry", operation_id, "session_id", sessions, "AND kind = 'clock'")
    for row in rows:
        facts = orjson.loads(row[0])
        times.marks.setdefault(session_of(facts), []).append(mark_of(facts))
    new_marks: dict[tuple[str, str], list[Mark]] = {}
    for each in phones:
        if each.prepared.kind == "clock":
            new_marks.setdefault(session_of(each.facts), []).append(mark_of(each.facts))
    if new_marks:
        _find_moved(connection, operation_id, times, new_marks)
    return times


def _find_moved(connection: Connection, operation_id: bytes, times: Times, new_marks: dict[tuple[str, str], list[Mark]]) -> None:
    rows = rows_where_in(connection, "SELECT facts FROM entry", operation_id, "enrolment_id",
                         {to_bytes(enrolment) for enrolment, _session in new_marks},
                         "AND kind <> 'clock' AND step = 'given'")  # fmt: skip
    stored = [facts for row in rows if session_of(facts := orjson.loads(row[0])) in new_marks]
    before = [times.of(facts) for facts in stored]
    for session, marks in new_marks.items():
        times.marks.setdefault(session, []).extend(marks)
    times.moved = [facts for facts, was in zip(stored, before, strict=True) if times.of(facts) != was]


def time_of_fresh(each: Fresh, times: Times, now: int) -> tuple[int, bool]:
    """Return (UTC seconds, unsure): an ask's is the server's, also for the tell that ends it; a desk's is as written.

    A desk that only knows the time about (from a paper sheet) says so.
    """
    if each.prepared.ask or each.known.asked:
        return now, False
    if each.known.answer is not None:
        return each.known.answer["at"], False
    if each.device.is_phone:
        return times.of(each.facts)
    return parse_wall(each.facts["at"]), is_about(each.facts)


