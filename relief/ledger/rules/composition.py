"""Who lives in a household, and when: registrations, changes from a date, corrections backwards, merges."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from typing import Any

from relief.kernel.clock import parse_wall
from relief.ledger.rules.entry import Entry, Group
from relief.ledger.rules.grouping import smallest_of_sets

Member = dict[str, Any]
BEGINNING, END = -(1 << 62), 1 << 62
ATTRIBUTES = ("sex", "age_band", "disability")


class Composition:
    """The members of a group at any moment. Member ids are canonical: the smallest of those that merges made equal."""

    def __init__(self, group: Group) -> None:
        relevant = [entry for entry in group.entries if entry.facts["kind"] in ("registration", "composition", "household")]
        self.same = _equal_members(relevant, group.households)
        self._lists = _timelines(relevant, group.households)
        self._simple = len(self._lists) == 1 and len(self._lists[0]) == 1 and not self.same
        self._cache: dict[int, list[Member]] = {}

    def at(self, moment: int) -> list[Member]:
        """Return the members at `moment`, by (number, id)."""
        if self._simple:
            moment = BEGINNING
        found = self._cache.get(moment)
        if found is None:
            found = self._cache[moment] = self._members_at(moment)
        return found

    def now(self) -> list[Member]:
        """Return the members of the last lists, with what was last said of each; by (number, id)."""
        members = self.at(END)
        if not self.same:
            return members
        latest = self.latest_attributes()
        return [{**member, **{name: latest[member["id"]][name] for name in ATTRIBUTES}} for member in members]

    def _members_at(self, moment: int) -> list[Member]:
        members: dict[str, Member] = {}
        for timeline in self._lists:
            index = bisect_right(timeline, moment, key=lambda row: row[0]) - 1
            for member in timeline[index][2] if index >= 0 else ():
                canonical = self.same.get(member["id"], member["id"])
                held = members.get(canonical)
                if held is None or (member["number"], member["id"]) < (held["number"], held["id"]):
                    members[canonical] = {**member, "id": canonical} if canonical != member["id"] else member
        return sorted(members.values(), key=lambda member: (member["number"], member["id"]))

    def latest_attributes(self) -> dict[str, Member]:
        """Return each member ever listed, with the attributes of the latest list that names it."""
        rows = sorted((row for timeline in self._lists for row in timeline), key=lambda row: row[:2])
        return {self.same.get(member["id"], member["id"]): member for _start, _rank, members in rows for member in members}


def _timelines(entries: Iterable[Entry], households: tuple[str, ...]) -> list[list[tuple[int, tuple[int, str], list[Member]]]]:
    """Return per household its lists in force: (from when, (time, id) of the record, members), in order."""
    of_household: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.facts["kind"] != "household":
            of_household.setdefault(entry.facts["household"], []).append(entry)
    return [_timeline(sorted(of_household[each], key=lambda entry: entry.rank)) for each in households if each in of_household]


def _timeline(ordered: list[Entry]) -> list[tuple[int, tuple[int, str], list[Member]]]:
    starts: dict[str, tuple[int, tuple[int, str], list[Member]]] = {}
    registrations, base = set(), ""
    for entry in ordered:
        facts = entry.facts
        if facts["kind"] == "registration":
            starts.pop(base, None)
            base = entry.id
            registrations.add(base)
            starts[base] = (BEGINNING, entry.rank, facts["members"])
        elif facts["change"] == "change":
            starts[entry.id] = (parse_wall(f"{facts['from']}T00:00:00Z"), entry.rank, facts["members"])
    for entry in ordered:
        facts = entry.facts
        if facts["kind"] == "composition" and facts["change"] == "correction":
            corrected = facts.get("corrects", base)
            if corrected in registrations:
                corrected = base
            if corrected in starts:
                starts[corrected] = (starts[corrected][0], entry.rank, facts["members"])
    return sorted(starts.values(), key=lambda row: row[:2])


def _equal_members(entries: Iterable[Entry], households: tuple[str, ...]) -> dict[str, str]:
    if len(households) < 2:
        return {}
    last: dict[tuple[str, ...], Entry] = {}
    for entry in sorted(entries, key=lambda entry: entry.rank):
        facts = entry.facts
        if facts["kind"] == "household" and facts["action"] in ("merged", "kept_apart"):
            last[tuple(sorted((facts["household"], facts["other"])))] = entry
    return smallest_of_sets(
        (pair[0], pair[1]) for entry in last.values() if entry.facts["action"] == "merged"
        for pair in entry.facts.get("pairs", ())
    )  # fmt: skip
