"""Totals by site, area and day: pure sums over the ledger's counters."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from relief.operations.rules import Plan
from relief.totals import figures as f
from relief.totals.counting import ANY, Counted, Quantities, item_cells, item_label, nested, ordered, summed


def site_figures(plan: Plan, grouped: dict[str, Counted], quantities: Quantities) -> tuple[f.SiteFigures, ...]:
    given = nested(summed(quantities, lambda item, site, round_, day: (item, site)))
    people = nested(grouped["people_at"])
    rows = []
    for site in ordered(plan.site, {*given, *people}):
        known = plan.site.get(site)
        cells = item_cells(plan, given.get(site, {}), people.get(site, {}))
        rows.append(f.SiteFigures(site, known.name if known else site, known.area if known else "",
                                  people.get(site, {}).get(ANY, 0), _handovers(cells), cells))  # fmt: skip
    return tuple(rows)


def day_figures(plan: Plan, grouped: dict[str, Counted], quantities: Quantities) -> tuple[f.DayFigures, ...]:
    given = nested(summed(quantities, lambda item, site, round_, day: (item, day)))
    people = nested(grouped["people_on"])
    rows = []
    for day in sorted({*given, *people}):
        cells = item_cells(plan, given.get(day, {}), people.get(day, {}))
        rows.append(f.DayFigures(day, people.get(day, {}).get(ANY, 0), _handovers(cells), cells))
    return tuple(rows)


def _handovers(cells: Iterable[f.ItemCell]) -> int:
    return sum(cell.quantity.handovers for cell in cells)


def area_figures(plan: Plan, people: f.PeopleFigures, quantities: Quantities) -> tuple[f.AreaFigures, ...]:
    """Return one row an area, a parent before its children, each with everything below it."""
    own_people = {part.key: part.people for part in people.by_area}
    given = summed(quantities, lambda item, site, round_, day: (item, plan.site[site].area if site in plan.site else ""))
    own_given = nested(given)
    rows = []
    for area, depth, below in _tree(plan, {*own_people, *own_given}):
        items: dict[str, f.Quantity] = defaultdict(f.Quantity)
        for each in below:
            for item, quantity in own_given.get(each, {}).items():
                items[item] += quantity
        cells = item_cells(plan, items, None)
        known = plan.area.get(area)
        rows.append(f.AreaFigures(area, known.name if known else area, depth, known.p_code if known else None,
                                  sum(own_people.get(each, 0) for each in below), _handovers(cells), cells))  # fmt: skip
    return tuple(rows)


def _tree(plan: Plan, counted: set[str]) -> list[tuple[str, int, list[str]]]:
    """Return (area, depth, itself and all below) in tree order; areas the plan does not know come last, '' at the end."""
    children: dict[str | None, list[str]] = defaultdict(list)
    for area in plan.areas:
        children[area.parent if area.parent in plan.area else None].append(area.id)
    rows: list[tuple[str, int, list[str]]] = []

    def walk(area: str, depth: int) -> list[str]:
        place = len(rows)
        rows.append((area, depth, []))
        below = [area, *(each for child in children[area] for each in walk(child, depth + 1))]
        rows[place] = (area, depth, below)
        return below

    for top in children[None]:
        walk(top, 0)
    unknown = sorted(counted - set(plan.area), key=lambda area: (area == "", area))
    return rows + [(area, 0, [area]) for area in unknown]


def places_and_days(plan: Plan, quantities: Quantities) -> tuple[f.PlaceDay, ...]:
    sums = summed(quantities, lambda item, site, round_, day: (site, day, item))
    sites = {site: place for place, site in enumerate(ordered(plan.site, {key[0] for key in sums}))}
    items = {item: place for place, item in enumerate(ordered(plan.item, {key[2] for key in sums}))}
    return tuple(
        f.PlaceDay(site, plan.site[site].name if site in plan.site else site, day, item, item_label(plan, item),
                   plan.item[item].unit if item in plan.item else "", sums[site, day, item])
        for site, day, item in sorted(sums, key=lambda key: (sites[key[0]], key[1], items[key[2]]))
    )  # fmt: skip
