"""Distinct people, freely filtered: who of each household was reached by the hand-overs that fit, and which of them fit. Pure.

Most households look like others, so each look is worked out once.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache, reduce
from operator import or_

from relief.operations.rules import Plan

ALL = "*"
Cell = tuple[str, str, str, str]  # area, sex, age band, disability
Look = tuple[str, str | int]  # a group's members as `ledger.documents.describe_members` puts them, and the mask of those reached


@dataclass(frozen=True, slots=True)
class PeopleFilter:
    """What to count: ids and words, none = whatever; days are ISO days and both included.

    Items, sites and days choose hand-overs; areas, sexes, age bands and disabilities choose people.
    """

    items: frozenset[str] = frozenset()
    sites: frozenset[str] = frozenset()
    first_day: str | None = None
    last_day: str | None = None
    areas: frozenset[str] = frozenset()
    sexes: frozenset[str] = frozenset()
    age_bands: frozenset[str] = frozenset()
    disabilities: frozenset[str] = frozenset()

    def fits(self, cell: Cell) -> bool:
        """Tell whether a person of this area, sex, age band and disability is wanted."""
        wanted = (self.areas, self.sexes, self.age_bands, self.disabilities)
        return all(not words or word in words for words, word in zip(wanted, cell, strict=True))


def with_areas_below(plan: Plan, areas: Collection[str]) -> frozenset[str]:
    """Return areas and all that lie in them."""
    found = set(areas)
    while more := {area.id for area in plan.areas if area.parent in found} - found:
        found |= more
    return frozenset(found)


def count_people(looks: Mapping[Look, int], wanted: PeopleFilter) -> tuple[dict[Cell, int], int]:
    """Return ({cell: distinct people}, households with at least one of them) of households that look like this."""
    people: Counter[Cell] = Counter()
    households = 0
    for (described, mask), times in looks.items():
        cells = [cell for cell in _chosen(described, mask) if wanted.fits(cell)]
        households += times if cells else 0
        for cell in cells:
            people[cell] += times
    return dict(people), households


def looks_of_households(rows: Iterable[tuple[str, str]], items: Collection[str]) -> dict[Look, int]:
    """Return how many households look alike, from (members, `ledger.documents.reached_by_item`) of each.

    `items`: those that count, none = whatever.
    """
    looks: Counter[Look] = Counter()
    for (described, reached), times in Counter(rows).items():
        masks = [mask for item, mask in json.loads(reached).items() if not items or item in items]
        if masks:
            looks[described, _together(masks)] += times
    return looks


def looks_of_handovers(reached: Iterable[tuple[bytes, str]], members: Mapping[bytes, str]) -> dict[Look, int]:
    """Return how many households look alike, from (group, mask) of hand-overs and each group's members."""
    masks: dict[bytes, set[str]] = defaultdict(set)
    for group, mask in reached:
        masks[group].add(mask)
    return Counter((members.get(group, ""), _together(each)) for group, each in masks.items())


def _together(masks: Collection[str]) -> str | int:
    """Return everybody who is in any of the masks of one group."""
    return ALL if ALL in masks else reduce(or_, (int(mask, 16) for mask in masks))


def _chosen(described: str, mask: str | int) -> list[Cell]:
    cells = _cells(described)
    return cells if isinstance(mask, str) else [cell for place, cell in enumerate(cells) if mask >> place & 1]


@lru_cache(maxsize=4096)
def _cells(described: str) -> list[Cell]:
    area, *people = described.split(";")
    return [(area, *each.split(" ")) for each in people]  # type: ignore[misc]
