"""Reading the audit of one operation as a person reads it: who, what, whom, when, and what for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from relief.accounts.models import AuditEntry, User
from relief.kernel.paging import PAGE_SIZE, Page


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One entry: `user` is her name, empty for the command line; `purpose` a key, a note after it in `note`."""

    at: int
    user: str
    action: str
    subject: str
    address: str
    purpose: str
    note: str


def list_looks(bind: Any, operation_id: bytes, *, everything: bool, number: int = 1, size: int = PAGE_SIZE) -> Page[AuditLine]:
    """Return a page of an operation's audit, the latest first: looks at people alone, or everything."""
    entry, user = AuditEntry.__table__.c, User.__table__.c
    where = [entry.operation_id == operation_id, *(() if everything else (entry.purpose != "",))]
    total = bind.execute(select(func.count()).select_from(AuditEntry.__table__).where(*where)).scalar_one()
    rows = bind.execute(
        select(entry.at, func.coalesce(user.name, ""), entry.action, entry.subject, entry.address, entry.purpose)
        .select_from(AuditEntry.__table__.outerjoin(User.__table__, user.id == entry.user_id))
        .where(*where).order_by(entry.at.desc(), entry.id.desc()).limit(size).offset((number - 1) * size)
    )  # fmt: skip
    return Page([_line(row) for row in rows], number, size, total)


def _line(row: Any) -> AuditLine:
    key, _colon, note = row.purpose.partition(": ")
    return AuditLine(row.at, row[1], row.action, row.subject, row.address, key, note)
