"""One unit of decision on disk: who it is, what it moved, and what the fold said of that.

Three parts, because they change at different speeds: `origins` (the entries of identity) and the `basis` they make are read and
written only when identity changes; `document` holds the moves and what became of them, and is all that a hand-over touches.
All are projections of the entries and can be rebuilt.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from operator import attrgetter
from typing import Any

import orjson

from relief.ledger.rules.basis import IDENTITY_KINDS, Basis, basis_of
from relief.ledger.rules.composition import ATTRIBUTES, Composition
from relief.ledger.rules.entry import GIVEN_STANDINGS, WAITING, Entry, Folded, Group
from relief.ledger.rules.fold import fold_moves
from relief.ledger.rules.tally import full_counters
from relief.operations.rules import Plan

_BY_TIME = attrgetter("at", "id")
_BY_ID = attrgetter("id", "step")
# What the fold never looks at stays in the entry alone.
_UNUSED = frozenset(("v", "id", "seq", "session", "at", "uptime_ms", "by", "visit", "about"))


def slim(facts: dict[str, Any]) -> dict[str, Any]:
    """Return the facts that the fold uses."""
    return {name: value for name, value in facts.items() if name not in _UNUSED}


@dataclass(slots=True)
class Document:
    """A group and what was last said of it.

    `origins` is None where they were not read; `standings` rows by record id: [standing, entitled, excess, codes, day,
    people reached, lost, mask of them, whether somebody is reached for the first time]; `view` what registers need of the
    moves; `cases` rows of [code, record ids, decided]; `counters` name ids as the plan in force shortens them.
    """

    basis: Basis = field(default_factory=Basis)
    moves: list[Entry] = field(default_factory=list)
    origins: list[Entry] | None = None
    view: dict[str, Any] = field(default_factory=dict)
    standings: dict[str, list[Any]] = field(default_factory=dict)
    counters: dict[str, int] = field(default_factory=dict)
    cases: list[list[Any]] = field(default_factory=list)

    @property
    def open_cases(self) -> int:
        return sum(not decided for _code, _cites, decided in self.cases)

    @property
    def has_identity(self) -> bool:
        """Tell a household or a card from an entry that is a group of its own (a contact, a stock record)."""
        return bool(self.basis.cards or self.basis.households)

    @property
    def is_empty(self) -> bool:
        return not (self.has_identity or self.moves)

    @property
    def entries(self) -> list[Entry]:
        """All entries of the group; its origins must have been read."""
        return [*(self.origins or ()), *self.moves]

    def all_counters(self, plan: Plan) -> dict[str, int]:
        """Return what the group adds to the counters, by who it is and by what it moved under `plan`, ids spelled out."""
        return {**self.basis.counters, **full_counters(self.counters, plan)}


def document_of(group: Group, plan: Plan) -> Document:
    """Fold a whole group."""
    origins = [entry for entry in group.entries if entry.facts["kind"] in IDENTITY_KINDS]
    moves = [entry for entry in group.entries if entry.facts["kind"] not in IDENTITY_KINDS]
    return fold_document(basis_of(group), moves, plan, origins)


def fold_document(basis: Basis, moves: list[Entry], plan: Plan, origins: list[Entry] | None = None) -> Document:
    """Fold what a group moved, given who it is."""
    composition = basis.composition()
    folded = fold_moves(basis, moves, plan, composition)
    standings = _standing_rows(folded, composition)
    cases = [[case.code, case.cites, case.decided] for case in folded.cases]
    return Document(basis, moves, origins, _view(moves, folded), standings, folded.counters, cases)


def _standing_rows(folded: Folded, composition: Composition) -> dict[str, list[Any]]:
    rows: dict[str, list[Any]] = {}
    known = 0
    for record_id in sorted(folded.standings):
        standing = folded.standings[record_id]
        mask = composition.mask(standing.reached)
        newly, known = bool(mask & ~known), known | mask
        rows[record_id] = [standing.standing, standing.entitled, standing.excess, list(standing.codes), standing.day,
                           len(standing.reached), standing.lost, mask_of(standing.reached, composition), newly]  # fmt: skip
    return rows


def mask_of(reached: tuple[str, ...], composition: Composition) -> str:
    """Return who was reached, of the members ever listed, by id: `*` all, empty nobody, else bits in hexadecimal.

    Short, because it stands beside every hand-over: distinct people are counted from it, however they are filtered.
    """
    if not reached:
        return ""
    return "*" if len(reached) == len(composition.bits) else f"{composition.mask(reached):x}"


def _view(moves: Iterable[Entry], folded: Folded) -> dict[str, Any]:
    last, grants = _last_given(moves, folded)
    used = [[item, each, number] for (item, each), number in sorted(folded.used.items())]
    return {"used": used, "last": last, "grants": [list(each) for each in sorted(grants)]}


def _last_given(moves: Iterable[Entry], folded: Folded) -> tuple[dict[str, list[Any]], set[tuple[str, str]]]:
    """Return per item [moment, site, day, quantity that day] of the last hand-over that stands, and what grants hold.

    A grant holds an (item, round).
    """
    last: dict[str, list[Any]] = {}
    grants: set[tuple[str, str]] = set()
    for entry in sorted(moves, key=_BY_TIME):
        facts = entry.facts
        standing = folded.standings.get(entry.id) if facts["kind"] == "handover" else None
        if standing is None:
            continue
        if standing.standing == WAITING:
            grants.add((facts["item"], facts["round"]))
        elif entry.step == "given" and standing.standing in GIVEN_STANDINGS:
            before = last.get(facts["item"])
            same_day = before[3] if before and before[2] == standing.day else 0
            last[facts["item"]] = [entry.at, facts["site"], standing.day, same_day + facts["quantity"]]
    return last, grants


def load_document(document: bytes | None, basis: bytes | None = None, origins: bytes | None = None) -> Document:
    """Return a stored document; without `origins` it can be folded, but not regrouped."""
    stored = orjson.loads(document) if document else {"moves": (), "view": {}, "standings": {}, "counters": {}, "cases": []}
    return Document(
        basis=Basis(**orjson.loads(basis)) if basis else Basis(),
        moves=[_entry(row) for row in stored["moves"]],
        origins=[_entry(row) for row in orjson.loads(origins)] if origins else None,
        view=stored["view"], standings=stored["standings"], counters=stored["counters"], cases=stored["cases"],
    )  # fmt: skip


def _entry(row: list[Any]) -> Entry:
    authority = row[4]
    return Entry(row[0], row[1], row[2], row[3], tuple(authority) if type(authority) is list else authority, row[5])


def describe_members(basis: Basis) -> str:
    """Return the group's area and its members ever listed, in the order of `mask_of`: `area;sex band disability;...`."""
    latest = basis.composition().latest_attributes()
    return ";".join((basis.area, *(" ".join(latest[each][name] for name in ATTRIBUTES) for each in sorted(latest))))


