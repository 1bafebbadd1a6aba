"""What the ledger knows of registered households, read back for the office: names in lists, authors, cards."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from flask_babel import gettext as _
from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from relief.cards.models import Card
from relief.households.models import Household
from relief.kernel.errors import NotFound
from relief.kernel.ids import is_id_text, to_bytes
from relief.ledger.keys import Keys, open_words
from relief.ledger.models import Entry

Bind = Session | Connection


@dataclass(frozen=True, slots=True)
class Registered:
    """A registration: its household, who captured it (id text or None) and its private part, empty once erased."""

    household_id: bytes
    author: str | None
    private: dict[str, Any]


@dataclass(frozen=True, slots=True)
class WaitingHousehold:
    """An approved household that has no card: its place and what orders it in a print run."""

    household_id: bytes
    home_site_id: bytes | None
    external_id: str
    village: str
    address: str = ""


def list_registrations(bind: Bind, operation_id: bytes, keys: Keys | None = None) -> Iterator[Registered]:
    """Yield the registrations of an operation, the earliest sealed last, so that the first holds in a mapping by household."""
    query = (
        select(Entry.household_id, Entry.facts, Entry.private)
        .where(Entry.operation_id == operation_id, Entry.kind == "registration")
        .order_by(Entry.position.desc(), Entry.id.desc())
    )
    for household_id, facts, private in bind.execute(query):
        if household_id is not None:
            yield Registered(household_id, orjson.loads(facts).get("by"), open_words(operation_id, private, keys))


def read_private_words(bind: Bind, operation_id: bytes, keys: Keys | None = None) -> dict[bytes, dict[str, Any]]:
    """Return the private words last told of each household: what was changed or corrected is in the place of what was before."""
    query = (
        select(Entry.household_id, Entry.private)
        .where(Entry.operation_id == operation_id, Entry.kind.in_(("registration", "composition")))
        .order_by(Entry.position.is_(None), Entry.position, Entry.received_at, Entry.seq)
    )
    words: dict[bytes, dict[str, Any]] = {}
    for household_id, private in bind.execute(query):
        if household_id is not None:
            words.setdefault(bytes(household_id), {}).update(open_words(operation_id, private, keys))
    return words


def list_authors(bind: Bind, operation_id: bytes) -> Iterator[tuple[bytes, str]]:
    """Yield (household id, id text of who registered, changed or corrected it), where somebody is named."""
    query = select(Entry.household_id, Entry.facts).where(
        Entry.operation_id == operation_id, Entry.kind.in_(("registration", "composition"))
    )
    for household_id, facts in bind.execute(query):
        author = orjson.loads(facts).get("by")
        if household_id is not None and author:
            yield household_id, author


def list_stored_ids(bind: Bind, operation_id: bytes, record_ids: Sequence[bytes]) -> set[bytes]:
    """Return which of some record ids (at most a batch) have an entry."""
    return set(bind.execute(select(Entry.id).where(Entry.operation_id == operation_id, Entry.id.in_(record_ids))).scalars())


def list_households_without_card(bind: Bind, operation_id: bytes, home_site_id: bytes | None = None,
                                 keys: Keys | None = None) -> list[WaitingHousehold]:  # fmt: skip
    """Return the approved households no linked card leads to; of a merged set the surviving one. In no order."""
    linked = select(Card.group_id).where(Card.operation_id == operation_id, Card.state == "linked")
    query = select(Household.household_id, Household.home_site_id).where(
        Household.operation_id == operation_id,
        Household.state == "approved",
        Household.household_id == Household.group_id,
        Household.group_id.not_in(linked),
    )
    if home_site_id is not None:
        query = query.where(Household.home_site_id == home_site_id)
    known = read_private_words(bind, operation_id, keys)
    return [
        WaitingHousehold(household_id, site_id, _text(private, "external_id"), _text(private, "village"),
                         _text(private, "address"))
        for household_id, site_id in bind.execute(query)
        for private in [known.get(bytes(household_id), {})]
    ]


def _text(private: dict[str, Any], name: str) -> str:
    value = private.get(name, "")
    return value if isinstance(value, str) else ""


def find_household_named(connection: Connection, operation_id: bytes, name: str) -> bytes:
    """Return the household of an id, a card's running number or an external id; raises NotFound where none or several match."""
    if is_id_text(name):
        return to_bytes(name)
    card = Card.__table__.c
    found = set(connection.execute(
        select(card.household_id).where(card.operation_id == operation_id, card.number == name, card.household_id.is_not(None))
    ).scalars())  # fmt: skip
    if not found:
        found = {each.household_id for each in list_registrations(connection, operation_id)
                 if each.private.get("external_id") == name}  # fmt: skip
    if len(found) != 1:
        raise NotFound(_("There is no such household, or more than one."), where="household")
    return bytes(found.pop())
