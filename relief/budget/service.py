"""Writing allocations and budget lines."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from flask_babel import gettext as _
from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from relief.budget.models import Allocation, BudgetLine
from relief.budget.queries import has_first_allocation
from relief.budget.rules import ACCOUNT_GROUPS, ALLOCATION_KINDS, FUNDING_SOURCES, AllocationRow, LineRow
from relief.kernel.errors import BadInput, Conflict
from relief.kernel.money import LARGEST_MINOR
from relief.operations.rules import SECTORS

Row = TypeVar("Row", AllocationRow, LineRow)


def add_allocation(session: Session, operation_id: bytes, allocation: AllocationRow) -> bool:
    """Add one allocation; return False when the same is there already.

    Raises BadInput; Conflict `given_once` (its id, other content), `first_given` (the DREF allocates first but once).
    """
    _check_allocation(allocation)
    columns = Allocation.__table__.c
    wanted = [columns[name] for name in AllocationRow.__dataclass_fields__]
    this = (columns.operation_id == operation_id) & (columns.id == allocation.id)
    present = session.execute(select(*wanted).where(this)).first()
    if present is not None:
        if AllocationRow(*present) != allocation:
            raise Conflict(_("An allocation is written once: enter what changed as an additional one."), code="given_once",
                           where="allocation")  # fmt: skip
        return False
    if allocation.is_first and has_first_allocation(session, operation_id):
        raise Conflict(_("The first allocation is entered already: this is an additional one."), code="first_given", where="kind")
    session.execute(insert(Allocation.__table__).values(operation_id=operation_id, **_columns(allocation)))
    return True


def set_lines(session: Session, operation_id: bytes, lines: Iterable[LineRow]) -> bool:
    """Make these the operation's budget lines, whole, and return whether anything changed; raises BadInput."""
    wanted = list(lines)
    for index, line in enumerate(wanted):
        _check_line(line, f"budget_lines[{index}]")
    if len({line.id for line in wanted}) < len(wanted):
        raise BadInput(_("Two budget lines have the same id."), where="budget_lines")
    table = BudgetLine.__table__
    columns = [table.c[name] for name in LineRow.__dataclass_fields__]
    present = {LineRow(*row) for row in session.execute(select(*columns).where(table.c.operation_id == operation_id))}
    if present == set(wanted):
        return False
    session.execute(delete(table).where(table.c.operation_id == operation_id))
    if wanted:
        session.execute(insert(table), [{"operation_id": operation_id, **_columns(line)} for line in wanted])
    return True


def _columns(row: AllocationRow | LineRow) -> dict[str, object]:
    return {name: getattr(row, name) for name in row.__dataclass_fields__}


def _check_allocation(row: AllocationRow) -> None:
    _check_word(row.kind, ALLOCATION_KINDS, "allocation.kind")
    _check_word(row.funding_source, FUNDING_SOURCES, "allocation.funding_source")
    _check_amount(row.amount_minor, "allocation.amount")


def _check_line(row: LineRow, where: str) -> None:
    _check_word(row.sector, SECTORS, f"{where}.sector")
    _check_word(row.account_group, ACCOUNT_GROUPS, f"{where}.account_group")
    _check_amount(row.amount_minor, f"{where}.amount")


def _check_word(word: str, words: tuple[str, ...], where: str) -> None:
    if word not in words:
        raise BadInput(_("One of %(words)s is expected.", words=", ".join(words)), where=where)


def _check_amount(minor: int, where: str) -> None:
    if not 0 <= minor <= LARGEST_MINOR:
        raise BadInput(_("An amount from 0 on is expected."), where=where)
