"""The budget's sums: allocations, lines by sector and account group, and what is left between them. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from relief.kernel.money import Money

Key = TypeVar("Key")
REPORTING_CURRENCY = "CHF"
ALLOCATION_KINDS = ("first", "additional")
FUNDING_SOURCES = ("dref", "own_funds", "in_kind")
ACCOUNT_GROUPS = (
    "relief_items_construction_supplies", "land_vehicles_equipment", "logistics_transport_storage", "personnel",
    "consultants_professional_fees", "workshops_training", "general_expenditure", "indirect_costs",
)  # fmt: skip  # the IFRC's, in the order of its financial reports


@dataclass(frozen=True, slots=True)
class AllocationRow:
    """Money granted: `kind` and `funding_source` are words of ALLOCATION_KINDS and FUNDING_SOURCES."""

    id: bytes
    kind: str
    amount_minor: int
    currency: str
    granted_on: str | None
    funding_source: str
    note: str = ""

    @property
    def is_first(self) -> bool:
        """Whether this is what the DREF granted first; other money comes first and again as it pleases."""
        return self.kind == "first" and self.funding_source == "dref"

    @property
    def money(self) -> Money:
        return Money(self.currency, self.amount_minor)


@dataclass(frozen=True, slots=True)
class LineRow:
    """One budgeted amount of a sector and an account group."""

    id: bytes
    sector: str
    account_group: str
    amount_minor: int
    currency: str
    description: str = ""
    demonstration: bool = False

    @property
    def money(self) -> Money:
        return Money(self.currency, self.amount_minor)


@dataclass(frozen=True, slots=True)
class Budget:
    """An operation's money side by side, in minor units of CHF.

    `allocated` counts the DREF's allocations only; `by_source` every funding source. `left` is allocated less budgeted: above
    zero it is not planned yet, below zero it is not granted. `other_currencies` is what cannot be added here.
    """

    allocated: int
    by_source: dict[str, int]
    budgeted: int
    by_sector: dict[str, int]
    by_account_group: dict[str, int]
    cells: dict[tuple[str, str], int]
    other_currencies: tuple[Money, ...]

    @property
    def left(self) -> int:
        return self.allocated - self.budgeted


def total_budget(allocations: Iterable[AllocationRow], lines: Iterable[LineRow]) -> Budget:
    """Return the sums of an operation's allocations and lines; parts sum to the whole."""
    granted, planned = list(allocations), list(lines)
    here = [row for row in granted if row.currency == REPORTING_CURRENCY]
    budgeted = [row for row in planned if row.currency == REPORTING_CURRENCY]
    all_money = [*(row.money for row in granted), *(row.money for row in planned)]
    by_source = _sums((row.funding_source, row.amount_minor) for row in here)
    return Budget(
        allocated=by_source.get("dref", 0),
        by_source=by_source,
        budgeted=sum(row.amount_minor for row in budgeted),
        by_sector=_sums((row.sector, row.amount_minor) for row in budgeted),
        by_account_group=_sums((row.account_group, row.amount_minor) for row in budgeted),
        cells=_sums(((row.sector, row.account_group), row.amount_minor) for row in budgeted),
        other_currencies=tuple(money for money in all_money if money.currency != REPORTING_CURRENCY),
    )


def _sums(pairs: Iterable[tuple[Key, int]]) -> dict[Key, int]:
    sums: dict[Key, int] = {}
    for key, amount in pairs:
        sums[key] = sums.get(key, 0) + amount
    return sums
