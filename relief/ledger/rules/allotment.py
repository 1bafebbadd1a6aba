"""What of each hand-over a household was entitled to: claims in rank order against limit, interval and daily maximum."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from operator import attrgetter

from relief.ledger.rules.composition import Composition
from relief.ledger.rules.entry import Entry
from relief.operations.rules import Plan, Rule

GRANTED, ORDINARY, TRIAL = 0, 1, 2
UNLIMITED = 1 << 60
_RANK = attrgetter("rank")


@dataclass(slots=True)
class Claim:
    """A quantity that wants a share: `rank` = (granted first, effective time, id) of the claim, `entry` whose it is."""

    rank: tuple[int, int, str]
    entry: Entry
    quantity: int
    day: str


@dataclass(slots=True)
class Share:
    """What one record got: entitled quantity, and why the rest is excess; `beside` are the records that used it up."""

    entitled: int = 0
    codes: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    breach: str | None = None


@lru_cache(maxsize=8192)
def _ordinal(day: str) -> int:
    return date.fromisoformat(day).toordinal()


def is_within(plan: Plan, entry: Entry, composition: Composition, overrides: dict[tuple[str, str], int]) -> bool:
    """Tell whether a household is entitled to all of a hand-over that is the only one of its item: nothing to share out then."""
    item, quantity = entry.facts["item"], entry.facts["quantity"]
    rule = plan.rule_at(item, entry.at)
    if rule is not None and rule.daily_maximum is not None and quantity > rule.daily_maximum:
        return False
    return quantity <= limit_at(plan, item, entry.at, entry.facts["round"], composition, overrides)


def limit_at(plan: Plan, item: str, moment: int, round_id: str, composition: Composition,
             overrides: dict[tuple[str, str], int]) -> int:  # fmt: skip
    """Return how much of the item the household may get in a round by what holds at a moment."""
    rule = plan.rule_at(item, moment)
    members = len(composition.at(moment)) if rule and rule.kind in ("per_person", "per_people") else 0
    return limit_of(plan, item, rule, members, overrides.get((item, round_id)))


def limit_of(plan: Plan, item: str, rule: Rule | None, members: int, override: int | None) -> int:
    """Return how much of the item the household may get in a round; UNLIMITED for services without a rule."""
    if override is not None:
        return override
    if rule is None:
        return UNLIMITED if plan.item[item].service else 0
    if rule.kind == "unlimited":
        return UNLIMITED
    if rule.kind == "per_person":
        return rule.quantity * members
    if rule.kind == "per_people":
        return rule.quantity * -(-members // (rule.people or 1))
    return rule.quantity


class Allotment:
    """Shares out one item over all its rounds. Claims must come in rank order; excess uses up nothing."""

    def __init__(self, plan: Plan, item: str, composition: Composition, overrides: dict[tuple[str, str], int]) -> None:
        self.plan, self.item = plan, item
        self.composition, self.overrides = composition, overrides
        self.used: dict[str, int] = {}
        self.shares: dict[str, Share] = {}
        self._entitled: list[tuple[Claim, int]] = []
        self._granted_until: dict[str, int] = {}

    def share_out(self, claims: list[Claim]) -> None:
        """Give every claim its share, in rank order."""
        whole: dict[str, int] = {}
        claims = sorted(claims, key=_RANK)
        for claim in claims:
            whole[claim.entry.id] = whole.get(claim.entry.id, 0) + claim.quantity
        for claim in claims:
            self._settle(claim, whole[claim.entry.id])

    def _settle(self, claim: Claim, whole_quantity: int) -> None:
        entry, round_id = claim.entry, claim.entry.facts["round"]
        rule = self.plan.rule_at(self.item, entry.at)
        share = self.shares.get(entry.id)
        if share is None:  # a record is judged whole, at its first claim
            share = self.shares[entry.id] = Share(breach=self._breach(claim, rule, whole_quantity))
        if share.breach:
            share.codes = (share.breach,)
            return
        left = max(0, self._limit(entry.at, round_id) - self.used.get(round_id, 0))
        given = min(claim.quantity, left)
        if given:
            self.used[round_id] = self.used.get(round_id, 0) + given
            self._entitled.append((claim, given))
            share.entitled += given
            if claim.rank[0] == GRANTED:
                self._granted_until[round_id] = max(claim.rank[1], self._granted_until.get(round_id, claim.rank[1]))
        if given < claim.quantity:
            self._explain_excess(claim, share, no_rule=rule is None and (self.item, round_id) not in self.overrides)

    def _limit(self, moment: int, round_id: str) -> int:
        """Return the limit at a moment; a later grant that ranks ahead brings its own moment's limit along.

        Otherwise a third member's granted blanket would take one from the two that were rightly given before.
        """
        own = self._limit_at(moment, round_id)
        granted = self._granted_until.get(round_id, moment) if self._granted_until else moment
        return max(own, self._limit_at(granted, round_id)) if own and granted > moment else own

    def _limit_at(self, moment: int, round_id: str) -> int:
        return limit_at(self.plan, self.item, moment, round_id, self.composition, self.overrides)

    def _explain_excess(self, claim: Claim, share: Share, no_rule: bool) -> None:
        code = "no_rule" if no_rule else "over_entitlement" if share.entitled else "already_received"
        share.codes = (*share.codes, code)
        if not no_rule:
            share.beside += tuple(other.entry.id for other, _given in self._entitled
                                  if other.entry.facts["round"] == claim.entry.facts["round"]
                                  and other.entry.id != claim.entry.id)  # fmt: skip

    def _breach(self, claim: Claim, rule: Rule | None, whole_quantity: int) -> str | None:
        """Look both ways in time at what was entitled before in rank."""
        if rule is None or (rule.minimum_interval_days is None and rule.daily_maximum is None):
            return None
        if not self._entitled and (rule.daily_maximum is None or whole_quantity <= rule.daily_maximum):
            return None
        others = [(other, given) for other, given in self._entitled if other.entry.id != claim.entry.id]
        if rule.minimum_interval_days is not None:
            day = _ordinal(claim.day)
            if any(abs(_ordinal(other.day) - day) < rule.minimum_interval_days for other, _given in others):
                return "too_soon"
        if rule.daily_maximum is not None:
            today = sum(given for other, given in others if other.day == claim.day)
            if today + whole_quantity > rule.daily_maximum:
                return "daily_maximum"
        return None
