"""Looking households up: by name however it is spelled, by number, card, phone or document; by state and place; paged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select

from relief.cards.models import Card
from relief.cards.rules import card_key, check_code, normalise_typed
from relief.households.models import Household, HouseholdOrigin, HouseholdTerm
from relief.households.search_terms import similar_terms, wanted_terms
from relief.kernel.paging import PAGE_SIZE, Page
from relief.ledger.private_words import WordKeys
from relief.ledger.register_reading import stored_term
from relief.operations.queries import OperationRow

STATES = ("registered", "approved", "not_approved", "withdrawn")
LONGEST_QUERY = 100
_household, _card, _term, _origin = (model.__table__.c for model in (Household, Card, HouseholdTerm, HouseholdOrigin))


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to look for: words typed, and bounds; empty ones ask for nothing. Ids as bytes."""

    typed: str = ""
    state: str = ""
    area: bytes | None = None
    site: bytes | None = None
    by_phone: bool | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A page of family ids; `similar` when nothing was written so and these only sound alike."""

    page: Page[bytes]
    similar: bool = False


def search_households(connection: Connection, operation: OperationRow, wanted: Wanted, keys: WordKeys, number: int = 1,
                      size: int = PAGE_SIZE) -> Found:  # fmt: skip
    """Return a page of families, in the order in which they were registered; of a merged set the surviving one."""
    typed = "".join(sign for sign in wanted.typed[:LONGEST_QUERY] if sign.isprintable()).strip()
    if not typed:
        return Found(_page(connection, select_families(operation.id, wanted), number, size))
    for similar, ways in ((False, wanted_terms(typed)), (True, similar_terms(typed))):
        matches = [_is_named(operation, each, keys) for each in ways]
        either = [and_(*matches)] if matches else []
        if not similar:
            either += _is_card(operation.id, typed)
        page = _page(connection, select_families(operation.id, wanted).where(or_(*either)), number, size) if either else None
        if page is not None and (page.total or similar):
            return Found(page, similar)
    return Found(Page([], 1, size, 0))


def select_families(operation_id: bytes, wanted: Wanted) -> Select[Any]:
    """Select the surviving households; without an origin yet they stand last."""
    of_family = and_(_origin.operation_id == operation_id, _origin.household_id == _household.household_id)
    query = (
        select(_household.household_id)
        .select_from(Household.__table__.outerjoin(HouseholdOrigin.__table__, of_family))
        .where(_household.operation_id == operation_id, _household.household_id == _household.group_id)
    )
    if wanted.state:
        query = query.where(_household.state == wanted.state)
    if wanted.area is not None:
        query = query.where(_household.area_id == wanted.area)
    if wanted.site is not None:
        query = query.where(func.coalesce(_household.home_site_id, _origin.site_id) == wanted.site)
    if wanted.by_phone is not None:
        query = query.where(_origin.by_phone.is_(wanted.by_phone))
    return query


def _page(connection: Connection, query: Select[Any], number: int, size: int) -> Page[bytes]:
    total = connection.execute(select(func.count()).select_from(query.subquery())).scalar_one()
    ordered = query.order_by(_origin.position.is_(None), _origin.position, _household.household_id)
    rows = connection.execute(ordered.limit(size).offset((number - 1) * size)).scalars()
    return Page([bytes(each) for each in rows], number, size, total)


def _is_named(operation: OperationRow, ways: list[tuple[bytes, bool]], keys: WordKeys) -> ColumnElement[bool]:
    """A word names a family when a household or a card of it has one of its terms."""
    here = or_(*(_matches(operation, term, keys, goes_on) for term, goes_on in ways))
    found = select(_term.household_id).where(_term.operation_id == operation.id, here)
    households = select(_household.group_id).where(_household.operation_id == operation.id, _household.household_id.in_(found))
    cards = select(_card.group_id).where(_card.operation_id == operation.id, _card.card_id.in_(found))
    return or_(_household.group_id.in_(households), _household.group_id.in_(cards))


def _matches(operation: OperationRow, term: bytes, keys: WordKeys, goes_on: bool) -> ColumnElement[bool]:
    """Where names are sealed only whole words are found: the beginning of a digest says nothing."""
    stored = stored_term(keys, operation.id, term, sealed=operation.seals_names)
    if goes_on and stored == term:
        return and_(_term.term >= stored, _term.term < stored + b"\xff")
    return _term.term == stored


def _is_card(operation_id: bytes, typed: str) -> list[ColumnElement[bool]]:
    """A running number or a whole code names the family of its card."""
    code = normalise_typed(typed)
    ways = [_card.number == typed]
    if check_code(code):
        ways.append(_card.card_key == card_key(operation_id, code))
    return [_household.group_id.in_(select(_card.group_id).where(_card.operation_id == operation_id, or_(*ways)))]
