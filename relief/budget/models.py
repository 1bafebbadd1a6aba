"""Allocations and budget lines. Amounts are integer minor units (cents) of the row's currency."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from relief.db import Id, db


class Allocation(db.Model):
    """Money granted to an operation. The first and the additional ones add up; each has a funding source."""

    __tablename__ = "allocation"

    operation_id: Mapped[bytes] = mapped_column(Id, ForeignKey("operation.id"), primary_key=True)
    id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))  # rules.ALLOCATION_KINDS
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3), default="CHF")
    granted_on: Mapped[str | None] = mapped_column(String(10))  # None: not published
    funding_source: Mapped[str] = mapped_column(String(10))  # rules.FUNDING_SOURCES
    note: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (CheckConstraint("amount_minor >= 0", name="amount_not_negative"),)


class BudgetLine(db.Model):
    """One budgeted amount: sector x account group. `demonstration` marks a figure that is made up."""

    __tablename__ = "budget_line"

    operation_id: Mapped[bytes] = mapped_column(Id, ForeignKey("operation.id"), primary_key=True)
    id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    sector: Mapped[str] = mapped_column(String(60))  # operations.rules.SECTORS
    account_group: Mapped[str] = mapped_column(String(60))  # rules.ACCOUNT_GROUPS
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3), default="CHF")
    description: Mapped[str] = mapped_column(Text, default="")
    demonstration: Mapped[bool] = mapped_column(Boolean, default=False)

    __table_args__ = (CheckConstraint("amount_minor >= 0", name="amount_not_negative"),)
