"""Reading the ledger's counters: keys split, rows summed, ids in the plan's order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from relief.operations.rules import Plan
from relief.totals.figures import ItemCell, Quantity

ANY = "*"
_PARTS = ("given", "excess", "unknown", "handovers")
Counted = dict[tuple[str, ...], int]
Quantities = dict[tuple[str, str, str, str], Quantity]


def group_counters(counters: Mapping[str, int]) -> dict[str, Counted]:
    """Return counters by their first word, the rest of the key split; zero rows are dropped."""
    grouped: dict[str, Counted] = defaultdict(dict)
    for key, count in counters.items():
        if count:
            word, *rest = key.split("|")
            grouped[word][tuple(rest)] = count
    return grouped


def percent(actual: int | None, target: int | None) -> int | None:
    """Return actual of target in whole per cent, rounded down: 100 % says that the target was met. None = no target."""
    return actual * 100 // target if actual is not None and target else None


def item_label(plan: Plan, item: str) -> str:
    """Return an item's name that may be read over a shoulder: a sensitive one shows its neutral label, or nothing."""
    known = plan.item.get(item)
    if known is None:
        return item
    return (known.public_label or "") if known.sensitive else known.name


def with_exact_names(plan: Plan) -> Plan:
    """Return the plan with every item under its own name: for the internal edition only."""
    return replace(plan, items=tuple(replace(item, public_label=item.name) for item in plan.items))


def quantities_by_key(grouped: dict[str, Counted]) -> Quantities:
    """Return Quantity by (item, site, round, day)."""
    found: dict[tuple[str, ...], dict[str, int]] = defaultdict(dict)
    for word in _PARTS:
        for key, count in grouped[word].items():
            found[key][word] = count
    return {key: Quantity(**parts) for key, parts in found.items()}  # type: ignore[misc]


def summed(quantities: Quantities, key: Callable[..., Any]) -> dict[Any, Quantity]:
    sums: dict[Any, Quantity] = defaultdict(Quantity)
    for full_key, quantity in quantities.items():
        sums[key(*full_key)] += quantity
    return sums


def ordered(planned: Iterable[str], counted: Iterable[str]) -> list[str]:
    """Return the plan's ids in its order, then what only the counters know, sorted."""
    order = list(planned)
    return order + sorted(set(counted) - set(order) - {ANY})


def item_cells(plan: Plan, quantities: Mapping[str, Quantity], people: Mapping[str, int] | None) -> tuple[ItemCell, ...]:
    """Return a cell for each item that was given or reached anybody; `people` None where they are not counted by item."""
    reached = people or {}
    return tuple(
        ItemCell(item, item_label(plan, item), plan.item[item].unit if item in plan.item else "",
                 quantities.get(item, Quantity()), None if people is None else reached.get(item, 0))
        for item in ordered(plan.item, {*quantities, *reached})
        if item in quantities or reached.get(item)
    )  # fmt: skip


def nested(counted: Mapping[tuple, object]) -> dict[str, dict]:
    """Return {second part: {first part: value}} of pairs (item, place or day)."""
    nested: dict[str, dict] = defaultdict(dict)
    for (item, second), value in counted.items():
        nested[second][item] = value
    return nested
