"""Join codes: made one by one or for a team, shown once and stored as hashes, withdrawn while nobody has used them."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select, update

from relief.accounts.lanes import Lanes, read_lanes, write_lanes
from relief.accounts.models import JoinCode
from relief.accounts.rules import join_code_hash, make_join_code
from relief.kernel import ids
from relief.kernel.errors import NotFound

LABEL_SIGNS = 100
DEFAULT_HOURS = 48
MOST_CODES = 60


@dataclass(frozen=True, slots=True)
class JoinCodeRow:
    """A join code without its signs, which nobody knows any more; `enrolment_id` is the phone that spent it."""

    id: bytes
    batch_id: bytes | None
    number: int
    label: str
    site_ids: bytes
    lanes: bytes | None
    site_lead: bool
    sensitive: bool
    made_at: int | None
    expires_at: int
    spent_at: int | None
    withdrawn_at: int | None
    enrolment_id: bytes | None
    registers: bool

    @property
    def sites(self) -> list[str]:
        return json.loads(self.site_ids)

    @property
    def lanes_read(self) -> Lanes:
        return read_lanes(self.lanes)


_COLUMNS = tuple(getattr(JoinCode, name) for name in JoinCodeRow.__dataclass_fields__)


def create_join_code(
    session: Any, operation_id: bytes, *, label: str, site_ids: Sequence[str] = (), site_lead: bool = False,
    sensitive: bool = False, registers: bool = False, lanes: Lanes | None = None, now: int, hours: int = DEFAULT_HOURS,
    batch_id: bytes | None = None, number: int = 1,
) -> str:  # fmt: skip
    """Return a new join code, `ABCD-EFGH`, good once and for `hours`.

    `site_ids` are the texts of the sites the phone serves, none for all; `label` says whose it is, for the list of phones.
    """
    code = make_join_code()
    session.add(JoinCode(operation_id=operation_id, id=ids.new_id(), code_hash=join_code_hash(code),
                         label=label[:LABEL_SIGNS], site_ids=write_site_ids(site_ids), site_lead=site_lead,
                         sensitive=sensitive, registers=registers, lanes=write_lanes(lanes or {}), made_at=now,
                         expires_at=now + hours * 3600, batch_id=batch_id, number=number))  # fmt: skip
    session.flush()
    return code


def list_open_codes(bind: Any, operation_id: bytes, now: int) -> list[JoinCodeRow]:
    """Return the codes that still let a phone join, the latest first, those made together in their order."""
    is_open = (JoinCode.spent_at.is_(None), JoinCode.withdrawn_at.is_(None), JoinCode.expires_at > now)
    ordered = select(*_COLUMNS).where(JoinCode.operation_id == operation_id, *is_open).order_by(
        JoinCode.expires_at.desc(), JoinCode.batch_id, JoinCode.number, JoinCode.id)  # fmt: skip
    return [JoinCodeRow(*row) for row in bind.execute(ordered)]


def list_batch(bind: Any, operation_id: bytes, batch_id: bytes) -> list[JoinCodeRow]:
    """Return the codes made together, in order, spent ones too."""
    wanted = select(*_COLUMNS).where(JoinCode.operation_id == operation_id, JoinCode.batch_id == batch_id)
    return [JoinCodeRow(*row) for row in bind.execute(wanted.order_by(JoinCode.number))]


def find_codes(bind: Any, operation_id: bytes, codes: Collection[str]) -> dict[str, JoinCodeRow]:
    """Return those of these codes that are the operation's, by their signs."""
    by_hash = {join_code_hash(each): each for each in codes}
    wanted = select(JoinCode.code_hash, *_COLUMNS).where(
        JoinCode.operation_id == operation_id, JoinCode.code_hash.in_(list(by_hash)))  # fmt: skip
    return {by_hash[bytes(row[0])]: JoinCodeRow(*row[1:]) for row in bind.execute(wanted)}


def withdraw_code(session: Any, operation_id: bytes, code_id: bytes, now: int) -> None:
    """Let nobody join with a code any more. Raises NotFound; one that was used stays used."""
    code = session.get(JoinCode, (operation_id, code_id))
    if code is None:
        raise NotFound(_("There is no such join code."))
    changing = update(JoinCode).where(JoinCode.operation_id == operation_id, JoinCode.id == code_id,
                                      JoinCode.spent_at.is_(None), JoinCode.withdrawn_at.is_(None))  # fmt: skip
    session.execute(changing.values(withdrawn_at=now).execution_options(synchronize_session=False))


def write_site_ids(site_ids: Sequence[str]) -> bytes:
    """Return sites as an enrolment and a code keep them."""
    return json.dumps(sorted(site_ids), separators=(",", ":")).encode("ascii")
