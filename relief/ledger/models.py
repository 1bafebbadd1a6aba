"""The ledger's tables. `entry`, `held`, `seal`, `lineage` and `erasure` are facts; all others are projections and can be rebuilt.

Payloads are canonical bytes, never JSON columns; ids 16 bytes; moments UTC seconds; keys lead with the operation.
"""

from sqlalchemy import BigInteger, Boolean, Index, Integer, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from relief.db import Base, Id

Digest = LargeBinary(32)
Salt = LargeBinary(16)
Mark = LargeBinary(16)  # see marks.py
IS_CLOCK = text("kind = 'clock'")
IS_CARD = text("kind = 'card'")


def _only(name: str, condition: str, *columns: str) -> Index:
    """Return an index of the few rows that wait for somebody: used where a query says the condition in these very words."""
    return Index(name, "operation_id", *columns, sqlite_where=text(condition), postgresql_where=text(condition))


# Rewritten with every hand-over: room beside each row, and no compressing of a few kilobytes (measured: a sixth of a batch).
IN_PLACE = {"postgresql_with": {"fillfactor": 50, "toast_tuple_target": 8160}}
CLUSTERED = {"sqlite_with_rowid": False}  # one B-tree instead of table and index: fewer pages a commit


class Entry(Base):
    """One sealed (or, on PostgreSQL for at most a second, not yet sealed) entry: key (operation, id, step)."""

    __tablename__ = "entry"
    __table_args__ = (
        Index("ix_entry_seq", "operation_id", "enrolment_id", "seq"),
        Index("ix_entry_clock", "operation_id", "session_id", sqlite_where=IS_CLOCK, postgresql_where=IS_CLOCK),
        Index("ix_entry_card_id", "operation_id", "card_id", sqlite_where=IS_CARD, postgresql_where=IS_CARD),
        Index("ix_entry_position", "operation_id", "position", unique=True),
        _only("ix_entry_unsealed", "position IS NULL"),
        _only("ix_entry_seq_reused", "verdict LIKE '%seq_reused%'", "enrolment_id", "seq"),
    )

    operation_id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    step: Mapped[str] = mapped_column(String(6), primary_key=True)
    position: Mapped[int | None] = mapped_column(BigInteger)
    kind: Mapped[str] = mapped_column(String(16))
    enrolment_id: Mapped[bytes] = mapped_column(Id)
    seq: Mapped[int] = mapped_column(BigInteger)
    session_id: Mapped[bytes] = mapped_column(Id)
    card_id: Mapped[bytes | None] = mapped_column(Id)
    household_id: Mapped[bytes | None] = mapped_column(Id)
    target_id: Mapped[bytes | None] = mapped_column(Id)
    received_at: Mapped[int] = mapped_column(BigInteger)
    uploaded_by: Mapped[bytes] = mapped_column(Id)
    verdict: Mapped[str] = mapped_column(String(160))
    facts: Mapped[bytes] = mapped_column(LargeBinary)
    facts_salt: Mapped[bytes] = mapped_column(Salt)
    private: Mapped[bytes | None] = mapped_column(LargeBinary)
    private_salt: Mapped[bytes | None] = mapped_column(Salt)
    private_digest: Mapped[bytes] = mapped_column(Digest)
    hash: Mapped[bytes | None] = mapped_column(Digest)
    mark: Mapped[bytes | None] = mapped_column(Mark)


class Held(Base):
    """What was not understood, contradicts what is there, or came from a revoked phone: raw, for the desk, in no total."""

    __tablename__ = "held"
    __table_args__ = (
        Index("ix_held_record_id", "operation_id", "record_id"),
        Index("ix_held_number", "operation_id", "number", unique=True),
    )

    operation_id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    held_id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    record_id: Mapped[bytes | None] = mapped_column(Id)
    enrolment_id: Mapped[bytes | None] = mapped_column(Id)
    seq: Mapped[int | None] = mapped_column(BigInteger)
    code: Mapped[str] = mapped_column(String(32))
    mark: Mapped[bytes] = mapped_column(Digest)  # keyed digest of code and raw bytes: the same again is not stored again
    raw: Mapped[bytes | None] = mapped_column(LargeBinary)
    received_at: Mapped[int] = mapped_column(BigInteger)
    uploaded_by: Mapped[bytes] = mapped_column(Id)
    taken_up_at: Mapped[int | None] = mapped_column(BigInteger)
    put_aside_at: Mapped[int | None] = mapped_column(BigInteger)
    number: Mapped[int | None] = mapped_column(BigInteger)
    link: Mapped[bytes | None] = mapped_column(Mark)


class Seal(Base):
    """One signed head of the chain, written with every sealing: after which seal, and how many held records there were."""

    __tablename__ = "seal"

    operation_id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    position: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    hash: Mapped[bytes] = mapped_column(Digest)
    sealed_at: Mapped[int] = mapped_column(BigInteger)
    key_id: Mapped[str] = mapped_column(String(16))
    signature: Mapped[bytes] = mapped_column(LargeBinary(64))
    ledger_id: Mapped[bytes | None] = mapped_column(Id)
    predecessor: Mapped[int | None] = mapped_column(BigInteger)
    held_number: Mapped[int | None] = mapped_column(BigInteger)
    mark: Mapped[bytes | None] = mapped_column(Mark)


class Head(Base):
    """The end of an operation's chain: where totals, cursor, ETag and the next entry stand."""

    __tablename__ = "head"

    operation_id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    ledger_id: Mapped[bytes] = mapped_column(Id)
    position: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[bytes] = mapped_column(Digest)
    sealed_at: Mapped[int] = mapped_column(BigInteger)