def dump_moves(document: Document) -> bytes:
    """Return the bytes of the moves and what became of them: the same group always gives the same bytes."""
    parts = {"moves": _rows(sorted(document.moves, key=_BY_ID)), "view": document.view, "standings": document.standings,
             "counters": document.counters, "cases": document.cases}  # fmt: skip
    return orjson.dumps(parts, option=orjson.OPT_SORT_KEYS)


def dump_identity(document: Document) -> tuple[bytes, bytes]:
    """Return the bytes of (basis, origins)."""
    basis = orjson.dumps({each.name: getattr(document.basis, each.name) for each in fields(Basis)}, option=orjson.OPT_SORT_KEYS)
    origins = sorted(document.origins or (), key=lambda entry: (entry.id, entry.step, entry.facts["kind"]))
    return basis, orjson.dumps(_rows(origins), option=orjson.OPT_SORT_KEYS)


def _rows(entries: Iterable[Entry]) -> list[tuple[Any, ...]]:
    return [(each.id, each.step, each.at, each.unsure, each.authority, each.facts) for each in entries]


def counter_change(before: dict[str, int], after: dict[str, int]) -> dict[str, int]:
    """Return what must be added to the counters when a group's share goes from `before` to `after`."""
    change = {key: number - before.get(key, 0) for key, number in after.items() if number != before.get(key)}
    if not before.keys() <= after.keys():
        change.update((key, -before[key]) for key in before.keys() - after.keys())
    return change
