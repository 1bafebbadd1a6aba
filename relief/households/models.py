"""Households as the ledger projects them, and what stands around a list on its way into the ledger.

`household` is rebuilt at any time from the entries and written by the ledger alone.
"""

from sqlalchemy import BigInteger, Boolean, Index, Integer, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from relief.db import Base, Id

NOBODY = bytes(16)


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


class ColumnChoice(Base):
    """Which column is which in files of one header, and what their codes mean: as somebody last chose it."""

    __tablename__ = "column_choice"

    operation_id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    signature: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    choice: Mapped[bytes] = mapped_column(LargeBinary)


class ListUpload(Base):
    """A list on its way in: the file and what was found in it, encrypted, until it is in the ledger or a day has passed.

    `touched_at` moves while somebody works on it: one that stands still was cut short and can go on.
    """

    __tablename__ = "list_upload"

    operation_id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    upload_id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    user_id: Mapped[bytes] = mapped_column(Id)
    state: Mapped[str] = mapped_column(String(16))
    made_at: Mapped[int] = mapped_column(BigInteger)
    touched_at: Mapped[int] = mapped_column(BigInteger)
    done: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    total: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
    findings: Mapped[bytes | None] = mapped_column(LargeBinary)


class ListUploadPart(Base):
    """Records of a checked list, encrypted: one step of its import, deleted with the step."""

    __tablename__ = "list_upload_part"

    operation_id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    upload_id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    records: Mapped[bytes] = mapped_column(LargeBinary)


class Suspicion(Base):
    """Two households that may be one: how sure, and why in codes; names stand nowhere in it. `later` when put off."""

    __tablename__ = "suspicion"
    __table_args__ = (Index("ix_suspicion_score", "operation_id", "score"),)

    operation_id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    low_id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    high_id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    score: Mapped[int] = mapped_column(Integer)
    reasons: Mapped[str] = mapped_column(String(160))
    later_at: Mapped[int | None] = mapped_column(BigInteger)


class DuplicateSearch(Base):
    """Where the last look through all households stands; its pairs take the place of the earlier ones when it is done.

    `touched_at` moves while somebody works on it: one that stands still was cut short and begins again.
    """

    __tablename__ = "duplicate_search"

    operation_id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    state: Mapped[str] = mapped_column(String(12))
    begun_at: Mapped[int] = mapped_column(BigInteger)
    touched_at: Mapped[int] = mapped_column(BigInteger)
    done: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    total: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    households: Mapped[int] = mapped_column(Integer, default=0, server_default="0")


class HouseholdOrigin(Base):
    """Where a household came from: which device registered it first, by whom, at which site. Read off the sealed entries."""

    __tablename__ = "household_origin"
    __table_args__ = (Index("ix_household_origin_position", "operation_id", "position"),)

    operation_id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    household_id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    position: Mapped[int] = mapped_column(BigInteger)
    by_phone: Mapped[bool] = mapped_column(Boolean)
    author_id: Mapped[bytes | None] = mapped_column(Id)  # not read any more: HouseholdAuthor; to be dropped a release later
    site_id: Mapped[bytes | None] = mapped_column(Id)


class HouseholdAuthor(Base):
    """Who told what stands of a household: everybody who registered, changed or corrected it, and at which position last.

    `author_id` is NOBODY where no person was named.
    """

    __tablename__ = "household_author"
    __table_args__ = (Index("ix_household_author_author_id", "operation_id", "author_id"),)

    operation_id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    household_id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    author_id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    position: Mapped[int] = mapped_column(BigInteger)


class HouseholdApproval(Base):
    """At which position a household was approved last: what was told of it later nobody has looked at yet."""

    __tablename__ = "household_approval"

    operation_id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    household_id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    position: Mapped[int] = mapped_column(BigInteger)


class HouseholdTerm(Base):
    """A folded word by which a household is found; a keyed digest of it where the operation seals names."""

    __tablename__ = "household_term"

    operation_id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    term: Mapped[bytes] = mapped_column(LargeBinary(80), primary_key=True)
    household_id: Mapped[bytes] = mapped_column(Id, primary_key=True)

    __table_args__ = (Index("ix_household_term_household_id", "operation_id", "household_id"),)


class RegisterMark(Base):
    """Up to which sealed position origins, authors, approvals and terms have been read off."""

    __tablename__ = "register_mark"

    operation_id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    position: Mapped[int] = mapped_column(BigInteger)


class ListVersion(Base):
    """A named, numbered list of households that somebody put together for another to approve."""

    __tablename__ = "list_version"

    operation_id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    state: Mapped[str] = mapped_column(String(16))
    households: Mapped[int] = mapped_column(Integer)
    people: Mapped[int] = mapped_column(Integer)
    author_id: Mapped[bytes] = mapped_column(Id)
    made_at: Mapped[int] = mapped_column(BigInteger)
    decided_by: Mapped[bytes | None] = mapped_column(Id)
    decided_at: Mapped[int | None] = mapped_column(BigInteger)
    reason: Mapped[str] = mapped_column(String(500), default="")


class ListVersionHousehold(Base):
    """Which households stand on a version."""

    __tablename__ = "list_version_household"
    __table_args__ = (Index("ix_list_version_household_household_id", "operation_id", "household_id"),)

    operation_id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    household_id: Mapped[bytes] = mapped_column(Id, primary_key=True)


class SiteApprover(Base):
    """A lead whom a manager has named: she may approve families that phones registered at the site."""

    __tablename__ = "site_approver"

    operation_id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    user_id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    named_by: Mapped[bytes] = mapped_column(Id)
    named_at: Mapped[int] = mapped_column(BigInteger)
