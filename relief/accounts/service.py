"""What may be done with users and sign-ins; the devices' part lives in `devices.py` and is offered here too."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from relief.accounts import queries
from relief.accounts.devices import (
    Enrolled,
    enrol,
    get_desk_enrolment,
    make_enrolment,
    revoke_enrolment,
)
from relief.accounts.join_codes import create_join_code
from relief.accounts.models import JoinCode, Role, SignIn, SignInLink, User
from relief.accounts.passwords import hash_password, is_password
from relief.accounts.rules import (
    LONGEST_PASSWORD,
    ROLES,
    SHORTEST_PASSWORD,
    is_common_password,
    make_token,
    plain_email,
    token_hash,
)
from relief.kernel import ids
from relief.kernel.errors import BadInput, Conflict, NotFound, SignInNeeded

__all__ = ("Enrolled", "create_join_code", "enrol", "get_desk_enrolment", "make_enrolment", "revoke_enrolment")

FIRST_ADMINISTRATOR = "first-administrator"  # not an address: her link asks for one


def add_user(session: Any, email: str, name: str, *, is_administrator: bool = False, now: int) -> bytes:
    """Add somebody who has no password yet, and return her id; raises Conflict when the address is taken."""
    address = plain_email(email)
    if queries.find_user_by_email(session, address) is not None:
        raise _email_taken()
    user = User(id=ids.new_id(), email=address, name=name.strip(), is_administrator=is_administrator, created_at=now)
    session.add(user)
    _flush_email(session)
    return user.id


def _flush_email(session: Any) -> None:
    try:
        session.flush()
    except IntegrityError as error:  # somebody else took the address meanwhile; the caller's transaction is over
        raise _email_taken() from error


def _email_taken() -> Conflict:
    return Conflict(_("Somebody with this e-mail address is here already."), code="email_taken", where="email")


def create_link(session: Any, user_id: bytes, now: int, hours: int) -> str:
    """Return the token of a new one-time link, good for `hours`; the user's older links are void from now on."""
    if queries.get_user(session, user_id).disabled_at is not None:
        raise Conflict(_("This account is switched off. Switch it on first."), code="disabled")
    _run(session, update(SignInLink).where(SignInLink.user_id == user_id, SignInLink.spent_at.is_(None)).values(spent_at=now))
    token = make_token()
    session.add(SignInLink(id=ids.new_id(), user_id=user_id, token_hash=token_hash(token), created_at=now,
                           expires_at=now + hours * 3600))  # fmt: skip
    session.flush()
    return token


def link_address(token: str) -> str:
    """Return the web address of a one-time link."""
    return f"{current_app.extensions['relief_settings'].public_url.rstrip('/')}/link/{token}"


def create_first_administrator_link(session: Any, now: int, hours: int) -> str | None:
    """Return the token of the first administrator's link, or None when there is an administrator who can sign in."""
    if queries.has_administrator(session):
        return None
    user = queries.find_user_by_email(session, FIRST_ADMINISTRATOR)
    user_id = user.id if user else add_user(session, FIRST_ADMINISTRATOR, "", is_administrator=True, now=now)
    enable_user(session, user_id)  # nobody else could switch it on again
    return create_link(session, user_id, now, hours)


def check_password(password: str, email: str) -> None:
    """Raise BadInput when a password is too short, too long, or one of those that are tried first."""
    if len(password) < SHORTEST_PASSWORD:
        raise BadInput(_("Take at least %(count)s characters.", count=SHORTEST_PASSWORD), where="password")
    if len(password) > LONGEST_PASSWORD:
        raise BadInput(_("Take at most %(count)s characters.", count=LONGEST_PASSWORD), where="password")
    if is_common_password(password, email):
        raise BadInput(_("This one is guessed early. Three or four words in a row are better."), where="password")


def spend_link(session: Any, token: str, *, name: str, email: str, password_hash: str, now: int) -> bytes:
    """Set the password of whom the link is for, end her other sign-ins, and return her id.

    `email` counts only for the first administrator. Raises NotFound (`link_spent`), Conflict (`email_taken`).
    """
    user = queries.find_link_user(session, token, now)
    unspent = (SignInLink.token_hash == token_hash(token), SignInLink.spent_at.is_(None), SignInLink.expires_at > now)
    if user is None or not _run(session, update(SignInLink).where(*unspent).values(spent_at=now)):
        raise NotFound(_("This link has been used or is too old. Ask for a new one."), code="link_spent")
    stored = session.get(User, user.id)
    stored.name, stored.password_hash = name.strip(), password_hash
    if user.email == FIRST_ADMINISTRATOR:
        with session.no_autoflush:
            taken = queries.find_user_by_email(session, email)
        if taken is not None:
            raise _email_taken()
        stored.email = plain_email(email)
        _flush_email(session)
    end_all_sign_ins(session, user.id, now)
    return user.id


