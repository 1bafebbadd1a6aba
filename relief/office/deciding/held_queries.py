"""What was set aside, grouped as people decide it: phone by phone, and for each why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson
from flask_babel import gettext as _
from sqlalchemy import Connection, and_, func, select

from relief.accounts.models import Enrolment
from relief.kernel.errors import NotFound
from relief.kernel.ids import is_id_text, to_bytes, to_text
from relief.kernel.paging import Page
from relief.ledger.models import Entry, Held
from relief.ledger.waiting import read_raw

NO_PHONE = "none"
STATES = ("waiting", "decided")
_held, _device, _entry = Held.__table__.c, Enrolment.__table__.c, Entry.__table__.c


@dataclass(frozen=True, slots=True)
class HeldGroup:
    """Records of one phone (`none` where they name no phone) that are held for one reason; moments of the first and last."""

    phone: str
    label: str
    is_revoked: bool
    code: str
    count: int
    first_at: int
    last_at: int

    @property
    def key(self) -> tuple[str, str]:
        return self.phone, self.code


@dataclass(frozen=True, slots=True)
class HeldItem:
    """One held record and all that it says (None once that is erased)."""

    held_id: str
    record_id: str | None
    phone: str
    label: str
    code: str
    received_at: int
    taken_up_at: int | None
    put_aside_at: int | None
    record: Any

    @property
    def is_open(self) -> bool:
        return self.taken_up_at is None and self.put_aside_at is None


@dataclass(frozen=True, slots=True)
class HeldChoice:
    """Which held records: waiting or decided, of one phone and reason or of all."""

    state: str = "waiting"
    phone: str = ""
    code: str = ""


def list_groups(connection: Connection, operation_id: bytes) -> list[HeldGroup]:
    """Return the groups that wait, the one with the oldest record first."""
    waits = _conditions(operation_id, HeldChoice())
    rows = connection.execute(
        select(_held.enrolment_id, func.coalesce(_device.label, ""), _device.revoked_at, _held.code, func.count(),
               func.min(_held.received_at), func.max(_held.received_at))
        .select_from(Held.__table__.outerjoin(Enrolment.__table__, _whose())).where(*waits)
        .group_by(_held.enrolment_id, _device.label, _device.revoked_at, _held.code)
        .order_by(func.min(_held.received_at), _held.enrolment_id, _held.code)
    )  # fmt: skip
    return [HeldGroup(_phone(row[0]), row[1], row[2] is not None, *row[3:]) for row in rows]


def list_items(connection: Connection, operation_id: bytes, choice: HeldChoice, number: int, size: int) -> Page[HeldItem]:
    """Return a page of held records: those that wait the oldest first, decided ones the latest first."""
    where = _conditions(operation_id, choice)
    total = connection.execute(select(func.count()).select_from(Held.__table__).where(*where)).scalar_one()
    decided = func.coalesce(_held.taken_up_at, _held.put_aside_at)
    order = (_held.received_at, _held.number, _held.held_id) if choice.state == "waiting" else (decided.desc(), _held.held_id)
    rows = connection.execute(_items().where(*where).order_by(*order).limit(size).offset((number - 1) * size))
    return Page([_item(row) for row in rows], number, size, total)


def list_waiting_ids(connection: Connection, operation_id: bytes, choice: HeldChoice, most: int) -> list[bytes]:
    """Return the ids of at most so many that wait, the oldest first."""
    query = select(_held.held_id).where(*_conditions(operation_id, choice))
    ordered = query.order_by(_held.received_at, _held.number, _held.held_id)
    return [bytes(each) for each in connection.execute(ordered.limit(most)).scalars()]


def get_item(connection: Connection, operation_id: bytes, held_id: bytes) -> HeldItem:
    """Return one; raises NotFound."""
    row = connection.execute(_items().where(_held.operation_id == operation_id, _held.held_id == held_id)).one_or_none()
    if row is None:
        raise NotFound(_("There is no such record."))
    return _item(row)


def find_stored(connection: Connection, operation_id: bytes, record_id: str) -> dict[str, Any] | None:
    """Return the facts of the entry that has this record id, as told last."""
    rows = connection.execute(select(_entry.facts).where(_entry.operation_id == operation_id, _entry.id == to_bytes(record_id))
                              .order_by(_entry.step.desc()))  # fmt: skip
    facts = rows.scalars().first()
    return orjson.loads(facts) if facts is not None else None


def is_taken_back(connection: Connection, operation_id: bytes, record_id: str) -> bool:
    """Tell whether a void of this record stands in the ledger."""
    voids = select(_entry.id).where(_entry.operation_id == operation_id, _entry.kind == "void",
                                    _entry.target_id == to_bytes(record_id))  # fmt: skip
    return connection.execute(voids.limit(1)).first() is not None


def _conditions(operation_id: bytes, choice: HeldChoice) -> list[Any]:
    is_open = and_(_held.taken_up_at.is_(None), _held.put_aside_at.is_(None))
    found = [_held.operation_id == operation_id, is_open if choice.state == "waiting" else ~is_open]
    if choice.phone == NO_PHONE:
        found.append(_held.enrolment_id.is_(None))
    elif choice.phone:
        found.append(_held.enrolment_id == (to_bytes(choice.phone) if is_id_text(choice.phone) else b""))
    return [*found, _held.code == choice.code] if choice.code else found


def _whose() -> Any:
    return and_(_device.operation_id == _held.operation_id, _device.enrolment_id == _held.enrolment_id)


def _items() -> Any:
    columns = (_held.held_id, _held.record_id, _held.enrolment_id, func.coalesce(_device.label, "").label("label"), _held.code,
               _held.received_at, _held.taken_up_at, _held.put_aside_at, _held.raw)  # fmt: skip
    return select(*columns).select_from(Held.__table__.outerjoin(Enrolment.__table__, _whose()))


def _item(row: Any) -> HeldItem:
    record_id = to_text(bytes(row.record_id)) if row.record_id else None
    return HeldItem(to_text(bytes(row.held_id)), record_id, _phone(row.enrolment_id), row.label, row.code, row.received_at,
                    row.taken_up_at, row.put_aside_at, read_raw(row.raw))  # fmt: skip


def _phone(enrolment_id: bytes | None) -> str:
    return to_text(bytes(enrolment_id)) if enrolment_id else NO_PHONE
