"""Erasing private parts: the bytes and P's salt go, P stays, so totals, report and chain are what they were.

Everything here works inside the caller's transaction and in bounded steps, each of which may be repeated.
`erasure_orders` writes down what was ordered; `forgetting` keeps what comes later from being stored; `scrubbing` leaves no
byte of it in the database's files.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Connection, bindparam, delete, or_, select, update

from relief.accounts.models import Purpose
from relief.cards.models import Card, CardPrint, CardPrintPart
from relief.cards.sheet_models import TallyPhoto, TallySheet
from relief.households.models import ColumnChoice, Household, ImportSalt, ListUpload, ListUploadPart, ListVersion, Suspicion
from relief.kernel.errors import NotFound
from relief.kernel.ids import random_id, to_bytes, to_text
from relief.ledger.documents import load_document
from relief.ledger.models import Entry, Held
from relief.ledger.register_reading import forget_words
from relief.ledger.sets import replace_rows, rows_where_in

STEP = 1000
REASONS = ("asked", "over", "mistake", "other")
_entry, _held, _card, _household = (model.__table__ for model in (Entry, Held, Card, Household))
_ids_in = re.compile(rb"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[0-9a-f]{32}").findall


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be erased: a family (all households merged into it), or the whole operation where none is named.

    `reason` is one of REASONS: no free text, in which a name could stand.
    """

    operation_id: bytes
    households: tuple[bytes, ...]
    erasure_id: bytes
    reason: str
    asked_at: int
    asked_by: bytes | None = None

    @property
    def subjects(self) -> tuple[bytes, ...]:
        return self.households or (self.operation_id,)


@dataclass(frozen=True, slots=True)
class Found:
    """What an order finds: records and held records with a private part, and cards whose key is to go."""

    entries: tuple[bytes, ...]
    held: tuple[bytes, ...]
    cards: tuple[bytes, ...] = ()

    @property
    def count(self) -> int:
        return len(self.entries) + len(self.held) + len(self.cards)


def find_family(connection: Connection, operation_id: bytes, household_id: bytes) -> tuple[bytes, ...]:
    """Return all households that are one family with this one, itself among them; raises NotFound."""
    c = _household.c
    group = select(c.group_id).where(c.operation_id == operation_id, c.household_id == household_id).scalar_subquery()
    rows = connection.execute(select(c.household_id).where(c.operation_id == operation_id, c.group_id == group))
    family = tuple(sorted(map(bytes, rows.scalars())))
    if not family:
        raise NotFound(_("There is no such household."), where="household")
    return family


def find_private(connection: Connection, order: Order) -> Found:
    """Return what an order has to erase, as things stand."""
    if order.households:
        return _find_family_parts(connection, order.operation_id, order.households)
    entries = select(_entry.c.id).where(_entry.c.operation_id == order.operation_id, _entry.c.private.is_not(None)).distinct()
    held = select(_held.c.held_id).where(_held.c.operation_id == order.operation_id, _held.c.raw.is_not(None))
    cards = select(_card.c.card_id).where(_card.c.operation_id == order.operation_id)
    return Found(*(tuple(connection.execute(each).scalars()) for each in (entries, held, cards)))


def _find_family_parts(connection: Connection, operation_id: bytes, households: tuple[bytes, ...]) -> Found:
    """Find the records of a family: its own, those of its cards, and what takes them back or decides about them."""
    groups = {bytes(row[0]) for row in rows_where_in(connection, "SELECT group_id FROM household", operation_id,
                                                     "household_id", households)}  # fmt: skip
    family = {bytes(row[0]) for row in rows_where_in(connection, "SELECT household_id FROM household", operation_id,
                                                     "group_id", groups)}  # fmt: skip
    cards = {bytes(row[0]): bytes(row[1]) for row in rows_where_in(connection, "SELECT card_id, card_key FROM card",
                                                                   operation_id, "group_id", groups)}  # fmt: skip
    here = _entry.c.operation_id == operation_id
    own = select(_entry.c.id).where(here, or_(_entry.c.household_id.in_(family), _entry.c.card_id.in_(cards)))
    records = {*map(bytes, connection.execute(own).scalars()), *_in_documents(connection, operation_id, groups)}
    records |= {bytes(row[0]) for row in rows_where_in(connection, "SELECT id FROM entry", operation_id, "target_id", records)}
    entries = rows_where_in(connection, "SELECT DISTINCT id FROM entry", operation_id, "id", records, "AND private IS NOT NULL")
    named = {*map(to_text, (*family, *records)), *(key.hex() for key in cards.values())}
    return Found(tuple(bytes(row[0]) for row in entries), tuple(_held_naming(connection, operation_id, named)))


