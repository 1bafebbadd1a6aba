"""Breakdowns of the distinct people whom an item reached: pure sums over the counters `people|item|...`.

Within one item every person stands in exactly one cell (area, sex, age band, disability), so each breakdown sums to the
item's total. Over several items they do not: the union has its own cells under the item `*`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from relief.operations.rules import AGE_BANDS, DISABILITIES, SEXES, Plan
from relief.totals.figures import Part, PeopleFigures, SexByAge

UNDER_18 = ("0-1", "2-5", "6-12", "13-17")
ADULT = ("18-59", "60+")
MINORITIES = ("under_18", "over_18", "unknown")


def people_figures(cells: Mapping[tuple[str, ...], int], item: str, plan: Plan) -> PeopleFigures:
    """Return the people reached by `item`; `cells` is {(item, area, sex, age band, disability): people}."""
    own = {key[1:]: count for key, count in cells.items() if key[0] == item}
    areas = [*plan.area, *sorted({key[0] for key in own} - set(plan.area), key=lambda area: (area == "", area))]
    return PeopleFigures(
        item=item,
        people=sum(own.values()),
        by_sex=_parts(own, 1, SEXES),
        by_age=_parts(own, 2, AGE_BANDS),
        by_disability=_parts(own, 3, DISABILITIES),
        by_minority=_minorities(own),
        by_area=_parts(own, 0, areas),
        by_sex_and_age=_sex_and_age(own),
    )


def _parts(own: Mapping[tuple[str, ...], int], place: int, keys: Iterable[str]) -> tuple[Part, ...]:
    sums: dict[str, int] = defaultdict(int)
    for key, count in own.items():
        sums[key[place]] += count
    return tuple(Part(key, sums[key]) for key in keys)


def _minorities(own: Mapping[tuple[str, ...], int]) -> tuple[Part, ...]:
    ages = {part.key: part.people for part in _parts(own, 2, AGE_BANDS)}
    return (Part("under_18", sum(ages[band] for band in UNDER_18)),
            Part("over_18", sum(ages[band] for band in ADULT)),
            Part("unknown", ages["unknown"]))  # fmt: skip


def _sex_and_age(own: Mapping[tuple[str, ...], int]) -> tuple[SexByAge, ...]:
    sums: dict[tuple[str, str], int] = defaultdict(int)
    for (_area, sex, band, _disability), count in own.items():
        sums[sex, band] += count
    rows = []
    for sex in SEXES:
        people = tuple(sums[sex, band] for band in AGE_BANDS)
        rows.append(SexByAge(sex, people, sum(people)))
    return tuple(rows)
