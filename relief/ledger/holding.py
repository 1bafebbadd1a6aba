"""Keeping what could not become an entry: raw, numbered without gap, each row linked to the one before."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, text

from relief.db import is_sqlite
from relief.kernel.ids import new_id, to_bytes, to_text
from relief.ledger.devices import advisory_key
from relief.ledger.intake import HeldRecord
from relief.ledger.keys import Keys
from relief.ledger.marks import NO_LINK
from relief.ledger.models import Held
from relief.ledger.sets import insert_rows, rows_where_in
from relief.ledger.values import is_id
from relief.statements import fetch

HELD_SALT = 0x4E1D
_FIRST = _OPEN, _TAKEN_UP, _PUT_ASIDE = "open", "taken_up", "put_aside"
# What a link covers. Of the raw bytes it covers the keyed mark, so that erasing them leaves the links as they are.
LINKED_COLUMNS = ("held_id", "record_id", "enrolment_id", "seq", "code", "mark", "received_at", "uploaded_by")


def store_held(connection: Connection, operation_id: bytes, uploader: bytes, keys: Keys, held: Iterable[HeldRecord],
               now: int) -> None:  # fmt: skip
    """Keep raw what could not become an entry; the very same again is not kept twice."""
    rows: dict[bytes, dict[str, Any]] = {}
    for each in held:
        raw = json.dumps(each.record, default=_as_json, separators=(",", ":")).encode("ascii")
        mark = held_mark(keys.held_key, operation_id, each.code, raw)
        enrolment, seq = _identity(each.record)
        record_id = to_bytes(each.record_id) if each.record_id is not None else None
        rows[mark] = {"operation_id": operation_id, "held_id": new_id(), "record_id": record_id, "enrolment_id": enrolment,
                      "seq": seq, "code": each.code, "mark": mark, "raw": raw, "received_at": now,
                      "uploaded_by": uploader}  # fmt: skip
    if not is_sqlite(connection):  # numbers without gap: held records are rare, so their batches may wait for each other
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": advisory_key(operation_id, HELD_SALT)})
    known = {bytes(row[0]) for row in rows_where_in(connection, "SELECT mark FROM held", operation_id, "mark", list(rows))}
    fresh = [row for mark, row in rows.items() if mark not in known]
    number, link = last_held(connection, operation_id)
    for row in fresh:
        number += 1
        link = keys.marker.held(link, number, {name: row[name] for name in LINKED_COLUMNS})
        row.update(number=number, link=link)
    if fresh:
        insert_rows(connection, Held, tuple(fresh[0]), [tuple(row.values()) for row in fresh])


def decided_of(connection: Connection, operation_id: bytes, enrolment_id: bytes) -> dict[str, str]:
    """Return what the desk made of a device's held records, by record id: `taken_up` or `put_aside`; none while one is open."""
    rows = fetch(connection, "SELECT record_id, taken_up_at IS NOT NULL, put_aside_at IS NOT NULL FROM held "
                 "WHERE operation_id = ? AND enrolment_id = ? AND record_id IS NOT NULL", operation_id, enrolment_id)  # fmt: skip
    found: dict[str, str] = {}
    for record_id, taken_up, put_aside in rows:
        became, own_id = _TAKEN_UP if taken_up else _PUT_ASIDE if put_aside else _OPEN, to_text(bytes(record_id))
        found[own_id] = min(found.get(own_id, became), became, key=_FIRST.index)  # it may have been held in several wordings
    return {own_id: became for own_id, became in found.items() if became != _OPEN}


def held_mark(key: bytes, operation_id: bytes, code: str, raw: bytes) -> bytes:
    """Return the keyed digest by which the very same record is known again."""
    return hmac.digest(key, operation_id + code.encode() + b"\0" + raw, hashlib.sha256)


def last_held(connection: Connection, operation_id: bytes) -> tuple[int, bytes]:
    """Return (number, link) of the last held record; number 0 before the first."""
    last = fetch(connection, "SELECT number, link FROM held WHERE operation_id = ? AND number IS NOT NULL "
                 "ORDER BY number DESC LIMIT 1", operation_id)  # fmt: skip
    return (last[0][0], bytes(last[0][1])) if last else (0, NO_LINK)


def _as_json(value: Any) -> Any:
    return value.as_json() if hasattr(value, "as_json") else repr(value)


def _identity(record: Any) -> tuple[bytes | None, int | None]:
    if type(record) is not dict:
        return None, None
    enrolment, seq = record.get("enrolment"), record.get("seq")
    good_seq = seq if type(seq) is int and 1 <= seq < 1 << 53 else None
    return (to_bytes(enrolment) if is_id(enrolment) else None), good_seq
