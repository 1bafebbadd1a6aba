"""Distinct people, freely filtered: who of each household was reached by the hand-overs that fit, and which of them fit. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from itertools import repeat

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
    masks = _union(reached)
    whole = Counter(map(members.get, (group for group, mask in masks.items() if mask == ALL), repeat("")))  # nearly all are
    looks = Counter((members.get(group, ""), mask) for group, mask in masks.items() if mask != ALL)
    looks.update({(described, ALL): times for described, times in whole.items()})
    people: dict[Cell, int] = defaultdict(int)
    households = 0
    fitting = cache(partial(_fitting, fits=cache(wanted.fits)))
    for (described, mask), times in looks.items():
        fit = fitting(described)
        if mask != ALL:
            bits = int(mask, 16)
            fit = [each for each in fit if bits & each[0]]
        households += times if fit else 0
        for _bit, cell in fit:
            people[cell] += times
    return dict(people), households


def _union(reached: Iterable[tuple[bytes, str]]) -> dict[bytes, str]:
    """Return each group once with the mask of everybody whom any of its hand-overs reached."""
    masks: dict[bytes, str] = {}
    for group, mask in reached:
        known = masks.setdefault(group, mask)
        if known != mask:
            masks[group] = ALL if ALL in (known, mask) else f"{int(known, 16) | int(mask, 16):x}"
    return masks


def _fitting(described: str, fits: Callable[[Cell], bool]) -> list[tuple[int, Cell]]:
    """Return (bit in the masks, cell) of those of a group's people who fit."""
    area, *people = described.split(";")
    cells: list[Cell] = [(area, *each.split(" ")) for each in people]  # type: ignore[misc]
    return [(1 << place, cell) for place, cell in enumerate(cells) if fits(cell)]
