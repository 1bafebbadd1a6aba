"""What people read of tally sheets: their states, and what there is to say of a line, in kind words."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext as _
from flask_babel import ngettext

from relief.office.paper.check import Remark
from relief.office.paper.missing import MissingList, Question
from relief.operations.rules import Plan
from relief.totals.words import day, missing, moment_text


def state_names() -> dict[str, str]:
    """Return state -> its name, in the order in which a sheet goes through them."""
    return {
        "printed": _("out"),
        "filled": _("back, to type in"),
        "entered": _("entered"),
        "unused": _("back, empty"),
        "missing": _("missing"),
    }


def remark_words(remark: Remark, plan: Plan) -> str:
    """Return one remark as a sentence."""
    return _SAY[remark.code](remark, plan) if remark.code in _SAY else _plain(remark.code)


def _plain(code: str) -> str:
    return {
        "no_number": _("The card's number is missing."),
        "unknown_number": _("No card has this number."),
        "wrong_signs": _("The card of this number has other last signs."),
        "several_cards": _("Several cards have this number: type the last four signs."),
        "nothing_given": _("Nothing is given on this line."),
        "old_card": _("This card was replaced or cancelled."),
        "nobodys_card": _("This card belongs to no family yet."),
        "not_approved": _("This family is not approved."),
        "registered": _("This family is not approved yet."),
        "withdrawn": _("This family was withdrawn."),
    }[code]


def code_words(code: str) -> str:
    """Return what the ledger said of an entered hand-over, in words."""
    return {
        "already_received": _("already received"), "over_entitlement": _("more than was due"),
        "too_soon": _("sooner than planned"), "daily_maximum": _("more than a day's share"),
        "old_card": _("on an old card"), "unknown_card": _("on an unknown card"), "not_approved": _("not approved"),
        "withdrawn": _("withdrawn"), "no_rule": _("nothing was due"), "unknown_member": _("an unknown member"),
    }.get(code, code.replace("_", " "))  # fmt: skip


def _already_received(remark: Remark, plan: Plan) -> str:
    item, when = _item(remark, plan), remark.more["day"]
    site = plan.site.get(remark.more["site"])
    if not when or site is None:
        return _("%(item)s: already got it.", item=item)
    return _("%(item)s: already got it, %(day)s, %(site)s.", item=item, day=day(when), site=site.name)


def _item(remark: Remark, plan: Plan) -> str:
    item = plan.item.get(remark.item)
    return item.public_label or item.name if item else "–"


_SAY = {
    "already_received": _already_received,
    "other_lane": lambda remark, _plan: _("This card belongs to lane %(lane)s.", lane=remark.more["lane"]),
    "twice_on_sheet": lambda remark, plan: _("%(item)s: stands in line %(line)s too.", item=_item(remark, plan),
                                             line=remark.more["line"]),
    "over_entitlement": lambda remark, plan: _("%(item)s: only %(left)s was due.", item=_item(remark, plan),
                                               left=remark.more["left"]),
    "no_rule": lambda remark, plan: _("%(item)s: nothing is due to this family.", item=_item(remark, plan)),
    "bad_quantity": lambda remark, plan: _("%(item)s: type a number, or x for a tick.", item=_item(remark, plan)),
    "bad_members": lambda remark, plan: _("%(item)s: type member numbers, such as 1 3.", item=_item(remark, plan)),
    "unknown_member": lambda remark, plan: _("%(item)s: the family has no member %(numbers)s.", item=_item(remark, plan),
                                             numbers=", ".join(str(each) for each in remark.more["numbers"])),
}  # fmt: skip


def left_words(left: Mapping[str, int], plan: Plan) -> str:
    """Return what is still due to a family: `Food parcel, Blanket × 3`."""
    named = ((plan.item[item], count) for item, count in left.items() if item in plan.item)
    return ", ".join((item.public_label or item.name) + (f" × {count}" if count > 1 else "") for item, count in named)


def completeness_sentences(found: MissingList, zone: str) -> list[str]:
    """Return as of when a list is, and what it may not know, as sentences."""
    said = missing(found.completeness, zone, found.as_of)
    if found.sheets_out:
        said.append(ngettext("%(num)s tally sheet not typed in", "%(num)s tally sheets not typed in", found.sheets_out))
    as_of = _("As of %(moment)s, position %(position)s.", moment=moment_text(found.as_of, zone), position=found.position)
    if not said:
        return [as_of, _("No phone is silent, no record is known to wait, no sheet is out.")]
    return [as_of, _("Some of these may have come: %(what)s.", what="; ".join(said))]


def title_of(plan: Plan, question: Question) -> str:
    """Return of which round, place and items a list is."""
    places = [plan.site[question.site].name] if question.site else []
    places += [plan.area[question.area].name] if question.area else []
    items = [plan.item[each].public_label or plan.item[each].name for each in question.items]
    return " · ".join([plan.round[question.round].name, *places, *items])
