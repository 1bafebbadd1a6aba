"""What people read of closed days and of hours: words, and the two tables for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from flask_babel import gettext as _

from relief.kernel.cells import safe_cell
from relief.kernel.clock import wall
from relief.office.families.history import default_zone
from relief.office.phones.day_queries import DayPage, Days
from relief.operations.rules import Plan

DAY_COLUMNS = ("day", "site", "state", "moment", "phone", "lead", "figures_of", "item", "start", "received", "given", "lost",
               "sent_on", "left", "counted", "difference", "reason", "families", "people", "phones", "phones_unsent")  # fmt: skip
HOURS_COLUMNS = ("day", "site", "name", "begins", "ends", "minutes", "families", "people")


def reason_words(reason: str) -> str:
    """Return why a count differed, as the lead said it."""
    words = {"damaged": _("Damaged"), "miscounted": _("Counted wrong before"), "not_noted": _("Given, but not noted"),
             "missing": _("Missing"), "other": _("Another reason")}  # fmt: skip
    return words.get(reason, reason)


def duration(minutes: int) -> str:
    """Return whole minutes as hours and minutes, `8:30`."""
    return f"{minutes // 60}:{minutes % 60:02}"


def total_hours(days: Days) -> list[tuple[str, int, int]]:
    """Return (name, days, minutes) of every volunteer, by name."""
    sums: dict[str, tuple[str, int, int]] = {}
    for each in days.hours:
        name, count, minutes = sums.get(each.by, (each.name, 0, 0))
        sums[each.by] = (name, count + 1, minutes + each.minutes)
    return sorted(sums.values(), key=lambda row: row[0].casefold())


def days_csv(days: Days, plan: Plan) -> str:
    """Return a row an item of every site's day (one without items has one row); quantities in units, moments with offset."""
    return _csv(DAY_COLUMNS, (row for page in days.pages for row in _day_rows(page, days, plan)))


def _day_rows(page: DayPage, days: Days, plan: Plan) -> Iterable[tuple[object, ...]]:
    site = plan.site.get(page.site)
    moment = wall(page.moment, site.zone if site else default_zone(plan))
    head = (page.day, site.name if site else page.site, "closed" if page.is_closed else "opened", moment, page.phone,
            days.names.get(page.by or "", ""), page.source)  # fmt: skip
    tail = (page.families, page.people, page.phones, len(page.unsent))
    for each in page.lines:
        item = plan.item.get(each.item)
        yield (*head, item.name if item else each.item, each.start, each.received, each.given, each.lost, each.sent_on, each.left,
               each.counted, each.difference, each.reason, *tail)  # fmt: skip
    if not page.lines:
        yield (*head, *[None] * 10, *tail)


def hours_csv(days: Days, plan: Plan) -> str:
    """Return a row a volunteer and day."""
    names = {site.id: site.name for site in plan.sites}
    rows = ((each.day, names.get(each.site, ""), each.name, each.begins, each.ends, each.minutes, each.families, each.people)
            for each in days.hours)  # fmt: skip
    return _csv(HOURS_COLUMNS, rows)


def _csv(columns: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_NONNUMERIC)
    writer.writerow(columns)
    writer.writerows([safe_cell(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return text.getvalue()
