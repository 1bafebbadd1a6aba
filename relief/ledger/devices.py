"""Who speaks: the enrolment of a phone, a desk or an import, and what each may tell the ledger."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import orjson
from sqlalchemy import Connection, text

from relief.db import is_sqlite
from relief.ledger.rules.entry import DESK, PHONE
from relief.ledger.sets import rows_where_in
from relief.statements import fetch

PHONE_KINDS = frozenset(("handover", "contact", "void", "not_served", "registration", "composition", "stock", "day_closed",
                         "feedback", "clock"))  # fmt: skip
PHONE_CARD_ACTIONS = frozenset(("linked", "handed_out", "not_handed_out"))
LEAD_CARD_ACTIONS = PHONE_CARD_ACTIONS | {"replaced", "cancelled"}


STRUCTURE_SALT = 0x57AC


@dataclass(frozen=True, slots=True)
class Device:
    """One enrolment: `authority` as the fold reads it (desk, phone, or the sites a lead led as it joined; an empty tuple = all).

    What it may now, `is_leads`, `site_ids` (those it serves, none = all) and `sensitive` (it may see sensitive items), can change
    and decides only what is taken in; `mark` see `device_marks`.
    """

    enrolment_id: bytes
    kind: str
    authority: str | tuple[str, ...]
    revoked: bool
    site_ids: tuple[str, ...]
    sensitive: bool
    is_phone: bool
    is_leads: bool
    user_id: bytes | None
    mark: bytes | None

    def may_bring(self, maker: Device) -> bool:
        """Tell whether this device may hand in what `maker` made: a phone another phone's outbox, but never the office's word."""
        return not self.is_phone or maker.is_phone

    def may_see(self, item_is_sensitive: bool) -> bool:
        return self.sensitive or not self.is_phone or not item_is_sensitive

    def may_ask(self, site: str, item_is_sensitive: bool) -> bool:
        """Tell whether this phone may ask for an item at a site."""
        return self.may_see(item_is_sensitive) and (not self.is_phone or not self.site_ids or site in self.site_ids)

    def may_tell(self, kind: str, action: str | None) -> bool:
        """Tell whether this device may make such a record at all."""
        if not self.is_phone or kind in PHONE_KINDS:
            return True
        actions = LEAD_CARD_ACTIONS if self.is_leads else PHONE_CARD_ACTIONS
        return kind == "card" and action in actions


def find_devices(connection: Connection, operation_id: bytes, enrolment_ids: Collection[bytes],
                 lock: bool = False) -> dict[bytes, Device]:  # fmt: skip
    """Return the devices of this operation among `enrolment_ids`, by id.

    `lock` lets batches of one device's records wait for each other, whoever hands them in: so a retry sees what its first try
    stored, and a clock mark what it dates.
    """
    columns = "SELECT enrolment_id, kind, led_sites, site_lead, site_ids, sensitive, revoked_at, user_id, mark FROM enrolment"
    locking = "ORDER BY enrolment_id FOR UPDATE" if lock else ""
    rows = rows_where_in(connection, columns, operation_id, "enrolment_id", enrolment_ids, lock=locking)
    return {bytes(row[0]): _device(*row) for row in rows}


def _device(enrolment_id: bytes, kind: str, led_sites: bytes | None, site_lead: bool, site_ids: bytes, sensitive: bool,
            revoked_at: int | None, user_id: bytes | None, mark: bytes | None) -> Device:  # fmt: skip
    authority = DESK if kind != "phone" else PHONE if led_sites is None else tuple(orjson.loads(led_sites))
    return Device(bytes(enrolment_id), kind, authority, revoked_at is not None, tuple(orjson.loads(site_ids)), bool(sensitive),
                  kind == "phone", bool(site_lead), None if user_id is None else bytes(user_id),
                  None if mark is None else bytes(mark))  # fmt: skip


def lock_operation(connection: Connection, operation_id: bytes, alone: bool = False) -> None:
    """Hold the operation for this transaction: shared by every batch, alone while a plan is saved. SQLite has one writer."""
    if not is_sqlite(connection):
        call = "pg_advisory_xact_lock" if alone else "pg_advisory_xact_lock_shared"
        fetch(connection, f"SELECT {call}(?::bigint)", advisory_key(operation_id))


def lock_structure(connection: Connection, operation_id: bytes) -> None:
    """Let batches that may move cards and households wait for each other: what they must hold is not known beforehand."""
    if not is_sqlite(connection):
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": advisory_key(operation_id, STRUCTURE_SALT)})


def advisory_key(operation_id: bytes, salt: int = 0) -> int:
    """Return PostgreSQL's signed 64-bit lock number of an operation."""
    return int.from_bytes(operation_id[8:], "big", signed=True) ^ salt


