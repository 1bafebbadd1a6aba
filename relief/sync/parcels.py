"""Parcels: a phone's unsent work, sealed to the server, that another phone or the desk carries here.

Inside is what the phone would have sent itself, with its token: so the server knows whose it is, and whoever carries it neither
reads nor writes in it. Everything in it is settled by the records' own ids, so that taking it in twice does no harm.
"""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask_babel import gettext as _
from sqlalchemy import Connection

from relief.accounts.queries import find_enrolment_by_token
from relief.kernel.errors import BadInput, NotFound
from relief.ledger.keys import Keys
from relief.ledger.service import append
from relief.ledger.verdicts import HELD
from relief.settings import Secrets
from relief.sync.body import parse_json, unpack

PURPOSE = b"relief outbox"
VERSION = 1
BATCH = 500
SUITE = Suite(KEM.P256, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Parcel:
    """An opened parcel: the token of the phone that packed it, and its records (any JSON values)."""

    token: str
    records: list[Any]


@dataclass(frozen=True, slots=True)
class Taken:
    """How many records were in a parcel, and how many of them are held."""

    records: int
    held: int


def seal_to(secrets: Secrets) -> dict[str, str]:
    """Return the newest public key, as phones are told it."""
    key_id, key = next(iter(secrets.seal_keys.items()))
    point = _private_key(key).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return {"key_id": key_id, "public": urlsafe_b64encode(point).rstrip(b"=").decode("ascii")}


def open_parcel(secrets: Secrets, key_id: str, sealed: bytes) -> Parcel:
    """Return what was sealed; raises BadInput (`unreadable_parcel`) where it was not sealed to us, or was changed on the way."""
    key = secrets.seal_keys.get(key_id)
    if key is None:
        raise _unreadable()
    try:
        plain = SUITE.decrypt(sealed, _private_key(key), PURPOSE)
    except (InvalidTag, ValueError) as error:
        raise _unreadable() from error
    body = parse_json(unpack(plain, "gzip" if plain.startswith(_GZIP) else "identity"))
    if not isinstance(body, dict) or body.get("v") != VERSION:
        raise _unreadable()
    token, records = body.get("token"), body.get("records")
    if not isinstance(token, str) or not isinstance(records, list):
        raise _unreadable()
    return Parcel(token, records)


def take_in_parcel(connection: Connection, operation_id: bytes, carrier_id: bytes, parcel: Parcel, now: int,
                   keys: Keys) -> Taken:  # fmt: skip
    """Settle a parcel's records as if their phone had sent them. Raises NotFound for one of another operation.

    Where the phone is not known (a server restored from before it joined) the carrier brings them, and they are held.
    """
    packer = find_enrolment_by_token(connection, parcel.token)
    if packer is not None and packer.operation_id != operation_id:
        raise NotFound(_("This was packed in another operation. Take it in there."), code="other_operation")
    uploader = packer.enrolment_id if packer is not None else carrier_id
    held = 0
    for start in range(0, len(parcel.records), BATCH):
        verdicts = append(connection, operation_id, uploader, parcel.records[start : start + BATCH], now, keys)
        held += sum(verdict.verdict == HELD for verdict in verdicts)
    return Taken(len(parcel.records), held)


def _private_key(seal_key: bytes) -> ec.EllipticCurvePrivateKey:
    """Derive it from the key that signs heads: another purpose, another key, and nothing more to keep or to lose."""
    number = int.from_bytes(hashlib.sha512(b"relief parcels\0" + seal_key).digest(), "big")
    return ec.derive_private_key(number % (_ORDER - 1) + 1, ec.SECP256R1())


def _unreadable() -> BadInput:
    return BadInput(_("This was not packed for this server, or it is damaged. Take it from the phone once more."),
                    code="unreadable_parcel")  # fmt: skip
