"""Reading freely filtered distinct people from the projections of the ledger, with where they stand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Connection, exists, or_, select

from relief.households.models import Household
from relief.kernel.errors import BadInput, Conflict, NotAllowed
from relief.kernel.ids import to_bytes
from relief.ledger.models import Delta, Standing
from relief.ledger.queries import HeadRow, get_head
from relief.operations.queries import get_current_plan
from relief.operations.rules import Plan
from relief.totals.figures import PeopleFigures
from relief.totals.people import people_figures
from relief.totals.people_filter import PeopleFilter, count_people, with_areas_below
from relief.totals.queries import read_completeness

_standing, _household, _delta = Standing.__table__.c, Household.__table__.c, Delta.__table__.c


@dataclass(frozen=True, slots=True)
class FilteredPeople:
    """Distinct people who fit `wanted`, as of a moment and ledger position.

    `unsealed`: whether the figures also hold what was stored within the last second and has no position yet (PostgreSQL).
    """

    plan: Plan
    as_of: int
    head: HeadRow
    wanted: PeopleFilter
    people: PeopleFigures
    households: int
    complete: bool
    unsealed: bool

    @property
    def zone(self) -> str:
        """The time zone in which moments are shown: that of the first site."""
        return self.plan.sites[0].zone if self.plan.sites else "UTC"


def read_people(connection: Connection, operation_id: bytes, wanted: PeopleFilter, now: int, *,
                knows_sensitive: bool) -> FilteredPeople:  # fmt: skip
    """Return the distinct people that at least one hand-over reached which stands and fits; `connection`: one snapshot.

    Who may not know of sensitive items gets the figures without them. Raises BadInput for an id that the plan does not
    have, NotAllowed for a sensitive item, Conflict where an older release wrote the ledger's projections.
    """
    plan = get_current_plan(connection, operation_id)
    chosen = _within_plan(plan, wanted, knows_sensitive)
    described = connection.execute(
        select(_household.group_id, _household.members)
        .where(_household.operation_id == operation_id, _household.household_id == _household.group_id)
    ).all()  # fmt: skip
    members = {bytes(group): text for group, text in described}
    cells, households = count_people(_reached(connection, operation_id, chosen), members, chosen)
    figures = people_figures({("*", *cell): count for cell, count in cells.items()}, "*", plan)
    complete = read_completeness(connection, operation_id, plan, now).complete
    unsealed = connection.execute(select(exists().where(_delta.operation_id == operation_id))).scalar_one()
    return FilteredPeople(plan, now, get_head(connection, operation_id), wanted, figures, households, complete, bool(unsealed))


def _within_plan(plan: Plan, wanted: PeopleFilter, knows_sensitive: bool) -> PeopleFilter:
    """Return the filter with areas opened up and, for most readers, without sensitive items."""
    for name, known in (("items", plan.item), ("sites", plan.site), ("areas", plan.area)):
        if strange := sorted(each for each in getattr(wanted, name) if each and each not in known):
            raise BadInput(_("The plan has no such id: %(id)s.", id=strange[0]), where=name)
    sensitive = {item.id for item in plan.items if item.sensitive}
    if not knows_sensitive and sensitive:
        if wanted.items & sensitive:
            raise NotAllowed(_("Your role in this operation does not include this item. Ask the operation's manager."))
        wanted = replace(wanted, items=wanted.items or frozenset(plan.item.keys() - sensitive))
    return replace(wanted, areas=with_areas_below(plan, wanted.areas))


def _reached(connection: Connection, operation_id: bytes, wanted: PeopleFilter) -> Iterator[tuple[bytes, str]]:
    """Yield (group, mask) of every hand-over that reached anybody and fits."""
    # Without a list of items SQLite would read the table row by row through an index that has nothing of it in order.
    conditions: list[Any] = [_standing.operation_id == operation_id, or_(_standing.reached != "", _standing.reached.is_(None)),
                             _standing.kind == "handover"]  # fmt: skip
    conditions += [column.in_([to_bytes(each) for each in ids])
                   for column, ids in ((_standing.item_id, wanted.items), (_standing.site_id, wanted.sites)) if ids]  # fmt: skip
    if wanted.first_day:
        conditions.append(_standing.day >= wanted.first_day)
    if wanted.last_day:
        conditions.append(_standing.day <= wanted.last_day)
    for group, mask in connection.execute(select(_standing.group_id, _standing.reached).where(*conditions)):
        if mask is None:
            raise Conflict(_("An older release of relief wrote this ledger's standings. Run once: relief ledger rebuild"),
                           code="rebuild_needed")  # fmt: skip
        yield bytes(group), mask
