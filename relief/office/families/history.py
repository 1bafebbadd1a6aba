"""A family's history in plain words: what was told when, where and by whom, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import Connection, select

from relief.accounts.models import Enrolment, User
from relief.ledger.rules.entry import ENTITLED, EXCESS, REFUSED, VOIDED, WAITING
from relief.ledger.rules.entry import Entry as Fact
from relief.office.families.family import Family
from relief.operations.rules import Plan
from relief.totals import words as figures


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One line: `moment` in UTC seconds with its site's `zone`; `reason` and what else was said beside it; `can_take_back` for a
    hand-over that stands."""

    moment: int
    unsure: bool
    zone: str
    words: str
    reason: str
    who: str
    record_id: str
    can_take_back: bool = False


def history_of(connection: Connection, operation_id: bytes, family: Family, plan: Plan) -> list[HistoryLine]:
    """Return a family's history, the latest first; an ask and its tell make one line."""
    people, devices = _who(connection, operation_id, family)
    numbers = {card.id: card.number or "" for card in family.cards}
    tells = {each.entry.id for each in family.told if each.entry.step == "given"}
    lines = []
    for told in reversed(family.told):
        entry = told.entry
        if entry.step == "answer" and entry.id in tells or entry.facts["kind"] == "decision":
            continue
        standing = family.document.standings.get(entry.id)
        site = plan.site.get(entry.facts.get("site", ""))
        who = people.get(told.by or b"") or devices.get(told.device, "")
        lines.append(HistoryLine(
            entry.at, entry.unsure, site.zone if site else default_zone(plan), _words(entry, standing, plan, numbers),
            _beside(told.private), who, entry.id,
            bool(entry.facts["kind"] == "handover" and standing and standing[0] in (ENTITLED, EXCESS)),
        ))  # fmt: skip
    return lines


def _beside(private: Mapping[str, Any]) -> str:
    """Return the reason that was told, who collected for the family, and that the notice was read out to it."""
    collector = str(private.get("collector", ""))
    collectors = {"relative": _("a relative"), "neighbour": _("a neighbour"), "volunteer": _("a volunteer"),
                  "other": _("somebody else")}  # fmt: skip
    said = (str(private.get("reason", "")), collector and _("collected by %(who)s", who=collectors.get(collector, collector)),
            private.get("notice") and _("the notice was read out"))  # fmt: skip
    return " · ".join(filter(None, said))


def default_zone(plan: Plan) -> str:
    """Return the zone of the plan's first site."""
    return plan.sites[0].zone if plan.sites else "UTC"


def _who(connection: Connection, operation_id: bytes, family: Family) -> tuple[dict[bytes, str], dict[bytes, str]]:
    user, device = User.__table__.c, Enrolment.__table__.c
    people = connection.execute(select(user.id, user.name).where(user.id.in_({each.by for each in family.told if each.by})))
    devices = connection.execute(
        select(device.enrolment_id, device.label)
        .where(device.operation_id == operation_id, device.enrolment_id.in_({each.device for each in family.told}))
    )  # fmt: skip
    return {bytes(row[0]): row[1] for row in people}, {bytes(row[0]): row[1] for row in devices}


def _words(entry: Fact, standing: list[Any] | None, plan: Plan, numbers: Mapping[str, str]) -> str:
    facts = entry.facts
    kind = facts["kind"]
    if kind == "handover":
        return _handed_over(facts, standing, plan)
    if kind == "registration":
        return ngettext("Registered: %(num)s person", "Registered: %(num)s people", len(facts["members"]))
    if kind == "composition":
        return _composition_words(facts)
    if kind == "card":
        return card_words(facts["action"], numbers.get(facts["card_id"], ""), numbers.get(facts.get("new_card_id", ""), ""))
    if kind == "household":
        return _act_words(facts, plan)
    if kind == "void":
        return _("Taken back") if facts["cause"] != "not_given" else _("Was not given after all")
    if kind == "not_served":
        return _("Left without: %(why)s", why=figures.label(facts["cause"]))
    return kind


def _handed_over(facts: Mapping[str, Any], standing: list[Any] | None, plan: Plan) -> str:
    item, site = plan.item.get(facts["item"]), plan.site.get(facts["site"])
    what = f"{facts['quantity']} × {item.name if item else '–'}, {site.name if site else '–'}"
    state = standing[0] if standing else ""
    ways = {
        WAITING: _("Begun, not finished: %(what)s", what=what),
        REFUSED: _("Asked for, not given: %(what)s", what=what),
        VOIDED: _("Given and taken back: %(what)s", what=what),
        EXCESS: _("Given, though not due: %(what)s", what=what),
    }
    return ways.get(state) or _("Given: %(what)s", what=what)


def _composition_words(facts: Mapping[str, Any]) -> str:
    people = ngettext("%(num)s person", "%(num)s people", len(facts["members"]))
    if facts["change"] == "change":
        return _("Changed from %(day)s on: %(people)s", day=figures.day(facts["from"]), people=people)
    return _("Corrected: %(people)s", people=people)


def card_words(action: str, number: str, new_number: str = "") -> str:
    """Return what happened to a card."""
    words = {
        "issued": _("Card %(number)s made", number=number), "linked": _("Card %(number)s given to this family", number=number),
        "handed_out": _("Card %(number)s handed out", number=number),
        "not_handed_out": _("Card %(number)s was not handed out after all", number=number),
        "replaced": _("Card %(number)s replaced by %(new)s", number=number, new=new_number),
        "cancelled": _("Card %(number)s cancelled", number=number),
    }  # fmt: skip
    return words[action]


def _act_words(facts: Mapping[str, Any], plan: Plan) -> str:
    action = facts["action"]
    if action == "override":
        item = plan.item.get(facts["item"])
        return _("May get %(count)s of %(item)s", count=facts["quantity"], item=item.name if item else "–")
    if action == "approved" and facts.get("list_version"):
        return _("Approved with list %(name)s", name=facts["list_version"])
    words = {"approved": _("Approved"), "not_approved": _("Not approved"), "withdrawn": _("Withdrawn"),
             "merged": _("Found to be one family with another entry"), "kept_apart": _("Found to be another family")}  # fmt: skip
    return words[action]
