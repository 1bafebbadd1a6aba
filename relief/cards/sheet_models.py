"""Tally sheets: numbered paper on which a site writes what it gave, and what of it has been typed in so far."""

from sqlalchemy import BigInteger, CheckConstraint, Integer, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from relief.db import Base, Id


class TallySheet(Base):
    """One printed sheet of paper. Its lines are kept encrypted: `draft` as typed, `told` as they stand in the ledger.

    `items` are the ids of its columns; `lane` 0 where it belongs to none; `day` and `about_time` (`10:30`) what the site wrote
    for the whole sheet; `version` grows with each change, so that two desks never overwrite each other.
    """

    __tablename__ = "tally_sheet"
    __table_args__ = (
        UniqueConstraint("operation_id", "number"),
        CheckConstraint("state IN ('printed', 'filled', 'entered', 'unused', 'missing')", name="state_known"),
    )

    operation_id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    sheet_id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    number: Mapped[int] = mapped_column(Integer)
    site_id: Mapped[bytes] = mapped_column(Id)
    round_id: Mapped[bytes] = mapped_column(Id)
    lane: Mapped[int] = mapped_column(Integer)
    items: Mapped[str] = mapped_column(Text)
    lines: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(16), default="printed")
    printed_at: Mapped[int] = mapped_column(BigInteger)
    printed_by: Mapped[bytes | None] = mapped_column(Id)
    touched_at: Mapped[int] = mapped_column(BigInteger)
    day: Mapped[str] = mapped_column(String(10), default="", server_default="")
    about_time: Mapped[str] = mapped_column(String(5), default="", server_default="")
    version: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    draft: Mapped[bytes | None] = mapped_column(LargeBinary)
    told: Mapped[bytes | None] = mapped_column(LargeBinary)


class TallyPhoto(Base):
    """The photo of a filled sheet: a JPEG of our own making, encrypted."""

    __tablename__ = "tally_photo"

    operation_id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    sheet_id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    added_at: Mapped[int] = mapped_column(BigInteger)
    added_by: Mapped[bytes | None] = mapped_column(Id)
