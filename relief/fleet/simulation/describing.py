"""A simulation in words: what happened, what was compared, what differs, and the shortest history of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from flask_babel import gettext as _

from relief.fleet.records import Record
from relief.fleet.simulation.book import Book
from relief.fleet.simulation.comparing import Difference
from relief.fleet.simulation.shrinking import History
from relief.fleet.simulation.simulating import Result
from relief.operations.rules import Plan

MOST_DIFFERENCES, MOST_STEPS = 20, 40
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\b[0-9a-f]{32}\b")
_SHOWN = ("action", "item", "quantity", "card", "new_card", "household", "other", "target", "ask", "cause", "goods_back",
          "change", "from", "case", "site", "round")  # fmt: skip


class Words:
    """Writes ids as the plan's names, all others as their last four signs."""

    def __init__(self, plan: Plan, book: Book) -> None:
        parts = (plan.areas, plan.sites, plan.items, plan.rounds)
        self.names = {each.id: each.name for part in parts for each in part} | {each.id: each.title for each in plan.indicators}
        self.names |= book.labels

    def plain(self, value: object) -> str:
        """Return a value with names in the place of ids."""
        return _ID.sub(lambda found: self.names.get(found[0], f"#{found[0][-4:]}"), str(value))

    def difference(self, each: Difference) -> str:
        key = each.key if isinstance(each.key, str) else " ".join(map(str, each.key))
        return _("%(part)s: %(key)s - the server says %(server)s, the plain model %(model)s", part=each.part.replace("_", " "),
                 key=self.plain(key), server=self.plain(_known(each.server)), model=self.plain(_known(each.model)))  # fmt: skip

    def step(self, record: Record) -> str:
        """Return a record in one line: who, when, what."""
        who, what = self.plain(record["enrolment"]), record["kind"]
        if record.get("mode") == "ask":
            what = _("asks for a %(kind)s", kind=what)
        told = [f"{name} {self.plain(record[name])}" for name in _SHOWN if name in record]
        members = [_("%(count)s members", count=len(record["members"]))] if "members" in record else []
        return f"{who}, {record['at'][:16].replace('T', ' ')}: {what} #{record['id'][-4:]} {', '.join(told + members)}".rstrip()


def _known(value: object) -> object:
    return _("nothing") if value is None else value


def _counts(counted: dict[str, int]) -> str:
    return ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in counted.items())


def describe_result(result: Result, words: Words) -> Iterator[str]:
    """Yield the lines of a result, without the history."""
    met = _counts({name: count for name, count in result.troubles.items() if count})
    spared = ", ".join(name.replace("_", " ") for name, count in result.troubles.items() if not count)
    yield _("%(count)s entries in the ledger. On the way: %(happened)s.", count=f"{result.records:,}",
            happened=_counts(result.happened))  # fmt: skip
    yield _("Troubles of the field: %(troubles)s.", troubles=met or _("none"))
    if spared:
        yield _("Not tried this time: %(troubles)s. More phones, more hours or another seed bring them.", troubles=spared)
    yield _("Compared with the plain model: %(compared)s.", compared=_counts(result.compared))
    if result.equal:
        yield _("Equal: the server says of everything what the plain model says.")
        return
    yield _("Not equal. Differences: %(count)s.", count=len(result.differences))
    for each in result.differences[:MOST_DIFFERENCES]:
        yield "  " + words.difference(each)
    if len(result.differences) > MOST_DIFFERENCES:
        yield "  " + _("and %(count)s more", count=len(result.differences) - MOST_DIFFERENCES)


def describe_history(history: History, tried: int, words: Words) -> Iterator[str]:
    """Yield the lines of the shortest history of a difference."""
    if history.replayed:
        yield _("The shortest history that shows it, %(count)s records, found by playing %(tried)s times:",
                count=len(history.steps), tried=tried)  # fmt: skip
    else:
        yield _("Played again from nothing, the same records come out right: what is stored was changed by something else, or "
                "two things happened at once. relief ledger verify says more, relief ledger rebuild puts it right. "
                "The model's figure rests on %(count)s records:", count=len(history.steps))  # fmt: skip
    for number, step in enumerate(history.steps[:MOST_STEPS], 1):
        yield f"  {number}. {words.step(step.record)}"
    if len(history.steps) > MOST_STEPS:
        yield "  " + _("and %(count)s more", count=len(history.steps) - MOST_STEPS)
    yield "  " + words.difference(history.difference)


def as_json(result: Result, history: History | None) -> dict[str, Any]:
    """Return result and history for a program."""
    told: dict[str, Any] = {
        "equal": result.equal, "entries": result.records, "happened": result.happened, "troubles": result.troubles,
        "compared": result.compared,
        "differences": [each.as_dict() for each in result.differences],
    }  # fmt: skip
    if history is not None:
        told["shortest_history"] = {"replayed": history.replayed, "difference": history.difference.as_dict(),
                                    "records": [step.record for step in history.steps]}  # fmt: skip
    return told
