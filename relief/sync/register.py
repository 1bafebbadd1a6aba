"""What a phone must know to decide offline, card by card: whose it is, who lives there, and what is left for them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from relief.accounts.lanes import read_lanes
from relief.kernel.clock import local_day
from relief.kernel.ids import to_text
from relief.ledger.rules.allotment import UNLIMITED, limit_of
from relief.ledger.rules.basis import Basis
from relief.operations.rules import Item, Plan, Round, Rule, Site

SECONDS_A_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Scope:
    """What one phone may see: its sites (none = all) and whether sensitive items are among them."""

    enrolment_id: bytes
    site_ids: tuple[str, ...]
    sensitive: bool

    @property
    def mark(self) -> str:
        """What changes with the scope: a phone that may see other cards or items is given everything anew."""
        return hashlib.sha256(f"{self.site_ids} {self.sensitive}".encode()).hexdigest()[:8]

    def sites(self, plan: Plan) -> list[Site]:
        return [site for site in plan.sites if not self.site_ids or site.id in self.site_ids]

    def items(self, plan: Plan) -> list[Item]:
        return [item for item in plan.items if self.sensitive or not item.sensitive]


def plan_part(plan: Plan, scope: Scope, now: int) -> dict[str, Any]:
    """Return the sites, items, rounds and rules that this phone may see; labels are the neutral ones."""
    return {
        "sites": [{"id": site.id, "name": site.name, "zone": site.zone, "lanes": site.lanes, "area": site.area}
                  for site in scope.sites(plan)],
        "areas": [{"id": area.id, "name": area.name} for area in plan.areas],
        "items": [{"id": item.id, "name": item.public_label or item.name, "unit": item.unit, "recipient": item.recipient,
                   "reaches": item.reaches, "service": int(item.service), "sensitive": int(item.sensitive),
                   **_rule(plan.rule_at(item.id, now))} for item in scope.items(plan)],
        "rounds": [{"id": each.id, "name": each.name, "first_day": each.first_day, "last_day": each.last_day}
                   for each in plan.rounds],
        "grants_undecided": int(plan.grants_undecided), "status": plan.status,
    }  # fmt: skip


def _rule(rule: Rule | None) -> dict[str, Any]:
    """Return the rule in force: what a phone needs for a family that it registers itself, and to say until when to wait."""
    if rule is None:
        return {}
    bounds = {"people": rule.people, "minimum_interval_days": rule.minimum_interval_days, "daily_maximum": rule.daily_maximum}
    told = {name: value for name, value in bounds.items() if value is not None}
    return {"rule": {"kind": rule.kind, "quantity": rule.quantity, **told}}


class CardRows:
    """Makes the rows of cards for one phone, at one moment and under one plan."""

    def __init__(self, plan: Plan, scope: Scope, now: int) -> None:
        self.plan, self.now = plan, now
        self.items = scope.items(plan)
        yesterday = local_day(now - SECONDS_A_DAY, "UTC")  # some zone's calendar has not left it behind yet
        self.rounds = [each for each in plan.rounds if each.last_day >= yesterday]
        self._limits: dict[int, list[tuple[Item, Round, int]]] = {}

    def row(self, key: bytes, state: str, number: str | None, document: bytes, basis: bytes) -> dict[str, Any]:
        """Return one card's row, from its group's stored document and basis."""
        found: dict[str, Any] = {"card": key.hex(), "state": state}
        if number:
            found["number"] = number
        group = Basis(**orjson.loads(basis))
        if group.households:
            view = orjson.loads(document)["view"] if document and state == "linked" else {}
            found |= self.family(group, view, ended=state != "linked")
        return found

    def family(self, group: Basis, view: dict[str, Any], ended: bool = False) -> dict[str, Any]:
        """Return what a card's row tells of its family, from its basis and document's view; an `ended` card is due nothing."""
        members = group.composition().at(self.now)
        told = [{name: member[name] for name in ("id", "number", "sex", "age_band")} for member in members]
        return {"household": group.households[0], "status": group.shown_status, "members": told,
                "due": [] if ended else list(self._due(group, len(members), view))}  # fmt: skip

    def _due(self, group: Basis, members: int, view: dict[str, Any]) -> Iterator[dict[str, Any]]:
        used = {(item, each): number for item, each, number in view.get("used", ())}
        overrides = {(item, each): number for item, each, number in group.overrides}
        last, grants = view.get("last", {}), view.get("grants", ())
        for item, each, usual in self._limits_of(members):
            key = (item.id, each.id)
            limit = overrides.get(key, usual)
            left = {} if limit >= UNLIMITED else {"left": max(0, limit - used.get(key, 0))}
            yield {"item": item.id, "round": each.id, **left, **_last(last.get(item.id)), "held_by_grant": int([*key] in grants)}

    def _limits_of(self, members: int) -> list[tuple[Item, Round, int]]:
        """Return (item, round, limit) of a household of so many, without its own overrides: worked out once a size."""
        if members not in self._limits:
            self._limits[members] = [
                (item, each, limit_of(self.plan, item.id, self.plan.rule_at(item.id, self.now), members, None))
                for item in self.items for each in self.rounds
            ]  # fmt: skip
        return self._limits[members]


def _last(last: list[Any] | None) -> dict[str, Any]:
    if not last:
        return {}
    return {"last_moment": last[0], "last_site": last[1], "given_day": last[2], "given_that_day": last[3]}


def scope_of(enrolment: Any) -> Scope:
    """Return what the phone of this enrolment row may see."""
    return Scope(enrolment.enrolment_id, tuple(orjson.loads(enrolment.site_ids)), bool(enrolment.sensitive))


def phone_part(enrolment: Any, registering: dict[str, Any]) -> dict[str, Any]:
    """Return what every answer tells a phone of itself, as the desk set it; `registering` is what it is told of that."""
    told = {
        "label": enrolment.label, "sites": orjson.loads(enrolment.site_ids), "lane": read_lanes(enrolment.lanes),
        "lane_at": enrolment.lanes_at, "site_lead": bool(enrolment.site_lead), "sensitive": bool(enrolment.sensitive),
    }  # fmt: skip
    return told | registering | ({"help_desk": to_text(bytes(enrolment.help_desk_site))} if enrolment.help_desk_site else {})
