"""Blank cards by where they lie: stacks given to sites and back, used there, lost, counted.

Where a card lies is what the last move of its number says, else the office. What became of it the ledger knows, so that a card
used at a site leaves its stock by itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Connection, func, insert, select

from relief.cards.blank_models import BlankCount, BlankMove
from relief.cards.models import Card
from relief.cards.rules import parse_running_number, split_number
from relief.kernel.errors import BadInput
from relief.office.acting import Desk
from relief.office.cards import acts as card_acts
from relief.office.cards.finding import get_typed_card
from relief.office.cards.issuing import lock_running_numbers
from relief.office.cards.queries import CardRow, list_cards, of_blank_stock


@dataclass(frozen=True, slots=True)
class Counted:
    """What somebody counted at one place, how many should have been there then, and when (UTC seconds)."""

    counted: int
    expected: int
    at: int

    @property
    def difference(self) -> int:
        return self.counted - self.expected


@dataclass(frozen=True, slots=True)
class PlaceStock:
    """Blank cards of one site, or of the office (`site_id` None): `got` = `left` + `used` (for a family now) + `dead`."""

    site_id: bytes | None
    left: int
    used: int
    dead: int
    last_count: Counted | None = None

    @property
    def got(self) -> int:
        return self.left + self.used + self.dead


def list_stock(connection: Connection, operation_id: bytes, sites: Sequence[bytes]) -> list[PlaceStock]:
    """Return the stock of the office and of each site that has or had any, in this order."""
    counts, last = _count_by_place(connection, operation_id), _last_counts(connection, operation_id)
    held = {site for site, _state in counts} | last.keys()
    elsewhere = sorted(site for site in held if site and site not in sites)
    rows = [_place(site, counts, last.get(site)) for site in (None, *sites, *elsewhere)]
    return [row for row in rows if row.site_id is None or row.site_id in held]


def _place(site: bytes | None, counts: Counter[tuple[bytes | None, str]], last: Counted | None) -> PlaceStock:
    return PlaceStock(site, counts[site, "blank"], counts[site, "linked"], counts[site, "cancelled"] + counts[site, "replaced"],
                      last)  # fmt: skip


def _count_by_place(connection: Connection, operation_id: bytes) -> Counter[tuple[bytes | None, str]]:
    last_move = (
        select(BlankMove.site_id)
        .where(BlankMove.operation_id == operation_id, BlankMove.run == Card.run)
        .where(Card.place.between(BlankMove.first, BlankMove.last))
        .order_by(BlankMove.number.desc())
        .limit(1)
        .scalar_subquery()
    )
    cards = select(last_move.label("site_id"), Card.state).where(*of_blank_stock(operation_id)).subquery()
    rows = connection.execute(select(cards.c.site_id, cards.c.state, func.count()).group_by(cards.c.site_id, cards.c.state))
    return Counter({(bytes(site) if site else None, state): count for site, state, count in rows})


def _last_counts(connection: Connection, operation_id: bytes) -> dict[bytes | None, Counted]:
    rows = connection.execute(select(BlankCount.site_id, BlankCount.counted, BlankCount.expected, BlankCount.counted_at)
                              .where(BlankCount.operation_id == operation_id).order_by(BlankCount.number))  # fmt: skip
    return {bytes(site) if site else None: Counted(*counted) for site, *counted in rows}


def move(connection: Connection, acting: Desk, first: str, last: str, site_id: bytes | None) -> int:
    """Give the stack between two typed or scanned cards to a site, or back to the office; return how many of it are blank.

    Raises BadInput, NotFound naming `first` or `last`.
    """
    stack = _stack(connection, acting, first, last)
    (run, begin), (_same, end) = (parse_running_number(card.number) for card in (stack[0], stack[-1]))
    values = {"run": run, "first": begin, "last": end, "site_id": site_id, "user_id": acting.user_id, "moved_at": acting.now}
    _add(connection, BlankMove, acting.operation_id, values)
    return len(stack)


def lose(connection: Connection, acting: Desk, first: str, last: str, reason: str) -> int:
    """Cancel the blank cards between two that are lost or spoiled: nothing can be had with them. Raises BadInput, NotFound."""
    stack = _stack(connection, acting, first, last)
    card_acts.cancel_all(connection, acting, stack, reason)
    return len(stack)


def note_count(connection: Connection, acting: Desk, site_id: bytes | None, counted: int) -> Counted:
    """Note what was counted at a place beside what should be there now."""
    lock_running_numbers(connection, acting.operation_id)
    expected = _count_by_place(connection, acting.operation_id)[site_id, "blank"]
    values = {"site_id": site_id, "counted": counted, "expected": expected, "user_id": acting.user_id, "counted_at": acting.now}
    _add(connection, BlankCount, acting.operation_id, values)
    return Counted(counted, expected, acting.now)


def _add(connection: Connection, table: type[BlankMove] | type[BlankCount], operation_id: bytes, values: dict[str, Any]) -> None:
    highest = select(func.coalesce(func.max(table.number), 0) + 1).where(table.operation_id == operation_id)
    number = connection.execute(highest).scalar_one()
    connection.execute(insert(table).values(operation_id=operation_id, number=number, **values))


def _stack(connection: Connection, acting: Desk, first: str, last: str) -> list[CardRow]:
    """Return the blank cards from one to another of the same run, both included."""
    lock_running_numbers(connection, acting.operation_id)
    low = get_typed_card(connection, acting.operation_id, first, "first")
    high = get_typed_card(connection, acting.operation_id, last, "last") if last.strip() else low
    (run, begin), (same, end) = split_number(low.number), split_number(high.number)
    if not run or run != same or not begin or not end or begin > end:
        raise BadInput(_("First and last card are of one run, the lower number first."), code="no_stack", where="last")
    between = list_cards(connection, acting.operation_id, run=run, first=begin, last=end)
    stack = [card for card in between if card.state == "blank"]
    if not stack:
        raise BadInput(_("None of these cards is blank."), code="not_blank", where="first")
    return stack
