"""What may still be missing from the totals, from what every phone last told of itself. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from relief.totals.figures import Completeness, SilentPhone


@dataclass(frozen=True, slots=True)
class PhoneState:
    """One enrolment as the server last heard of it; moments in UTC seconds, the rest in records.

    `held_numbers`: of the numbers missing below `max_seq`, those of records that arrived and are held for the desk.
    """

    label: str
    kind: str
    enrolled_at: int
    last_contact_at: int | None
    revoked_at: int | None
    waiting: int
    held: int
    max_seq: int
    seq_count: int
    held_numbers: int = 0


def judge_completeness(phones: Iterable[PhoneState], now: int, silent_seconds: int, *, closed: bool = False) -> Completeness:
    """Return what may be missing at `now`.

    A phone is silent when nothing was heard of it for `silent_seconds`. A revoked phone, and any phone of a `closed`
    operation, is expected to be silent: it counts only while it is known to hold records. A gap in the numbers that a
    phone gave its records means that some have not arrived; the desk and imports are asked for gaps only.
    """
    devices = list(phones)
    carried = [device for device in devices if device.kind == "phone"]
    silent = [device for device in carried if now - _heard_at(device) > silent_seconds
              and (device.waiting or not (closed or device.revoked_at is not None))]  # fmt: skip
    gaps = [gap for device in devices if (gap := device.max_seq - device.seq_count - device.held_numbers) > 0]
    return Completeness(
        phones=sum(device.revoked_at is None for device in carried),
        silent=tuple(SilentPhone(device.label, _heard_at(device), device.waiting)
                     for device in sorted(silent, key=lambda device: (_heard_at(device), device.label))),
        waiting=sum(device.waiting for device in carried),
        on_phone_shelf=sum(device.held for device in carried),
        missing=sum(gaps),
        phones_with_gaps=len(gaps),
    )  # fmt: skip


def _heard_at(device: PhoneState) -> int:
    return device.enrolled_at if device.last_contact_at is None else device.last_contact_at