def get_user_by_password(session: Any, email: str, password: str) -> bytes:
    """Return the id of the user with this address and password; raises SignInNeeded, alike for every reason."""
    wanted = select(User.id, User.password_hash, User.disabled_at).where(User.email == plain_email(email))
    row = session.execute(wanted).first()
    if not is_password(row.password_hash if row else None, password) or row is None or row.disabled_at is not None:
        raise SignInNeeded(_("E-mail address and password do not belong together."), code="wrong_password")
    return row.id


def sign_in(session: Any, user_id: bytes, now: int) -> queries.SignInRow:
    """Open a new sign-in for a user who has shown who she is."""
    sign_in_id = ids.random_id()
    session.add(SignIn(id=sign_in_id, user_id=user_id, started_at=now))
    session.flush()
    found = queries.find_sign_in(session, sign_in_id)
    if found is None:
        raise SignInNeeded(_("This account is switched off."), code="disabled")
    return found


def sign_out(session: Any, sign_in_id: bytes, now: int) -> None:
    """End one sign-in."""
    _run(session, update(SignIn).where(SignIn.id == sign_in_id, SignIn.ended_at.is_(None)).values(ended_at=now))


def end_all_sign_ins(session: Any, user_id: bytes, now: int) -> None:
    """End every sign-in of a user, wherever she is."""
    _run(session, update(SignIn).where(SignIn.user_id == user_id, SignIn.ended_at.is_(None)).values(ended_at=now))


def disable_user(session: Any, user_id: bytes, now: int) -> None:
    """Switch an account off, at once; raises Conflict for the last administrator."""
    # Of two who switch each other off, the second waits and then sees the first.
    session.execute(select(User.id).where(User.is_administrator).order_by(User.id).with_for_update())
    user = session.get(User, user_id)
    if user is None:
        raise NotFound(_("There is no such user."))
    user.disabled_at = user.disabled_at or now
    session.flush()
    if user.is_administrator and user.password_hash and not queries.has_administrator(session):
        raise Conflict(_("The last administrator cannot be switched off."), code="last_administrator")
    end_all_sign_ins(session, user_id, now)
    _run(session, update(SignInLink).where(SignInLink.user_id == user_id, SignInLink.spent_at.is_(None)).values(spent_at=now))


def enable_user(session: Any, user_id: bytes) -> None:
    """Switch an account on again."""
    user = session.get(User, user_id)
    if user is None:
        raise NotFound(_("There is no such user."))
    user.disabled_at = None
    session.flush()


def grant_role(session: Any, operation_id: bytes, user_id: bytes, role: str) -> None:
    """Give a user a role in an operation. Twice is once."""
    if role not in ROLES:
        raise BadInput(_("There is no such role: %(role)s.", role=role), where="role")
    queries.get_user(session, user_id)
    with suppress(IntegrityError), session.begin_nested():  # somebody else gave it at the same moment
        session.merge(Role(operation_id=operation_id, user_id=user_id, role=role))


def withdraw_role(session: Any, operation_id: bytes, user_id: bytes, role: str) -> None:
    """Take a role in an operation away."""
    _run(session, delete(Role).where(Role.operation_id == operation_id, Role.user_id == user_id, Role.role == role))


def make_password_hash(password: str, email: str) -> str:
    """Return the hash of an acceptable password; call it outside a transaction, because it takes its time."""
    check_password(password, email)
    return hash_password(password)


def _run(session: Any, statement: Any) -> int:
    return session.execute(statement.execution_options(synchronize_session="fetch")).rowcount


def close_open_doors(session: Any, now: int) -> None:
    """End every sign-in and spend every link and join code: after a restore, what was ended since the backup must stay so."""
    _run(session, update(SignIn).where(SignIn.ended_at.is_(None)).values(ended_at=now))
    _run(session, update(SignInLink).where(SignInLink.spent_at.is_(None)).values(spent_at=now))
    _run(session, update(JoinCode).where(JoinCode.spent_at.is_(None), JoinCode.withdrawn_at.is_(None)).values(withdrawn_at=now))
