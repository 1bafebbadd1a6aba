"""One unit of decision on disk: a group's entries as the fold takes them, and what the fold said of them.

The document is a projection of the entries (rebuilt at any time); it makes a batch read one row a family, not one a fact.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import orjson

from relief.ledger.rules.entry import GIVEN_STANDINGS, WAITING, Entry, Folded, Group, Standing
from relief.ledger.rules.fold import fold
from relief.operations.rules import Plan

# What the fold never looks at stays in the entry alone.
_UNUSED = frozenset(("v", "id", "seq", "session", "at", "uptime_ms", "by", "visit"))


def slim(facts: dict[str, Any]) -> dict[str, Any]:
    """Return the facts that the fold uses."""
    return {name: value for name, value in facts.items() if name not in _UNUSED}


@dataclass(slots=True)
class Document:
    """A group, what was last said of it (`view` for registers, `standings` by record id, `counters`, `cases`)."""

    group: Group
    view: dict[str, Any] = field(default_factory=dict)
    standings: dict[str, list[Any]] = field(default_factory=dict)
    counters: dict[str, int] = field(default_factory=dict)
    cases: list[list[Any]] = field(default_factory=list)

    @property
    def open_cases(self) -> int:
        return sum(not decided for _code, _cites, decided in self.cases)


def empty_document() -> Document:
    return Document(Group((), (), []))


def load_document(raw: bytes) -> Document:
    """Return a stored document; empty bytes are an empty one."""
    if not raw:
        return empty_document()
    stored = orjson.loads(raw)
    entries = [Entry(each[0], each[1], each[2], each[3], tuple(each[4]) if type(each[4]) is list else each[4], each[5])
               for each in stored["entries"]]  # fmt: skip
    group = Group(tuple(stored["households"]), tuple(stored["cards"]), entries)
    return Document(group, stored["view"], stored["standings"], stored["counters"], stored["cases"])


def dump_document(document: Document) -> bytes:
    """Return the bytes of a document: the same group always gives the same bytes."""
    group = document.group
    entries = sorted(group.entries, key=lambda entry: (entry.id, entry.step, entry.facts["kind"]))
    return orjson.dumps(
        {
            "households": group.households, "cards": group.cards, "view": document.view, "standings": document.standings,
            "counters": document.counters, "cases": document.cases,
            "entries": [(each.id, each.step, each.at, each.unsure, each.authority, each.facts) for each in entries],
        },
        option=orjson.OPT_SORT_KEYS,
    )  # fmt: skip


def folded_document(group: Group, plan: Plan) -> tuple[Document, Folded]:
    """Fold a group and return its new document beside all that the fold said."""
    folded = fold(group, plan)
    standings = {record_id: _row(standing) for record_id, standing in folded.standings.items()}
    cases = [[case.code, case.cites, case.decided] for case in folded.cases]
    return Document(group, _view(group, folded), standings, folded.counters, cases), folded


def _row(standing: Standing) -> list[Any]:
    return [standing.standing, standing.entitled, standing.excess, list(standing.codes), standing.day, len(standing.reached)]


def _view(group: Group, folded: Folded) -> dict[str, Any]:
    view: dict[str, Any] = {
        "status": folded.status, "area": folded.area, "cards": folded.card_states,
        "members": [[each["id"], each["number"], each["sex"], each["age_band"]] for each in folded.members],
        "used": [[item, each, number] for (item, each), number in sorted(folded.used.items())],
    }  # fmt: skip
    if folded.overrides:
        view["overrides"] = [[item, each, number] for (item, each), number in sorted(folded.overrides.items())]
    last, grants = _last_given(group, folded)
    if last:
        view["last"] = last
    if grants:
        view["grants"] = sorted(grants)
    return view


def _last_given(group: Group, folded: Folded) -> tuple[dict[str, list[Any]], set[str]]:
    """Return per item [moment, site, day, quantity that day] of the last hand-over that stands, and items held by a grant."""
    last: dict[str, list[Any]] = {}
    grants: set[str] = set()
    for entry in sorted(group.entries, key=lambda entry: entry.rank):
        facts = entry.facts
        standing = folded.standings.get(entry.id)
        if facts["kind"] != "handover" or standing is None:
            continue
        if standing.standing == WAITING:
            grants.add(facts["item"])
        elif entry.step == "given" and standing.standing in GIVEN_STANDINGS:
            before = last.get(facts["item"])
            same_day = before[3] if before and before[2] == standing.day else 0
            last[facts["item"]] = [entry.at, facts["site"], standing.day, same_day + facts["quantity"]]
    return last, grants


def counter_change(before: dict[str, int], after: dict[str, int]) -> dict[str, int]:
    """Return what must be added to the counters when a group's share goes from `before` to `after`."""
    change = {key: number - before.get(key, 0) for key, number in after.items() - before.items()}
    change.update((key, -before[key]) for key in before.keys() - after.keys())
    return change
