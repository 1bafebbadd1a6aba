"""What a held record says, in words: what, how many, where, when, whose card. It may be anything: nothing is granted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import Connection, or_, select

from relief.cards.models import Card
from relief.kernel.clock import local_day, parse_wall
from relief.kernel.ids import is_id_text, to_bytes, to_text
from relief.ledger.values import is_card_key
from relief.office.deciding.words import kind_words
from relief.office.families.history import default_zone
from relief.operations.rules import Plan
from relief.totals.words import moment_text

Numbers = Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Said:
    """A record in words: `title` says what it is about, `line` the most of it, `facts` are (name, value).

    `fields` are all that it says, as it came.
    """

    title: str
    facts: tuple[tuple[str, str], ...]
    fields: tuple[tuple[str, Any], ...]
    line: str = ""


def said(record: Any, plan: Plan, numbers: Numbers) -> Said:
    """Return a held record (or the facts of a stored one) in words; `numbers` as `card_numbers` returns them."""
    if not isinstance(record, dict):
        return Said(_("Not readable"), (), (("–", record),))
    facts = [
        (_("Place"), _name(plan.site, record.get("site"))), (_("When"), _moment(record, plan)),
        (_("Card"), _card(record, numbers)), (_("Round"), _name(plan.round, record.get("round"))),
        (_("People"), _people(record)), (_("Why"), _text(record.get("reason"))),
    ]  # fmt: skip
    known = tuple((name, value) for name, value in facts if value)
    line = " · ".join(_("card %(number)s", number=value) if name == _("Card") else value
                      for name, value in known if name != _("Round"))  # fmt: skip
    return Said(_title(record, plan), known, tuple(record.items()), line)


def card_numbers(connection: Connection, operation_id: bytes, records: Iterable[Any]) -> dict[str, str | None]:
    """Return card key or card id -> running number of the cards that records name, as far as they are known."""
    named = [record.get(name) for record in records if isinstance(record, dict) for name in ("card", "card_id")]
    keys = [bytes.fromhex(each) for each in named if isinstance(each, str) and is_card_key(each)]
    ids = [to_bytes(each) for each in named if isinstance(each, str) and is_id_text(each)]
    card = Card.__table__.c
    rows = connection.execute(select(card.card_key, card.card_id, card.number).where(
        card.operation_id == operation_id, or_(card.card_key.in_(keys), card.card_id.in_(ids))))  # fmt: skip
    return {known: row.number for row in rows for known in (bytes(row.card_key).hex(), to_text(bytes(row.card_id)))}


def differences(record: Any, stored: Mapping[str, Any]) -> list[str]:
    """Return the names of the facts in which a held record says something else than the stored one."""
    if not isinstance(record, dict):
        return []
    return sorted(name for name in stored if name in record and record[name] != stored[name])


def _title(record: dict[str, Any], plan: Plan) -> str:
    kind = record.get("kind")
    known = kind if isinstance(kind, str) else None
    item, quantity = _name(plan.item, record.get("item")), record.get("quantity")
    amount = f"{quantity} × " if type(quantity) is int else ""
    if known in ("handover", "contact", "stock") and item:
        words = f"{amount}{item}"
        return words if known == "handover" else f"{kind_words(known)}: {words}"
    return kind_words(known)


def _name(named: Mapping[str, Any], told: Any) -> str:
    if not isinstance(told, str):
        return ""
    return str(named[told].name) if told in named else _("not in the plan")


def _moment(record: dict[str, Any], plan: Plan) -> str:
    told = record.get("at")
    if not isinstance(told, str):
        return ""
    site = record.get("site")
    zone = plan.site[site].zone if isinstance(site, str) and site in plan.site else default_zone(plan)
    try:
        moment = parse_wall(told)
        return moment_text(moment, zone) if local_day(moment, zone) else ""
    except (ValueError, OverflowError):
        return ""


def _card(record: dict[str, Any], numbers: Numbers) -> str:
    told = record.get("card", record.get("card_id"))
    if not isinstance(told, str):
        return ""
    return numbers[told] or _("without a number") if told in numbers else _("not known here")


def _people(record: dict[str, Any]) -> str:
    members, groups = record.get("members"), record.get("people")
    if isinstance(groups, list):
        count = sum(each["count"] for each in groups if isinstance(each, dict) and type(each.get("count")) is int)
    else:
        count = len(members) if isinstance(members, list) else 0
    return ngettext("%(num)s person", "%(num)s people", count) if count else ""


def _text(told: Any) -> str:
    return told[:200] if isinstance(told, str) else ""
