"""A family as the desk sees it: everything the ledger knows of a household and those merged with it, names included."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from flask_babel import gettext as _
from sqlalchemy import Connection, select

from relief.cards.models import Card
from relief.households.models import Household
from relief.kernel.errors import NotFound
from relief.kernel.ids import to_bytes, to_text
from relief.ledger.documents import Document, load_document
from relief.ledger.private_words import WordKeys
from relief.ledger.rules.entry import Entry
from relief.ledger.sets import rows_where_in

CardRow = tuple[str, str | None, str, bool]  # id, running number, state, handed out
WORD_FIELDS = ("head", "village", "address", "phone", "document", "external_id")


@dataclass(frozen=True, slots=True)
class FamilyMember:
    """One person of a family: what is counted, and her name where somebody told it."""

    id: str
    number: int
    sex: str
    age_band: str
    disability: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class FamilyCard:
    """A card that leads to the family."""

    id: str
    number: str | None
    state: str
    handed_out: bool


@dataclass(frozen=True, slots=True)
class Told:
    """One record of a family's history: the fold's entry, and what its stored row adds."""

    entry: Entry
    device: bytes
    by: bytes | None
    private: dict[str, Any]


@dataclass(slots=True)
class Family:
    """`id` is the smallest of its `households`; `words` are the private words last told; `seen` marks what it was like."""

    id: bytes
    households: tuple[str, ...]
    status: str
    document: Document
    area: str | None = None
    home_site: str | None = None
    members: tuple[FamilyMember, ...] = ()
    cards: tuple[FamilyCard, ...] = ()
    words: dict[str, Any] = field(default_factory=dict)
    told: tuple[Told, ...] = ()

    @property
    def text_id(self) -> str:
        return to_text(self.id)

    @property
    def title(self) -> str:
        """What to call the family: its head, else its first name told, else its number in the list."""
        names = (self.words.get("head"), *(member.name for member in self.members), self.words.get("external_id"))
        return next((str(name) for name in names if name), "")

    @property
    def seen(self) -> str:
        return mark_of(self.document)

    def word(self, name: str) -> str:
        value = self.words.get(name, "")
        return value if isinstance(value, str) else ""


def mark_of(document: Document) -> str:
    """Return what changes whenever a fact of a family's identity is added: a page says which it showed."""
    ids = sorted(f"{entry.id} {entry.facts['kind']}" for entry in document.origins or ())
    return hashlib.sha256("\n".join(ids).encode()).hexdigest()[:16]


def get_family(connection: Connection, operation_id: bytes, household_id: bytes, keys: WordKeys) -> Family:
    """Return the family that a household belongs to; raises NotFound."""
    group_id = find_group(connection, operation_id, household_id)
    family = read_families(connection, operation_id, [group_id], keys).get(group_id) if group_id else None
    if family is None:
        raise NotFound(_("There is no such household."))
    return family


def find_group(connection: Connection, operation_id: bytes, household_id: bytes) -> bytes | None:
    """Return the id of the family that a household belongs to."""
    table = Household.__table__.c
    found = connection.execute(
        select(table.group_id).where(table.operation_id == operation_id, table.household_id == household_id)
    ).scalar()
    return bytes(found) if found else None


def read_families(connection: Connection, operation_id: bytes, group_ids: Collection[bytes],
                  keys: WordKeys) -> dict[bytes, Family]:  # fmt: skip
    """Return families by id (at most a page of them): all that is known, in a handful of statements."""
    stored = rows_where_in(connection, "SELECT group_id, document, basis, origins FROM fold_group", operation_id, "group_id",
                           group_ids)  # fmt: skip
    documents = {bytes(row[0]): load_document(*row[1:]) for row in stored}
    ids = {to_bytes(entry.id) for each in documents.values() for entry in each.entries}
    rows = rows_where_in(connection, "SELECT id, step, enrolment_id, facts, private FROM entry", operation_id, "id", ids)
    by_key = {(to_text(bytes(row[0])), row[1]): row for row in rows}
    cards = _cards_of(connection, operation_id, group_ids)
    placed = rows_where_in(connection, "SELECT household_id, area_id, home_site_id FROM household", operation_id, "household_id",
                           group_ids)  # fmt: skip
    places = {bytes(row[0]): row for row in placed}
    return {gid: _family(operation_id, gid, document, by_key, cards.get(gid, ()), places.get(gid), keys)
            for gid, document in documents.items() if document.basis.households}  # fmt: skip


def _family(operation_id: bytes, gid: bytes, document: Document, rows: dict[tuple[str, str], Any], cards: Sequence[Any],
            place: Any, keys: WordKeys) -> Family:  # fmt: skip
    told = tuple(_told(entry, rows[entry.id, entry.step]) for entry in sorted(document.entries, key=lambda entry: entry.rank)
                 if (entry.id, entry.step) in rows and entry.facts["kind"] != "link")  # fmt: skip
    words, names = read_words_told(told, operation_id, keys)
    same = document.basis.same
    by_person = {same.get(member, member): name for member, name in names.items()}
    members = tuple(FamilyMember(each["id"], each["number"], each["sex"], each["age_band"], each["disability"],
                                 by_person.get(each["id"], "")) for each in document.basis.composition().now())  # fmt: skip
    family = Family(gid, tuple(document.basis.households), document.basis.shown_status, document, members=members, words=words,
                    told=told)  # fmt: skip
    family.cards = tuple(FamilyCard(*card) for card in cards)
    if place is not None:
        family.area, family.home_site = (to_text(bytes(each)) if each else None for each in place[1:])
    return family


def _told(entry: Entry, row: Any) -> Told:
    _id, _step, device, facts, private = row
    by = orjson.loads(facts).get("by")
    return Told(entry, bytes(device), to_bytes(by) if by else None, orjson.loads(private) if private else {})


def read_words_told(told: Iterable[Told], operation_id: bytes, keys: WordKeys) -> tuple[dict[str, Any], dict[str, str]]:
    """Return (the private words last told, names by member id) of registrations and compositions in the order of time."""
    words: dict[str, Any] = {}
    names: dict[str, str] = {}
    for each in told:
        if each.entry.facts["kind"] not in ("registration", "composition"):
            continue
        said = keys.open(operation_id, each.private.get("private"))
        words.update(said)
        names.update(_names(each.entry.facts["members"], said.get("names")))
    return words, names


def _names(members: Sequence[dict[str, Any]], names: Any) -> dict[str, str]:
    """Names are told in the order of the members' numbers."""
    ordered = sorted(members, key=lambda member: member["number"])
    given = names if isinstance(names, list) else ()
    return {member["id"]: str(name) for member, name in zip(ordered, given, strict=False) if name}


def _cards_of(connection: Connection, operation_id: bytes, group_ids: Collection[bytes]) -> dict[bytes, list[CardRow]]:
    card = Card.__table__.c
    rows = connection.execute(
        select(card.group_id, card.card_id, card.number, card.state, card.handed_out_at)
        .where(card.operation_id == operation_id, card.group_id.in_(list(group_ids))).order_by(card.number, card.card_id)
    )  # fmt: skip
    found: dict[bytes, list[CardRow]] = {}
    for row in rows:
        one = (to_text(bytes(row.card_id)), row.number, row.state, row.handed_out_at is not None)
        found.setdefault(bytes(row.group_id), []).append(one)
    return found
