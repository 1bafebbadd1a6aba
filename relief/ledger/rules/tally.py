"""What one group adds to the counters. Groups share no members and no entries, so counters of groups simply add up.

The keys are listed in docs/counters.md; `*` stands for the union over items. Every hand-over of every batch passes here, so
the loops write into the dict themselves, and ids go by the plan's short names until `full_counters` spells them out.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache, reduce
from operator import and_, or_

from relief.ledger.rules.book import Book, Record
from relief.ledger.rules.composition import Composition
from relief.ledger.rules.entry import (
    ENTITLED,
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
Counters = dict[str, int]


def tally(book: Book, composition: Composition, folded: Folded) -> None:
    """Fill `folded.counters` with what the group's moves add (its basis has counters of its own)."""
    counters = folded.counters
    reached = _handovers(book, composition, folded, counters)
    if reached.items_given:
        area = book.basis.area
        _people(book.plan.short.get(area, area), composition, reached, counters)
    if book.plan.indicators and book.basis.status:
        for indicator in book.plan.indicators:
            _add(counters, f"indicator|{book.plan.short[indicator.id]}", _indicator(indicator, composition, reached))
    _without_card(book, folded, counters)
    for case in folded.cases:
        if not case.decided:
            _add(counters, f"cases|{case.code}")


def _add(counters: Counters, key: str, number: int = 1) -> None:
    if number:
        counters[key] = counters.get(key, 0) + number


class _Reached:
    """Who was reached, as masks of the composition: by item ('*' = any), and by the counter of a place or a day."""

    def __init__(self) -> None:
        self.by_item: dict[str, int] = {"*": 0}
        self.by_place: dict[str, int] = {}
        self.items_given: dict[str, str] = {}  # item -> its short name

    def add(self, item: str, mask: int, places: tuple[str, ...]) -> None:
        if mask:
            self.by_item["*"] |= mask
            self.by_item[item] = self.by_item.get(item, 0) | mask
            for key in places:
                self.by_place[key] = self.by_place.get(key, 0) | mask


@lru_cache(maxsize=1 << 14)
def _keys(item: str, site: str, during: str, day: str) -> tuple[str, tuple[str, ...]]:
    """Return (what hand-overs are counted under, the keys of the people reached there and then); all by short names."""
    places = (f"people_at|{item}|{site}", f"people_at|*|{site}", f"people_on|{item}|{day}", f"people_on|*|{day}")
    return f"{item}|{site}|{during}|{day}", places


def _handovers(book: Book, composition: Composition, folded: Folded, counters: Counters) -> _Reached:
    reached = _Reached()
    for record in book.of("handover"):
        standing = folded.standings[record.id]
        if standing.standing in GIVEN_STANDINGS:
            _given(book.plan, record, standing, composition, reached, counters)
        else:
            _not_given(book.plan.short, record, standing, counters)
    return reached


def _given(plan: Plan, record: Record, standing: Standing, composition: Composition, reached: _Reached,
           counters: Counters) -> None:  # fmt: skip
    facts, day, short = record.facts, standing.day, plan.short
    item = short[facts["item"]]
    where, places = _keys(item, short[facts["site"]], short[facts["round"]], day)
    key = f"given|{where}"
    counters[key] = counters.get(key, 0) + facts["quantity"]
    key = f"handovers|{where}"
    counters[key] = counters.get(key, 0) + 1
    if standing.standing == UNKNOWN_CARD:
        _add(counters, f"unknown|{where}", standing.excess)
    else:
        if standing.excess:
            _add(counters, f"excess|{where}", standing.excess)
        reached.items_given[facts["item"]] = item
        reached.add(facts["item"], composition.mask(standing.reached), places)
    if record.entry.unsure:
        _add(counters, "unsure")
    _out_of_bounds(plan, facts, day, counters)


def _not_given(short: dict[str, str], record: Record, standing: Standing, counters: Counters) -> None:
    facts = record.facts
    item, site, quantity = short[facts["item"]], short[facts["site"]], facts["quantity"]
    if standing.standing == VOIDED and record.given is not None:
        _add(counters, f"voided|{item}|{site}|{standing.day}", quantity)
        _add(counters, f"lost|{item}|{site}|{standing.day}", quantity if standing.lost else 0)
    elif standing.standing == WAITING:
        _add(counters, f"waiting|{item}|{site}", quantity)
    elif standing.standing == REFUSED:
        _add(counters, f"refused|{item}|{site}")


