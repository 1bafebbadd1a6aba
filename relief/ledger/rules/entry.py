"""The words of the fold: entries in, standings and cases out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

WAITING, REFUSED, ENTITLED, EXCESS, UNKNOWN_CARD, VOIDED = (
    "waiting", "refused", "entitled", "excess", "unknown_card", "voided",
)  # fmt: skip
GIVEN_STANDINGS = frozenset((ENTITLED, EXCESS, UNKNOWN_CARD))
DESK, PHONE = "desk", "phone"


@dataclass(slots=True)
class Entry:
    """One sealed entry as the fold sees it.

    `id` is the record's id (text), `step` given, answer or (never stored) trial; `at` the effective time in UTC seconds,
    `unsure` when clocks disagreed; `authority` of the enrolment that captured it: `desk`, `phone`, or the tuple of site ids a
    lead leads (empty = all); `facts` the kept part of the record (ids as text).
    """

    id: str
    step: str
    at: int
    unsure: bool
    authority: str | tuple[str, ...]
    facts: dict[str, Any]

    @property
    def rank(self) -> tuple[int, str]:
        return self.at, self.id


@dataclass(slots=True)
class Group:
    """The unit of decision: a household (or a merged set, smallest id first), or a card key's own group, or one entry's.

    `cards` and `households` are ids that belong to it; `entries` are all their entries, in any order.
    """

    households: tuple[str, ...]
    cards: tuple[str, ...]
    entries: list[Entry]


@dataclass(slots=True)
class Standing:
    """What became of one record: its standing, the two quantities, codes, the local day it counts on, whom it reached."""

    standing: str
    entitled: int = 0
    excess: int = 0
    codes: tuple[str, ...] = ()
    day: str = ""
    reached: tuple[str, ...] = ()
    lost: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """Something to decide: a code and the ids of the records that make it."""

    code: str
    cites: tuple[str, ...]
    decided: bool = False


@dataclass(slots=True)
class Folded:
    """What became of everything a group moved, under one plan.

    `standings` by record id; `cases`; `used` by (item, round) incl. live grants; `counters` as documented in
    docs/counters.md.
    """

    standings: dict[str, Standing] = field(default_factory=dict)
    cases: list[Case] = field(default_factory=list)
    used: dict[tuple[str, str], int] = field(default_factory=dict)
    counters: dict[str, int] = field(default_factory=dict)
