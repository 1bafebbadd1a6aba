"""What one group moved, put in order for the fold: by record, with voids matched to what they end."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from relief.kernel.clock import local_day
from relief.ledger.rules.basis import Basis
from relief.ledger.rules.entry import DESK, Entry
from relief.operations.rules import Plan

_BY_TIME = attrgetter("at", "id", "step")
VOIDABLE = frozenset(("handover", "contact", "not_served", "stock"))


@dataclass(slots=True)
class Record:
    """All that is known of one record id: its entries, and the void that holds against it."""

    id: str
    facts: dict[str, Any]
    given: Entry | None = None
    answer: Entry | None = None
    trial: Entry | None = None
    void: Entry | None = None  # ends what was given
    ended: Entry | None = None  # `not_given`: ends a grant, never a tell
    waiting_voids: tuple[Entry, ...] = ()
    day: str = ""  # local day in the site's zone (UTC where it names no known site)

    @property
    def entry(self) -> Entry:
        return self.given or self.trial or self.answer  # type: ignore[return-value]

    @property
    def granted(self) -> bool:
        return self.answer is not None and self.answer.facts["answer"]["granted"] == 1

    @property
    def live_grant(self) -> bool:
        return self.given is None and self.ended is None and self.granted

    @property
    def claims(self) -> bool:
        """Whether it is given, may be, or is asked for: neither refused nor ended."""
        return self.given is not None or self.trial is not None or self.live_grant

    @property
    def stands(self) -> bool:
        """Whether goods left the table and nobody took it back."""
        return self.given is not None and self.void is None


class Book:
    """Records of a group by id, in (effective time, id) order, by kind."""

    def __init__(self, basis: Basis, moves: Iterable[Entry], plan: Plan) -> None:
        self.basis, self.plan = basis, plan
        self.by_kind: dict[str, list[Record]] = {}
        self.records: dict[str, Record] = {}
        for entry in sorted(moves, key=_BY_TIME):
            self._put(entry)
        for record in self.records.values():
            site = plan.site.get(record.facts.get("site", ""))
            record.day = local_day(record.entry.at, site.zone if site else "UTC")
        for record in self.of("void"):
            self._match_void(record.entry)

    def of(self, kind: str) -> list[Record]:
        """Return the records of a kind, by (effective time, id)."""
        return self.by_kind.get(kind, [])

    def _put(self, entry: Entry) -> None:
        record = self.records.get(entry.id)
        if record is None:
            record = self.records[entry.id] = Record(entry.id, entry.facts)
            self.by_kind.setdefault(entry.facts["kind"], []).append(record)
        setattr(record, entry.step, entry)

    def _match_void(self, void: Entry) -> None:
        target = self.records.get(void.facts["target"])
        if target is None or target.facts["kind"] not in VOIDABLE:
            return  # it may come before what it ends, and does nothing yet
        if not has_authority(void, target.entry):
            target.waiting_voids = (*target.waiting_voids, void)
        elif void.facts["cause"] == "not_given":
            target.ended = target.ended or void
        elif target.given is not None:
            target.void = target.void or void  # of several the first says whether goods came back


def has_authority(void: Entry, target: Entry) -> bool:
    """Tell whether a void takes effect: from who captured its target, a lead of that site, or the desk."""
    if void.authority == DESK or void.facts["enrolment"] == target.facts["enrolment"]:
        return True
    led = void.authority
    return isinstance(led, tuple) and (not led or target.facts.get("site") in led)
