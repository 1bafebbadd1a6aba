"""Cards as the ledger projects them: a row at first sight of a card key, with a random id that tells nothing. And their look."""

from sqlalchemy import Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from relief.db import Base, Id


class Card(Base):
    """One card; `group_id` is its household's group, or the card group's own id while no household is known."""

    __tablename__ = "card"
    __table_args__ = (
        UniqueConstraint("operation_id", "card_key"),
        Index("ix_card_group_id", "operation_id", "group_id"),
    )

    operation_id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    card_id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    card_key: Mapped[bytes] = mapped_column(Id)
    group_id: Mapped[bytes] = mapped_column(Id)
    household_id: Mapped[bytes | None] = mapped_column(Id)
    state: Mapped[str] = mapped_column(String(16), default="unknown", server_default="unknown")
    number: Mapped[str | None] = mapped_column(String(20))


class CardDesign(Base):
    """What is printed on every card of an operation besides code and number; the logo as a PNG that `clean_logo` made."""

    __tablename__ = "card_design"

    operation_id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    society: Mapped[str] = mapped_column(String(80), default="", server_default="")
    valid_until: Mapped[str] = mapped_column(String(40), default="", server_default="")
    hotline: Mapped[str] = mapped_column(String(40), default="", server_default="")
    logo: Mapped[bytes | None] = mapped_column(LargeBinary)
