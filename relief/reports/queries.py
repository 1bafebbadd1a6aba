"""Reading all that a report needs, in one snapshot, so that its figures belong together."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median_low

from sqlalchemy import Connection, func, select

from relief.accounts.models import Role, User
from relief.budget.queries import list_allocations, list_lines
from relief.budget.rules import AllocationRow, Budget, LineRow, total_budget
from relief.households.models import ListVersion
from relief.ledger.models import Standing
from relief.ledger.queries import count_entries
from relief.ledger.rules.entry import ENTITLED, EXCESS
from relief.stock.queries import StockRow, list_stock
from relief.totals.queries import Totals, read_totals

ROLES_IN_CHARGE = ("manager", "finance")


@dataclass(frozen=True, slots=True)
class Times:
    """When households first received anything, in UTC seconds: the very first, and the median of their first times."""

    first: int | None
    median: int | None


@dataclass(frozen=True, slots=True)
class PersonInCharge:
    """Whom to ask about the operation; `role` is manager or finance."""

    name: str
    email: str
    role: str


@dataclass(frozen=True, slots=True)
class ApprovedList:
    """A list version as the report cites it; `approved_at` in UTC seconds."""

    number: int
    name: str
    households: int
    people: int
    author: str
    approver: str
    approved_at: int


@dataclass(frozen=True, slots=True)
class Material:
    """All that a report is made of. `unsealed`: entries that came in after the position of the totals."""

    totals: Totals
    allocations: tuple[AllocationRow, ...]
    lines: tuple[LineRow, ...]
    budget: Budget
    stock: tuple[StockRow, ...]
    times: Times
    people_in_charge: tuple[PersonInCharge, ...]
    unsealed: int
    lists: tuple[ApprovedList, ...] = ()

    @property
    def as_of(self) -> int:
        """When the ledger reached the position of these figures: the same however often they are read."""
        return self.totals.sealed_at or self.totals.operation.created_at


def read_material(connection: Connection, operation_id: bytes, now: int) -> Material:
    """Return what the internal report of the operation says at its sealed position; raises NotFound.

    `connection` must be one snapshot. Sensitive items come under their own name.
    """
    totals = read_totals(connection, operation_id, now, exact_names=True)
    allocations, lines = list_allocations(connection, operation_id), list_lines(connection, operation_id)
    return Material(
        totals, tuple(allocations), tuple(lines), total_budget(allocations, lines),
        tuple(list_stock(connection, operation_id)), read_times(connection, operation_id),
        tuple(list_people_in_charge(connection, operation_id)),
        count_entries(connection, operation_id) - totals.position, tuple(list_approved_lists(connection, operation_id)),
    )  # fmt: skip


def read_times(connection: Connection, operation_id: bytes) -> Times:
    """Return when households first received anything that stands."""
    columns = Standing.__table__.c
    first = func.min(columns.effective_at)
    rows = connection.execute(
        select(first).where(columns.operation_id == operation_id, columns.kind == "handover",
                            columns.standing.in_((ENTITLED, EXCESS))).group_by(columns.group_id)
    ).scalars().all()  # fmt: skip
    return Times(min(rows), median_low(rows)) if rows else Times(None, None)


def list_people_in_charge(connection: Connection, operation_id: bytes) -> list[PersonInCharge]:
    """Return the operation's managers and finance people who can sign in, managers first."""
    role, user = Role.__table__.c, User.__table__.c
    rows = connection.execute(
        select(user.name, user.email, role.role).join(Role.__table__, role.user_id == user.id)
        .where(role.operation_id == operation_id, role.role.in_(ROLES_IN_CHARGE), user.disabled_at.is_(None))
    )  # fmt: skip
    found = [PersonInCharge(*row) for row in rows]
    return sorted(found, key=lambda person: (ROLES_IN_CHARGE.index(person.role), person.name, person.email))


def list_approved_lists(connection: Connection, operation_id: bytes) -> list[ApprovedList]:
    """Return the list versions that were approved, by number, with who put each together and who approved it."""
    version, author, approver = ListVersion.__table__.c, User.__table__.alias("author"), User.__table__.alias("approver")
    rows = connection.execute(
        select(version.number, version.name, version.households, version.people, author.c.name, approver.c.name,
               version.decided_at)
        .join(author, author.c.id == version.author_id).join(approver, approver.c.id == version.decided_by)
        .where(version.operation_id == operation_id, version.state == "approved").order_by(version.number)
    )  # fmt: skip
    return [ApprovedList(*row) for row in rows]
