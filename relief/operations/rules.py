"""The plan: what an operation gives, to whom, where and when. Plain values, parsed from and written to plain JSON.

A plan is stored whole per version and never changed; the fold in the ledger reads the last version. Ids are their text
form here, because a plan travels as JSON; days are ISO dates, which compare as text.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

SECTORS = (
    "shelter_housing_and_settlements", "livelihoods_and_basic_needs", "multi_purpose_cash", "health",
    "water_sanitation_and_hygiene", "protection_gender_and_inclusion", "education", "migration_and_displacement",
    "risk_reduction_climate_adaptation_and_recovery", "community_engagement_and_accountability",
    "environmental_sustainability", "coordination_and_partnerships", "secretariat_services",
    "national_society_strengthening",
)  # fmt: skip  # IFRC GO's 14 planned interventions, in GO's order
SEXES = ("female", "male", "unknown")
AGE_BANDS = ("0-1", "2-5", "6-12", "13-17", "18-59", "60+", "unknown")
DISABILITIES = ("yes", "no", "unknown")
STATUSES = ("draft", "active", "closing", "closed")
REACHES = ("all_members", "chosen_members", "one_person_a_unit")
RULE_KINDS = ("per_household", "per_person", "per_people", "unlimited")
INDICATOR_UNITS = ("people", "households", "other")
INDICATOR_SOURCES = ("any_item", "all_items", "registered", "contacts", "qualitative")


@dataclass(frozen=True, slots=True)
class Area:
    """A region or district; `parent` is an area's id or None; `p_code` the OCHA place code."""

    id: str
    name: str
    parent: str | None = None
    p_code: str | None = None


@dataclass(frozen=True, slots=True)
class Site:
    """A distribution point in an area. `zone` is its IANA time zone; `first_day`/`last_day` bound its use (or None).

    `lanes`: into how many tables the site splits its cards, so that a card belongs to one phone; 0 = it does not.
    """

    id: str
    name: str
    area: str
    zone: str
    first_day: str | None = None
    last_day: str | None = None
    lanes: int = 0


@dataclass(frozen=True, slots=True)
class Item:
    """What is given. `recipient` is household or person; `reaches` says whom a unit reaches (REACHES).

    `service` items (PSS, pumping) have no entitlement unless a rule gives one; `sensitive` items are seen only by
    phones enrolled for them. `public_label` is the neutral name used where others can read.
    """

    id: str
    name: str
    unit: str
    recipient: str
    reaches: str
    service: bool = False
    sensitive: bool = False
    sector: str = "livelihoods_and_basic_needs"
    ifrc_code: str | None = None
    covers_people: int | None = None
    public_label: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """How much of an item a household may get a round, for hand-overs from `valid_from` (UTC seconds) on.

    `per_household`: `quantity`. `per_person`: `quantity` a member. `per_people`: `quantity` for every started
    `people` members. `unlimited`. `minimum_interval_days` between two entitled hand-overs of the item, and
    `daily_maximum` of it a household and local day; None = no such bound.
    """

    id: str
    item: str
    kind: str
    valid_from: int = -(1 << 62)
    quantity: int = 1
    people: int | None = None
    minimum_interval_days: int | None = None
    daily_maximum: int | None = None


@dataclass(frozen=True, slots=True)
class Round:
    """A period in which each entitlement can be collected once; both days belong to it."""

    id: str
    name: str
    first_day: str
    last_day: str


@dataclass(frozen=True, slots=True)
class Indicator:
    """What the report promises to count. `source`: any_item / all_items of `items`, registered people, contacts of
    `items`, or qualitative (then `statement` is its actual, in words). `target` is None when none was set."""

    id: str
    title: str
    unit: str
    source: str
    sector: str
    target: int | None = None
    items: tuple[str, ...] = ()
    statement: str | None = None
    comment: str | None = None


class _Spelled(dict[str, str]):
    def __init__(self, long: dict[str, str]) -> None:
        super().__init__()
        self.long = long

    def __missing__(self, key: str) -> str:
        full = self[key] = "|".join([self.long.get(part, part) for part in key.split("|")])
        return full


@dataclass(frozen=True)
class Plan:
    """One version of an operation's plan. `grants_undecided`: households registered but not yet decided may receive."""

    version: int
    status: str = "draft"
    grants_undecided: bool = False
    areas: tuple[Area, ...] = ()
    sites: tuple[Site, ...] = ()
    items: tuple[Item, ...] = ()
    rules: tuple[Rule, ...] = ()
    rounds: tuple[Round, ...] = ()
    indicators: tuple[Indicator, ...] = ()

    @cached_property
    def item(self) -> dict[str, Item]:
        return {item.id: item for item in self.items}

    @cached_property
    def site(self) -> dict[str, Site]:
        return {site.id: site for site in self.sites}

    @cached_property
    def round(self) -> dict[str, Round]:
        return {each.id: each for each in self.rounds}

    @cached_property
    def area(self) -> dict[str, Area]:
        return {area.id: area for area in self.areas}

    @cached_property
    def rules_of(self) -> dict[str, tuple[Rule, ...]]:
        """Rules by item, latest start first."""
        found: dict[str, list[Rule]] = {}
        for rule in sorted(self.rules, key=lambda rule: (rule.valid_from, rule.id), reverse=True):
            found.setdefault(rule.item, []).append(rule)
        return {item: tuple(rules) for item, rules in found.items()}

    @cached_property
    def short(self) -> dict[str, str]:
        """A short name, `~1f`, for every id of the plan: for what is written with every hand-over."""
        parts = (self.areas, self.sites, self.items, self.rounds, self.indicators)
        return {each: f"~{number:x}" for number, each in enumerate(sorted(each.id for part in parts for each in part))}

    @cached_property
    def spelled(self) -> _Spelled:
        """Keys such as `given|~1|~4`, spelled out with ids; each is worked out once."""
        return _Spelled({short: each for each, short in self.short.items()})

    def rule_at(self, item: str, moment: int) -> Rule | None:
        """Return the rule valid for an item at a moment; None means no entitlement rule (services: unlimited)."""
        for rule in self.rules_of.get(item, ()):
            if rule.valid_from <= moment:
                return rule
        return None
