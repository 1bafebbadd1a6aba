"""Parcels: a phone's unsent work, sealed to the server, that another phone or the desk carries here.

Inside is what the phone would have sent itself, with its token: so the server knows whose it is, and whoever carries it neither
reads nor writes in it. Everything in it is settled by the records' own ids, so that taking it in twice does no harm.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Connection

from relief.accounts.queries import find_enrolment_by_token
from relief.kernel.errors import BadInput, NotFound
from relief.ledger.keys import Keys
from relief.ledger.service import append
from relief.ledger.verdicts import HELD
from relief.settings import Secrets
from relief.sync.body import parse_json, unpack
from relief.sync.sealed_words import open_words
from relief.sync.server_key import open_sealed

PURPOSE = b"relief outbox"
VERSION = 1
BATCH = 500
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


def open_parcel(secrets: Secrets, key_id: str, sealed: bytes) -> Parcel:
    """Return what was sealed; raises BadInput (`unreadable_parcel`) where it was not sealed to us, or was changed on the way."""
    plain = open_sealed(secrets, key_id, sealed, PURPOSE)
    if plain is None:
        raise _unreadable()
    body = parse_json(unpack(plain, "gzip" if plain.startswith(_GZIP) else "identity"))
    if not isinstance(body, dict) or body.get("v") != VERSION:
        raise _unreadable()
    token, records = body.get("token"), body.get("records")
    if not isinstance(token, str) or not isinstance(records, list):
        raise _unreadable()
    return Parcel(token, open_words(secrets, records))


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


def _unreadable() -> BadInput:
    return BadInput(_("This was not packed for this server, or it is damaged. Take it from the phone once more."),
                    code="unreadable_parcel")  # fmt: skip
