"""Distinct people, freely filtered: who of each household was reached by the hand-overs that fit, and which of them fit. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from relief.operations.rules import Plan

ALL = "*"
Cell = tuple[str, str, str, str]  # area, sex, age band, disability


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


def count_people(reached: Iterable[tuple[bytes, str]], members: Mapping[bytes, str],
                 wanted: PeopleFilter) -> tuple[dict[Cell, int], int]:  # fmt: skip
    """Return ({cell: distinct people}, households with at least one of them).

    `reached` are (group, mask) of hand-overs, see `ledger.documents.mask_of`; `members` describes each group's people in
    the order of the masks. Most households look like others, so each look is worked out once.
    """
    looks = Counter((members.get(group, ""), mask) for group, mask in _union(reached))
    people: Counter[Cell] = Counter()
    households = 0
    for (described, mask), times in looks.items():
        cells = [cell for cell in _chosen(described, mask) if wanted.fits(cell)]
        households += times if cells else 0
        for cell in cells:
            people[cell] += times
    return dict(people), households


def _union(reached: Iterable[tuple[bytes, str]]) -> Iterable[tuple[bytes, str | int]]:
    """Yield each group once with everybody whom any of its hand-overs reached."""
    whole: set[bytes] = set()
    some: dict[bytes, int] = defaultdict(int)
    for group, mask in reached:
        if mask == ALL:
            whole.add(group)
        else:
            some[group] |= int(mask, 16)
    yield from ((group, ALL) for group in whole)
    yield from ((group, mask) for group, mask in some.items() if group not in whole)


def _chosen(described: str, mask: str | int) -> list[Cell]:
    cells = _cells(described)
    return cells if isinstance(mask, str) else [cell for place, cell in enumerate(cells) if mask >> place & 1]


@lru_cache(maxsize=4096)
def _cells(described: str) -> list[Cell]:
    area, *people = described.split(";")
    return [(area, *each.split(" ")) for each in people]  # type: ignore[misc]
