"""Families that phones registered at a site, and the leads whom a manager has named to approve them."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import Connection, and_, delete, func, select
from sqlalchemy.orm import Session

from relief.accounts.models import Role, User
from relief.accounts.queries import list_roles
from relief.households.models import Household, HouseholdOrigin, SiteApprover
from relief.kernel.errors import BadInput, NotAllowed
from relief.ledger.sets import replace_rows
from relief.office.families.acts import Making, decide_family
from relief.office.families.family import Family

Bind = Session | Connection
_approver, _household, _origin = (model.__table__.c for model in (SiteApprover, Household, HouseholdOrigin))


@dataclass(frozen=True, slots=True)
class Lead:
    """A site lead who signs in, and whether she has been named."""

    user_id: bytes
    name: str
    named: bool


def list_leads(bind: Bind, operation_id: bytes) -> list[Lead]:
    """Return the operation's site leads who can sign in, by name."""
    user, role = User.__table__.c, Role.__table__.c
    named = and_(_approver.operation_id == operation_id, _approver.user_id == user.id)
    rows = bind.execute(
        select(user.id, user.name, _approver.user_id)
        .join(Role.__table__, and_(role.user_id == user.id, role.operation_id == operation_id, role.role == "site_lead"))
        .outerjoin(SiteApprover.__table__, named).where(user.disabled_at.is_(None)).order_by(user.name, user.id)
    )  # fmt: skip
    return [Lead(bytes(row[0]), row[1], row[2] is not None) for row in rows]


def name_lead(connection: Connection, operation_id: bytes, user_id: bytes, named_by: bytes, now: int) -> None:
    """Let a site lead approve; raises BadInput for who is none."""
    if "site_lead" not in list_roles(connection, operation_id, user_id):
        raise BadInput(_("Only a site lead of this operation can be named."), where="user")
    replace_rows(connection, SiteApprover, ("operation_id", "user_id", "named_by", "named_at"),
                 [(operation_id, user_id, named_by, now)])  # fmt: skip


def unname_lead(connection: Connection, operation_id: bytes, user_id: bytes) -> None:
    """End it; what she approved stays."""
    connection.execute(delete(SiteApprover).where(_approver.operation_id == operation_id, _approver.user_id == user_id))


def may_approve_at_site(bind: Bind, operation_id: bytes, user_id: bytes) -> bool:
    """Tell whether a lead has been named, and still is a lead."""
    named = select(_approver.user_id).where(_approver.operation_id == operation_id, _approver.user_id == user_id)
    return bind.execute(named).first() is not None and "site_lead" in list_roles(bind, operation_id, user_id)


def count_by_site(connection: Connection, operation_id: bytes) -> dict[bytes | None, int]:
    """Return how many families that phones registered wait at each site."""
    of_household = and_(_origin.operation_id == _household.operation_id, _origin.household_id == _household.household_id)
    rows = connection.execute(
        select(_origin.site_id, func.count()).join(Household.__table__, of_household)
        .where(_origin.operation_id == operation_id, _origin.by_phone, _household.state == "registered",
               _household.household_id == _household.group_id).group_by(_origin.site_id)
    )  # fmt: skip
    return {row[0] and bytes(row[0]): row[1] for row in rows}


def decide_at_site(action: str, reason: str, user_id: bytes, allowed: bool) -> Making:
    """Approve, or not, a family that a phone registered; raises NotAllowed (`not_named`) for who was not named."""
    if not allowed:
        raise NotAllowed(_("A manager names the lead who may approve here."), code="not_named")
    if action == "withdrawn":
        raise BadInput(_("There is no such decision."), where="action")
    make = decide_family(action, reason, user_id)

    def make_on_site(connection: Connection, family: Family) -> list[dict[str, object]]:
        told = [each.entry for each in family.told if each.entry.facts["kind"] == "registration"]
        if not told or any(entry.authority == "desk" for entry in told):
            raise NotAllowed(_("This family was not registered at the site: a manager decides about it."), code="not_on_site")
        return list(make(connection, family))

    return make_on_site
