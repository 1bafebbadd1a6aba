"""Reading an operation's cards for the office: states, hand-outs, codes for the press, and what happened to one card."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, Row, select
from sqlalchemy.orm import Session

from relief.cards.models import Card
from relief.cards.rules import parse_running_number
from relief.households.models import Household
from relief.kernel.clock import parse_wall
from relief.ledger.models import IS_CARD, Entry
from relief.ledger.sets import rows_where_in
from relief.office.register_queries import list_registrations

Bind = Session | Connection
HANDED_OUT, NOT_HANDED_OUT = "handed_out", "not_handed_out"


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
    """One print run: how many cards, and what became of them; `issued` = blank + linked + dead (replaced or cancelled)."""

    run: int
    issued: int
    blank: int
    linked: int
    handed_out: int
    dead: int


@dataclass(frozen=True, slots=True)
class CardEvent:
    """One thing that happened to a card: when (UTC seconds), what, why, and who told it (user id as text)."""

    at: int
    action: str
    reason: str
    by: str | None


def list_cards(bind: Bind, operation_id: bytes) -> list[CardRow]:
    """Return every card with a running number of ours, in the order of the numbers."""
    handed_out = _handed_out(_card_facts(bind, operation_id))
    cards = [_card(row, handed_out) for row in bind.execute(_cards().where(Card.operation_id == operation_id))]
    return sorted((card for card in cards if _is_ours(card.number)), key=lambda card: parse_running_number(card.number))


def find_card(bind: Bind, operation_id: bytes, *, key: bytes | None = None, number: str | None = None,
              card_id: bytes | None = None) -> CardRow | None:  # fmt: skip
    """Return the card of a key, a running number or an id; None where there is none, or more than one of a number."""
    wanted = (
        Card.card_key == key if key is not None else Card.number == number if number is not None else Card.card_id == card_id
    )
    rows = bind.execute(_cards().where(Card.operation_id == operation_id, wanted)).all()
    if len(rows) != 1:
        return None
    handed_out = _handed_out(_card_facts(bind, operation_id, rows[0].card_id))
    return _card(rows[0], handed_out)


def list_runs(cards: Iterable[CardRow]) -> list[RunRow]:
    """Return what became of each print run, the newest first."""
    runs: dict[int, list[CardRow]] = {}
    for card in cards:
        runs.setdefault(card.run, []).append(card)
    return [_run(run, runs[run]) for run in sorted(runs, reverse=True)]


def _run(run: int, cards: Sequence[CardRow]) -> RunRow:
    states = [card.state for card in cards]
    handed_out = sum(card.state == "linked" and card.handed_out_at is not None for card in cards)
    blank, linked = states.count("blank"), states.count("linked")
    return RunRow(run, len(cards), blank, linked, handed_out, len(cards) - blank - linked)


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
    query = select(Entry.facts, Entry.private).where(
        Entry.operation_id == operation_id, Entry.card_id == card_id, IS_CARD
    )
    events = []
    for facts, private in bind.execute(query):
        told = orjson.loads(facts)
        reason = orjson.loads(private).get("reason", "") if private else ""
        events.append(CardEvent(parse_wall(told["at"]), told["action"], reason, told.get("by")))
    return sorted(events, key=lambda event: event.at)


def read_people(bind: Bind, operation_id: bytes, households: set[bytes]) -> dict[bytes, dict[str, Any]]:
    """Return the private parts of households' registrations: head, village, address. To be logged by whoever shows them."""
    return {each.household_id: each.private for each in list_registrations(bind, operation_id)
            if each.household_id in households}  # fmt: skip


def _cards() -> Any:
    return select(
        Card.card_id, Card.card_key, Card.number, Card.state, Card.household_id, Household.home_site_id
    ).outerjoin(
        Household, (Household.operation_id == Card.operation_id) & (Household.household_id == Card.household_id)
    )  # fmt: skip


def _card(row: Row[Any], handed_out: dict[bytes, int]) -> CardRow:
    site = bytes(row.home_site_id) if row.home_site_id else None
    household = bytes(row.household_id) if row.household_id else None
    card_id = bytes(row.card_id)
    return CardRow(card_id, bytes(row.card_key), row.number or "", row.state, household, site, handed_out.get(card_id))


def _card_facts(bind: Bind, operation_id: bytes, card_id: bytes | None = None) -> Iterator[tuple[bytes, dict[str, Any]]]:
    query = select(Entry.card_id, Entry.facts).where(Entry.operation_id == operation_id, IS_CARD)
    if card_id is not None:
        query = query.where(Entry.card_id == card_id)
    for found, facts in bind.execute(query):
        if found is not None and b"handed_out" in facts:
            yield bytes(found), orjson.loads(facts)


def _handed_out(told: Iterable[tuple[bytes, dict[str, Any]]]) -> dict[bytes, int]:
    """Return when each card was handed out; of several records the last by time, then id, holds."""
    last: dict[bytes, tuple[int, str, str]] = {}
    for card_id, facts in told:
        if facts["action"] in (HANDED_OUT, NOT_HANDED_OUT):
            last[card_id] = max(last.get(card_id, (0, "", "")), (parse_wall(facts["at"]), facts["id"], facts["action"]))
    return {card_id: at for card_id, (at, _id, action) in last.items() if action == HANDED_OUT}


def _is_ours(number: str) -> bool:
    try:
        parse_running_number(number)
    except ValueError:
        return False  # made up at a site
    return True
