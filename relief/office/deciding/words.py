"""What waits for a decision in kind words: what kind of question it is, and what its records say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import Connection, select

from relief.accounts.models import Enrolment
from relief.kernel.ids import to_bytes
from relief.ledger.rules.book import VOIDABLE
from relief.office.families.history import card_words, default_zone
from relief.operations.rules import Plan
from relief.totals.words import day


@dataclass(frozen=True, slots=True)
class Side:
    """One record of a question as the page shows it beside the others."""

    id: str
    title: str
    moment: int
    zone: str
    place: str
    phone: str
    card: str
    over: int
    can_take_back: bool


def list_names() -> dict[str, str]:
    """Return each list of what waits -> its heading."""
    return {"cases": _("Families and cards"), "causes": _("Dates"), "numbers": _("Phones"), "grants": _("Begun, not finished"),
            "held": _("Set aside"), "stock": _("Stock")}  # fmt: skip


def case_words(code: str) -> tuple[str, str]:
    """Return (the question, what helps to answer it)."""
    words = {
        "already_received": (_("Got it twice?"),
                             _("The family had received this already. Was it given again, or only scanned again?")),
        "over_entitlement": (_("More than was due?"), _("More was given than the family may get in this round.")),
        "too_soon": (_("Sooner than planned?"), _("The plan asks for more days between two.")),
        "daily_maximum": (_("More than a day's share?"), _("The plan gives less on one day.")),
        "old_card": (_("An old card was used"), _("It had been replaced or cancelled before. The goods were given.")),
        "unknown_card": (_("A card nobody knows"),
                         _("It leads to no family. Find whose it is, or leave what was given counted apart.")),
        "not_approved": (_("Given before approval"), _("The family is not approved. Approve it, or leave this as it is.")),
        "withdrawn": (_("Given after withdrawal"), _("The family had been withdrawn before.")),
        "no_rule": (_("Nothing planned of this"), _("The plan gives this to nobody. Perhaps a rule is missing.")),
        "unknown_member": (_("Given to somebody not on the list"), _("The person is not in the household as it was then.")),
        "void_waiting": (_("Somebody wants to take it back"), _("Another phone asks to take this hand-over back. Is she right?")),
        "given_and_not_given": (_("Given, and also not given"), _("The phone said both. What really happened?")),
        "after_refusal": (_("Given all the same"), _("The server had said no, and it was given. There may be a good reason.")),
        "several_links": (_("One card, two families"), _("The first family counts. Give the other a card of its own.")),
        "several_replacements": (_("One card replaced twice"),
                                 _("Both new cards are valid, under one entitlement. Cancel one if it is lost.")),
        "outside_round": (_("Outside the round's dates"), _("Was the round longer, or is a phone's clock wrong?")),
        "outside_site": (_("Outside the site's dates"), _("Was the site open longer, or is a phone's clock wrong?")),
    }  # fmt: skip
    return words.get(code, (code.replace("_", " ").capitalize(), ""))


def held_words(code: str) -> str:
    """Return why a record was set aside."""
    words = {
        "malformed": _("It could not be read."),
        "unknown_version": _("A newer app wrote it."),
        "unknown_kind": _("This server does not know what it is."),
        "unknown_enrolment": _("Nobody knows its phone."),
        "unknown_reference": _("It names something that is not in the plan."),
        "conflict": _("Another record has the same name and says something else."),
        "revoked": _("Its phone had been signed off."),
        "not_for_this_device": _("A phone may not tell this."),
    }
    return words.get(code, code)


def kind_words(kind: str | None) -> str:
    """Return what kind of record it is."""
    words = {
        "handover": _("Hand-over"), "contact": _("People met without a card"), "void": _("Taking back"),
        "not_served": _("Left without"), "registration": _("Registration"), "composition": _("Change of a household"),
        "card": _("Card"), "household": _("Decision about a household"), "stock": _("Stock"), "decision": _("Decision"),
    }  # fmt: skip
    return words.get(kind or "", _("Record"))


def sides_of(connection: Connection, operation_id: bytes, records: list[Mapping[str, Any]], plan: Plan) -> list[Side]:
    """Return the records of one question side by side, in the order of time."""
    device = Enrolment.__table__.c
    ids = {to_bytes(each["enrolment"]) for each in records}
    rows = connection.execute(
        select(device.enrolment_id, device.label).where(device.operation_id == operation_id, device.enrolment_id.in_(ids))
    )
    labels = {bytes(row.enrolment_id): row.label for row in rows}
    ordered = sorted(records, key=lambda each: (each["moment"], each["id"]))
    return [_side(each, plan, labels.get(to_bytes(each["enrolment"]), "")) for each in ordered]


def _side(record: Mapping[str, Any], plan: Plan, phone: str) -> Side:
    site, item = plan.site.get(record.get("site", "")), plan.item.get(record.get("item", ""))
    number = record.get("card_number") or ""
    kind = record["kind"]
    if kind == "handover" or kind == "contact":
        title = f"{record.get('quantity', '')} × {item.name if item else '–'}".removeprefix(" × ")
    elif kind == "card":
        title = card_words(record["action"], number)
    else:
        title = kind_words(kind)
    zone = site.zone if site else default_zone(plan)
    return Side(record["id"], title, record["moment"], zone, site.name if site else "", phone, number, record.get("excess", 0),
                kind in VOIDABLE)  # fmt: skip


def given_days(first: str, last: str) -> str:
    """Return on which days outside the plan something was given."""
    if first == last:
        return _("Given: %(day)s", day=day(first))
    return _("Given: %(first)s to %(last)s", first=day(first), last=day(last))


def planned_days(first: str | None, last: str | None) -> str:
    """Return on which days the plan has a round, or a site open; empty where it does not say."""
    if first and last:
        return _("Planned: %(first)s to %(last)s", first=day(first), last=day(last))
    if first:
        return _("Planned: from %(first)s", first=day(first))
    return _("Planned: until %(last)s", last=day(last)) if last else ""


def days_late(seconds: int) -> str:
    """Return how long something has waited."""
    days = seconds // 86_400
    return ngettext("%(num)s day", "%(num)s days", days)
