"""What an operation asks of a family that a phone registers at a site."""

from sqlalchemy import Boolean, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from relief.db import Base


class SiteRegistration(Base):
    """One operation's choice: whether names and disability are asked, and the `notice` that is read out first."""

    __tablename__ = "site_registration"

    operation_id: Mapped[bytes] = mapped_column(ForeignKey("operation.id"), primary_key=True)
    names: Mapped[bool] = mapped_column(Boolean)
    disability: Mapped[bool] = mapped_column(Boolean)
    notice: Mapped[str] = mapped_column(Text)
