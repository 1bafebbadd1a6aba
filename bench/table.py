"""One table for what was measured: the figure, its bar, and whether it was met."""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass

_COMPARE: dict[str, Callable[[float, float], bool]] = {"at most": operator.le, "at least": operator.ge}


@dataclass(frozen=True, slots=True)
class Row:
    """One figure in its unit; `wanted` is `at most` or `at least` of `bar`, or both None where the issue sets no bar."""

    what: str
    figure: float
    unit: str
    wanted: str | None = None
    bar: float | None = None
    note: str = ""

    @property
    def met(self) -> bool | None:
        return None if self.wanted is None or self.bar is None else _COMPARE[self.wanted](self.figure, self.bar)

    def cells(self) -> tuple[str, ...]:
        bar = "" if self.bar is None else f"{self.wanted} {_number(self.bar)} {self.unit}"
        met = {True: "met", False: "NOT MET", None: ""}[self.met]
        return (self.what, f"{_number(self.figure)} {self.unit}", bar, met, self.note)


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.1f}" if abs(value) >= 10 else f"{value:,.2f}"


def show(title: str, rows: list[Row]) -> bool:
    """Print the table; return whether every bar was met."""
    lines = [("what", "figure", "bar", "", "how"), *(row.cells() for row in rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(lines[0]))]
    print(f"\n{title}")
    for line in lines:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())
    return all(row.met is not False for row in rows)
