"""What a device is and whose records it may take back: marked when it first tells something, for the fold goes by it ever after.

Neither changes after it joined, so a row that no longer fits its mark was changed by hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import Connection, select

from relief.accounts.models import Enrolment
from relief.ledger.devices import Device, find_devices
from relief.ledger.keys import Keys
from relief.ledger.marks import Marker
from relief.ledger.models import Entry
from relief.ledger.problems import Problem, name_of, unread
from relief.statements import change, fetch


def mark_new_devices(connection: Connection, operation_id: bytes, devices: Iterable[Device], marker: Marker) -> None:
    """Mark those of these devices that tell something for the first time; call it before their entries are stored.

    One that has told before and has no mark lost it: it gets none, so that `ledger verify` goes on naming it.
    """
    for device in {each.enrolment_id: each for each in devices if each.mark is None}.values():
        mine = (operation_id, device.enrolment_id)
        if not fetch(connection, "SELECT 1 FROM entry WHERE operation_id = ? AND enrolment_id = ? LIMIT 1", *mine):
            change(connection, "UPDATE enrolment SET mark = ? WHERE operation_id = ? AND enrolment_id = ?",
                   _mark(marker, operation_id, device), *mine)  # fmt: skip


def unfit_devices(connection: Connection, operation_id: bytes, keys: Sequence[Keys]) -> Iterator[Problem]:
    """Yield devices that nothing can be folded under: they told something and are gone or not as they were, or cannot be read."""
    table, entry = Enrolment.__table__.c, Entry.__table__.c
    stored = set(connection.execute(select(table.enrolment_id).where(table.operation_id == operation_id)).scalars())
    told = set(connection.execute(select(entry.enrolment_id).where(entry.operation_id == operation_id).distinct()).scalars())
    yield from (Problem("device_missing", name_of(each)) for each in told - stored)
    for each in stored:
        with unread() as failed:
            device = find_devices(connection, operation_id, [each])[bytes(each)]
            is_marked = device.mark in [_mark(one.marker, operation_id, device) for one in keys]
            is_fit = is_marked or (device.mark is None and each not in told)
        if failed:
            yield Problem("device_unreadable", name_of(each))
        elif not is_fit:
            yield Problem("device_changed", name_of(each))


def _mark(marker: Marker, operation_id: bytes, device: Device) -> bytes:
    """Return the mark of a device; migration 0031 makes the same of devices that told something before there were marks."""
    leads = " ".join(device.authority) if isinstance(device.authority, tuple) else None
    return marker.device({"operation_id": operation_id, "enrolment_id": device.enrolment_id, "kind": device.kind,
                          "user_id": device.user_id, "leads": leads})  # fmt: skip
