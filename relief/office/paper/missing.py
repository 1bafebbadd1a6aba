"""Who has not come: households to whom something is due in a round, by village and street, and how much the list may not know."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, func, select

from relief.cards.models import Card
from relief.cards.sheet_models import TallySheet
from relief.households.models import Household
from relief.households.place_words import split_address, village_words
from relief.kernel.clock import local_day
from relief.kernel.ids import to_bytes, to_text
from relief.ledger.models import FoldGroup
from relief.ledger.queries import get_position
from relief.ledger.rules.allotment import UNLIMITED, limit_of
from relief.ledger.rules.basis import Basis
from relief.ledger.sets import rows_where_in
from relief.office.lists.duplicates import Known, list_known
from relief.operations.rules import Plan
from relief.totals.figures import Completeness
from relief.totals.queries import read_completeness

MOST_NAMED = 5_000
NOT_ENTERED = ("printed", "filled", "missing")
_household, _group, _card, _sheet = (model.__table__ for model in (Household, FoldGroup, Card, TallySheet))


@dataclass(frozen=True, slots=True)
class Question:
    """Whose list: of a round and some items (none = all that are due), of one site or area (ids as text, '' = all)."""

    round: str
    items: tuple[str, ...] = ()
    site: str = ""
    area: str = ""


@dataclass(frozen=True, slots=True)
class Missing:
    """A household that has not had all: its cards, who it is as far as it may be read, what is left by item."""

    household_id: bytes
    numbers: tuple[str, ...]
    head: str
    village: str
    street: str
    people: int
    site: str
    left: dict[str, int]
    came: bool  # it has had a part


@dataclass(frozen=True, slots=True)
class _Due:
    """What the ledger knows of such a household, before anybody's name is read."""

    household_id: bytes
    site: str
    people: int
    left: dict[str, int]
    came: bool


@dataclass(frozen=True, slots=True)
class MissingList:
    """Everybody who has not come, and what the list may not know: phones, and sheets of paper that are still out."""

    rows: Sequence[Missing]
    as_of: int
    position: int
    completeness: Completeness
    sheets_out: int


def read_missing(connection: Connection, operation_id: bytes, plan: Plan, question: Question, now: int) -> MissingList:
    """Return the list at `now`, in order of village, street and number; `connection` should be one snapshot."""
    found = list(_due(connection, operation_id, plan, question, now))
    wanted = [due.household_id for due in found]
    # a database takes only so many parameters, and most of an operation is read faster whole
    known = list_known(connection, operation_id, wanted if len(wanted) <= MOST_NAMED else None) if wanted else {}
    numbers = _card_numbers(connection, operation_id, wanted)
    rows = [_row(due, known.get(due.household_id), numbers.get(due.household_id, ())) for due in found]
    rows.sort(key=lambda row: (village_words(row.village), split_address(row.street).sort_key, row.numbers, row.household_id))
    out = select(func.count()).select_from(_sheet).where(_sheet.c.operation_id == operation_id, _sheet.c.state.in_(NOT_ENTERED))
    completeness = read_completeness(connection, operation_id, plan, now)
    position = get_position(connection, operation_id)[1]
    return MissingList(rows, now, position, completeness, connection.execute(out).scalar_one())


def _due(connection: Connection, operation_id: bytes, plan: Plan, question: Question,
         now: int) -> Iterator[_Due]:  # fmt: skip
    """Yield who has not had all."""
    states = ("approved", "registered") if plan.grants_undecided else ("approved",)
    where = [_household.c.operation_id == operation_id, _household.c.household_id == _household.c.group_id,
             _household.c.state.in_(states)]  # fmt: skip
    if question.site:
        where.append(_household.c.home_site_id == to_bytes(question.site))
    if question.area:
        where.append(_household.c.area_id.in_([to_bytes(each) for each in areas_within(plan, question.area)]))
    rows = connection.execute(
        select(_household.c.household_id, _household.c.home_site_id, _group.c.basis, _group.c.document)
        .join(_group, (_group.c.operation_id == operation_id) & (_group.c.group_id == _household.c.group_id)).where(*where)
    )
    items = question.items or tuple(item.id for item in plan.items if not item.sensitive)
    for household_id, site_id, basis, document in rows:
        group = Basis(**orjson.loads(basis))
        people = len(group.composition().at(now))
        left, came = _left(plan, group, orjson.loads(document).get("view", {}), question.round, items, people, now)
        if left:
            yield _Due(bytes(household_id), to_text(bytes(site_id)) if site_id else "", people, left, came)


def _left(plan: Plan, group: Basis, view: dict[str, Any], round_id: str, items: Collection[str], people: int,
          now: int) -> tuple[dict[str, int], bool]:  # fmt: skip
    used = {item: number for item, each, number in view.get("used", ()) if each == round_id}
    overrides = {item: number for item, each, number in group.overrides if each == round_id}
    left = {}
    for item in items:
        limit = limit_of(plan, item, plan.rule_at(item, now), people, overrides.get(item))
        if limit < UNLIMITED and limit > used.get(item, 0):
            left[item] = limit - used.get(item, 0)
    return left, any(used.get(item, 0) for item in items)


def current_round(plan: Plan, now: int) -> str:
    """Return the id of the round that runs, else of the last that has begun, else of the first; '' where there is none."""
    today = local_day(now, plan.sites[0].zone if plan.sites else "UTC")
    begun = [each for each in sorted(plan.rounds, key=lambda each: each.first_day) if each.first_day <= today]
    return (begun[-1] if begun else plan.rounds[0]).id if plan.rounds else ""


def areas_within(plan: Plan, area: str) -> set[str]:
    """Return an area and all areas in it."""
    found = {area}
    while more := {each.id for each in plan.areas if each.parent in found} - found:
        found |= more
    return found


def _card_numbers(connection: Connection, operation_id: bytes, groups: Collection[bytes]) -> dict[bytes, tuple[str, ...]]:
    rows = rows_where_in(connection, "SELECT group_id, number FROM card", operation_id, "group_id", groups,
                         "AND state = 'linked' AND number IS NOT NULL")  # fmt: skip
    found: dict[bytes, tuple[str, ...]] = {}
    for group_id, number in sorted((bytes(row[0]), row[1]) for row in rows):
        found[group_id] = (*found.get(group_id, ()), number)
    return found


def _row(due: _Due, known: Known | None, numbers: tuple[str, ...]) -> Missing:
    private = known.private if known else {}
    head = str(private.get("head") or (known.name_of(1) if known else ""))
    return Missing(due.household_id, numbers, head, str(private.get("village", "")), str(private.get("address", "")), due.people,
                   due.site, due.left, due.came)  # fmt: skip
