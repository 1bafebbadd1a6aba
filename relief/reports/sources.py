"""Where the report's numbers come from: one footnote a query."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from relief.reports.document import Footnote, Section, list_sources


@dataclass(frozen=True, slots=True)
class Source:
    """A query, what it reads in words, and whether its answer stands at the ledger's position."""

    query: str
    says: Any
    in_ledger: bool = True


_TOTALS = "totals.queries.read_totals"
SOURCES = {
    "operation": Source("operations.queries.get_operation", _l("as registered with the operation"), False),
    "plan": Source("operations.queries.find_plan", _l("as in the plan of this version"), False),
    "allocations": Source("budget.queries.list_allocations", _l("allocations as entered"), False),
    "budget": Source("budget.queries.list_lines", _l("budget lines as entered"), False),
    "people": Source(f"{_TOTALS} people", _l("different people with a hand-over that stands, counters people|..."), True),
    "households": Source(f"{_TOTALS} households", _l("different households with one, counters households|..."), True),
    "items": Source(f"{_TOTALS} items", _l("what left the table and stands, counters given|... and handovers|..."), True),
    "places": Source(f"{_TOTALS} places", _l("by site, area and day, counters given|..., people_at|... and people_on|..."), True),
    "indicators": Source(f"{_TOTALS} indicators", _l("as each indicator says what it counts, counters indicator|..."), True),
    "contacts": Source(f"{_TOTALS} contacts", _l("people met without a card, as told each time, counters contacts|..."), True),
    "registered": Source(f"{_TOTALS} registered", _l("the household lists, counters registered|... and approved|..."), True),
    "lists": Source("reports.queries.list_approved_lists", _l("list versions, as approved"), False),
    "not_served": Source(f"{_TOTALS} not_served", _l("people who left without being served, counters not_served|..."), True),
    "cases": Source(f"{_TOTALS} cases", _l("what nobody has decided yet, counters cases|..."), True),
    "times": Source("reports.queries.read_times", _l("effective times of hand-overs that stand"), True),
    "stock": Source("stock.queries.list_stock", _l("stock records and hand-overs that stand"), True),
    "completeness": Source(f"{_TOTALS} completeness", _l("what every phone last told of itself"), False),
    "statements": Source("operations.queries.get_operation statements", _l("what published sources say, word for word"), False),
    "computed": Source("reports.contradictions", _l("figures of this report compared with each other"), False),
    "people_in_charge": Source("reports.queries.list_people_in_charge", _l("roles in this operation"), False),
    "head": Source("ledger.queries.get_head", _l("the sealed head of the ledger"), True),
}  # fmt: skip


def footnotes_of(sections: tuple[Section, ...]) -> tuple[Footnote, ...]:
    """Return a numbered footnote for every source that the sections name."""
    return tuple(Footnote(number, key, SOURCES[key].query, str(SOURCES[key].says), SOURCES[key].in_ledger)
                 for number, key in enumerate(list_sources(sections), 1))  # fmt: skip
