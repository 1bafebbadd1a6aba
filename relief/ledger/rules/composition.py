"""Who lives in a household, and when: registrations, changes from a date, corrections backwards, merges."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from functools import cached_property
from operator import itemgetter
from typing import Any

from relief.kernel.clock import parse_wall
from relief.ledger.rules.entry import Entry
from relief.ledger.rules.grouping import smallest_of_sets

Member = dict[str, Any]
# Rows of [from when (UTC s), time and id of the list's record, members, time and id of who said them last], in order.
Timeline = list[list[Any]]
BEGINNING, END = -(1 << 62), 1 << 62
ATTRIBUTES = ("sex", "age_band", "disability")


class Composition:
    """The members of a group at any moment, from one timeline per household and the member ids that merges made equal.

    Member ids are canonical: the smallest of those that are the same person.
    """

    def __init__(self, lists: list[Timeline], same: dict[str, str]) -> None:
        self.same = same
        self._lists = lists
        self._cache: dict[int, list[Member]] = {}
        self._masks: dict[tuple[str, ...], int] = {}
        self._ids: dict[int, tuple[str, ...]] = {}
        self._only: list[Member] | None = None
        if len(lists) == 1 and len(lists[0]) == 1 and not same:
            self._only = sorted(lists[0][0][3], key=_by_number)

    def at(self, moment: int) -> list[Member]:
        """Return the members at `moment`, by (number, id)."""
        if self._only is not None:
            return self._only
        found = self._cache.get(moment)
        if found is None:
            found = self._cache[moment] = self._members_at(moment)
        return found

    def ids_at(self, moment: int) -> tuple[str, ...]:
        """Return the ids of the members at `moment`, in their order."""
        key = 0 if self._only is not None else moment
        found = self._ids.get(key)
        if found is None:
            found = self._ids[key] = tuple([member["id"] for member in self.at(moment)])
        return found

    @cached_property
    def bits(self) -> dict[str, int]:
        """The bit of every member ever listed: their order is that of their ids."""
        return {each: 1 << place for place, each in enumerate(sorted(self.latest_attributes()))}

    def mask(self, members: tuple[str, ...]) -> int:
        """Return some members as a number with their bits: sets of them join and are counted at once."""
        found = self._masks.get(members)
        if found is None:
            found = self._masks[members] = sum(self.bits[each] for each in members)
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
            for member in timeline[index][3] if index >= 0 else ():
                canonical = self.same.get(member["id"], member["id"])
                held = members.get(canonical)
                if held is None or _by_number(member) < _by_number(held):
                    members[canonical] = {**member, "id": canonical} if canonical != member["id"] else member
        return sorted(members.values(), key=_by_number)

    def latest_attributes(self) -> dict[str, Member]:
        """Return each member ever listed, with the attributes of the latest list that names it."""
        if self._only is not None:
            return {member["id"]: member for member in self._only}
        rows = sorted((row for timeline in self._lists for row in timeline), key=lambda row: (row[0], row[4:]))
        return {self.same.get(member["id"], member["id"]): member for row in rows for member in row[3]}


_by_number = itemgetter("number", "id")


def compose(ordered: Iterable[Entry], households: tuple[str, ...]) -> tuple[list[Timeline], dict[str, str]]:
    """Return (timelines, equal member ids) of identity entries in (time, id) order: what a Composition is made of."""
    ordered = list(ordered)
    of_household: dict[str, list[Entry]] = {}
    for entry in ordered:
        if entry.facts["kind"] in ("registration", "composition"):
            of_household.setdefault(entry.facts["household"], []).append(entry)
    lists = [_timeline(of_household[each]) for each in households if each in of_household]
    return [timeline for timeline in lists if timeline], _equal_members(ordered, households)


def _timeline(ordered: list[Entry]) -> Timeline:
    starts: dict[str, list[Any]] = {}
    registrations: set[str] = set()
    base = ""
    for entry in ordered:
        facts = entry.facts
        if facts["kind"] == "registration":
            starts.pop(base, None)
            base = entry.id
            registrations.add(base)
            starts[base] = [BEGINNING, *entry.rank, facts["members"], *entry.rank]
        elif facts["change"] == "change":
            starts[entry.id] = [parse_wall(f"{facts['from']}T00:00:00Z"), *entry.rank, facts["members"], *entry.rank]
    corrections = {entry.id: entry for entry in ordered if entry.facts.get("change") == "correction"}
    for entry in corrections.values():
        corrected = _corrected(entry, corrections, registrations, base)
        if corrected in starts:
            starts[corrected][3:] = [entry.facts["members"], *entry.rank]
    return sorted(starts.values(), key=lambda row: row[:3])


def _corrected(entry: Entry, corrections: dict[str, Entry], registrations: set[str], base: str) -> str:
    """Return which list a correction replaces, from that list's start: one that corrects a correction means the same list."""
    named, passed = entry.facts.get("corrects", base), {entry.id}
    while named in corrections and named not in passed:
        passed.add(named)
        named = corrections[named].facts.get("corrects", base)
    return base if named in registrations else named


def _equal_members(entries: Iterable[Entry], households: tuple[str, ...]) -> dict[str, str]:
    if len(households) < 2:
        return {}
    last: dict[tuple[str, ...], Entry] = {}
    for entry in entries:
        facts = entry.facts
        if facts["kind"] == "household" and facts["action"] in ("merged", "kept_apart"):
            last[tuple(sorted((facts["household"], facts["other"])))] = entry
    return smallest_of_sets(
        (pair[0], pair[1]) for entry in last.values() if entry.facts["action"] == "merged"
        for pair in entry.facts.get("pairs", ())
    )  # fmt: skip
