"""From the ledger's counters to figures that people read: sums only, nothing is judged again here.

A counter's key is text joined by `|` and says what it counts (`given|item|site|round|day`). Whatever the counters hold is
shown: an item, site or area that the plan no longer names keeps its row, so that parts always sum to the whole.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from relief.operations.rules import AGE_BANDS, SEXES, Indicator, Plan
from relief.totals import figures as f
from relief.totals.counting import (
    ANY,
    Counted,
    Quantities,
    group_counters,
    item_label,
    ordered,
    percent,
    quantities_by_key,
    summed,
)
from relief.totals.people import people_figures
from relief.totals.places import area_figures, day_figures, places_and_days, site_figures

CARD_STATES = ("linked", "blank", "replaced", "cancelled")


def compute(counters: Mapping[str, int], plan: Plan) -> f.Figures:
    """Return the figures of one ledger position.

    `counters` as the ledger keeps them; `plan` gives the names, the order of rows and the targets.
    """
    grouped = group_counters(counters)
    quantities = quantities_by_key(grouped)
    by_item = tuple(people_figures(grouped["people"], item, plan) for item in _items(plan, grouped))
    overall = people_figures(grouped["people"], ANY, plan)
    return f.Figures(
        people=overall,
        households=grouped["households"].get((ANY,), 0),
        handovers=sum(grouped["handovers"].values()),
        people_by_item=by_item,
        items=_item_figures(plan, grouped, quantities, by_item),
        sites=site_figures(plan, grouped, quantities),
        areas=area_figures(plan, overall, quantities),
        days=day_figures(plan, grouped, quantities),
        places_and_days=places_and_days(plan, quantities),
        contacts=_contact_figures(plan, grouped),
        indicators=tuple(_indicator_figures(each, grouped["indicator"]) for each in plan.indicators),
        registered=_registered(grouped),
        cards=tuple(f.Coded(state, grouped["cards"].get((state,), 0)) for state in CARD_STATES),
        cases=_coded(grouped["cases"]),
        not_served=_coded(grouped["not_served"]),
        unsure_times=sum(grouped["unsure"].values()),
    )


def _items(plan: Plan, grouped: dict[str, Counted]) -> list[str]:
    """Return the items that cards receive: all but those only ever met as contacts."""
    counted = {key[0] for word in ("handovers", "given", "people", "waiting", "refused") for key in grouped[word]} - {ANY}
    contacts_only = {key[0] for key in grouped["contact_events"]} - counted
    contacts_only |= {item for each in plan.indicators if each.source == "contacts" for item in each.items} - counted
    return [item for item in ordered(plan.item, counted) if item not in contacts_only]


def _item_figures(plan: Plan, grouped: dict[str, Counted], quantities: Quantities,
                  people: tuple[f.PeopleFigures, ...]) -> tuple[f.ItemFigures, ...]:  # fmt: skip
    totals = summed(quantities, lambda item, site, round_, day: item)
    return tuple(_one_item(plan, grouped, each.item, totals.get(each.item, f.Quantity()), each.people) for each in people)


def _one_item(plan: Plan, grouped: dict[str, Counted], item: str, quantity: f.Quantity, people: int) -> f.ItemFigures:
    known = plan.item.get(item)
    households = grouped["households"].get((item,), 0)
    target = next((each for each in plan.indicators if each.items == (item,) and each.source in ("any_item", "all_items")
                   and each.unit in ("people", "households") and each.target is not None), None)  # fmt: skip
    wanted = target.target if target else None
    unit = target.unit if target else None
    return f.ItemFigures(
        item, item_label(plan, item), known.unit if known else "", bool(known and known.service),
        bool(known and known.sensitive), quantity, people, households, wanted, unit,
        percent(households if unit == "households" else people, wanted),
        **{word: sum(count for key, count in grouped[word].items() if key[0] == item)
           for word in ("waiting", "refused", "voided", "lost")},
    )  # fmt: skip


def _contact_figures(plan: Plan, grouped: dict[str, Counted]) -> tuple[f.ContactFigures, ...]:
    planned = [item for each in plan.indicators if each.source == "contacts" for item in each.items]
    counted = {key[0] for word in ("contacts", "contact_events") for key in grouped[word]}
    wanted = [item for item in ordered(plan.item, counted) if item in counted or item in planned]
    return tuple(_one_contact(plan, grouped, item) for item in wanted)


def _one_contact(plan: Plan, grouped: dict[str, Counted], item: str) -> f.ContactFigures:
    met = {key: count for key, count in grouped["contacts"].items() if key[0] == item}

    def parts(place: int, keys: tuple[str, ...]) -> tuple[f.Part, ...]:
        return tuple(f.Part(key, sum(count for full, count in met.items() if full[place] == key)) for key in keys)

    return f.ContactFigures(
        item, item_label(plan, item), sum(met.values()),
        sum(count for key, count in grouped["contact_events"].items() if key[0] == item),
        sum(count for key, count in grouped["contact_quantity"].items() if key[0] == item),
        plan.item[item].unit if item in plan.item else "", parts(3, SEXES), parts(4, AGE_BANDS),
    )  # fmt: skip


def _indicator_figures(indicator: Indicator, counted: Counted) -> f.IndicatorFigures:
    actual = None if indicator.source == "qualitative" else counted.get((indicator.id,), 0)
    return f.IndicatorFigures(indicator.id, indicator.title, indicator.unit, indicator.source, indicator.sector,
                              indicator.target, actual, percent(actual, indicator.target),
                              indicator.statement, indicator.comment)  # fmt: skip


def _registered(grouped: dict[str, Counted]) -> f.Registered:
    def households(word: str) -> int:
        return grouped[word].get(("households",), 0)

    def people(word: str) -> int:
        return sum(count for key, count in grouped[word].items() if key[0] == "people")

    return f.Registered(households("registered"), people("registered"), households("approved"), people("approved"),
                        households("withdrawn"), households("not_approved"))  # fmt: skip


def _coded(counted: Counted) -> tuple[f.Coded, ...]:
    sums: dict[str, int] = defaultdict(int)
    for key, count in counted.items():
        sums[key[0]] += count
    return tuple(f.Coded(code, sums[code]) for code in sorted(sums))
