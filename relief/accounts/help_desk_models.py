"""What the help desks were given and whom they looked up. The lists themselves are sealed to a phone and kept nowhere here."""

from sqlalchemy import BigInteger, Index, Integer
from sqlalchemy.orm import Mapped, mapped_column

from relief.db import Base, Id


class HelpDeskList(Base):
    """One list of names that a phone was given: of which site, of how many families, until when."""

    __tablename__ = "help_desk_list"
    __table_args__ = (Index("ix_help_desk_list_enrolment_id", "operation_id", "enrolment_id", "made_at"),)

    operation_id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    list_id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    enrolment_id: Mapped[bytes] = mapped_column(Id)
    site_id: Mapped[bytes] = mapped_column(Id)
    families: Mapped[int] = mapped_column(Integer)
    made_at: Mapped[int] = mapped_column(BigInteger)
    expires_at: Mapped[int] = mapped_column(BigInteger)


class HelpDeskLookUp(Base):
    """One look into a list, as the phone told it; `household_id` is None where nobody was found."""

    __tablename__ = "help_desk_look_up"

    operation_id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    list_id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    look_up_id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    household_id: Mapped[bytes | None] = mapped_column(Id)
    at: Mapped[int] = mapped_column(BigInteger)
    told_at: Mapped[int] = mapped_column(BigInteger)
