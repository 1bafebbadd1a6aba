"""Cards as the ledger projects them: a row at first sight of a card key, with a random id that tells nothing. And their look."""

from sqlalchemy import BigInteger, Boolean, Index, Integer, LargeBinary, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from relief.db import Base, Id

IS_NUMBERED = text("number IS NOT NULL")
IS_OF_A_RUN = text("run IS NOT NULL")


class Card(Base):
    """One card; `group_id` is its household's group, or the card group's own id while no household is known.

    `run` and `place` are what its running number says, None for a number made up at a site; `was_blank` for one issued to nobody;
    `handed_out_at` in UTC seconds, None while it lies in the office.
    """

    __tablename__ = "card"
    __table_args__ = (
        UniqueConstraint("operation_id", "card_key"),
        Index("ix_card_group_id", "operation_id", "group_id"),
        Index("ix_card_number", "operation_id", "number", sqlite_where=IS_NUMBERED, postgresql_where=IS_NUMBERED),
        Index("ix_card_run", "operation_id", "run", "place", sqlite_where=IS_OF_A_RUN, postgresql_where=IS_OF_A_RUN),
    )

    operation_id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    card_id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    card_key: Mapped[bytes] = mapped_column(Id)
    group_id: Mapped[bytes] = mapped_column(Id)
    household_id: Mapped[bytes | None] = mapped_column(Id)
    state: Mapped[str] = mapped_column(String(16), default="unknown", server_default="unknown")
    number: Mapped[str | None] = mapped_column(String(20))
    run: Mapped[int | None] = mapped_column(Integer)
    place: Mapped[int | None] = mapped_column(Integer)
    was_blank: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    handed_out_at: Mapped[int | None] = mapped_column(BigInteger)


class CardDesign(Base):
    """What is printed on every card of an operation besides code and number; the logo as a PNG that `clean_logo` made."""

    __tablename__ = "card_design"

    operation_id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    society: Mapped[str] = mapped_column(String(80), default="", server_default="")
    valid_until: Mapped[str] = mapped_column(String(40), default="", server_default="")
    hotline: Mapped[str] = mapped_column(String(40), default="", server_default="")
    logo: Mapped[bytes | None] = mapped_column(LargeBinary)


class CardPrint(Base):
    """A long print under way, or ready to be fetched by whoever asked for it: its pages lie in `card_print_part`, for an hour.

    `touched_at` moves while the press works: one that stands still was cut short.
    """

    __tablename__ = "card_print"

    operation_id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    print_id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    user_id: Mapped[bytes] = mapped_column(Id)
    name: Mapped[str] = mapped_column(String(60))
    run: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(16))
    made_at: Mapped[int] = mapped_column(BigInteger)
    touched_at: Mapped[int] = mapped_column(BigInteger)
    done: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    total: Mapped[int] = mapped_column(Integer)


class CardPrintPart(Base):
    """A piece of a printed file, encrypted."""

    __tablename__ = "card_print_part"

    operation_id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    print_id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
