"""Parcels: a phone's unsent work, sealed to the server, that another phone or the desk carries here.

Inside is what the phone would have sent itself, with its token: so the server knows whose it is, and whoever carries it neither
reads nor writes in it. Everything in it is settled by its own ids, so that taking it in twice does no harm.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Connection

from relief.accounts.look_ups import note_look_ups
from relief.accounts.queries import EnrolmentRow, find_enrolment_by_token
from relief.kernel.errors import BadInput, NotFound
from relief.ledger.keys import Keys
from relief.ledger.service import append
from relief.ledger.verdicts import HELD
from relief.settings import Secrets
from relief.sync.body import parse_json, unpack
from relief.sync.look_ups import read_look_ups
from relief.sync.sealed_words import open_words
from relief.sync.server_key import open_sealed

PURPOSE = b"relief outbox"
VERSION = 1
BATCH = 500
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Parcel:
    """An opened parcel: the token of the phone that packed it, its records (any JSON values), whom its help desk looked up."""

    token: str
    records: list[Any]
    look_ups: list[dict[str, Any]] = field(default_factory=list)


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
    return Parcel(token, open_words(secrets, records), read_look_ups(body.get("look_ups")))


def take_in_parcel(connection: Connection, operation_id: bytes, carrier_id: bytes, parcel: Parcel, now: int,
                   keys: Keys) -> Taken:  # fmt: skip
    """Settle a parcel's records as if their phone had sent them. Raises NotFound for one of another operation.

    Where the phone is not known (a server restored from before it joined) the carrier brings them, and they are held.
    """
    packer = find_enrolment_by_token(connection, parcel.token)
    if packer is not None and packer.operation_id != operation_id:
        raise NotFound(_("This was packed in another operation. Take it in there."), code="other_operation")
    uploader = packer.enrolment_id if packer is not None else carrier_id
    if packer is not None:
        _note_look_ups(connection, packer, parcel.look_ups, now)
    held = 0
    for start in range(0, len(parcel.records), BATCH):
        verdicts = append(connection, operation_id, uploader, parcel.records[start : start + BATCH], now, keys)
        held += sum(verdict.verdict == HELD for verdict in verdicts)
    return Taken(len(parcel.records), held)


def _note_look_ups(connection: Connection, packer: EnrolmentRow, look_ups: list[dict[str, Any]], now: int) -> None:
    for list_id, looks in groupby(sorted(look_ups, key=_list_of), _list_of):
        with suppress(NotFound):  # of a list that a restored server does not know: it stops no record
            note_look_ups(connection, packer, list_id, list(looks), now)


def _list_of(look: dict[str, Any]) -> str:
    return str(look["list"])


def _unreadable() -> BadInput:
    return BadInput(_("This was not packed for this server, or it is damaged. Take it from the phone once more."),
                    code="unreadable_parcel")  # fmt: skip
