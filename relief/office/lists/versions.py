"""List versions: a named, numbered set of households as they stand, put together by one person and approved by another.

What is approved is told to the ledger household by household, with the version's name; the report cites the versions.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Connection, and_, delete, func, insert, select, update
from sqlalchemy.orm import Session

from relief.accounts.models import User
from relief.db import write
from relief.households.models import Household, HouseholdAuthor, HouseholdOrigin, ListVersion, ListVersionHousehold
from relief.kernel.errors import BadInput, Conflict, NotAllowed, NotFound
from relief.kernel.paging import PAGE_SIZE, Page
from relief.ledger.keys import Keys
from relief.office.families.authorship import list_own, list_unread, waits_for_approval
from relief.office.families.search import Wanted, select_families
from relief.office.lists.importing import approve_in_steps
from relief.operations.plan_json import is_plain_text

OPEN, APPROVING, APPROVED, RETURNED = "open", "approving", "approved", "returned"
LONGEST_NAME = 80
Bind = Session | Connection
_version, _listed = ListVersion.__table__.c, ListVersionHousehold.__table__.c
_household, _origin, _author = (model.__table__.c for model in (Household, HouseholdOrigin, HouseholdAuthor))


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version: who put it together and who decided about it, each by id and name; counts as they were then."""

    number: int
    name: str
    state: str
    households: int
    people: int
    author_id: bytes
    author: str
    made_at: int
    decided_by: str
    decided_at: int | None
    reason: str

    @property
    def title(self) -> str:
        """How the ledger and the report cite it."""
        return f"{self.number}. {self.name}"


def make_version(connection: Connection, operation_id: bytes, name: str, wanted: Wanted, author_id: bytes, now: int) -> int:
    """Put the households within `wanted` that wait into a new version, undecided or changed since; return its number.

    Households in another open version are left to that. Raises BadInput, Conflict (`nothing_to_approve`).
    """
    if not name.strip() or len(name.strip()) > LONGEST_NAME or not is_plain_text(name):
        raise BadInput(_("Give the list a short name."), where="name")
    taken = (
        select(_listed.household_id)
        .join(ListVersion.__table__, and_(_version.operation_id == _listed.operation_id, _version.number == _listed.number))
        .where(_listed.operation_id == operation_id, _version.state.in_((OPEN, APPROVING)))
    )
    query = select_families(operation_id, wanted).where(waits_for_approval(operation_id), _household.household_id.not_in(taken))
    rows = connection.execute(query.add_columns(_household.size).order_by(_origin.position)).all()
    if not rows:
        raise Conflict(_("Nobody waits for a decision there."), code="nothing_to_approve")
    last = connection.execute(select(func.max(_version.number)).where(_version.operation_id == operation_id)).scalar()
    number = (last or 0) + 1
    connection.execute(insert(ListVersion).values(
        operation_id=operation_id, number=number, name=name.strip(), state=OPEN, households=len(rows),
        people=sum(row.size for row in rows), author_id=author_id, made_at=now, reason=""))  # fmt: skip
    connection.execute(insert(ListVersionHousehold), [
        {"operation_id": operation_id, "number": number, "household_id": row.household_id} for row in rows])  # fmt: skip
    return number


def count_undecided(connection: Connection, operation_id: bytes) -> int:
    """Return how many households nobody has decided about."""
    where = (_household.operation_id == operation_id, _household.state == "registered",
             _household.household_id == _household.group_id)  # fmt: skip
    return connection.execute(select(func.count()).select_from(Household.__table__).where(*where)).scalar_one()


def list_versions(bind: Bind, operation_id: bytes, number: int = 1, size: int = PAGE_SIZE) -> Page[VersionRow]:
    """Return a page of the versions, the latest first."""
    total = bind.execute(select(func.count()).where(_version.operation_id == operation_id)).scalar_one()
    rows = bind.execute(_rows(operation_id).order_by(_version.number.desc()).limit(size).offset((number - 1) * size))
    return Page([VersionRow(*row) for row in rows], number, size, total)


def get_version(bind: Bind, operation_id: bytes, number: int) -> VersionRow:
    """Return one version; raises NotFound."""
    row = bind.execute(_rows(operation_id).where(_version.number == number)).first()
    if row is None:
        raise NotFound(_("There is no such list."))
    return VersionRow(*row)


def _rows(operation_id: bytes) -> Any:
    author, decider = User.__table__.alias("author"), User.__table__.alias("decider")
    return (
        select(_version.number, _version.name, _version.state, _version.households, _version.people, _version.author_id,
               author.c.name, _version.made_at, func.coalesce(decider.c.name, ""), _version.decided_at, _version.reason)
        .join(author, author.c.id == _version.author_id).outerjoin(decider, decider.c.id == _version.decided_by)
        .where(_version.operation_id == operation_id)
    )  # fmt: skip


def list_households(connection: Connection, operation_id: bytes, number: int, page: int = 1,
                    size: int = PAGE_SIZE) -> Page[bytes]:  # fmt: skip
    """Return a page of the households of a version, in the order in which they were registered."""
    where = (_listed.operation_id == operation_id, _listed.number == number)
    total = connection.execute(select(func.count()).where(*where)).scalar_one()
    of_household = and_(_origin.operation_id == operation_id, _origin.household_id == _listed.household_id)
    listed = ListVersionHousehold.__table__.outerjoin(HouseholdOrigin.__table__, of_household)
    rows = connection.execute(
        select(_listed.household_id).select_from(listed).where(*where)
        .order_by(_origin.position, _listed.household_id).limit(size).offset((page - 1) * size)
    ).scalars()  # fmt: skip
    return Page([bytes(each) for each in rows], page, size, total)


