"""Moments are integers: whole seconds of UTC since 1970. Local days are dates in a named zone."""

from __future__ import annotations

import re
import time
from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from relief.kernel.errors import BadSetting

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# One day inside the calendar's ends, so that no zone can push a local day over them.
EARLIEST = int((datetime(1, 1, 2, tzinfo=UTC) - EPOCH).total_seconds())
LATEST = int((datetime(9999, 12, 30, tzinfo=UTC) - EPOCH).total_seconds())

_WALL = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d{1,6})?(Z|[+-]\d\d:\d\d)", re.ASCII)


class Clock(Protocol):
    def now(self) -> int:
        """Return the present moment in UTC seconds."""


class SystemClock:
    """The machine's own clock."""

    def now(self) -> int:
        return int(time.time())


class ShiftedClock:
    """The machine's clock shifted by the whole seconds written in a file: for demonstrations and drills only."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def now(self) -> int:
        try:
            moment = int(time.time()) + int(self.path.read_text(encoding="ascii"))
        except (OSError, ValueError):
            moment = LATEST + 1
        if not EARLIEST <= moment <= LATEST:
            raise BadSetting(f"The clock file {self.path} must hold the whole seconds by which the clock is shifted.")
        return moment

    def set(self, moment: int) -> None:
        """Let the clock show `moment` (UTC seconds) from now on."""
        spare = self.path.with_suffix(".new")
        spare.write_text(str(moment - int(time.time())), encoding="ascii")
        spare.replace(self.path)


class FrozenClock:
    """A clock that moves only when told: for tests."""

    def __init__(self, moment: int) -> None:
        self.moment = moment

    def now(self) -> int:
        return self.moment


@lru_cache(maxsize=65536)
def parse_wall(text: str) -> int:
    """Return the UTC seconds of a wall time with offset, `2013-03-18T09:12:30+03:00`; a fraction is dropped.

    Raises ValueError when the text is not such a time. Years 1 to 9999 are taken, held one day inside both ends.
    """
    match = _WALL.fullmatch(text)
    if match is None:
        raise ValueError("not a time with offset")
    year, month, day, hour, minute, second = map(int, match.groups()[:6])
    moment = datetime(year, month, day, hour, minute, second, tzinfo=UTC) - EPOCH
    offset = match.group(7)
    shift = 0 if offset == "Z" else int(offset[1:3]) * 3600 + int(offset[4:6]) * 60
    if offset != "Z" and (int(offset[1:3]) > 23 or int(offset[4:6]) > 59):
        raise ValueError("no such offset")
    seconds = moment.days * 86400 + moment.seconds + (shift if offset[0] == "-" else -shift)
    return min(max(seconds, EARLIEST), LATEST)


def wall(moment: int, zone: str = "UTC") -> str:
    """Return a moment as wall time with offset in `zone`.

    Before a place counted in whole minutes (its clocks went by the sun), the offset cannot be written: such moments are told
    in UTC, `...Z`.
    """
    shown = (EPOCH + timedelta(seconds=moment)).astimezone(_zone(zone))
    offset = shown.utcoffset()
    if offset is not None and offset.seconds % 60:
        return shown.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return shown.isoformat(timespec="seconds")


@lru_cache(maxsize=256)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


@lru_cache(maxsize=65536)
def _day_of_quarter(quarter: int, zone: str) -> str:
    return (EPOCH + timedelta(seconds=quarter * 900)).astimezone(_zone(zone)).date().isoformat()


def local_day(moment: int, zone: str) -> str:
    """Return the ISO date that the calendar in `zone` shows at `moment`. (No zone shifts by less than a quarter hour.)"""
    return _day_of_quarter(moment // 900, zone)


def parse_day(text: str) -> date:
    """Return the date of `2013-03-18`; raises ValueError."""
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII):
        raise ValueError("not a date")
    return date.fromisoformat(text)


def add_months(day: date, months: int) -> date:
    """Return the same day `months` later, or that month's last day where it has no such day.

    Held at the calendar's own ends, the years 1 and 9999.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not date.min.year <= year <= date.max.year:
        return date.max if months > 0 else date.min
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
