"""The help desk: one phone a site, lent to the lead, that finds a family's card by name from a list sealed to that phone.

The phone makes a key for each list and gives its public half: nobody else can open what the answer carries. A list has one site's
families, as little of each as tells them apart, and is good for 24 hours. Every look into it is told, and stands in the audit.
"""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from flask_babel import gettext as _
from sqlalchemy import Connection, func, insert, select

from relief.accounts.help_desk_models import HelpDeskList
from relief.accounts.look_ups import note_of_help_desk
from relief.kernel.errors import BadInput, NotAllowed, TooMany
from relief.kernel.ids import new_id, to_bytes, to_text
from relief.ledger.private_words import WordKeys
from relief.office.families.family import Family, read_families
from relief.office.families.search import Wanted, select_families
from relief.operations.rules import Plan
from relief.sync.register import CardRows, scope_of

HOURS = 24
MOST_LISTS = 12  # in so many hours: the app that was closed and opened again needs a new one
A_STEP = 200
INFO = b"relief help desk"
SUITE = Suite(KEM.P256, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_list = HelpDeskList.__table__.c


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks for a list: the phone's enrolment row, the site (id text), the phone's public key for it (base64url)."""

    phone: Any
    site: str
    key: str
    now: int
    address: str = ""

    @property
    def operation_id(self) -> bytes:
        return bytes(self.phone.operation_id)

    @property
    def phone_id(self) -> bytes:
        return bytes(self.phone.enrolment_id)


def make_list(connection: Connection, asked: Asked, plan: Plan, words: WordKeys) -> dict[str, Any]:
    """Return a sealed list of a site's families, and note that it was given.

    Raises NotAllowed (`not_for_this_device`) for who is not the site's help desk, BadInput for a key that is none, TooMany.
    """
    _check(connection, asked, plan)
    key = read_key(asked.key)
    list_id, expires_at = new_id(), asked.now + HOURS * 3600
    rows = CardRows(plan, scope_of(asked.phone), asked.now)
    families = [as_told(each, rows) for each in _families(connection, asked, plan, words)]
    told = {"list": to_text(list_id), "site": asked.site, "made_at": asked.now, "expires_at": expires_at}
    sealed = SUITE.encrypt(orjson.dumps({**told, "families": families}), key, info=INFO)
    connection.execute(insert(HelpDeskList).values(
        operation_id=asked.operation_id, list_id=list_id, enrolment_id=asked.phone_id, site_id=to_bytes(asked.site),
        families=len(families), made_at=asked.now, expires_at=expires_at))  # fmt: skip
    note_of_help_desk(connection, asked.phone, "help_desk.list_given", asked.site, asked.now, asked.address)
    return {**told, "families": len(families), "sealed": urlsafe_b64encode(sealed).decode("ascii").rstrip("=")}


def as_told(family: Family, rows: CardRows) -> dict[str, Any]:
    """Return what a list tells of a family: what her card is, and what tells her from others of her name.

    A family without a card is in no register: `row` is what the row of the blank card that it is given will say.
    """
    names = [member.name for member in family.members if member.name]
    cards = [card for card in family.cards if card.state == "linked"]
    row = {} if cards else {"row": rows.family(family.document.basis, family.document.view)}
    return {"household": family.text_id, "numbers": [card.number for card in cards if card.number], "head": family.word("head"),
            "names": names, "village": family.word("village"), "people": len(family.members), **row}  # fmt: skip


def read_key(text: str) -> EllipticCurvePublicKey:
    """Return a public key of P-256 from its uncompressed point in base64url; raises BadInput."""
    try:
        point = urlsafe_b64decode(text + "=" * (-len(text) % 4))
        return EllipticCurvePublicKey.from_encoded_point(SECP256R1(), point)
    except (ValueError, binascii.Error, UnsupportedAlgorithm) as error:
        raise BadInput(_("This is not a public key of the kind that is asked for."), where="key") from error


def _check(connection: Connection, asked: Asked, plan: Plan) -> None:
    desk = to_text(bytes(asked.phone.help_desk_site)) if asked.phone.help_desk_site else ""
    if not asked.phone.site_lead or not desk or desk != asked.site or desk not in plan.site:
        raise NotAllowed(_("This phone is not the help desk of this site."), code="not_for_this_device")
    since = asked.now - HOURS * 3600
    mine = (_list.operation_id == asked.operation_id, _list.enrolment_id == asked.phone_id, _list.made_at > since)
    count, first = connection.execute(select(func.count(), func.min(_list.made_at)).where(*mine)).one()
    if count >= MOST_LISTS:
        raise TooMany(_("This phone has had too many lists today. Ask your manager."), retry_after_seconds=first - since)


def _families(connection: Connection, asked: Asked, plan: Plan, words: WordKeys) -> Iterator[Family]:
    """Yield the families of the site that may receive."""
    states = ("approved", "registered") if plan.grants_undecided else ("approved",)
    for state in states:
        query = select_families(asked.operation_id, Wanted(state=state, site=to_bytes(asked.site)))
        ids = [bytes(each) for each in connection.execute(query).scalars()]
        for start in range(0, len(ids), A_STEP):
            yield from read_families(connection, asked.operation_id, ids[start : start + A_STEP], words).values()
