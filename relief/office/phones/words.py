"""What the pages of phones say: how a phone is, where it serves, how long ago."""

from __future__ import annotations

from datetime import timedelta

from babel import Locale, UnknownLocaleError
from flask_babel import format_timedelta, ngettext
from flask_babel import gettext as _

from relief.accounts.lanes import Lanes
from relief.operations.rules import Plan

JUST_NOW_SECONDS = 60


def no_such_phone() -> str:
    return _("There is no such device.")


def ago(moment: int | None, now: int) -> str:
    """Return how long ago something was, in words."""
    if moment is None:
        return _("not yet")
    if now - moment < JUST_NOW_SECONDS:
        return _("just now")
    return format_timedelta(timedelta(seconds=moment - now), granularity="minute", threshold=1.2, add_direction=True)


def left(until: int, now: int) -> str:
    """Return how long something still holds, in words."""
    return format_timedelta(timedelta(seconds=max(until - now, 60)), granularity="minute", threshold=1.2)


def age(moment: int | None, now: int) -> str:
    """Return how old something is, in words."""
    if moment is None:
        return _("not known")
    return format_timedelta(timedelta(seconds=max(0, now - moment)), granularity="minute", threshold=1.2)


def flag_names() -> dict[str, str]:
    """Return each flag -> its short words."""
    return {
        "lost": _("Lost records"), "storage": _("Storage trouble"), "not_back": _("Still has records"),
        "waits": _("Records wait"), "to_decide": _("To decide"), "missing": _("Numbers missing"), "silent": _("Silent"),
        "battery": _("Battery low"), "old_list": _("Old list"), "old_app": _("Old app"), "unheard": _("Not heard yet"),
    }  # fmt: skip


def flag_help(flag: str, count: int) -> str:
    """Return what a flag means and what to do about it; `count` is how many records it is about."""
    words = {
        "lost": ngettext("Its browser threw its storage away, with %(num)s record that was not sent. Ask who used it what was "
                         "given, and enter it on paper.",
                         "Its browser threw its storage away, with %(num)s records that were not sent. Ask who used it what was "
                         "given, and enter it on paper.", count),
        "storage": _("It has no room left, or cannot write. Let it send what it has, then free some room or take another phone."),
        "not_back": ngettext("%(num)s record was still on it when it was last heard. It can hand it in, also now.",
                             "%(num)s records were still on it when it was last heard. It can hand them in, also now.", count),
        "waits": ngettext("%(num)s record waits on it. Bring it to where there is network and keep the app open until it says 0.",
                          "%(num)s records wait on it. Bring it to where there is network and keep the app open until it says 0.",
                          count),
        "to_decide": ngettext("%(num)s record of it was set aside and waits for a decision.",
                              "%(num)s records of it were set aside and wait for a decision.", count),
        "missing": ngettext("%(num)s record in between has not come. It may still be on it.",
                            "%(num)s records in between have not come. They may still be on it.", count),
        "silent": _("It has not been heard for a while. Perhaps it has no network, or is switched off."),
        "battery": _("Its battery is low. It can hand what it has and its lane to another phone."),
        "old_list": _("Its list is older than a day: it may not know what others gave."),
        "old_app": _("Its app is older than this server. It still works; open it where there is network to bring it up to date."),
        "unheard": _("It has joined, and nothing has come from it yet."),
    }  # fmt: skip
    return words[flag]


def storage_names() -> dict[str, str]:
    """Return what a phone tells of its storage -> its words."""
    return {"ok": _("enough room"), "low": _("little room"), "full": _("no room left"), "failing": _("cannot write")}


def language_name(code: str) -> str:
    """Return what a language calls itself."""
    try:
        return Locale.parse(code, sep="-").display_name or code
    except (UnknownLocaleError, ValueError):
        return code or _("not known")


def places(sites: list[str], plan: Plan) -> str:
    """Return the names of the sites that a phone serves."""
    if not sites:
        return _("all sites")
    return ", ".join(plan.site[each].name if each in plan.site else "–" for each in sites)


def lanes_words(lanes: Lanes, sites: list[str], plan: Plan) -> list[str]:
    """Return the lanes of a phone in words: `Lane 2 of 3`, with the site's name where it serves several."""
    here = [site for site in plan.sites if site.lanes and (not sites or site.id in sites) and site.id in lanes]
    return [f"{site.name}: {_lanes(lanes[site.id], site.lanes)}" if len(sites) != 1 else _lanes(lanes[site.id], site.lanes)
            for site in here]  # fmt: skip


def _lanes(numbers: list[int], lanes: int) -> str:
    if not numbers:
        return _("no lane")
    shown = ", ".join(str(each) for each in numbers)
    return ngettext("lane %(numbers)s of %(lanes)s", "lanes %(numbers)s of %(lanes)s", len(numbers), numbers=shown, lanes=lanes)
