"""What one group adds to the counters. Groups share no members and no entries, so counters of groups simply add up.

The keys are listed in docs/counters.md; `*` stands for the union over items.
"""

from __future__ import annotations

from collections.abc import Iterable

from relief.ledger.rules.book import Book
from relief.ledger.rules.composition import Composition, Member
from relief.ledger.rules.entry import (
    ENTITLED,
    EXCESS,
    GIVEN_STANDINGS,
    REFUSED,
    UNKNOWN_CARD,
    VOIDED,
    WAITING,
    Folded,
    Standing,
)  # fmt: skip
from relief.operations.rules import Indicator, Plan

STOCK_ACTIONS = frozenset(("received", "returned", "dispatched", "lost", "damaged"))


def tally(book: Book, composition: Composition, folded: Folded) -> None:
    """Fill `folded.counters`."""
    count = _Count(folded.counters)
    reached = _handovers(book, folded, count)
    _people(book.plan, composition, folded, reached, count)
    _contacts(book, folded, count)
    _not_served_and_stock(book, folded, count)
    _registered(folded, count)
    for state in folded.card_states.values():
        if state != "unknown":
            count(f"cards|{state}")
    for case in folded.cases:
        if not case.decided:
            count(f"cases|{case.code}")


class _Count:
    def __init__(self, counters: dict[str, int]) -> None:
        self.counters = counters

    def __call__(self, key: str, number: int = 1) -> None:
        if number:
            self.counters[key] = self.counters.get(key, 0) + number


class _Reached:
    """Who was reached, by item ('*' = any), and where and when."""

    def __init__(self) -> None:
        self.by_item: dict[str, set[str]] = {}
        self.by_place: dict[str, set[str]] = {}
        self.items_given: set[str] = set()

    def add(self, item: str, site: str, day: str, members: tuple[str, ...]) -> None:
        for each in (item, "*"):
            self.by_item.setdefault(each, set()).update(members)
            self.by_place.setdefault(f"people_at|{each}|{site}", set()).update(members)
            self.by_place.setdefault(f"people_on|{each}|{day}", set()).update(members)


def _handovers(book: Book, folded: Folded, count: _Count) -> _Reached:
    reached = _Reached()
    for record in book.of("handover"):
        facts, standing = record.facts, folded.standings[record.id]
        item, site, quantity = facts["item"], facts["site"], facts["quantity"]
        if standing.standing in GIVEN_STANDINGS:
            where = f"{item}|{site}|{facts['round']}|{standing.day}"
            count(f"given|{where}", quantity)
            count(f"handovers|{where}")
            count(f"unknown|{where}" if standing.standing == UNKNOWN_CARD else f"excess|{where}", standing.excess)
            count("unsure", record.entry.unsure)
            _out_of_bounds(book.plan, facts, standing.day, count)
            if standing.standing in (ENTITLED, EXCESS):
                reached.items_given.add(item)
                reached.add(item, site, standing.day, standing.reached)
        elif standing.standing == VOIDED:
            _voided(item, site, quantity, standing, count, was_given=record.given is not None)
        elif standing.standing == WAITING:
            count(f"waiting|{item}|{site}", quantity)
        elif standing.standing == REFUSED:
            count(f"refused|{item}|{site}")
    return reached


def _voided(item: str, site: str, quantity: int, standing: Standing, count: _Count, was_given: bool) -> None:
    if was_given:
        count(f"voided|{item}|{site}|{standing.day}", quantity)
        if standing.lost:
            count(f"lost|{item}|{site}|{standing.day}", quantity)


def _out_of_bounds(plan: Plan, facts: dict[str, str], day: str, count: _Count) -> None:
    """Count dates that do not fit round or site: one case per cause, not per family."""
    during = plan.round[facts["round"]]
    if not during.first_day <= day <= during.last_day:
        count(f"causes|outside_round|{during.id}")
    site = plan.site[facts["site"]]
    if (site.first_day and day < site.first_day) or (site.last_day and day > site.last_day):
        count(f"causes|outside_site|{site.id}")


def _people(plan: Plan, composition: Composition, folded: Folded, reached: _Reached, count: _Count) -> None:
    for item in reached.items_given:
        count(f"households|{item}")
    if reached.items_given:
        count("households|*")
    attributes = composition.latest_attributes() if reached.by_item else {}
    for item, members in reached.by_item.items():
        for member in members:
            count(f"people|{item}|{folded.area}|{_attributes(attributes[member])}")
    for key, members in reached.by_place.items():
        count(key, len(members))
    for indicator in plan.indicators:
        count(f"indicator|{indicator.id}", _indicator(indicator, folded, reached))


def _attributes(member: Member) -> str:
    return f"{member['sex']}|{member['age_band']}|{member['disability']}"


def _indicator(indicator: Indicator, folded: Folded, reached: _Reached) -> int:
    households = indicator.unit == "households"
    if indicator.source == "registered":
        return (1 if folded.status else 0) if households else len(folded.members)
    if indicator.source == "any_item":
        if households:
            return int(not reached.items_given.isdisjoint(indicator.items))
        return len(set().union(*(reached.by_item.get(item, ()) for item in indicator.items)))
    if indicator.source == "all_items" and indicator.items:
        if households:
            return int(reached.items_given.issuperset(indicator.items))
        return len(set.intersection(*(reached.by_item.get(item, set()) for item in indicator.items)))
    return 0


def _contacts(book: Book, folded: Folded, count: _Count) -> None:
    for record in book.of("contact"):
        facts, standing = record.facts, folded.standings[record.id]
        if standing.standing == VOIDED:
            continue
        where = f"{facts['item']}|{facts['site']}|{standing.day}"
        count(f"contact_events|{where}")
        count(f"contact_quantity|{where}", facts.get("quantity", 0))
        for row in facts["people"]:
            count(f"contacts|{where}|{row['sex']}|{row['age_band']}", row["count"])
        for indicator in book.plan.indicators:
            if indicator.source == "contacts" and facts["item"] in indicator.items:
                people = sum(row["count"] for row in facts["people"])
                count(f"indicator|{indicator.id}", people if indicator.unit == "people" else facts.get("quantity", 1))


def _not_served_and_stock(book: Book, folded: Folded, count: _Count) -> None:
    for record in book.of("not_served"):
        standing = folded.standings[record.id]
        if standing.standing != VOIDED:
            count(f"not_served|{record.facts['cause']}|{record.facts['site']}|{standing.day}")
    for record in book.of("stock"):
        facts = record.facts
        if folded.standings[record.id].standing == VOIDED:
            continue
        if facts["action"] == "transferred":
            count(f"stock|transferred_out|{facts['item']}|{facts['site']}", facts["quantity"])
            count(f"stock|transferred_in|{facts['item']}|{facts['to_site']}", facts["quantity"])
        elif facts["action"] in STOCK_ACTIONS:
            count(f"stock|{facts['action']}|{facts['item']}|{facts['site']}", facts["quantity"])


def _registered(folded: Folded, count: _Count) -> None:
    if not folded.status:
        return
    count("registered|households")
    for member in folded.members:
        count(f"registered|people|{folded.area}|{_attributes(member)}")
    if folded.status != "registered":
        count(f"{folded.status}|households")
    if folded.status == "approved":
        count("approved|people", len(folded.members))


def merge_counters(parts: Iterable[dict[str, int]]) -> dict[str, int]:
    """Return the sum of several groups' counters."""
    total: dict[str, int] = {}
    for part in parts:
        for key, number in part.items():
            total[key] = total.get(key, 0) + number
    return total
