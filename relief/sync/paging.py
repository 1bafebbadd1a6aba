"""Which cards a phone still lacks, page by page: complete at first, then what changed since its cursor.

Everything is read from one snapshot a page: the rows and the list of the phone's own records that they contain belong
together, so that the phone applies on top exactly its other ones. All pages of one register carry the cursor of the first: what
changes while they are fetched comes with the changes since that cursor.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Connection, and_, exists, func, literal, or_, select, true, tuple_, union

from relief.cards.models import Card
from relief.households.models import Household
from relief.kernel.errors import BadInput
from relief.kernel.ids import to_bytes, to_text
from relief.ledger.models import Delta, Entry, Feed, FoldGroup, Seal
from relief.operations.rules import Plan
from relief.sync.register import SECONDS_A_DAY, CardRows, Scope

_TOKEN = re.compile(r"(\d{1,16})-(\d{1,16})-([0-9a-f]{1,64})-([0-9a-f]{32})-([0-9a-f]{32})", re.ASCII)
_card, _household, _group = Card.__table__.c, Household.__table__.c, FoldGroup.__table__.c
_feed, _delta = Feed.__table__.c, Delta.__table__.c


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins: the register's `cursor` and `since`, the `ground` it stands on, and the card that came last.

    The ground is what makes all pages anew when it changes: ledger, plan version, day.
    """

    cursor: int
    since: int
    ground: str
    group_id: bytes = b""
    card_id: bytes = b""

    def after(self, group_id: bytes, card_id: bytes) -> str:
        """Return the word by which a phone asks for what follows this card."""
        return f"{self.cursor}-{self.since}-{self.ground}-{group_id.hex()}-{card_id.hex()}"


def read_place(token: str) -> Place:
    """Return what `Place.after` wrote; raises BadInput."""
    found = _TOKEN.fullmatch(token)
    if found is None:
        raise BadInput(_("This is not what a register's page said under `more`."), where="after")
    cursor, since, ground, group_id, card_id = found.groups()
    return Place(int(cursor), int(since), ground, bytes.fromhex(group_id), bytes.fromhex(card_id))


def ground_of(ledger_id: bytes, plan: Plan, turn: str) -> str:
    """Return what all pages of one register have in common."""
    return hashlib.sha256(f"{ledger_id.hex()} {plan.version} {turn}".encode()).hexdigest()[:16]


def turn_of(plan: Plan, scope: Scope, moment: int) -> str:
    """Return what a phone is told with its rows: it changes when they may be other ones though the ledger stands still."""
    return f"{turns_of(plan, moment)}.{scope.mark}"


def turns_of(plan: Plan, moment: int) -> str:
    """Return what changes by time alone: the day (UTC) and how many rules have begun."""
    return f"{moment // SECONDS_A_DAY}.{sum(rule.valid_from <= moment for rule in plan.rules)}"


def is_stale(connection: Connection, operation_id: bytes, plan: Plan, scope: Scope, since: int, turn: str | None,
             now: int) -> bool:  # fmt: skip
    """Tell whether not the ledger has changed the phone's rows, but a day that turned, a rule that began, its sites or rights.

    `turn` is what the phone was told with its rows; where it does not say, the seal of its cursor is asked.
    """
    if turn is not None:
        return turn != turn_of(plan, scope, now)
    seal = Seal.__table__.c
    then = connection.execute(
        select(func.max(seal.sealed_at)).where(seal.operation_id == operation_id, seal.position <= since)
    ).scalar()  # fmt: skip
    return then is None or turns_of(plan, then) != turns_of(plan, now)


def read_cards(connection: Connection, operation_id: bytes, place: Place, scope: Scope, rows: CardRows,
               limit: int | None) -> tuple[list[dict[str, Any]], str | None]:  # fmt: skip
    """Return (at most `limit` rows of cards, the word for the next page or None).

    Changes are what was sealed after `place.since`, and what is not sealed yet. Cards that belong to other sites are left out
    of a complete register; among changes they come as `elsewhere`, so that the phone that had them drops them.
    """
    here = _is_here(operation_id, scope)
    query = (
        select(_card.group_id, _card.card_id, _card.card_key, _card.state, _card.number, _group.document, _group.basis,
               here.label("here"))
        .join(FoldGroup.__table__, and_(_group.operation_id == operation_id, _group.group_id == _card.group_id))
        .where(_card.operation_id == operation_id, _group.basis.is_not(None))
        .order_by(_card.group_id, _card.card_id)
    )  # fmt: skip
    query = query.where(_card.group_id.in_(_changed(operation_id, place.since))) if place.since else query.where(here)
    if place.group_id:
        # The first condition alone finds the place in the index; the second is exact.
        last = tuple_(literal(place.group_id), literal(place.card_id))
        query = query.where(_card.group_id >= place.group_id, tuple_(_card.group_id, _card.card_id) > last)
    found = connection.execute(query.limit(limit + 1) if limit else query).all()
    page = found[:limit] if limit else found
    more = place.after(bytes(page[-1].group_id), bytes(page[-1].card_id)) if len(found) > len(page) else None
    cards = [rows.row(bytes(row.card_key), row.state, row.number, row.document, row.basis) if row.here
             else {"card": bytes(row.card_key).hex(), "state": "elsewhere"} for row in page]  # fmt: skip
    return cards, more


def count_cards(connection: Connection, operation_id: bytes, scope: Scope) -> int:
    """Return how many cards a complete register has: what a progress bar is drawn from."""
    wanted = select(func.count()).where(_card.operation_id == operation_id, _is_here(operation_id, scope))
    return int(connection.execute(wanted).scalar_one())


def _changed(operation_id: bytes, since: int) -> Any:
    return union(
        select(_feed.group_id).where(_feed.operation_id == operation_id, _feed.position > since),
        select(_delta.group_id).where(_delta.operation_id == operation_id),
    )


def _is_here(operation_id: bytes, scope: Scope) -> Any:
    """Return the condition that a card's group is for this phone: households without a site, and lone cards, are for all."""
    if not scope.site_ids:
        return true()
    mine = [to_bytes(each) for each in scope.site_ids]
    of_group = and_(_household.operation_id == operation_id, _household.group_id == _card.group_id)
    return or_(~exists().where(of_group, _household.home_site_id.is_not(None)),
               exists().where(of_group, _household.home_site_id.in_(mine)))  # fmt: skip


def contained_records(connection: Connection, operation_id: bytes, enrolment_id: bytes, since: int) -> list[str]:
    """Return the ids of this enrolment's records that the rows contain and that did not stand at `since`."""
    table = Entry.__table__.c
    rows = connection.execute(
        select(table.id).distinct().where(table.operation_id == operation_id, table.enrolment_id == enrolment_id,
                                          or_(table.position > since, table.position.is_(None)))
    ).scalars()  # fmt: skip
    return sorted(to_text(each) for each in rows)