def _out_of_bounds(plan: Plan, facts: dict[str, str], day: str, counters: Counters) -> None:
    """Count dates that do not fit round or site: one case per cause, not per family."""
    during = plan.round[facts["round"]]
    if not during.first_day <= day <= during.last_day:
        _add(counters, f"causes|outside_round|{plan.short[during.id]}")
    site = plan.site[facts["site"]]
    if (site.first_day and day < site.first_day) or (site.last_day and day > site.last_day):
        _add(counters, f"causes|outside_site|{plan.short[site.id]}")


def _people(area: str, composition: Composition, reached: _Reached, counters: Counters) -> None:
    for short in reached.items_given.values():
        counters[f"households|{short}"] = 1
    counters["households|*"] = 1
    attributes = {composition.bits[member]: f"{area}|{each['sex']}|{each['age_band']}|{each['disability']}"
                  for member, each in composition.latest_attributes().items()}  # fmt: skip
    for item, mask in reached.by_item.items():
        short = reached.items_given.get(item, item)
        for bit, attribute in attributes.items():
            if mask & bit:
                key = f"people|{short}|{attribute}"
                counters[key] = counters.get(key, 0) + 1
    for key, mask in reached.by_place.items():
        counters[key] = mask.bit_count()


def _indicator(indicator: Indicator, composition: Composition, reached: _Reached) -> int:
    households = indicator.unit == "households"
    if indicator.source == "registered":
        return 1 if households else len(composition.now())
    if indicator.source == "any_item":
        if households:
            return int(not reached.items_given.keys().isdisjoint(indicator.items))
        return reduce(or_, (reached.by_item.get(item, 0) for item in indicator.items), 0).bit_count()
    if indicator.source == "all_items" and indicator.items:
        if households:
            return int(reached.items_given.keys() >= set(indicator.items))
        return reduce(and_, (reached.by_item.get(item, 0) for item in indicator.items)).bit_count()
    return 0


def _without_card(book: Book, folded: Folded, counters: Counters) -> None:
    for kind, count in (("contact", _contact), ("not_served", _not_served), ("stock", _stock)):
        for record in book.of(kind):
            standing = folded.standings[record.id]
            if standing.standing == ENTITLED:
                count(book.plan, record, standing.day, counters)


def _contact(plan: Plan, record: Record, day: str, counters: Counters) -> None:
    facts = record.facts
    where = f"{plan.short[facts['item']]}|{plan.short[facts['site']]}|{day}"
    _add(counters, f"contact_events|{where}")
    _add(counters, f"contact_quantity|{where}", facts.get("quantity", 0))
    for row in facts["people"]:
        _add(counters, f"contacts|{where}|{row['sex']}|{row['age_band']}", row["count"])
    for indicator in plan.indicators:
        if indicator.source == "contacts" and facts["item"] in indicator.items:
            number = sum(row["count"] for row in facts["people"]) if indicator.unit == "people" else facts.get("quantity", 1)
            _add(counters, f"indicator|{plan.short[indicator.id]}", number)


def _not_served(plan: Plan, record: Record, day: str, counters: Counters) -> None:
    _add(counters, f"not_served|{record.facts['cause']}|{plan.short[record.facts['site']]}|{day}")


def _stock(plan: Plan, record: Record, _day: str, counters: Counters) -> None:
    facts, short = record.facts, plan.short
    item, site, quantity = short[facts["item"]], short[facts["site"]], facts["quantity"]
    if facts["action"] == "transferred":
        _add(counters, f"stock|transferred_out|{item}|{site}", quantity)
        _add(counters, f"stock|transferred_in|{item}|{short[facts['to_site']]}", quantity)
    elif facts["action"] in STOCK_ACTIONS:
        _add(counters, f"stock|{facts['action']}|{item}|{site}", quantity)


def full_counters(counters: Counters, plan: Plan) -> Counters:
    """Return counters with the ids in the place of their short names."""
    spelled = plan.spelled
    return {spelled[key]: number for key, number in counters.items()}


def merge_counters(parts: Iterable[Counters]) -> Counters:
    """Return the sum of several groups' counters."""
    total: Counters = {}
    for part in parts:
        for key, number in part.items():
            total[key] = total.get(key, 0) + number
    return total
