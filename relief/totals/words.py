"""The words and numbers that people read of totals: labels, moments, and the sentence on what may be missing."""

from __future__ import annotations

from datetime import datetime, timedelta

from babel.dates import format_date, format_datetime, format_time, get_timezone
from babel.numbers import format_decimal
from flask_babel import get_locale, lazy_gettext, ngettext
from flask_babel import gettext as _

from relief.kernel.clock import EPOCH, local_day, parse_day
from relief.totals.figures import Completeness, ToDecide

LABELS = {
    "female": lazy_gettext("Female"), "male": lazy_gettext("Male"), "unknown": lazy_gettext("Unknown"),
    "yes": lazy_gettext("With a disability"), "no": lazy_gettext("Without"),
    "under_18": lazy_gettext("Under 18"), "over_18": lazy_gettext("18 and over"),
    "0-1": "0–1", "2-5": "2–5", "6-12": "6–12", "13-17": "13–17", "18-59": "18–59", "60+": "60+",
    "people": lazy_gettext("people"), "households": lazy_gettext("households"), "other": "",
    "shelter_housing_and_settlements": lazy_gettext("Shelter, housing and settlements"),
    "livelihoods_and_basic_needs": lazy_gettext("Livelihoods and basic needs"),
    "multi_purpose_cash": lazy_gettext("Multi-purpose cash"), "health": lazy_gettext("Health"),
    "water_sanitation_and_hygiene": lazy_gettext("Water, sanitation and hygiene"),
    "protection_gender_and_inclusion": lazy_gettext("Protection, gender and inclusion"),
    "education": lazy_gettext("Education"), "migration_and_displacement": lazy_gettext("Migration and displacement"),
    "risk_reduction_climate_adaptation_and_recovery": lazy_gettext("Risk reduction, climate adaptation and recovery"),
    "community_engagement_and_accountability": lazy_gettext("Community engagement and accountability"),
    "environmental_sustainability": lazy_gettext("Environmental sustainability"),
    "coordination_and_partnerships": lazy_gettext("Coordination and partnerships"),
    "secretariat_services": lazy_gettext("Secretariat services"),
    "national_society_strengthening": lazy_gettext("National Society strengthening"),
    "absent": lazy_gettext("Absent"), "already_received": lazy_gettext("Already received"),
    "refused": lazy_gettext("Did not want it"), "ineligible": lazy_gettext("Not entitled"),
    "unknown_card": lazy_gettext("Unknown card"), "run_out": lazy_gettext("Run out"),
}  # fmt: skip
UNKNOWN_PLACE = lazy_gettext("Unknown")


def label(key: str) -> str:
    """Return the words for a code; an unknown code is shown readable."""
    return str(LABELS[key]) if key in LABELS else key.replace("_", " ").capitalize()


def item_name(text: str) -> str:
    """Return an item's label; a sensitive item without a neutral label is not named."""
    return text or _("Restricted item")


def number(count: int | None) -> str:
    """Return a count as people write it; nothing known is a dash."""
    return "–" if count is None else format_decimal(count, locale=_locale())


def day(text: str, form: str = "d MMM y") -> str:
    """Return an ISO day as people write it."""
    return format_date(parse_day(text), form, locale=_locale())


def short_day(text: str) -> str:
    """Return an ISO day as day and month."""
    return format_date(parse_day(text), "d MMM", locale=_locale())


def clock_time(moment: int, zone: str) -> str:
    """Return hour and minute of a moment (UTC seconds) in `zone`."""
    return format_time(_aware(moment), "HH:mm", tzinfo=get_timezone(zone), locale=_locale())


def moment_text(moment: int, zone: str) -> str:
    """Return day, hour and minute of a moment in `zone`."""
    return format_datetime(_aware(moment), "d MMM y, HH:mm", tzinfo=get_timezone(zone), locale=_locale())


def since(moment: int, zone: str, now: int) -> str:
    """Return a past moment as short as it can be: the time alone when it was today in `zone`."""
    same_day = local_day(moment, zone) == local_day(now, zone)
    return clock_time(moment, zone) if same_day else moment_text(moment, zone)


def silence(state: Completeness, zone: str, now: int) -> str:
    """Return `6 phones not heard since 08:10`, or nothing when all were heard."""
    if state.heard_at is None:
        return ""
    many = len(state.silent)
    moment = since(state.heard_at, zone, now)
    return ngettext("%(num)s phone not heard since %(moment)s", "%(num)s phones not heard since %(moment)s", many, moment=moment)


def missing(state: Completeness, zone: str, now: int) -> list[str]:
    """Return each thing that may be missing as a short sentence without its stop; empty when nothing is."""
    found = [silence(state, zone, now)] if state.silent else []
    if state.waiting:
        found.append(ngettext("%(num)s record known to wait on phones", "%(num)s records known to wait on phones", state.waiting))
    if state.missing:
        found.append(ngettext("%(num)s record made but not arrived", "%(num)s records made but not arrived", state.missing))
    if state.lost_heads:
        found.append(_("phones know records that this server lost: an older database is in place, see relief doctor"))
    return found


def to_decide(waiting: ToDecide) -> list[str]:
    """Return each thing that waits for a person as a short line; empty when nothing does."""
    lines = []
    if waiting.cases:
        lines.append(ngettext("%(num)s question about a family or card", "%(num)s questions about families and cards",
                              waiting.cases))  # fmt: skip
    if waiting.causes:
        lines.append(ngettext("%(num)s round or place with hand-overs outside its dates",
                              "%(num)s rounds or places with hand-overs outside their dates", waiting.causes))  # fmt: skip
    if waiting.grants:
        lines.append(ngettext("%(num)s hand-over begun over a day ago and not finished",
                              "%(num)s hand-overs begun over a day ago and not finished", waiting.grants))  # fmt: skip
    if waiting.held:
        lines.append(ngettext("%(num)s record set aside and not counted", "%(num)s records set aside and not counted",
                              waiting.held))  # fmt: skip
    return lines


def at_least(count: int, state: Completeness) -> str:
    """Return a live figure: `at least 412` while something may be missing, never a bare number that will still grow."""
    return number(count) if state.complete else _("at least %(count)s", count=number(count))


def _aware(moment: int) -> datetime:
    return EPOCH + timedelta(seconds=moment)


def _locale() -> str:
    return str(get_locale() or "en")
