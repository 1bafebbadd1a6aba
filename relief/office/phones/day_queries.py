"""The days that leads opened and closed at their sites, and the hours that volunteers kept, as their phones told them.

Both are records of the kind `day_closed`. The ledger keeps all but their envelope as it came, so what is read here may have any
shape: a line that makes no sense is left out, and a word that is not there is empty.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlalchemy import Connection, and_, select

from relief.accounts.models import Enrolment
from relief.kernel.clock import parse_day, parse_wall
from relief.ledger.models import Entry

_MINUTES_A_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class DayLine:
    """One item's day in units; None: nobody knows. `left` is by reckoning, `counted` what lay there."""

    item: str
    start: int | None
    received: int
    given: int
    lost: int
    sent_on: int
    left: int | None
    counted: int | None
    reason: str

    @property
    def difference(self) -> int | None:
        return None if self.left is None or self.counted is None else self.counted - self.left


@dataclass(frozen=True, slots=True)
class DayPage:
    """A site's day as its last page says; `moment` in UTC seconds by the phone's clock, `by` who captured it (id text or None).

    `source`: whose figures they are, `phones` or `office`. `unsent` names the phones that still had records, with how many.
    """

    site: str
    day: str
    is_closed: bool
    moment: int
    phone: str
    by: str | None
    source: str
    lines: tuple[DayLine, ...]
    families: int
    people: int
    contacts: int
    phones: int
    unsent: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Hours:
    """What a volunteer kept as her hours of a day at a site: `08:10` to `16:40`, in whole minutes; and whom she served."""

    day: str
    site: str
    name: str
    by: str
    begins: str
    ends: str
    minutes: int
    families: int
    people: int


@dataclass(slots=True)
class Days:
    """The latest day first: pages by day and site, hours by day and name; `names` of who captured them, by id."""

    pages: list[DayPage] = field(default_factory=list)
    hours: list[Hours] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)


def read_days(connection: Connection, operation_id: bytes) -> Days:
    """Return what was told of days and hours; of several pages of a day, or hours of one person's day, the last holds."""
    pages: dict[tuple[str, str], DayPage] = {}
    hours: dict[tuple[str, str], Hours] = {}
    days = Days()
    for told, moment, phone in sorted(_told(connection, operation_id), key=lambda each: (each[1], each[0]["seq"], each[0]["id"])):
        action, by = told.get("action"), told.get("by")
        if action == "shift":
            kept = _hours(told, phone)
            hours[kept.day, kept.by] = kept
            if by and kept.name:
                days.names[by] = kept.name
        elif action in ("opened", "closed"):
            page = _page(told, moment, phone)
            pages[page.day, page.site] = page
    days.pages = [pages[key] for key in sorted(pages, reverse=True)]
    days.hours = sorted(hours.values(), key=lambda each: (each.name.casefold(), each.by))
    days.hours.sort(key=lambda each: each.day, reverse=True)
    return days


def _told(connection: Connection, operation_id: bytes) -> Iterator[tuple[dict[str, Any], int, str]]:
    """Yield each record with its moment (UTC s) and the label of its phone; one that names no site or day is left out."""
    entry, device = Entry.__table__.c, Enrolment.__table__.c
    rows = connection.execute(
        select(entry.facts, entry.private, device.label)
        .join(Enrolment.__table__, and_(device.operation_id == entry.operation_id, device.enrolment_id == entry.enrolment_id))
        .where(entry.operation_id == operation_id, entry.kind == "day_closed")
    )
    for facts, private, label in rows:
        told = {**(orjson.loads(private) if private else {}), **orjson.loads(facts)}
        with suppress(ValueError, TypeError, KeyError):
            parse_day(told["day"])
            yield {**told, "site": str(told["site"])}, parse_wall(told["at"]), label


def _page(told: dict[str, Any], moment: int, phone: str) -> DayPage:
    phones = _objects(told.get("phones"))
    unsent = tuple((_text(each, "label"), _count(each, "waiting")) for each in phones if _count(each, "waiting"))
    return DayPage(told["site"], told["day"], told["action"] == "closed", moment, phone, told.get("by"), _text(told, "source"),
                   tuple(_line(each) for each in _objects(told.get("lines"))), _count(told, "families"), _count(told, "people"),
                   _count(told, "contacts"), len(phones), unsent)  # fmt: skip


def _line(told: dict[str, Any]) -> DayLine:
    return DayLine(_text(told, "item"), _known(told, "start"), _count(told, "received"), _count(told, "given"),
                   _count(told, "lost"), _count(told, "sent_on"), _known(told, "left"), _known(told, "counted"),
                   _text(told, "reason"))  # fmt: skip


def _hours(told: dict[str, Any], phone: str) -> Hours:
    begins, ends = _text(told, "begins"), _text(told, "ends")
    return Hours(told["day"], told["site"], _text(told, "name"), told.get("by") or phone, begins, ends,
                 _minutes(begins, ends), _count(told, "families"), _count(told, "people"))  # fmt: skip


def _minutes(begins: str, ends: str) -> int:
    """Return how long it was; past midnight where the end comes before the beginning. 0 for what is no time."""
    try:
        first, last = (int(text[:2]) * 60 + int(text[3:5]) for text in (begins, ends))
    except ValueError:
        return 0
    return (last - first) % _MINUTES_A_DAY


def _objects(value: Any) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _text(told: dict[str, Any], name: str) -> str:
    value = told.get(name)
    return value if isinstance(value, str) else ""


def _known(told: dict[str, Any], name: str) -> int | None:
    value = told.get(name)
    return value if isinstance(value, int) else None


def _count(told: dict[str, Any], name: str) -> int:
    return _known(told, name) or 0
