"""Where blank cards lie: stacks given to sites and back, what was counted there; and which runs are replacements of one day."""

from sqlalchemy import BigInteger, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from relief.db import Base, Id


class BlankMove(Base):
    """A stack of cards of one run, from place `first` to `last`, that was given to a site, or came back where that is None.

    `number` counts the moves of an operation: of a card that moved twice the highest says where it lies.
    """

    __tablename__ = "blank_move"

    operation_id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    run: Mapped[int] = mapped_column(Integer)
    first: Mapped[int] = mapped_column(Integer)
    last: Mapped[int] = mapped_column(Integer)
    site_id: Mapped[bytes | None] = mapped_column(Id)
    user_id: Mapped[bytes | None] = mapped_column(Id)
    moved_at: Mapped[int] = mapped_column(BigInteger)


class BlankCount(Base):
    """How many blank cards were counted at a site (None: in the office), and how many should have been there."""

    __tablename__ = "blank_count"

    operation_id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    site_id: Mapped[bytes | None] = mapped_column(Id)
    counted: Mapped[int] = mapped_column(Integer)
    expected: Mapped[int] = mapped_column(Integer)
    user_id: Mapped[bytes | None] = mapped_column(Id)
    counted_at: Mapped[int] = mapped_column(BigInteger)


class ReplacementRun(Base):
    """The run of all cards that were made in the place of others on one day (ISO): they are printed together."""

    __tablename__ = "replacement_run"

    operation_id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    run: Mapped[int] = mapped_column(Integer, primary_key=True)
    day: Mapped[str] = mapped_column(String(10))
