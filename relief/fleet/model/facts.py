"""What the reference starts from: sealed entries made distinct, with their effective times. Plain dicts and loops.

An entry is {id, step: given|answer, answer: granted|refused, server_time, record, authority: desk|phone|[site ids led]}.
"""

from __future__ import annotations

from relief.kernel.clock import local_day, parse_wall
from relief.operations.rules import Plan


def distinct(entries: list[dict]) -> list[dict]:
    """Return each (id, step) once, in the order of its text: arrival order must not matter."""
    seen = {(entry["id"], entry["step"]): entry for entry in entries}
    return [seen[key] for key in sorted(seen)]


def of_kind(entries: list[dict], kind: str) -> list[dict]:
    return [entry for entry in entries if entry["record"]["kind"] == kind]


def toward_zero(milliseconds: int) -> int:
    return milliseconds // 1000 if milliseconds >= 0 else -(-milliseconds // 1000)


Marks = dict[tuple[str, str], list[dict]]


def marks_of(clocks: list[dict]) -> Marks:
    """Return the clock records by (enrolment, session)."""
    found: Marks = {}
    for mark in clocks:
        found.setdefault((mark["enrolment"], mark["session"]), []).append(mark)
    return found


def find_mark(record: dict, known: Marks) -> dict | None:
    """Return the clock record that tells the time of `record`: same session, nearest by seq, quick ones first."""
    marks = known.get((record["enrolment"], record["session"]), [])
    quick = [mark for mark in marks if mark["round_trip_ms"] <= 2000]
    if quick:
        return min(quick, key=lambda mark: (abs(mark["seq"] - record["seq"]), mark["seq"], mark["id"]))
    if marks:
        return min(marks, key=lambda mark: (mark["round_trip_ms"], mark["id"]))
    return None


def told_time(record: dict, known: Marks) -> tuple[int, bool]:
    """Return (UTC seconds, unsure) of a phone's tell."""
    mark = find_mark(record, known)
    if mark is None:
        return parse_wall(record["at"]), True
    by_uptime = toward_zero(record["uptime_ms"] - mark["uptime_ms"])
    by_wall = parse_wall(record["at"]) - parse_wall(mark["at"])
    if abs(by_uptime - by_wall) <= 60:
        return mark["server_time"] + by_uptime, False
    larger = by_wall if abs(by_wall) > abs(by_uptime) else by_uptime
    return mark["server_time"] + larger, True


def effective_times(entries: list[dict]) -> dict[str, tuple[int, bool]]:
    """Return record id -> (UTC seconds, unsure): an ask's is the server's, the desk's is what it wrote."""
    known = marks_of([entry["record"] for entry in of_kind(entries, "clock")])
    found: dict[str, tuple[int, bool]] = {}
    for entry in entries:
        if entry["step"] == "given" and entry["authority"] == "desk":
            found[entry["id"]] = (parse_wall(entry["record"]["at"]), entry["record"].get("about") == 1)
        elif entry["step"] == "given":
            found[entry["id"]] = told_time(entry["record"], known)
    for entry in entries:
        if entry["step"] == "answer":
            found[entry["id"]] = (entry["server_time"], False)
    return found


def day_at(plan: Plan, site: str | None, moment: int) -> str:
    """Return the calendar day at a site."""
    known = plan.site.get(site or "")
    return local_day(moment, known.zone if known else "UTC")
