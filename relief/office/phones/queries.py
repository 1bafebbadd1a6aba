"""The phones of an operation as they last told of themselves, and what of theirs waits at the desk."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from relief.accounts.lanes import Lanes, read_lanes
from relief.accounts.models import Enrolment
from relief.kernel.errors import NotFound
from relief.kernel.ids import is_id_text, to_bytes, to_text
from relief.ledger.models import Held
from relief.office.phones.words import no_such_phone


@dataclass(frozen=True, slots=True)
class PhoneRow:
    """One phone; columns as in `accounts.models.Enrolment`. `to_decide`: records of its that are held here, undecided."""

    enrolment_id: bytes
    label: str
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
    lanes_told: bytes | None
    help_desk_site: bytes | None
    lost: int
    battery: int | None
    storage: str
    language: str
    list_at: int | None
    registers: bool
    to_decide: int = 0

    @property
    def id(self) -> str:
        return to_text(bytes(self.enrolment_id))

    @property
    def sites(self) -> list[str]:
        return json.loads(self.site_ids)

    @property
    def lanes_set(self) -> Lanes:
        return read_lanes(self.lanes)

    @property
    def lanes_now(self) -> Lanes:
        """What it serves: as it said itself, where it has said so since the desk set it."""
        return self.lanes_set if self.lanes_told is None else read_lanes(self.lanes_told)

    @property
    def help_desk(self) -> str:
        return to_text(bytes(self.help_desk_site)) if self.help_desk_site else ""

    def serves(self, site: str) -> bool:
        return not self.sites or site in self.sites


_COLUMNS = tuple(getattr(Enrolment, name) for name in PhoneRow.__dataclass_fields__ if name != "to_decide")


def list_phones(bind: Any, operation_id: bytes) -> list[PhoneRow]:
    """Return all phones that ever joined, in the order of their labels."""
    waiting = _undecided(bind, operation_id)
    wanted = select(*_COLUMNS).where(Enrolment.operation_id == operation_id, Enrolment.kind == "phone")
    rows = bind.execute(wanted.order_by(Enrolment.label, Enrolment.enrolment_id))
    return [_phone(row, waiting) for row in rows]


def get_phone(bind: Any, operation_id: bytes, phone: str) -> PhoneRow:
    """Return one phone by its id's text; raises NotFound."""
    wanted = select(*_COLUMNS).where(Enrolment.operation_id == operation_id, Enrolment.kind == "phone")
    row = bind.execute(wanted.where(Enrolment.enrolment_id == to_bytes(phone))).first() if is_id_text(phone) else None
    if row is None:
        raise NotFound(no_such_phone())
    return _phone(row, _undecided(bind, operation_id))


def _phone(row: Any, waiting: Mapping[bytes, int]) -> PhoneRow:
    return PhoneRow(**row._mapping, to_decide=waiting.get(bytes(row.enrolment_id), 0))


def _undecided(bind: Any, operation_id: bytes) -> Mapping[bytes, int]:
    rows = bind.execute(
        select(Held.enrolment_id, func.count()).where(Held.operation_id == operation_id, Held.taken_up_at.is_(None),
                                                      Held.put_aside_at.is_(None), Held.enrolment_id.is_not(None))
        .group_by(Held.enrolment_id)
    )  # fmt: skip
    return {bytes(enrolment_id): count for enrolment_id, count in rows}
