"""When it happened: an entry's effective time out of its phone's clock marks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from relief.kernel.clock import EARLIEST, LATEST, parse_wall

GOOD_ROUND_TRIP_MS = 2000
AGREEMENT_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Mark:
    """What a `clock` record says of its session: at `uptime_ms` and wall time `wall` (s) the server said `server_time` (s)."""

    id: str
    seq: int
    uptime_ms: int
    wall: int
    server_time: int
    round_trip_ms: int


def session_of(facts: dict[str, Any]) -> tuple[str, str]:
    """Return whose session a record was made in: one phone's marks never move another's times."""
    return facts["enrolment"], facts["session"]


def mark_of(facts: dict[str, Any]) -> Mark:
    """Return the mark that a `clock` record's facts make."""
    return Mark(facts["id"], facts["seq"], facts["uptime_ms"], parse_wall(facts["at"]), facts["server_time"],
                facts["round_trip_ms"])  # fmt: skip


def effective_time(facts: dict[str, Any], marks: Sequence[Mark]) -> tuple[int, bool]:
    """Return (UTC seconds, unsure) of a record's facts, given all marks of its session."""
    wall = parse_wall(facts["at"])
    if not marks:
        return wall, True
    mark = _nearest(facts["seq"], marks)
    by_uptime = int((facts["uptime_ms"] - mark.uptime_ms) / 1000)  # towards zero, so that before and after agree
    by_wall = wall - mark.wall
    unsure = abs(by_uptime - by_wall) > AGREEMENT_SECONDS
    elapsed = max(by_uptime, by_wall, key=abs) if unsure else by_uptime
    return min(max(mark.server_time + elapsed, EARLIEST), LATEST), unsure


def is_about(facts: dict[str, Any]) -> bool:
    """Tell whether the office wrote `at` knowing it only about: a day and an hour for a whole paper sheet."""
    return facts.get("about") == 1


def _nearest(seq: int, marks: Sequence[Mark]) -> Mark:
    if len(marks) == 1:
        return marks[0]
    good = [mark for mark in marks if mark.round_trip_ms <= GOOD_ROUND_TRIP_MS]
    if good:
        return min(good, key=lambda mark: (abs(mark.seq - seq), mark.seq, mark.id))
    return min(marks, key=lambda mark: (mark.round_trip_ms, mark.id))
