"""Reading freely filtered distinct people from the projections of the ledger, with where they stand."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask_babel import gettext as _
from sqlalchemy import Connection, exists, select

from relief.db import is_sqlite
from relief.kernel.errors import BadInput, Conflict, NotAllowed
from relief.kernel.ids import to_bytes
from relief.ledger.models import Delta
from relief.ledger.queries import HeadRow, get_head
from relief.operations.queries import get_current_plan
from relief.operations.rules import Plan
from relief.statements import Row, fetch
from relief.totals.figures import PeopleFigures
from relief.totals.people import people_figures
from relief.totals.people_filter import PeopleFilter, count_people, with_areas_below
from relief.totals.queries import read_completeness

FEW_ITEMS = 4
_delta = Delta.__table__.c


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
    reached = _reached(connection, operation_id, chosen)
    cells, households = count_people(reached, _members(connection, operation_id), chosen)
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


def _members(connection: Connection, operation_id: bytes) -> dict[bytes, str]:
    """Return {group: its people described}. SQLite reads the table as it lies: by an index it would look up row after row."""
    table = "household NOT INDEXED" if is_sqlite(connection) else "household"
    return dict(fetch(connection, f"SELECT group_id, members FROM {table} WHERE operation_id = ? AND household_id = group_id",
                      operation_id))  # fmt: skip


def _reached(connection: Connection, operation_id: bytes, wanted: PeopleFilter) -> list[Row]:
    """Return (group, mask) of all hand-overs that reached anybody and fit; a pair may come several times."""
    where, values = ["operation_id = ?", "kind = 'handover'", "(reached <> '' OR reached IS NULL)"], [operation_id]
    if not (wanted.items or wanted.sites or wanted.first_day or wanted.last_day):
        where.append("newly IS NOT FALSE")  # whom they reached, nobody else need be asked for
    # Of few items hardly a pair comes often: then looking for one that does takes longer than counting it again.
    distinct = "" if wanted.sites or len(wanted.items) <= FEW_ITEMS and not (wanted.first_day or wanted.last_day) else "DISTINCT"
    for column, ids in (("item_id", wanted.items), ("site_id", wanted.sites)):
        if ids:
            where.append(f"{column} IN ({', '.join('?' * len(ids))})")
            values += [to_bytes(each) for each in sorted(ids)]
    days = [(f"day {sign} ?", day) for sign, day in ((">=", wanted.first_day), ("<=", wanted.last_day)) if day]
    fits = " AND ".join([*where, *(word for word, _day in days)])
    sql = f"SELECT {distinct} group_id, reached FROM standing WHERE {fits}"
    pairs = fetch(connection, sql, *values, *(day for _word, day in days))
    if any(mask is None for _group, mask in pairs):
        raise Conflict(_("An older release of relief wrote this ledger's standings. Run once: relief ledger rebuild"),
                       code="rebuild_needed")  # fmt: skip
    return pairs
