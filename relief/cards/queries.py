"""Reading what an operation's cards look like."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from relief.cards.models import CardDesign

Bind = Session | Connection


@dataclass(frozen=True, slots=True)
class Design:
    """The words and the logo (PNG, or empty) on every card of an operation."""

    society: str = ""
    valid_until: str = ""
    hotline: str = ""
    logo: bytes = b""


def find_design(bind: Bind, operation_id: bytes) -> Design | None:
    """Return what was chosen for an operation's cards, or None while nothing was."""
    table = CardDesign.__table__.c
    wanted = select(table.society, table.valid_until, table.hotline, table.logo).where(table.operation_id == operation_id)
    row = bind.execute(wanted).first()
    return Design(row.society, row.valid_until, row.hotline, bytes(row.logo or b"")) if row else None
