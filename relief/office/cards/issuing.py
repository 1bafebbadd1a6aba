"""Cards in the ledger: issued to approved households or as blank stock, handed out, replaced, cancelled."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Connection, func, select

from relief.cards.models import Card
from relief.cards.rules import card_key, new_code, running_number
from relief.db import is_sqlite
from relief.households.place_words import split_address, village_words
from relief.kernel.errors import BadInput, Conflict
from relief.kernel.ids import to_text
from relief.ledger import desk
from relief.ledger.keys import Keys
from relief.office.register_queries import WaitingHousehold, list_households_without_card
from relief.operations.queries import get_current_plan

BATCH = 500
MOST_BLANK = 10_000


@dataclass(frozen=True, slots=True)
class IssuedCard:
    """A card just issued. `code` is what the QR holds: it goes to the printer and, sealed, to the ledger - nowhere else."""

    number: str
    code: str
    key: bytes
    household_id: bytes | None = None
    external_id: str = ""
    site: str = ""

    @property
    def last_four(self) -> str:
        return self.code[-4:]


def issue_cards(
    connection: Connection,
    operation_id: bytes,
    enrolment_id: bytes,
    now: int,
    site_id: bytes | None = None,
    keys: Keys | None = None,
) -> list[IssuedCard]:
    """Issue a card to every approved household without one (of one home site, if given), in the order of `order_of_run`.

    The run is the next free one. Again at once issues none. `keys`: see `household_import.import_households`.
    """
    lock_running_numbers(connection, operation_id)
    sites = {site.id: site.name for site in get_current_plan(connection, operation_id).sites}
    waiting = list_households_without_card(connection, operation_id, site_id, keys)
    named = [(sites.get(to_text(each.home_site_id), "") if each.home_site_id else "", each) for each in waiting]
    named.sort(key=lambda pair: order_of_run(*pair))
    run = next_run(connection, operation_id)
    cards = [new_card(operation_id, run, place, each, site) for place, (site, each) in enumerate(named, 1)]
    tell_issued(connection, operation_id, enrolment_id, cards, now, keys)
    return cards


def issue_blank_cards(
    connection: Connection, operation_id: bytes, enrolment_id: bytes, count: int, now: int, keys: Keys | None = None
) -> list[IssuedCard]:
    """Issue `count` cards of nobody yet, as a run of their own; they are linked at the site."""
    check_blank(count)
    lock_running_numbers(connection, operation_id)
    run = next_run(connection, operation_id)
    cards = [new_card(operation_id, run, place) for place in range(1, count + 1)]
    tell_issued(connection, operation_id, enrolment_id, cards, now, keys)
    return cards


def check_blank(count: int) -> None:
    """Raise BadInput for more blank cards than one run may have, or none."""
    if not 1 <= count <= MOST_BLANK:
        raise BadInput(_("Blank stock is 1 to %(most)s cards at a time.", most=MOST_BLANK), where="count")


def hand_out(key: bytes) -> dict[str, Any]:
    """Return the record that a card was given to its household."""
    return {"kind": "card", "action": "handed_out", "card": key.hex()}


def take_back(key: bytes) -> dict[str, Any]:
    """Return the record that a card was not given to its household after all: somebody ticked the wrong line."""
    return {"kind": "card", "action": "not_handed_out", "card": key.hex()}


def link(key: bytes, household_id: bytes) -> dict[str, Any]:
    """Return the record that links a blank card to a household."""
    return {"kind": "card", "action": "linked", "card": key.hex(), "household": to_text(household_id)}


def replace(key: bytes, new_key: bytes, reason: str) -> dict[str, Any]:
    """Return the record that puts a blank card in the place of another, which entitles to nothing from now on."""
    return {"kind": "card", "action": "replaced", "card": key.hex(), "new_card": new_key.hex(), "reason": reason}


def cancel(key: bytes, reason: str) -> dict[str, Any]:
    """Return the record that cancels a card: it entitles to nothing from now on."""
    return {"kind": "card", "action": "cancelled", "card": key.hex(), "reason": reason}


def next_run(connection: Connection, operation_id: bytes) -> int:
    """Return the number of the next print run: one more than the highest in use."""
    highest = select(func.max(Card.run)).where(Card.operation_id == operation_id, Card.run.is_not(None))
    return int(connection.execute(highest).scalar() or 0) + 1


def lock_running_numbers(connection: Connection, operation_id: bytes) -> None:
    """Let one issue at a time choose its run and its households. (SQLite has one writer anyway.)"""
    if not is_sqlite(connection):
        key = int.from_bytes(hashlib.sha256(b"relief card run" + operation_id).digest()[:8], "big", signed=True)
        connection.execute(select(func.pg_advisory_xact_lock(key)))


def order_of_run(site: str, household: WaitingHousehold) -> tuple[Any, ...]:
    """Return what sorts a run: by site (none last), village, street, house and external id, numbers by their size.

    The hand-out list runs in this order under headings of village and street: a way from door to door.
    """
    parts = re.split(r"([0-9]+)", household.external_id.casefold())
    natural = tuple(int(part) if place % 2 else part for place, part in enumerate(parts))
    place = (village_words(household.village), split_address(household.address).sort_key)
    return (not site, site.casefold(), *place, natural, household.household_id)


def new_card(operation_id: bytes, run: int, place: int, household: WaitingHousehold | None = None, site: str = "") -> IssuedCard:
    """Return a card with a new code: a household's, or nobody's yet. Nothing is written."""
    code = new_code()
    number, key = running_number(run, place), card_key(operation_id, code)
    if household is None:
        return IssuedCard(number, code, key)
    return IssuedCard(number, code, key, household.household_id, household.external_id, site)


def _issued(card: IssuedCard) -> dict[str, Any]:
    record = {"kind": "card", "action": "issued", "card": card.key.hex(), "number": card.number, "code": card.code}
    return record | ({"household": to_text(card.household_id)} if card.household_id else {})


def tell_issued(
    connection: Connection,
    operation_id: bytes,
    enrolment_id: bytes,
    cards: Sequence[IssuedCard],
    now: int,
    keys: Keys | None,
) -> None:
    """Tell the ledger that cards were issued; raises Conflict when it does not take one of them."""
    for start in range(0, len(cards), BATCH):
        records = [_issued(card) for card in cards[start : start + BATCH]]
        for verdict in desk.tell(connection, operation_id, enrolment_id, records, now, keys):
            if verdict.verdict == "held":  # nothing of a run is issued when one card of it is not
                raise Conflict(_("The ledger did not take the cards."), code="not_issued", where=",".join(verdict.codes))
