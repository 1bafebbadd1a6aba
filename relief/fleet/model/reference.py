"""The ledger's fold once more, in plain Python: everything from scratch, in any order, with any repetition.

It is written from the design's words and not from the product's code, so that the two can disagree.
"""

from __future__ import annotations

from collections import Counter

from relief.fleet.model import tallies
from relief.fleet.model.facts import distinct, effective_times
from relief.fleet.model.families import Families
from relief.fleet.model.judging import Judging
from relief.operations.rules import Plan


def fold(plan: Plan, entries: list[dict]) -> dict:
    """Return the state that a set of entries has.

    standings: record id -> {standing, entitled, excess, codes}; reached: record id -> set of member ids; people: item (or
    '*') -> set of member ids; stock: (item, site) -> {on_hand, difference, and a sum per word}; counters: key -> n without
    zeros; cases: set of (code, frozenset of record ids); times: record id -> (UTC seconds, unsure).
    """
    entries = distinct(entries)
    when = effective_times(entries)
    families = Families(entries, when)
    judging = Judging(plan, entries, when, families)
    counters: Counter = Counter()
    tallies.handover_counters(plan, judging, counters)
    tallies.people_counters(judging, families, counters)
    tallies.contact_counters(plan, judging, counters)
    tallies.register_counters(families, entries, counters)
    tallies.indicator_counters(plan, judging, families, counters)
    stock = tallies.stock(judging, counters)
    tallies.case_counters(judging, entries, counters)
    return {
        "standings": judging.standings,
        "reached": judging.reached,
        "people": tallies.people(judging),
        "stock": stock,
        "counters": {key: n for key, n in sorted(counters.items()) if n},
        "cases": judging.cases,
        "times": when,
    }
