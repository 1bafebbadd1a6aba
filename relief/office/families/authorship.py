"""Whose word a household is, and what of it nobody has approved: four eyes see a list, and every change to it.

Whoever registered a household, changed or corrected it, at the desk or by a list, told part of what an approval would be of.
The projections are brought up to date by `read_register` where a page is shown; who approves asks the entries after them besides.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select

from relief.households.models import Household, HouseholdApproval, HouseholdAuthor, RegisterMark
from relief.kernel.ids import to_text
from relief.ledger.models import Entry
from relief.ledger.register_reading import TELLING

_household, _author, _approval = (model.__table__.c for model in (Household, HouseholdAuthor, HouseholdApproval))


def list_own(connection: Connection, operation_id: bytes, user_id: bytes) -> set[bytes]:
    """Return the families (ids of survivors) of which somebody told a part."""
    of_household = and_(_author.operation_id == _household.operation_id, _author.household_id == _household.household_id)
    told = connection.execute(
        select(_household.group_id).join(HouseholdAuthor.__table__, of_household)
        .where(_household.operation_id == operation_id, _author.author_id == user_id)
    ).scalars()  # fmt: skip
    author = to_text(user_id)
    return {bytes(each) for each in told} | {group for group, by in list_unread(connection, operation_id) if by == author}


def list_unread(connection: Connection, operation_id: bytes) -> list[tuple[bytes, str | None]]:
    """Return (family, id text of who told it) of what was told since `read_register`, sealed or not."""
    entry, mark = Entry.__table__.c, RegisterMark.__table__.c
    of_household = and_(_household.operation_id == operation_id, _household.household_id == entry.household_id)
    read = connection.execute(select(mark.position).where(mark.operation_id == operation_id)).scalar() or 0
    rows = connection.execute(
        select(_household.group_id, entry.facts).join(Household.__table__, of_household)
        .where(entry.operation_id == operation_id, or_(entry.position.is_(None), entry.position > read), entry.kind.in_(TELLING))
    )  # fmt: skip
    return [(bytes(group), orjson.loads(facts).get("by")) for group, facts in rows]


def select_changed(operation_id: bytes) -> Select[Any]:
    """Select the families of which something was told after their last approval (or that were never approved)."""
    of_author = and_(_author.operation_id == operation_id, _author.household_id == _household.household_id)
    of_approval = and_(_approval.operation_id == operation_id, _approval.household_id == _household.household_id)
    return (
        select(_household.group_id)
        .select_from(Household.__table__.join(HouseholdAuthor.__table__, of_author)
                     .outerjoin(HouseholdApproval.__table__, of_approval))
        .where(_household.operation_id == operation_id)
        .group_by(_household.group_id)
        .having(func.max(_author.position) > func.coalesce(func.max(_approval.position), 0))
    )  # fmt: skip


def is_changed(operation_id: bytes) -> ColumnElement[bool]:
    """Tell of a household whether it is approved, and was changed since; an approval of this second is waited for."""
    entry = Entry.__table__.c
    just_now = select(entry.household_id).where(
        entry.operation_id == operation_id, entry.position.is_(None), entry.kind == "household", entry.household_id.is_not(None)
    )
    return and_(_household.state == "approved", _household.household_id.in_(select_changed(operation_id)),
                _household.household_id.not_in(just_now))  # fmt: skip


def waits_for_approval(operation_id: bytes) -> ColumnElement[bool]:
    """Tell of a household whether it is undecided, or approved and changed since."""
    return or_(_household.state == "registered", is_changed(operation_id))


def count_changed(connection: Connection, operation_id: bytes) -> int:
    """Return how many families were changed after they were approved, and nobody has approved that."""
    where = (_household.operation_id == operation_id, _household.household_id == _household.group_id, is_changed(operation_id))
    return connection.execute(select(func.count()).select_from(Household.__table__).where(*where)).scalar_one()


def list_changed(connection: Connection, operation_id: bytes, families: Collection[bytes]) -> set[bytes]:
    """Return which of some families (at most a page) were changed after they were approved."""
    where = (_household.operation_id == operation_id, _household.household_id.in_(list(families)), is_changed(operation_id))
    return {bytes(each) for each in connection.execute(select(_household.household_id).where(*where)).scalars()}