def _in_documents(connection: Connection, operation_id: bytes, groups: set[bytes]) -> set[bytes]:
    sql = "SELECT document, basis, origins FROM fold_group"
    documents = [load_document(*row) for row in rows_where_in(connection, sql, operation_id, "group_id", groups)]
    # A `link` stands for another family's registration that names a card of this one.
    return {to_bytes(entry.id) for each in documents for entry in each.entries if entry.facts["kind"] != "link"}


def _held_naming(connection: Connection, operation_id: bytes, named: set[str]) -> Iterator[bytes]:
    """Yield the held records that name any of these ids or card keys."""
    rows = connection.execute(select(_held.c.held_id, _held.c.raw).where(_held.c.operation_id == operation_id))
    wanted = {each.encode() for each in named}
    return (bytes(row.held_id) for row in rows if row.raw is not None and wanted.intersection(_ids_in(bytes(row.raw).lower())))


def steps_of(order: Order, found: Found) -> Iterator[tuple[int, Callable[[Connection], Any]]]:
    """Yield (how many things it erases, what to run in a transaction of its own), each step bounded."""
    for work, ids in ((erase_entries, found.entries), (_erase_held, found.held), (_forget_keys, found.cards)):
        for start in range(0, len(ids), STEP):
            part = ids[start : start + STEP]
            yield len(part), partial(work, operation_id=order.operation_id, ids=part)
    yield 0, partial(_forget_lists, order=order)
    if not order.households:
        yield 0, partial(_forget_own_words, operation_id=order.operation_id)


def _forget_lists(connection: Connection, order: Order) -> None:
    """Throw away uploads and prints under way, which may name anybody, and what lists were compared by."""
    under_way = [ListUpload, ListUploadPart, CardPrint, CardPrintPart]
    for model in under_way if order.households else [*under_way, ColumnChoice, Suspicion]:
        table = model.__table__
        connection.execute(delete(model).where(table.c.operation_id == order.operation_id))
    _forget_sheets(connection, order)
    pair = Suspicion.__table__.c
    if not order.households:  # an empty salt: no list is taken in any more
        replace_rows(connection, ImportSalt, ("operation_id", "salt"), [(order.operation_id, b"")])
    named = or_(pair.low_id.in_(order.households), pair.high_id.in_(order.households))
    connection.execute(delete(Suspicion).where(pair.operation_id == order.operation_id, named))
    forget_words(connection, order.operation_id, (*order.households, *_cards_of(connection, order)) or None)


def _forget_own_words(connection: Connection, operation_id: bytes) -> None:
    """Forget what people wrote in words of their own, which may name anybody: about lists, and what they look at people for.

    What the audit noted of that stays: nobody may change it, and its form asks for no names.
    """
    version, purpose = ListVersion.__table__.c, Purpose.__table__.c
    connection.execute(update(ListVersion).where(version.operation_id == operation_id).values(name="", reason=""))
    connection.execute(update(Purpose).where(purpose.operation_id == operation_id).values(note=""))


def _cards_of(connection: Connection, order: Order) -> tuple[bytes, ...]:
    """Return the cards of a family: what they are found by stands under their own ids."""
    families = select(_household.c.group_id).where(
        _household.c.operation_id == order.operation_id, _household.c.household_id.in_(order.households)
    )
    mine = (_card.c.operation_id == order.operation_id, _card.c.group_id.in_(families))
    return tuple(map(bytes, connection.execute(select(_card.c.card_id).where(*mine)).scalars()))


def _forget_sheets(connection: Connection, order: Order) -> None:
    """Forget what was typed from paper, and its photos, with the operation: of one family there are running numbers alone."""
    if order.households:
        return
    sheet, photo = TallySheet.__table__.c, TallyPhoto.__table__.c
    connection.execute(delete(TallyPhoto).where(photo.operation_id == order.operation_id))
    connection.execute(update(TallySheet).where(sheet.operation_id == order.operation_id).values(draft=None, told=None))


def erase_entries(connection: Connection, operation_id: bytes, ids: tuple[bytes, ...]) -> None:
    """Drop private bytes and salt of these records (at most a batch); P stays."""
    mine = (_entry.c.operation_id == operation_id, _entry.c.id.in_(ids), _entry.c.private.is_not(None))
    connection.execute(update(Entry).where(*mine).values(private=None, private_salt=None))


def _erase_held(connection: Connection, operation_id: bytes, ids: tuple[bytes, ...]) -> None:
    connection.execute(update(Held).where(_held.c.operation_id == operation_id, _held.c.held_id.in_(ids)).values(raw=None))


def _forget_keys(connection: Connection, operation_id: bytes, ids: tuple[bytes, ...]) -> None:
    """Give cards random keys in the place of their own, which are digests of the printed codes: no code leads to them."""
    mine = (_card.c.operation_id == operation_id, _card.c.card_id == bindparam("card"))
    connection.execute(update(Card).where(*mine).values(card_key=bindparam("key")),
                       [{"card": each, "key": random_id()} for each in sorted(ids)])  # fmt: skip
