"""Which site works on which day."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

from relief.fleet.belarus.floods import ROUND_DAYS, ROUND_ONE, ROUND_TWO
from relief.fleet.belarus.places import PLACES

HOLIDAYS = ("2013-05-01", "2013-05-09")
DAYS_A_SITE = {ROUND_ONE: 5, ROUND_TWO: 2}


@cache
def working_days(round_key: str) -> tuple[str, ...]:
    """Return Monday to Friday of a round, without holidays."""
    first, last = map(date.fromisoformat, ROUND_DAYS[round_key])
    days = [first + timedelta(days=each) for each in range((last - first).days + 1)]
    return tuple(day.isoformat() for day in days if day.weekday() < 5 and day.isoformat() not in HOLIDAYS)


@cache
def site_days(site: str, round_key: str) -> tuple[str, ...]:
    """Return the days on which a site gives out in a round: spread evenly, the sites one after the other."""
    days, count = working_days(round_key), DAYS_A_SITE[round_key]
    place = [each.key for each in PLACES].index(site)
    step = len(days) // count
    return tuple(days[place % step + step * number] for number in range(count))


def round_on(day: str) -> str:
    """Return the key of the round a day belongs to; before the first it is the first."""
    return ROUND_TWO if day >= ROUND_DAYS[ROUND_TWO][0] else ROUND_ONE