class Lineage(Base):
    """Where a restored ledger began: its parent, the parent's last position, and that head signed under the new id.

    `known_position` is how far the parent is known to have come, where that is further: what lay between was given up.
    """

    __tablename__ = "lineage"

    operation_id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    ledger_id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    parent_id: Mapped[bytes] = mapped_column(Id)
    position: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[bytes] = mapped_column(Digest)
    began_at: Mapped[int] = mapped_column(BigInteger)
    key_id: Mapped[str] = mapped_column(String(16))
    signature: Mapped[bytes] = mapped_column(LargeBinary(64))
    known_position: Mapped[int | None] = mapped_column(BigInteger)
    mark: Mapped[bytes | None] = mapped_column(Mark)


class Witness(Base):
    """A head that was signed here, that a phone knows and the ledger did not hold when it was told: its end had been lost."""

    __tablename__ = "witness"
    __table_args__ = (CLUSTERED,)

    operation_id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    ledger_id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    position: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    hash: Mapped[bytes] = mapped_column(Digest, primary_key=True)
    enrolment_id: Mapped[bytes] = mapped_column(Id)
    told_at: Mapped[int] = mapped_column(BigInteger)


class FoldGroup(Base):
    """One unit of decision: the entries of its identity, the basis they make, and what it moved with what the fold said."""

    __tablename__ = "fold_group"
    __table_args__ = (_only("ix_fold_group_open_cases", "open_cases > 0", "group_id"), IN_PLACE)

    operation_id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    group_id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    origins: Mapped[bytes | None] = mapped_column(LargeBinary)
    basis: Mapped[bytes | None] = mapped_column(LargeBinary)
    document: Mapped[bytes] = mapped_column(LargeBinary)
    open_cases: Mapped[int] = mapped_column(Integer)


class Standing(Base):
    """What became of one hand-over, contact, not-served or stock record; ids as in its facts."""

    __tablename__ = "standing"
    __table_args__ = (
        Index("ix_standing_effective_at", "operation_id", "effective_at"),
        _only("ix_standing_waiting", "standing = 'waiting'", "effective_at"),
        # Wide enough to answer alone: else SQLite takes the primary key, and reads every row of the operation.
        _only("ix_standing_stock", "kind = 'stock'", "standing", "kind", "effective_at"),
        _only("ix_standing_lost", "lost", "kind", "item_id", "site_id", "effective_at", "quantity", "lost"),
        CLUSTERED,
    )

    operation_id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    record_id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    group_id: Mapped[bytes] = mapped_column(Id)
    kind: Mapped[str] = mapped_column(String(16))
    standing: Mapped[str] = mapped_column(String(16))
    entitled: Mapped[int] = mapped_column(Integer)
    excess: Mapped[int] = mapped_column(Integer)
    codes: Mapped[str] = mapped_column(String(160))
    item_id: Mapped[bytes | None] = mapped_column(Id)
    site_id: Mapped[bytes | None] = mapped_column(Id)
    day: Mapped[str] = mapped_column(String(10))
    effective_at: Mapped[int] = mapped_column(BigInteger)
    unsure: Mapped[bool] = mapped_column(Boolean)
    people: Mapped[int] = mapped_column(Integer)
    quantity: Mapped[int | None] = mapped_column(Integer)
    lost: Mapped[bool] = mapped_column(Boolean)
    newly: Mapped[bool | None] = mapped_column(Boolean)  # reached somebody whom no hand-over of a lower id did; None as below
    reached: Mapped[str | None] = mapped_column(Text)  # which members, see documents.mask_of; None: written by an older release


class Counter(Base):
    """A sum kept as the ledger grows; always exactly that of the sealed position."""

    __tablename__ = "counter"
    __table_args__ = (CLUSTERED,)

    operation_id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    n: Mapped[int] = mapped_column(BigInteger)


class Delta(Base):
    """What a batch adds to the counters for one group, until the sealer adds it (PostgreSQL)."""

    __tablename__ = "delta"

    operation_id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    delta_id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    group_id: Mapped[bytes] = mapped_column(Id)
    counters: Mapped[bytes] = mapped_column(LargeBinary)


class Feed(Base):
    """At which sealed position a group last changed: what a phone's register still lacks."""

    __tablename__ = "feed"
    __table_args__ = (CLUSTERED,)

    operation_id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    group_id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    position: Mapped[int] = mapped_column(BigInteger)


class Citation(Base):
    """Which decision cites which record."""

    __tablename__ = "citation"
    __table_args__ = (CLUSTERED,)

    operation_id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    cited_id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    decision_id: Mapped[bytes] = mapped_column(Id, primary_key=True)


class Erasure(Base):
    """What was ordered to be erased: a household, or the operation itself, where `subject_id` is its id.

    From its row on nothing private of the subject is stored any more; `done_at` once no byte was left. Obeyed only
    where the mark is ours (`erasure_orders`).
    """

    __tablename__ = "erasure"

    operation_id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    subject_id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    erasure_id: Mapped[bytes] = mapped_column(Id)
    reason: Mapped[str] = mapped_column(String(20))
    asked_at: Mapped[int] = mapped_column(BigInteger)
    asked_by: Mapped[bytes | None] = mapped_column(Id)
    done_at: Mapped[int | None] = mapped_column(BigInteger)
    mark: Mapped[bytes | None] = mapped_column(Mark)
