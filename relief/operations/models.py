"""Operations and the stored versions of their plans."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, CheckConstraint, ForeignKey, Integer, LargeBinary, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from relief.db import Id, db


class Operation(db.Model):
    """One DREF operation. Its id and working name are permanent; appeal code and GLIDE come later, once.

    A GLIDE number belongs to a disaster, not to an operation: two operations may carry the same one.
    """

    __tablename__ = "operation"

    id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    working_name: Mapped[str] = mapped_column(String(120), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    appeal_code: Mapped[str | None] = mapped_column(String(8), unique=True)
    glide: Mapped[str | None] = mapped_column(String(18))
    national_society: Mapped[str] = mapped_column(String(200))
    country: Mapped[str] = mapped_column(String(3))  # ISO 3166-1 alpha-3
    currency: Mapped[str] = mapped_column(String(3))  # the local one; allocations are in CHF
    dref_type: Mapped[str] = mapped_column(String(20))
    onset: Mapped[str] = mapped_column(String(20))
    category: Mapped[str] = mapped_column(String(20))
    hazard: Mapped[str] = mapped_column(String(80))
    trigger_at: Mapped[int | None] = mapped_column(BigInteger)
    start_day: Mapped[str] = mapped_column(String(10))
    end_day: Mapped[str] = mapped_column(String(10))
    people_affected: Mapped[int | None] = mapped_column(BigInteger)
    people_in_need: Mapped[int | None] = mapped_column(BigInteger)
    people_targeted: Mapped[int | None] = mapped_column(BigInteger)
    objective: Mapped[str] = mapped_column(Text, default="")
    selection_criteria: Mapped[str] = mapped_column(Text, default="")
    statements: Mapped[bytes] = mapped_column(LargeBinary, default=b"[]")  # JSON list: what published sources say
    plan_version: Mapped[int] = mapped_column(Integer, default=0)  # 0: no plan saved yet
    ledger_id: Mapped[bytes] = mapped_column(Id)
    created_at: Mapped[int] = mapped_column(BigInteger)
    demo: Mapped[bool] = mapped_column(Boolean, default=False)
    # Whether names and other private words of households are stored encrypted: chosen before the first household is entered.
    seals_names: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())

    __table_args__ = (CheckConstraint("start_day <= end_day", name="days_in_order"),)


class PlanVersion(db.Model):
    """One version of a plan, whole and never changed: `body` is its canonical JSON, `digest` the SHA-256 of it."""

    __tablename__ = "plan_version"

    operation_id: Mapped[bytes] = mapped_column(Id, ForeignKey("operation.id"), primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    predecessor: Mapped[int] = mapped_column(Integer)  # 0: the first
    body: Mapped[bytes] = mapped_column(LargeBinary)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    saved_at: Mapped[int] = mapped_column(BigInteger)
    saved_by: Mapped[bytes | None] = mapped_column(Id)