def check_approver(connection: Connection, operation_id: bytes, version: VersionRow, user_id: bytes) -> None:
    """Hold that four eyes see a list: raise NotAllowed (`own_list`) for who made it or told any part of what it shows."""
    listed = connection.execute(
        select(_listed.household_id).where(_listed.operation_id == operation_id, _listed.number == version.number)
    ).scalars()
    own = list_own(connection, operation_id, user_id)
    if user_id == version.author_id or any(bytes(each) in own for each in listed):
        raise NotAllowed(_("You made this list, or entered or changed households on it: somebody else approves it."),
                         code="own_list")  # fmt: skip


def mark_of(connection: Connection, operation_id: bytes, number: int) -> str:
    """Return what changes whenever a household of a version is changed or left out: a page says which it showed."""
    of_listed = and_(_household.operation_id == operation_id, _household.group_id == _listed.household_id)
    of_household = and_(_author.operation_id == operation_id, _author.household_id == _household.household_id)
    told = (
        ListVersionHousehold.__table__.join(Household.__table__, of_listed).join(HouseholdAuthor.__table__, of_household)
    )
    counted = select(func.count(func.distinct(_listed.household_id)), func.coalesce(func.max(_author.position), 0))
    row = connection.execute(
        counted.select_from(told).where(_listed.operation_id == operation_id, _listed.number == number)
    ).one()  # fmt: skip
    return f"{row[0]}.{row[1]}"


def get_approvable(connection: Connection, operation_id: bytes, number: int, user_id: bytes, seen: str) -> VersionRow:
    """Return the version that this user may approve as it was `seen` (see `mark_of`).

    Raises NotAllowed (`own_list`), Conflict (`list_decided`, or `list_changed` where it is another by now).
    """
    version = get_version(connection, operation_id, number)
    if version.state not in (OPEN, APPROVING):
        raise _decided()
    check_approver(connection, operation_id, version, user_id)
    if version.state == OPEN and not _is_as_seen(connection, operation_id, number, seen):
        raise Conflict(_("Somebody has changed households of this list since you looked. Look at it again."), code="list_changed")
    return version


def approve_version(operation_id: bytes, number: int, desk_id: bytes, user_id: bytes, seen: str, now: int, keys: Keys) -> int:
    """Approve all households of a version that still wait; return how many. What was cut short goes on when pressed again.

    Raises NotAllowed (`own_list`), Conflict (`list_decided`, `list_changed` where it is not what was `seen`).
    """
    version, households = write(partial(_begin, operation_id=operation_id, number=number, user_id=user_id, seen=seen, now=now))
    approve_in_steps(operation_id, desk_id, user_id, version.title, households, now, keys)
    write(partial(_move, operation_id=operation_id, number=number, state=APPROVED))
    return len(households)


def _begin(connection: Connection, operation_id: bytes, number: int, user_id: bytes, seen: str,
           now: int) -> tuple[VersionRow, list[bytes]]:  # fmt: skip
    """Take the version for approving; its figures become those of what is approved with it."""
    version = get_approvable(connection, operation_id, number, user_id, seen)
    waiting = and_(_household.operation_id == operation_id, _household.household_id == _listed.household_id)
    still = _household.state.in_(("registered", "approved")) if version.state == APPROVING else waits_for_approval(operation_id)
    rows = connection.execute(
        select(_household.household_id, _household.size).join(ListVersionHousehold.__table__, waiting)
        .where(_listed.operation_id == operation_id, _listed.number == number, still)
    ).all()  # fmt: skip
    _move(connection, operation_id, number, APPROVING, decided_by=user_id, decided_at=now, households=len(rows),
          people=sum(row.size for row in rows))  # fmt: skip
    return version, [bytes(row.household_id) for row in rows]


def _is_as_seen(connection: Connection, operation_id: bytes, number: int, seen: str) -> bool:
    here = (_listed.operation_id == operation_id, _listed.number == number)
    listed = connection.execute(select(_listed.household_id).where(*here))
    unread = {family for family, _by in list_unread(connection, operation_id)}
    return seen == mark_of(connection, operation_id, number) and not any(bytes(each) in unread for each in listed.scalars())


def return_version(connection: Connection, operation_id: bytes, number: int, user_id: bytes, reason: str, now: int) -> None:
    """Do not approve a version: its households wait on, for another version."""
    if not reason.strip() or not is_plain_text(reason):
        raise BadInput(_("Say why, in a few words."), where="reason")
    if get_version(connection, operation_id, number).state != OPEN:
        raise _decided()
    _move(connection, operation_id, number, RETURNED, decided_by=user_id, decided_at=now, reason=reason.strip()[:500])


def leave_out(connection: Connection, operation_id: bytes, number: int, household_id: bytes) -> None:
    """Take a household off an open version: it waits on."""
    if get_version(connection, operation_id, number).state != OPEN:
        raise _decided()
    here = (_listed.operation_id == operation_id, _listed.number == number)
    connection.execute(delete(ListVersionHousehold).where(*here, _listed.household_id == household_id))
    of_list = and_(_household.operation_id == operation_id, _household.household_id == _listed.household_id)
    left = connection.execute(
        select(func.count(), func.coalesce(func.sum(_household.size), 0))
        .select_from(ListVersionHousehold.__table__.join(Household.__table__, of_list)).where(*here)
    ).one()  # fmt: skip
    _move(connection, operation_id, number, OPEN, households=left[0], people=int(left[1]))


def _move(connection: Connection, operation_id: bytes, number: int, state: str, **values: Any) -> None:
    here = (_version.operation_id == operation_id, _version.number == number)
    connection.execute(update(ListVersion).where(*here).values(state=state, **values))


def _decided() -> Conflict:
    return Conflict(_("This list is decided already."), code="list_decided")

