"""Phones as witnesses: each gives back the furthest head it was told, so a ledger that lost its end is found out.

Looking a told head up costs a request next to nothing. One that this ledger does not hold is noted if it bears our signature,
so that nobody can invent it, and if no restore left it out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, select

from relief.accounts.models import Enrolment
from relief.kernel.ids import to_bytes
from relief.ledger.chain import head_is_signed
from relief.ledger.lineage import Ancestry
from relief.ledger.models import Head, Seal, Witness
from relief.ledger.seal_check import ToldHead
from relief.ledger.sets import insert_rows
from relief.ledger.values import is_id
from relief.settings import Secrets

_HASH_DIGITS, _SIGNATURE_DIGITS, _LARGEST_POSITION = 64, 128, 1 << 53


@dataclass(frozen=True, slots=True)
class SignedHead:
    """A head as a phone gives it back."""

    ledger_id: bytes
    position: int
    hash: bytes
    signature: bytes
    key_id: str


def read_told(told: Any) -> SignedHead | None:
    """Return the head in the form of an answer's `ledger`; None where it is none, or was told before the first record."""
    if not isinstance(told, Mapping) or not is_id(told.get("id")):
        return None
    position, digest = _position(told), _bytes(told, "head", _HASH_DIGITS)
    signature = _bytes(told, "signature", _SIGNATURE_DIGITS)
    if not (position and digest and signature):
        return None
    return SignedHead(to_bytes(told["id"]), position, digest, signature, str(told.get("key_id")))


def _position(told: Mapping[str, Any]) -> int | None:
    found = told.get("position")
    return found if type(found) is int and 0 < found < _LARGEST_POSITION else None


def _bytes(told: Mapping[str, Any], name: str, digits: int) -> bytes | None:
    found = told.get(name)
    if not isinstance(found, str) or len(found) != digits:
        return None
    try:
        return bytes.fromhex(found)
    except ValueError:
        return None


def note_witness(connection: Connection, operation_id: bytes, enrolment_id: bytes, told: SignedHead, secrets: Secrets,
                 now: int) -> bool:  # fmt: skip
    """Note a head that this ledger ought to hold and does not; return whether it did. Nothing is noted twice."""
    key = secrets.seal_keys.get(told.key_id)
    if key is None or not head_is_signed(key, told.ledger_id, operation_id, told.position, told.hash, told.signature):
        return False
    if not _ancestry(connection, operation_id).covers(told.ledger_id, told.position):
        return False
    insert_rows(connection, Witness, ("operation_id", "ledger_id", "position", "hash", "enrolment_id", "told_at"),
                [(operation_id, told.ledger_id, told.position, told.hash, enrolment_id, now)],
                "(operation_id, ledger_id, position, hash) DO NOTHING")  # fmt: skip
    return True


def list_lost_heads(connection: Connection, operation_id: bytes) -> list[ToldHead]:
    """Return the noted heads that the ledger still ought to hold and does not: empty as a rule."""
    witness, seal, phone = Witness.__table__, Seal.__table__, Enrolment.__table__
    here = and_(seal.c.operation_id == witness.c.operation_id, seal.c.position == witness.c.position)
    teller = and_(phone.c.operation_id == witness.c.operation_id, phone.c.enrolment_id == witness.c.enrolment_id)
    rows = connection.execute(
        select(witness, seal.c.hash.label("there"), phone.c.label).outerjoin_from(witness, seal, here)
        .outerjoin(phone, teller).where(witness.c.operation_id == operation_id).order_by(witness.c.position)
    ).all()  # fmt: skip
    if not rows:
        return []
    ancestry = _ancestry(connection, operation_id)
    return [ToldHead(bytes(row.ledger_id), row.position, bytes(row.hash), row.label or "-") for row in rows
            if row.there != row.hash and ancestry.covers(bytes(row.ledger_id), row.position)]  # fmt: skip


def _ancestry(connection: Connection, operation_id: bytes) -> Ancestry:
    head = Head.__table__.c
    ledger_id = connection.execute(select(head.ledger_id).where(head.operation_id == operation_id)).scalar()
    return Ancestry(connection, operation_id, bytes(ledger_id) if ledger_id is not None else None)
