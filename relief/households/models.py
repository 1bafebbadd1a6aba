"""Households as the ledger projects them: rebuilt at any time from its entries, written by the ledger alone."""

from sqlalchemy import Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from relief.db import Base, Id


class Household(Base):
    """One registered household; `group_id` is the survivor of its merged set (smallest household id)."""

    __tablename__ = "household"
    __table_args__ = (Index("ix_household_group_id", "operation_id", "group_id"),)

    operation_id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    household_id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    group_id: Mapped[bytes] = mapped_column(Id)
    state: Mapped[str] = mapped_column(String(16), default="", server_default="")
    area_id: Mapped[bytes | None] = mapped_column(Id)
    home_site_id: Mapped[bytes | None] = mapped_column(Id)
    size: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    # Of the group: its area and members, in the order of `standing.reached`; empty where the group has another's id.
    members: Mapped[str] = mapped_column(Text, default="", server_default="")


class ImportSalt(Base):
    """The random salt from which an operation's lists get their ids: without it nobody can tell whose id it was."""

    __tablename__ = "import_salt"

    operation_id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    salt: Mapped[bytes] = mapped_column(Id)
