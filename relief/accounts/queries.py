"""Questions about users, roles, devices and links; rows out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Connection, func, select

from relief.accounts.models import Enrolment, Role, SignIn, SignInLink, User
from relief.accounts.rules import token_hash
from relief.kernel.errors import NotFound
from relief.kernel.paging import PAGE_SIZE, Page
from relief.statements import fetch


@dataclass(frozen=True, slots=True)
class UserRow:
    """A user as others may see her."""

    id: bytes
    email: str
    name: str
    is_administrator: bool
    disabled_at: int | None
    has_password: bool


@dataclass(frozen=True, slots=True)
class SignInRow:
    """A signed-in browser and its user."""

    id: bytes
    started_at: int
    user: UserRow


@dataclass(frozen=True, slots=True)
class EnrolmentRow:
    """A device; see `models.Enrolment`."""

    operation_id: bytes
    enrolment_id: bytes
    kind: str
    label: str
    user_id: bytes | None
    site_ids: bytes
    site_lead: bool
    sensitive: bool
    enrolled_at: int
    revoked_at: int | None
    last_contact_at: int | None
    app_version: str
    made: int
    waiting: int
    held: int
    max_seq: int
    seq_count: int
    lanes: bytes | None
    lanes_at: int
    help_desk_site: bytes | None
    registers: bool


_USER = (User.id, User.email, User.name, User.is_administrator, User.disabled_at, User.password_hash)
_ENROLMENT = tuple(getattr(Enrolment, name) for name in EnrolmentRow.__dataclass_fields__)


def _user(row: Sequence[Any]) -> UserRow:
    return UserRow(row[0], row[1], row[2], row[3], row[4], row[5] is not None)


def find_user_by_email(bind: Any, email: str) -> UserRow | None:
    row = bind.execute(select(*_USER).where(User.email == email.strip().lower())).first()
    return _user(row) if row else None


def get_user_by_email(bind: Any, email: str) -> UserRow:
    """Return the user with this address; raises NotFound."""
    found = find_user_by_email(bind, email)
    if found is None:
        raise NotFound(_("There is no such user."))
    return found


def get_user(bind: Any, user_id: bytes) -> UserRow:
    row = bind.execute(select(*_USER).where(User.id == user_id)).first()
    if row is None:
        raise NotFound(_("There is no such user."))
    return _user(row)


def list_users(bind: Any, number: int = 1, size: int = PAGE_SIZE) -> Page[UserRow]:
    rows = bind.execute(select(*_USER).order_by(User.email).limit(size).offset((number - 1) * size))
    total = bind.execute(select(func.count()).select_from(User)).scalar_one()
    return Page([_user(row) for row in rows], number, size, total)


def has_administrator(bind: Any) -> bool:
    """Tell whether somebody is administrator and can sign in."""
    wanted = select(User.id).where(User.is_administrator, User.disabled_at.is_(None), User.password_hash.is_not(None))
    return bind.execute(wanted.limit(1)).first() is not None


def find_sign_in(bind: Any, sign_in_id: bytes) -> SignInRow | None:
    """Return the sign-in while it is not ended and its user not disabled."""
    row = bind.execute(
        select(*_USER, SignIn.id, SignIn.started_at)
        .join(User, User.id == SignIn.user_id)
        .where(SignIn.id == sign_in_id, SignIn.ended_at.is_(None), User.disabled_at.is_(None))
    ).first()
    return SignInRow(row[6], row[7], _user(row)) if row else None


def list_roles(bind: Any, operation_id: bytes, user_id: bytes) -> frozenset[str]:
    """Return the roles that a user has in one operation."""
    wanted = select(Role.role).where(Role.operation_id == operation_id, Role.user_id == user_id)
    return frozenset(bind.execute(wanted).scalars())


def list_all_roles(bind: Any, user_id: bytes) -> list[tuple[bytes, str]]:
    """Return (operation id, role) of a user, everywhere."""
    wanted = select(Role.operation_id, Role.role).where(Role.user_id == user_id)
    return [(row[0], row[1]) for row in bind.execute(wanted.order_by(Role.operation_id, Role.role))]


def list_operation_ids(bind: Any, user_id: bytes) -> list[bytes]:
    """Return the operations in which a user has any role."""
    return list(bind.execute(select(Role.operation_id).where(Role.user_id == user_id).distinct()).scalars())


def find_enrolment_by_token(bind: Any, token: str) -> EnrolmentRow | None:
    """Return the device with this token. Every request of a phone asks it."""
    connection = bind if isinstance(bind, Connection) else bind.connection()
    columns = ", ".join(EnrolmentRow.__dataclass_fields__)
    found = fetch(connection, f"SELECT {columns} FROM enrolment WHERE token_hash = ?", token_hash(token))
    return EnrolmentRow(*found[0]) if found else None


def get_enrolment(bind: Any, operation_id: bytes, enrolment_id: bytes) -> EnrolmentRow:
    row = bind.execute(
        select(*_ENROLMENT).where(Enrolment.operation_id == operation_id, Enrolment.enrolment_id == enrolment_id)
    ).first()
    if row is None:
        raise NotFound(_("There is no such device."))
    return EnrolmentRow(*row)


def list_enrolments(bind: Any, operation_id: bytes, kind: str = "phone") -> list[EnrolmentRow]:
    """Return the operation's devices of one kind, the newest first."""
    wanted = select(*_ENROLMENT).where(Enrolment.operation_id == operation_id, Enrolment.kind == kind)
    return [EnrolmentRow(*row) for row in bind.execute(wanted.order_by(Enrolment.enrolled_at.desc(), Enrolment.enrolment_id))]


def find_link_user(bind: Any, token: str, now: int) -> UserRow | None:
    """Return whom an unspent, unexpired one-time link is for."""
    row = bind.execute(
        select(*_USER)
        .join(SignInLink, SignInLink.user_id == User.id)
        .where(SignInLink.token_hash == token_hash(token), SignInLink.spent_at.is_(None),
               SignInLink.expires_at > now, User.disabled_at.is_(None))
    ).first()  # fmt: skip
    return _user(row) if row else None
