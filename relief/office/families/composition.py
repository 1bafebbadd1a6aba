"""Who lives in a household, changed at the desk: a change from a day on, or a correction of what was wrong all along."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Connection

from relief.households.rules import LONGEST_TEXT, MOST_MEMBERS
from relief.kernel.clock import parse_day
from relief.kernel.errors import BadInput, Conflict
from relief.kernel.ids import new_id, to_text
from relief.ledger.private_words import WordKeys
from relief.ledger.rules.composition import compose
from relief.office.families.acts import Making, Record, reason_of
from relief.office.families.family import WORD_FIELDS, Family, FamilyMember, read_words_told
from relief.operations.rules import AGE_BANDS, DISABILITIES, SEXES

CHANGE, CORRECTION = "change", "correction"


@dataclass(frozen=True, slots=True)
class HouseholdNow:
    """The list of people of one household that holds now: the record that told it, its people, and its private words."""

    household: str
    list_id: str
    members: tuple[FamilyMember, ...]
    words: dict[str, Any]


@dataclass(frozen=True, slots=True)
class NewComposition:
    """What the form says: `members` with '' as id for who is new; `day` from which a change holds."""

    way: str
    day: str
    members: tuple[FamilyMember, ...]
    words: dict[str, str]
    reason: str


def household_now(operation_id: bytes, family: Family, household: str, now: int, keys: WordKeys) -> HouseholdNow | None:
    """Return what holds now of one household of a family, None where it was never registered."""
    mine = [each for each in family.told if each.entry.facts.get("household") == household
            and each.entry.facts["kind"] in ("registration", "composition")]  # fmt: skip
    timelines, _same = compose([each.entry for each in mine], (household,))
    if not timelines:
        return None
    timeline = timelines[0]
    row = timeline[max(0, bisect_right(timeline, now, key=lambda row: row[0]) - 1)]
    words, names = read_words_told(mine, operation_id, keys)
    members = tuple(FamilyMember(each["id"], each["number"], each.get("sex", "unknown"), each.get("age_band", "unknown"),
                                 each.get("disability", "unknown"), names.get(each["id"], ""))
                    for each in sorted(row[3], key=lambda member: member["number"]))  # fmt: skip
    return HouseholdNow(household, row[2], members, words)


def read_composition(form: Mapping[str, str], before: HouseholdNow, today: str) -> NewComposition:
    """Return what the form says; raises BadInput with the field that is wrong. Members keep their ids and numbers."""
    way = form.get("way", "")
    if way not in (CHANGE, CORRECTION):
        raise BadInput(_("Say whether something changed, or was wrong all along."), where="way")
    members = tuple(_members(form, before))
    if not 1 <= len(members) <= MOST_MEMBERS:
        raise BadInput(_("A household has 1 to %(most)s members. If nobody is left, withdraw it.", most=MOST_MEMBERS),
                       where="members")  # fmt: skip
    reason = form.get("reason", "").strip()
    if not reason:
        raise BadInput(_("Say why, in a few words."), where="reason")
    words = {name: form.get(name, "").strip()[:LONGEST_TEXT] for name in WORD_FIELDS if name in form and name != "external_id"}
    return NewComposition(way, _day(form.get("day", ""), today) if way == CHANGE else "", members, words, reason)


def _day(text: str, today: str) -> str:
    try:
        day = parse_day(text.strip()).isoformat()
    except ValueError:
        raise BadInput(_("Write the day as 2013-03-18."), where="day") from None
    if not "1900-01-01" <= day <= today:
        raise BadInput(_("The day lies in the future. Come back when it has happened."), where="day")
    return day


def _members(form: Mapping[str, str], before: HouseholdNow) -> Sequence[FamilyMember]:
    """Read the rows of the form: those there were by their id, new ones by a place; a row marked gone, or empty, is left out."""
    found = [_member(form, each.id, each.id, each.number) for each in before.members if not form.get(f"gone-{each.id}")]
    following = max((each.number for each in before.members), default=0) + 1
    for place in range(MOST_MEMBERS):
        if form.get(f"new-{place}") or form.get(f"name-{place}", "").strip():
            found.append(_member(form, str(place), "", following))
            following += 1
    return found


def _member(form: Mapping[str, str], key: str, member_id: str, number: int) -> FamilyMember:
    sex, band, disability = (form.get(f"{name}-{key}", "unknown") for name in ("sex", "band", "disability"))
    if sex not in SEXES or band not in AGE_BANDS or disability not in DISABILITIES:
        raise BadInput(_("Choose one of what is offered, or not known."), where="members")
    return FamilyMember(member_id, number, sex, band, disability, form.get(f"name-{key}", "").strip()[:LONGEST_TEXT])


def recompose(operation_id: bytes, household: str, wanted: NewComposition, list_id: str, now: int, keys: WordKeys) -> Making:
    """Tell that a household is otherwise: from a day on, or all along what the list `list_id` says, which was shown."""

    def make(_connection: Connection, family: Family) -> list[Record]:
        before = household_now(operation_id, family, household, now, keys)
        if before is None or before.list_id != list_id:
            raise Conflict(_("Somebody has changed this household meanwhile. Look at it again."), code="household_changed")
        record: Record = {
            "kind": "composition", "household": household, "change": wanted.way, "private": _words(before, wanted),
            "members": [{"id": each.id or to_text(new_id()), "number": each.number, "sex": each.sex, "age_band": each.age_band,
                         "disability": each.disability} for each in wanted.members],
            **reason_of(wanted.reason),
        }  # fmt: skip
        return [record | ({"from": wanted.day} if wanted.way == CHANGE else {"corrects": list_id})]

    return make


def _words(before: HouseholdNow, wanted: NewComposition) -> dict[str, Any]:
    """Return the private words with names in the order of numbers; years of birth stay with whose they are."""
    words: dict[str, Any] = {**before.words, **wanted.words}
    births = before.words.get("births")
    born = dict(zip((each.id for each in before.members), births, strict=False)) if isinstance(births, list) else {}
    words["names"] = [each.name for each in wanted.members]
    if born:
        words["births"] = [born.get(each.id, "") for each in wanted.members]
    return words


