"""Stock of one item at one site, out of its movements in time.

received + transferred in + count difference = on hand + given + lost + transferred out. A count fixes on hand at its
time; what arrives late from before it changes that count's difference.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

IN = {"received": "received", "returned": "transferred_in", "transferred_in": "transferred_in"}
OUT = {"given": "given", "lost": "lost", "damaged": "lost", "dispatched": "transferred_out", "transferred_out": "transferred_out"}


@dataclass(frozen=True, slots=True, order=True)
class Movement:
    """`quantity` units at (`at` UTC s, `id`); `what` is a key of IN or OUT, or `counted`."""

    at: int
    id: str
    what: str
    quantity: int


@dataclass(slots=True)
class Balance:
    """Units of one item at one site; `count_differences` per count (record id, counted minus expected)."""

    received: int = 0
    transferred_in: int = 0
    count_difference: int = 0
    on_hand: int = 0
    given: int = 0
    lost: int = 0
    transferred_out: int = 0
    count_differences: tuple[tuple[str, int], ...] = ()


def balance(movements: Iterable[Movement]) -> Balance:
    """Return the balance after all movements, taken in (time, id) order."""
    result = Balance()
    differences = []
    for movement in sorted(movements):
        if movement.what == "counted":
            difference = movement.quantity - result.on_hand
            differences.append((movement.id, difference))
            result.count_difference += difference
            result.on_hand = movement.quantity
            continue
        column = IN.get(movement.what) or OUT[movement.what]
        setattr(result, column, getattr(result, column) + movement.quantity)
        result.on_hand += movement.quantity if movement.what in IN else -movement.quantity
    result.count_differences = tuple(differences)
    return result
