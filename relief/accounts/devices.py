"""Devices: a join code is swapped once for a token, and the token can be taken away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hmac import compare_digest
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from relief.accounts.join_codes import LABEL_SIGNS, write_site_ids
from relief.accounts.models import Enrolment, JoinCode
from relief.accounts.rules import JOIN_CODE_SIGNS, join_code_hash, make_token, plain_join_code, token_hash
from relief.kernel import ids
from relief.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A phone just enrolled, and the token it must keep: shown this once."""

    enrolment: Enrolment
    token: str


def enrol(session: Any, code: str, app_version: str, now: int, attempt: str = "") -> Enrolled:
    """Spend a join code for a new enrolment and its token.

    The code is taken by one conditional UPDATE, so of two phones that race one wins. `attempt` is what the phone calls its
    try: the same code and attempt are answered again, with a new token, until the phone is heard with one: its first answer
    was lost on the way. Raises NotFound (`unknown_code`, `used_code`, `expired_code`, `withdrawn_code`).
    """
    hashed, attempt_hash = join_code_hash(code), token_hash(attempt) if attempt else None
    if len(plain_join_code(code)) != JOIN_CODE_SIGNS:
        raise _no_such_code()
    unspent = (JoinCode.code_hash == hashed, JoinCode.spent_at.is_(None), JoinCode.withdrawn_at.is_(None),
               JoinCode.expires_at > now)  # fmt: skip
    spending = update(JoinCode).where(*unspent).values(spent_at=now, attempt_hash=attempt_hash)
    spent = session.execute(spending.execution_options(synchronize_session=False)).rowcount
    found = session.execute(select(*JoinCode.__table__.c).where(JoinCode.code_hash == hashed)).one_or_none()
    if not spent:
        return _answer_again(session, found, attempt_hash, app_version)
    token = make_token()
    enrolment = Enrolment(
        operation_id=found.operation_id, enrolment_id=ids.random_id(), kind="phone", label=found.label,
        site_ids=found.site_ids, site_lead=found.site_lead, sensitive=found.sensitive, token_hash=token_hash(token),
        enrolled_at=now, app_version=app_version[:40], lanes=found.lanes, lanes_at=now if found.lanes else 0,
        registers=found.registers, led_sites=found.site_ids if found.site_lead else None,
    )  # fmt: skip
    session.add(enrolment)
    session.execute(update(JoinCode).where(JoinCode.code_hash == hashed).values(enrolment_id=enrolment.enrolment_id))
    session.flush()
    return Enrolled(enrolment, token)


def _answer_again(session: Any, found: Any, attempt_hash: bytes | None, app_version: str) -> Enrolled:
    """Return a spent code's enrolment with a new token, to the phone that spent it and did not hear so; else raise why not."""
    if found is None:
        raise _no_such_code()
    if found.withdrawn_at is not None:
        raise NotFound(_("This join code has been taken back. Ask for a new one."), code="withdrawn_code")
    if found.spent_at is None:
        raise NotFound(_("This join code is too old. Ask for a new one."), code="expired_code")
    is_same = attempt_hash is not None and found.attempt_hash is not None and compare_digest(attempt_hash, found.attempt_hash)
    enrolment = session.get(Enrolment, (found.operation_id, found.enrolment_id)) if is_same and found.enrolment_id else None
    if enrolment is None or enrolment.last_contact_at is not None or enrolment.revoked_at is not None:
        raise NotFound(_("Another phone has joined with this code. Ask for a new one."), code="used_code")
    token = make_token()
    enrolment.token_hash, enrolment.app_version = token_hash(token), app_version[:40]
    session.flush()
    return Enrolled(enrolment, token)


def _no_such_code() -> NotFound:
    return NotFound(_("This join code is not known. Look at it once more, or ask for a new one."), code="unknown_code")


def make_enrolment(
    session: Any, operation_id: bytes, kind: str, label: str, user_id: bytes | None = None, *,
    enrolment_id: bytes | None = None, site_ids: Sequence[str] = (), site_lead: bool = False, sensitive: bool = False,
    now: int = 0,
) -> Enrolment:  # fmt: skip
    """Return a new device without a token: a user's desk, or an import."""
    enrolment = Enrolment(
        operation_id=operation_id, enrolment_id=enrolment_id or ids.random_id(), kind=kind, label=label[:LABEL_SIGNS],
        user_id=user_id, site_ids=write_site_ids(site_ids), site_lead=site_lead, sensitive=sensitive, enrolled_at=now,
        led_sites=write_site_ids(site_ids) if site_lead else None,
    )  # fmt: skip
    session.add(enrolment)
    session.flush()
    return enrolment


def get_desk_enrolment(session: Any, operation_id: bytes, user_id: bytes, now: int) -> Enrolment:
    """Return the device under which a user's desk writes into an operation, made at its first use."""
    desk_id = ids.derived_id(operation_id, f"desk {user_id.hex()}")  # the same for both of two first uses at once
    found = session.get(Enrolment, (operation_id, desk_id))
    if found is not None:
        return found
    try:
        with session.begin_nested():
            return make_enrolment(session, operation_id, "desk", "desk", user_id, enrolment_id=desk_id,
                                  site_lead=True, sensitive=True, now=now)  # fmt: skip
    except IntegrityError:
        return session.get(Enrolment, (operation_id, desk_id), populate_existing=True)


def revoke_enrolment(session: Any, operation_id: bytes, enrolment_id: bytes, now: int) -> None:
    """Take a device's access away; it may still hand in, which is held. Raises NotFound. Twice is once."""
    enrolment = session.get(Enrolment, (operation_id, enrolment_id))
    if enrolment is None:
        raise NotFound(_("There is no such device."))
    if enrolment.revoked_at is None:
        enrolment.revoked_at = now
    enrolment.help_desk_site = None  # the site's help desk is another phone from now on
    session.flush()
