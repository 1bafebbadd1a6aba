"""Reading an operation's cards for the office: states, hand-outs, codes for the press, and what happened to one card."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from flask_babel import gettext as _
from sqlalchemy import Connection, Row, Select, and_, case, func, outerjoin, select
from sqlalchemy.orm import Session

from relief.cards.blank_models import ReplacementRun
from relief.cards.models import Card
from relief.cards.rules import parse_running_number
from relief.households.models import Household
from relief.kernel.clock import parse_wall
from relief.kernel.errors import NotFound
from relief.kernel.ids import to_bytes
from relief.kernel.paging import PAGE_SIZE, Page
from relief.ledger.models import IS_CARD, Entry, Standing
from relief.ledger.sets import rows_where_in
from relief.office.register_queries import read_private_words

Bind = Session | Connection
LAST_PLACE = 9_999_999


@dataclass(frozen=True, slots=True)
class CardRow:
    """One numbered card; `handed_out_at` in UTC seconds, None while it lies in the office."""

    card_id: bytes
    key: bytes
    number: str
    state: str
    household_id: bytes | None
    site_id: bytes | None
    handed_out_at: int | None

    @property
    def run(self) -> int:
        return parse_running_number(self.number)[0]

    @property
    def is_uncollected(self) -> bool:
        return self.state == "linked" and self.handed_out_at is None


@dataclass(frozen=True, slots=True)
class RunRow:
    """One print run: how many cards, and what became of them; `issued` = blank + linked + dead (replaced or cancelled).

    `last` is its highest place.
    """

    run: int
    issued: int
    blank: int
    linked: int
    handed_out: int
    dead: int
    last: int


@dataclass(frozen=True, slots=True)
class BlankStock:
    """Cards issued to nobody: `made` = `left` (still blank) + `used` (for a family now) + `dead` (cancelled or replaced)."""

    made: int
    left: int
    used: int
    dead: int


@dataclass(frozen=True, slots=True)
class CardEvent:
    """One thing that happened to a card: when (UTC seconds), what, why, who told it (user id as text), and what replaced it."""

    at: int
    action: str
    reason: str
    by: str | None
    successor: CardRow | None


def list_cards(bind: Bind, operation_id: bytes, *, run: int | None = None, site_id: bytes | None = None, first: int = 1,
               last: int = LAST_PLACE) -> list[CardRow]:  # fmt: skip
    """Return the cards with a running number of ours, in the order of the numbers: all, of a run, of a site, of some places."""
    wanted = [Card.place.between(first, last), *([Card.run == run] if run is not None else [])]
    return [_card(row) for row in bind.execute(_ordered(operation_id, site_id, *wanted))]


def find_card(bind: Bind, operation_id: bytes, *, key: bytes | None = None, number: str | None = None,
              card_id: bytes | None = None) -> CardRow | None:  # fmt: skip
    """Return the card of a key, a running number or an id; None where there is none, or more than one of a number."""
    wanted = Card.card_key == key if key is not None else Card.number == number if number is not None else Card.card_id == card_id
    rows = bind.execute(_cards().where(Card.operation_id == operation_id, wanted)).all()
    return _card(rows[0]) if len(rows) == 1 else None


def count_uncollected(bind: Bind, operation_id: bytes, site_id: bytes | None = None) -> int:
    """Return how many cards for families lie in the office: of all, or of the families of one site."""
    wanted = select(func.count()).select_from(_joined()).where(*_of(operation_id, site_id), *_uncollected(operation_id))
    return int(bind.execute(wanted).scalar_one())


def list_uncollected(bind: Bind, operation_id: bytes, site_id: bytes | None = None, number: int = 1) -> Page[CardRow]:
    """Return a page of the cards for families that lie in the office, in the order of the numbers."""
    total = count_uncollected(bind, operation_id, site_id)
    some = _ordered(operation_id, site_id, *_uncollected(operation_id)).limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)
    return Page([_card(row) for row in bind.execute(some)], number, PAGE_SIZE, total)


def list_uncollected_numbers(bind: Bind, operation_id: bytes) -> list[str]:
    """Return the numbers of all cards for families that lie in the office, in their order."""
    return [row.number for row in bind.execute(_ordered(operation_id, None, *_uncollected(operation_id)))]


def list_runs(bind: Bind, operation_id: bytes, number: int = 1) -> Page[RunRow]:
    """Return a page of what became of each print run, the newest first."""
    runs = select(func.count(Card.run.distinct())).where(*_of(operation_id))
    counted = _counted(operation_id).order_by(Card.run.desc()).limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)
    rows = [RunRow(*row) for row in bind.execute(counted)]
    return Page(rows, number, PAGE_SIZE, int(bind.execute(runs).scalar_one()))


def get_run(bind: Bind, operation_id: bytes, run: int) -> RunRow:
    """Return what became of one print run; raises NotFound."""
    row = bind.execute(_counted(operation_id).where(Card.run == run)).first()
    if row is None:
        raise NotFound(_("There is no such print run."))
    return RunRow(*row)


def count_blank_stock(bind: Bind, operation_id: bytes) -> BlankStock:
    """Return what became of all cards of the blank stock: those that were made in the place of another never lay in it."""
    counted = select(func.count(), *_sums()).where(*of_blank_stock(operation_id))
    made, left, used, _handed_out, dead, _last = bind.execute(counted).one()
    return BlankStock(made, left, used, dead)


def of_blank_stock(operation_id: bytes) -> tuple[Any, ...]:
    """Return what holds for cards of the blank stock: made for nobody, and not in the place of another card."""
    replacements = select(ReplacementRun.run).where(ReplacementRun.operation_id == operation_id)
    return (*_of(operation_id), Card.was_blank, Card.run.not_in(replacements))


def list_sites_of_run(bind: Bind, operation_id: bytes, run: int) -> set[bytes]:
    """Return the home sites of the families whose cards are in a run."""
    sites = select(Household.home_site_id).distinct().select_from(_joined()).where(*_of(operation_id), Card.run == run)
    return {bytes(site) for site in bind.execute(sites).scalars() if site}


def list_codes(bind: Bind, operation_id: bytes, card_ids: Sequence[bytes]) -> dict[bytes, str]:
    """Return the codes of cards by card id, as they were kept for reprints; those that were erased are missing."""
    connection = bind if isinstance(bind, Connection) else bind.connection()
    found = rows_where_in(connection, "SELECT card_id, facts, private FROM entry", operation_id, "card_id", card_ids,
                          "AND kind = 'card'")  # fmt: skip
    codes: dict[bytes, str] = {}
    for card_id, facts, private in found:
        if private and orjson.loads(facts).get("action") == "issued":
            code = orjson.loads(private).get("code")
            if isinstance(code, str):
                codes.setdefault(bytes(card_id), code)
    return codes


def list_events(bind: Bind, operation_id: bytes, card_id: bytes) -> list[CardEvent]:
    """Return what happened to a card, the earliest first; reasons that were erased are empty."""
    query = select(Entry.facts, Entry.private).where(Entry.operation_id == operation_id, Entry.card_id == card_id, IS_CARD)
    events = []
    for facts, private in bind.execute(query):
        told = orjson.loads(facts)
        reason = orjson.loads(private).get("reason", "") if private else ""
        new = told.get("new_card_id")
        successor = find_card(bind, operation_id, card_id=to_bytes(new)) if new else None
        events.append(CardEvent(parse_wall(told["at"]), told["action"], reason, told.get("by"), successor))
    return sorted(events, key=lambda event: event.at)


def read_people(bind: Bind, operation_id: bytes, households: set[bytes]) -> dict[bytes, dict[str, Any]]:
    """Return the private words last told of households: head, village, address. To be logged by whoever shows them."""
    return {household: words for household, words in read_private_words(bind, operation_id).items() if household in households}


def _uncollected(operation_id: bytes) -> tuple[Any, ...]:
    """Nobody ticked it, nor has the family come to a table with it; who was withdrawn is not waited for."""
    served = select(Standing.group_id).where(Standing.operation_id == operation_id, Standing.kind == "handover")
    withdrawn = select(Household.household_id).where(Household.operation_id == operation_id, Household.state == "withdrawn")
    return (Card.state == "linked", Card.handed_out_at.is_(None), Card.group_id.not_in(served),
            Card.group_id.not_in(withdrawn))  # fmt: skip


def _joined() -> Any:
    same = (Household.operation_id == Card.operation_id) & (Household.household_id == Card.household_id)
    return outerjoin(Card, Household, same)


def _cards() -> Select[Any]:
    columns: tuple[Any, ...] = (Card.card_id, Card.card_key, Card.number, Card.state, Card.household_id, Card.handed_out_at,
                                Household.home_site_id)  # fmt: skip
    return select(*columns).select_from(_joined())


def _of(operation_id: bytes, site_id: bytes | None = None) -> tuple[Any, ...]:
    ours = (Card.operation_id == operation_id, Card.run.is_not(None))  # not a number that was made up at a site
    return ours if site_id is None else (*ours, Household.home_site_id == site_id)


def _ordered(operation_id: bytes, site_id: bytes | None, *wanted: Any) -> Select[Any]:
    return _cards().where(*_of(operation_id, site_id), *wanted).order_by(Card.run, Card.place, Card.card_id)


def _counted(operation_id: bytes) -> Select[Any]:
    return select(Card.run, func.count(), *_sums()).where(*_of(operation_id)).group_by(Card.run)


def _sums() -> tuple[Any, ...]:
    """Return the counts of a RunRow from `blank` on."""

    def count(*conditions: Any) -> Any:
        return func.coalesce(func.sum(case((and_(*conditions), 1), else_=0)), 0)

    linked = Card.state == "linked"
    return (count(Card.state == "blank"), count(linked), count(linked, Card.handed_out_at.is_not(None)),
            count(Card.state.in_(("cancelled", "replaced"))), func.max(Card.place))  # fmt: skip


def _card(row: Row[Any]) -> CardRow:
    site = bytes(row.home_site_id) if row.home_site_id else None
    household = bytes(row.household_id) if row.household_id else None
    return CardRow(bytes(row.card_id), bytes(row.card_key), row.number or "", row.state, household, site, row.handed_out_at)
