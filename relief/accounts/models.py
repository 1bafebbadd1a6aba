"""Who may do what: people, their roles per operation, enrolled devices, and the audit.

Nothing here holds a secret that could be used: passwords, link tokens, join codes and device tokens are hashes.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, Integer, LargeBinary, String, false
from sqlalchemy.orm import Mapped, mapped_column

from relief.accounts.rules import ENROLMENT_KINDS, PURPOSES, ROLES
from relief.db import Id, db


def _one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
    return CheckConstraint(f"{column} IN ({', '.join(repr(value) for value in values)})", name=f"{column}_known")


class User(db.Model):
    """A person who signs in on a page. `password_hash` is empty until she has used her one-time link."""

    __tablename__ = "user_account"

    id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    is_administrator: Mapped[bool] = mapped_column(default=False)
    disabled_at: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[int] = mapped_column(BigInteger)


class Role(db.Model):
    """One role of one user in one operation."""

    __tablename__ = "role"
    __table_args__ = (_one_of("role", ROLES), Index(None, "user_id"))

    operation_id: Mapped[bytes] = mapped_column(ForeignKey("operation.id"), primary_key=True)
    user_id: Mapped[bytes] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    role: Mapped[str] = mapped_column(String(20), primary_key=True)


class Enrolment(db.Model):
    """A device that may bring records into one operation: a phone, a user's desk, or an import.

    `site_ids` is a JSON list of id texts, empty for all sites; `lanes` see `lanes.py`, set at `lanes_at`. `help_desk_site` is
    the site whose help desk the phone is: one phone a site; `registers`: it may register families. What the device last told
    of itself: `made`, `waiting`, `held`, `lost`, `battery` (per cent), `storage`, `language`, `list_at` (when its list was
    made) and `lanes_told`. `max_seq` and `seq_count` tell whether records are still missing.

    Sites, lead and `sensitive` may change at the desk. `led_sites`, the sites of which it may take back what others gave (like
    `site_ids`; null: nowhere), stays as it was when the device joined; `mark` see `ledger/device_marks`.
    """

    __tablename__ = "enrolment"
    __table_args__ = (_one_of("kind", ENROLMENT_KINDS), Index(None, "operation_id", "kind", "user_id"),
                      Index("ix_enrolment_help_desk_site", "operation_id", "help_desk_site", unique=True))  # fmt: skip

    operation_id: Mapped[bytes] = mapped_column(ForeignKey("operation.id"), primary_key=True)
    enrolment_id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    label: Mapped[str] = mapped_column(String(100))
    user_id: Mapped[bytes | None] = mapped_column(ForeignKey("user_account.id"))
    site_ids: Mapped[bytes] = mapped_column(LargeBinary, default=b"[]")
    site_lead: Mapped[bool] = mapped_column(default=False)
    sensitive: Mapped[bool] = mapped_column(default=False)
    token_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)
    enrolled_at: Mapped[int] = mapped_column(BigInteger)
    revoked_at: Mapped[int | None] = mapped_column(BigInteger)
    last_contact_at: Mapped[int | None] = mapped_column(BigInteger)
    app_version: Mapped[str] = mapped_column(String(40), default="")
    made: Mapped[int] = mapped_column(BigInteger, default=0)
    waiting: Mapped[int] = mapped_column(BigInteger, default=0)
    held: Mapped[int] = mapped_column(BigInteger, default=0)
    max_seq: Mapped[int] = mapped_column(BigInteger, default=0)
    seq_count: Mapped[int] = mapped_column(BigInteger, default=0)
    lanes: Mapped[bytes | None] = mapped_column(LargeBinary)
    lanes_at: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    lanes_told: Mapped[bytes | None] = mapped_column(LargeBinary)
    help_desk_site: Mapped[bytes | None] = mapped_column(Id)
    lost: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    battery: Mapped[int | None] = mapped_column(Integer)
    storage: Mapped[str] = mapped_column(String(10), default="", server_default="")
    language: Mapped[str] = mapped_column(String(10), default="", server_default="")
    list_at: Mapped[int | None] = mapped_column(BigInteger)
    registers: Mapped[bool] = mapped_column(default=False, server_default=false())
    led_sites: Mapped[bytes | None] = mapped_column(LargeBinary)
    mark: Mapped[bytes | None] = mapped_column(LargeBinary(16))


class JoinCode(db.Model):
    """A code that enrols one phone once.

    Codes made together have one `batch_id` and are numbered. `enrolment_id` is the phone that spent it, `attempt_hash` the
    SHA-256 of what that phone called its try: until it is heard, the same try is answered again.
    """

    __tablename__ = "join_code"
    __table_args__ = (Index("ix_join_code_batch_id", "operation_id", "batch_id"),)

    operation_id: Mapped[bytes] = mapped_column(ForeignKey("operation.id"), primary_key=True)
    id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    code_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    label: Mapped[str] = mapped_column(String(100))
    site_ids: Mapped[bytes] = mapped_column(LargeBinary, default=b"[]")
    site_lead: Mapped[bool] = mapped_column(default=False)
    sensitive: Mapped[bool] = mapped_column(default=False)
    expires_at: Mapped[int] = mapped_column(BigInteger)
    spent_at: Mapped[int | None] = mapped_column(BigInteger)
    lanes: Mapped[bytes | None] = mapped_column(LargeBinary)
    made_at: Mapped[int | None] = mapped_column(BigInteger)
    batch_id: Mapped[bytes | None] = mapped_column(Id)
    number: Mapped[int] = mapped_column(Integer, default=1, server_default="1")
    withdrawn_at: Mapped[int | None] = mapped_column(BigInteger)
    enrolment_id: Mapped[bytes | None] = mapped_column(Id)
    attempt_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    registers: Mapped[bool] = mapped_column(default=False, server_default=false())


class SignInLink(db.Model):
    """A link that lets one person set her password once."""

    __tablename__ = "sign_in_link"
    __table_args__ = (Index(None, "user_id"),)

    id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    user_id: Mapped[bytes] = mapped_column(ForeignKey("user_account.id"))
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    created_at: Mapped[int] = mapped_column(BigInteger)
    expires_at: Mapped[int] = mapped_column(BigInteger)
    spent_at: Mapped[int | None] = mapped_column(BigInteger)


class SignIn(db.Model):
    """One signed-in browser: a new one at each sign-in, ended at sign-out, when disabled, or by a new password."""

    __tablename__ = "sign_in"
    __table_args__ = (Index(None, "user_id"),)

    id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    user_id: Mapped[bytes] = mapped_column(ForeignKey("user_account.id"))
    started_at: Mapped[int] = mapped_column(BigInteger)
    ended_at: Mapped[int | None] = mapped_column(BigInteger)


class AuditEntry(db.Model):
    """Who did what, when and from where; only ever added to. Never a name, a code or a secret."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index(None, "operation_id", "at"), ForeignKeyConstraint(["user_id"], ["user_account.id"]))

    id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    at: Mapped[int] = mapped_column(BigInteger)
    user_id: Mapped[bytes | None] = mapped_column(Id)
    operation_id: Mapped[bytes | None] = mapped_column(ForeignKey("operation.id"))
    action: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(80), default="")
    address: Mapped[str] = mapped_column(String(45), default="")
    purpose: Mapped[str] = mapped_column(String(240), default="", server_default="")


class Purpose(db.Model):
    """What somebody said she looks at people's data for: once a sign-in and operation, the last word holds."""

    __tablename__ = "purpose"
    __table_args__ = (_one_of("purpose", PURPOSES),)

    sign_in_id: Mapped[bytes] = mapped_column(ForeignKey("sign_in.id"), primary_key=True)
    operation_id: Mapped[bytes] = mapped_column(ForeignKey("operation.id"), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(20))
    note: Mapped[str] = mapped_column(String(200), default="")
    told_at: Mapped[int] = mapped_column(BigInteger)
