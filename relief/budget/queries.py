"""Reading an operation's allocations and budget lines; `bind` is a Session or a Connection."""

from __future__ import annotations

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from relief.budget.models import Allocation, BudgetLine
from relief.budget.rules import AllocationRow, Budget, LineRow, total_budget

Bind = Session | Connection


def list_allocations(bind: Bind, operation_id: bytes) -> list[AllocationRow]:
    """Return the allocations: by day, those without a day last, the first one before additional ones."""
    columns = Allocation.__table__.c
    wanted = [columns[name] for name in AllocationRow.__dataclass_fields__]
    rows = [AllocationRow(*row) for row in bind.execute(select(*wanted).where(columns.operation_id == operation_id))]
    return sorted(rows, key=lambda row: (row.granted_on is None, row.granted_on or "", row.kind != "first", row.id))


def has_first_allocation(bind: Bind, operation_id: bytes) -> bool:
    """Return whether the DREF's first allocation is entered already."""
    return any(row.is_first for row in list_allocations(bind, operation_id))


def list_lines(bind: Bind, operation_id: bytes) -> list[LineRow]:
    """Return the budget lines by sector and account group."""
    columns = BudgetLine.__table__.c
    wanted = [columns[name] for name in LineRow.__dataclass_fields__]
    query = select(*wanted).where(columns.operation_id == operation_id)
    return [LineRow(*row) for row in bind.execute(query.order_by(columns.sector, columns.account_group, columns.id))]


def get_budget(bind: Bind, operation_id: bytes) -> Budget:
    """Return the sums of the operation's allocations and lines (all zero when there are none)."""
    return total_budget(list_allocations(bind, operation_id), list_lines(bind, operation_id))
