"""Join codes and devices: a code is swapped once for a token, and the token can be taken away."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from relief.accounts.models import Enrolment, JoinCode
from relief.accounts.rules import JOIN_CODE_SIGNS, join_code_hash, make_join_code, make_token, plain_join_code, token_hash
from relief.kernel import ids
from relief.kernel.errors import NotFound

LABEL_SIGNS = 100
DEFAULT_HOURS = 48


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A phone just enrolled, and the token it must keep: shown this once."""

    enrolment: Enrolment
    token: str


def create_join_code(
    session: Any, operation_id: bytes, *, label: str, site_ids: Sequence[str] = (), site_lead: bool = False,
    sensitive: bool = False, now: int, hours: int = DEFAULT_HOURS,
) -> str:  # fmt: skip
    """Return a new join code, `ABCD-EFGH`, good once and for `hours`.

    `site_ids` are the texts of the sites the phone serves, none for all; `label` says whose it is, for the list of phones.
    """
    code = make_join_code()
    session.add(JoinCode(operation_id=operation_id, id=ids.new_id(), code_hash=join_code_hash(code),
                         label=label[:LABEL_SIGNS], site_ids=_site_ids(site_ids), site_lead=site_lead,
                         sensitive=sensitive, expires_at=now + hours * 3600))  # fmt: skip
    session.flush()
    return code


def enrol(session: Any, code: str, app_version: str, now: int) -> Enrolled:
    """Spend a join code for a new enrolment and its token; raises NotFound (`unknown_code`).

    The code is taken by one conditional UPDATE, so of two phones that race one wins.
    """
    found = _spend_join_code(session, code, now)
    token = make_token()
    enrolment = Enrolment(
        operation_id=found.operation_id, enrolment_id=ids.random_id(), kind="phone", label=found.label,
        site_ids=found.site_ids, site_lead=found.site_lead, sensitive=found.sensitive, token_hash=token_hash(token),
        enrolled_at=now, app_version=app_version[:40],
    )  # fmt: skip
    session.add(enrolment)
    session.flush()
    return Enrolled(enrolment, token)


def _spend_join_code(session: Any, code: str, now: int) -> Any:
    hashed = join_code_hash(code)
    unspent = (JoinCode.code_hash == hashed, JoinCode.spent_at.is_(None), JoinCode.expires_at > now)
    spent = len(plain_join_code(code)) == JOIN_CODE_SIGNS and session.execute(
        update(JoinCode).where(*unspent).values(spent_at=now).execution_options(synchronize_session=False)
    ).rowcount
    if not spent:
        raise NotFound(_("This join code is not known, or was used already. Ask for a new one."), code="unknown_code")
    return session.execute(select(*JoinCode.__table__.c).where(JoinCode.code_hash == hashed)).one()


def make_enrolment(
    session: Any, operation_id: bytes, kind: str, label: str, user_id: bytes | None = None, *,
    enrolment_id: bytes | None = None, site_ids: Sequence[str] = (), site_lead: bool = False, sensitive: bool = False,
    now: int = 0,
) -> Enrolment:  # fmt: skip
    """Return a new device without a token: a user's desk, or an import."""
    enrolment = Enrolment(
        operation_id=operation_id, enrolment_id=enrolment_id or ids.random_id(), kind=kind, label=label[:LABEL_SIGNS],
        user_id=user_id, site_ids=_site_ids(site_ids), site_lead=site_lead, sensitive=sensitive, enrolled_at=now,
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
    session.flush()


def _site_ids(site_ids: Sequence[str]) -> bytes:
    return json.dumps(sorted(site_ids), separators=(",", ":")).encode("ascii")
