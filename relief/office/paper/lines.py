"""Lines of a tally sheet as somebody types them: numbers made whole, ticks and quantities read. Plain values only."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from relief.cards.rules import normalise_typed, whole_number

TICKS = frozenset("xXvV+✓✔✗хХ")  # the last two are Cyrillic
LARGEST_QUANTITY = 10_000
LONGEST_CELL = 60
_RANGE = re.compile(r"(\d{1,3})(?:\s*[-–]\s*(\d{1,3}))?")


@dataclass(frozen=True, slots=True)
class Line:
    """One line: the card's running number and the last signs of its code, and what stands in each item's column.

    `as_written`: whoever types it has looked again, and the sheet does say so.
    """

    number: str = ""
    signs: str = ""
    given: Mapping[str, str] = field(default_factory=dict)
    as_written: bool = False

    @property
    def is_empty(self) -> bool:
        return not (self.number or self.signs or self.given)

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values, what is empty left out."""
        return {name: value for name, value in (("number", self.number), ("signs", self.signs), ("given", dict(self.given)),
                                                ("as_written", int(self.as_written))) if value}  # fmt: skip


def line_of(data: Mapping[str, Any]) -> Line:
    """Return the line of its plain values."""
    return Line(data.get("number", ""), data.get("signs", ""), data.get("given", {}), bool(data.get("as_written")))


def whole_lines(lines: Mapping[int, Line]) -> dict[int, Line]:
    """Return the lines that are not empty, numbers and signs as they are printed: a bare place is of the run before it."""
    run: int | None = None
    found = {}
    for place, line in sorted(lines.items()):
        if line.is_empty:
            continue
        number, run = whole_number(line.number, run)
        found[place] = Line(number, normalise_typed(line.signs)[-4:], line.given, line.as_written)
    return found


def read_quantity(typed: str, usual: int) -> int | None:
    """Return how much a column says: a number, or `usual` for a tick; None for what is neither, or too much."""
    text = typed.strip()
    if text in TICKS:
        return usual
    quantity = int(text) if text.isdecimal() and len(text) <= 6 else 0
    return quantity if 1 <= quantity <= LARGEST_QUANTITY else None


def read_members(typed: str, numbers: Sequence[int]) -> list[int] | None:
    """Return the member numbers that a column names (`1 3`, `1-3`, a tick for all of `numbers`); None where it cannot be read."""
    if typed.strip() in TICKS:
        return list(numbers)
    found: set[int] = set()
    for part in re.split(r"[,;.\s]+(?![-–])", typed.strip()):
        match = _RANGE.fullmatch(part)
        if match is None:
            return None
        first = int(match.group(1))
        found |= set(range(first, int(match.group(2) or first) + 1))
    return sorted(found) or None
