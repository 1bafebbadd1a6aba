"""The geometry of small bar charts, drawn as SVG on the server. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from relief.kernel.clock import parse_day

WIDTH, HEIGHT, FLOOR, HEAD = 640, 190, 22, 22  # viewBox units; FLOOR holds the day labels, HEAD the largest value
MOST_BARS = 62
WIDEST_BAR = 56


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar in viewBox units; `labelled` bars have room for their day below."""

    x: float
    y: float
    width: float
    height: float
    key: str
    value: int
    labelled: bool

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 1)


def day_bars(days: Sequence[tuple[str, int]]) -> tuple[Bar, ...]:
    """Return one bar a day, days without anything between them included as long as they fit."""
    rows = _with_empty_days(days)
    if not rows:
        return ()
    step = WIDTH / len(rows)
    width = min(step * 0.72, WIDEST_BAR)
    most = max(value for _day, value in rows) or 1
    every = max(1, -(-len(rows) // 8))
    bars = []
    for place, (day, value) in enumerate(rows):
        height = round((HEIGHT - FLOOR - HEAD) * value / most, 1)
        left = round(place * step + (step - width) / 2, 1)
        bars.append(Bar(left, round(HEIGHT - FLOOR - height, 1), round(width, 1), height, day, value, place % every == 0))
    return tuple(bars)


def _with_empty_days(days: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    counted = dict(days)
    if not counted:
        return []
    first, last = parse_day(min(counted)), parse_day(max(counted))
    span = (last - first).days + 1
    if span > MOST_BARS:
        return sorted(counted.items())[-MOST_BARS:]
    every = [(first + timedelta(days=number)).isoformat() for number in range(span)]
    return [(day, counted.get(day, 0)) for day in every]
