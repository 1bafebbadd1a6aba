"""The register: what a phone must know to decide offline. Complete at first, then what changed since its cursor.

Read from one snapshot: the rows and the list of the phone's own records that they contain belong together, so that the
phone applies on top exactly its other ones.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, func, or_, select

from relief.households.models import Household
from relief.kernel.clock import local_day
from relief.kernel.ids import to_bytes, to_text
from relief.ledger.documents import Document, load_document
from relief.ledger.models import Delta, Entry, Feed, Seal
from relief.ledger.rules.allotment import UNLIMITED, limit_of
from relief.ledger.sets import rows_where_in
from relief.operations.rules import Item, Plan, Round, Site

_DAY_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class Scope:
    """What one phone may see: its sites (none = all) and whether sensitive items are among them."""

    enrolment_id: bytes
    site_ids: tuple[str, ...]
    sensitive: bool

    def sites(self, plan: Plan) -> list[Site]:
        return [site for site in plan.sites if not self.site_ids or site.id in self.site_ids]

    def items(self, plan: Plan) -> list[Item]:
        return [item for item in plan.items if self.sensitive or not item.sensitive]


def plan_part(plan: Plan, scope: Scope) -> dict[str, Any]:
    """Return the sites, items and rounds that this phone may see; labels are the neutral ones."""
    return {
        "sites": [{"id": site.id, "name": site.name, "zone": site.zone, "lanes": site.lanes} for site in scope.sites(plan)],
        "items": [{"id": item.id, "name": item.public_label or item.name, "unit": item.unit, "recipient": item.recipient,
                   "reaches": item.reaches, "service": int(item.service)} for item in scope.items(plan)],
        "rounds": [{"id": each.id, "name": each.name, "first_day": each.first_day, "last_day": each.last_day}
                   for each in plan.rounds],
    }  # fmt: skip


def is_stale(connection: Connection, operation_id: bytes, plan: Plan, since: int, now: int) -> bool:
    """Tell whether time alone has changed what is left since the position `since` was sealed: a day turned, a rule began."""
    seal = Seal.__table__.c
    then = connection.execute(
        select(func.max(seal.sealed_at)).where(seal.operation_id == operation_id, seal.position <= since)
    ).scalar()  # fmt: skip
    return then is None or turns_of(plan, then) != turns_of(plan, now)


def turns_of(plan: Plan, moment: int) -> str:
    """Return what changes by time alone: the day (UTC) and how many rules have begun."""
    return f"{moment // _DAY_SECONDS}.{sum(rule.valid_from <= moment for rule in plan.rules)}"


def changed_cards(connection: Connection, operation_id: bytes, plan: Plan, scope: Scope, since: int,
                  now: int) -> list[dict[str, Any]]:  # fmt: skip
    """Return the rows of all cards whose group changed after the position `since`, also by what is not sealed yet.

    Cards that belong to other sites are left out of a complete register; among changes they come as `elsewhere`, so that
    the phone that had them drops them.
    """
    groups = _changed_groups(connection, operation_id, since)
    here = _at_my_sites(connection, operation_id, groups, scope)
    documents = rows_where_in(connection, "SELECT group_id, document, basis FROM fold_group", operation_id, "group_id", here)
    views = {bytes(gid): _GroupRow(load_document(raw, basis), plan, scope, now) for gid, raw, basis in documents if basis}
    wanted = set(views) | (groups - here if since else set())
    cards = rows_where_in(connection, "SELECT card_key, card_id, group_id, household_id, state, number FROM card", operation_id,
                          "group_id", wanted)  # fmt: skip
    return [views[bytes(row[2])].card(row) if bytes(row[2]) in views else {"card": bytes(row[0]).hex(), "state": "elsewhere"}
            for row in sorted(cards, key=lambda row: bytes(row[1]))]  # fmt: skip


def _changed_groups(connection: Connection, operation_id: bytes, since: int) -> set[bytes]:
    feed, delta = Feed.__table__.c, Delta.__table__.c
    sealed = connection.execute(select(feed.group_id).where(feed.operation_id == operation_id, feed.position > since))
    waiting = connection.execute(select(delta.group_id).where(delta.operation_id == operation_id))
    return {*sealed.scalars(), *waiting.scalars()}


def _at_my_sites(connection: Connection, operation_id: bytes, groups: Collection[bytes], scope: Scope) -> set[bytes]:
    """Leave out households that belong to other sites; those without a site, and lone cards, go to every phone."""
    if not scope.site_ids:
        return set(groups)
    table = Household.__table__.c
    elsewhere = connection.execute(
        select(table.group_id).where(table.operation_id == operation_id, table.home_site_id.is_not(None))
        .group_by(table.group_id)
    ).scalars()  # fmt: skip
    mine = connection.execute(
        select(table.group_id).where(table.operation_id == operation_id,
                                     table.home_site_id.in_([to_bytes(each) for each in scope.site_ids]))
    ).scalars()  # fmt: skip
    return set(groups) - (set(elsewhere) - set(mine))


class _GroupRow:
    """One group as its cards' rows show it."""

    def __init__(self, document: Document, plan: Plan, scope: Scope, now: int) -> None:
        self.view, self.basis, self.plan = document.view, document.basis, plan
        self.households = document.basis.households
        self.members = document.basis.composition().at(now)
        self.due = list(self._due(scope, now)) if self.households else []

    def card(self, row: Any) -> dict[str, Any]:
        found: dict[str, Any] = {"card": bytes(row[0]).hex(), "state": row[4]}
        if row[5]:
            found["number"] = row[5]
        if self.households:
            found |= {"household": self.households[0], "status": self.basis.shown_status, "members": [
                {name: member[name] for name in ("id", "number", "sex", "age_band")} for member in self.members
            ], "due": self.due if row[4] == "linked" else []}  # fmt: skip
        return found

    def _due(self, scope: Scope, now: int) -> Iterator[dict[str, Any]]:
        used = {(item, each): number for item, each, number in self.view.get("used", ())}
        overrides = {(item, each): number for item, each, number in self.basis.overrides}
        for item in scope.items(self.plan):
            for each in _open_rounds(self.plan, now):
                limit = limit_of(self.plan, item.id, self.plan.rule_at(item.id, now), len(self.members),
                                 overrides.get((item.id, each.id)))  # fmt: skip
                left = {} if limit >= UNLIMITED else {"left": max(0, limit - used.get((item.id, each.id), 0))}
                yield {"item": item.id, "round": each.id, **left, **self._last(item.id),
                       "held_by_grant": int([item.id, each.id] in self.view.get("grants", ()))}  # fmt: skip

    def _last(self, item: str) -> dict[str, Any]:
        last = self.view.get("last", {}).get(item)
        if not last:
            return {}
        return {"last_moment": last[0], "last_site": last[1], "given_day": last[2], "given_that_day": last[3]}


def _open_rounds(plan: Plan, now: int) -> list[Round]:
    """Return the rounds that some zone's calendar has not left behind yet."""
    yesterday = local_day(now - _DAY_SECONDS, "UTC")
    return [each for each in plan.rounds if each.last_day >= yesterday]


def contained_records(connection: Connection, operation_id: bytes, enrolment_id: bytes, since: int) -> list[str]:
    """Return the ids of this enrolment's records that the rows contain and that did not stand at `since`."""
    table = Entry.__table__.c
    rows = connection.execute(
        select(table.id).distinct().where(table.operation_id == operation_id, table.enrolment_id == enrolment_id,
                                          or_(table.position > since, table.position.is_(None)))
    ).scalars()  # fmt: skip
    return sorted(to_text(each) for each in rows)


def scope_of(enrolment: Any) -> Scope:
    """Return what the phone of this enrolment row may see."""
    return Scope(enrolment.enrolment_id, tuple(orjson.loads(enrolment.site_ids)), bool(enrolment.sensitive))
