"""The families and cards of a simulated operation, and what may be given to them."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

from relief.kernel.clock import local_day, parse_wall
from relief.kernel.ids import to_text
from relief.operations.rules import AGE_BANDS, DISABILITIES, SEXES, Item, Plan, Round

FAMILIES_AN_HOUR = 6  # for each phone
HOT_FAMILIES = 12  # those that come to several tables
BLANKS_A_PHONE = 12


@dataclass(slots=True)
class Family:
    """A registered family: household id, members as a registration names them, card key."""

    household: str
    members: list[dict[str, Any]]
    card: str


@dataclass
class World:
    """What exists at the start, and what everybody has heard of since: `published` changes between two ticks only."""

    plan: Plan
    chance: random.Random = field(default_factory=random.Random)
    families: list[Family] = field(default_factory=list)
    blanks: list[str] = field(default_factory=list)
    used_blanks: list[str] = field(default_factory=list)
    published: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    def made(cls, plan: Plan, seed: str, families: int, blanks: int) -> World:
        """Return a world of so many families and blank cards; the same seed makes the same."""
        world = cls(plan, random.Random(f"world {seed}"))
        world.families = [world.new_family() for _each in range(families)]
        world.blanks = [world.new_card() for _each in range(blanks)]
        return world

    @property
    def goods(self) -> list[Item]:
        return [item for item in self.plan.items if not item.service]

    @property
    def services(self) -> list[Item]:
        return [item for item in self.plan.items if item.service]

    def new_id(self) -> str:
        return random_id(self.chance)

    def new_card(self) -> str:
        return self.chance.randbytes(16).hex()

    def new_family(self) -> Family:
        size = self.chance.choices((1, 2, 3, 4, 5, 7, 9), (2, 3, 4, 4, 3, 1, 1))[0]
        return Family(self.new_id(), new_members(self.chance, size), self.new_card())

    def round_on(self, moment: int) -> Round:
        """Return the round of a moment: the one that is open, else the first."""
        day = local_day(moment, self.plan.sites[0].zone)
        return next((each for each in self.plan.rounds if each.first_day <= day <= each.last_day), self.plan.rounds[0])

    @property
    def first_morning(self) -> int:
        """08:00 of the first round's first day, at the first site."""
        zone, day = self.plan.sites[0].zone, min(each.first_day for each in self.plan.rounds)
        noon = parse_wall(f"{day}T12:00:00Z")
        midnight = next(moment for moment in range(noon - 86400, noon + 86400, 900) if local_day(moment, zone) == day)
        return midnight + 8 * 3600


def random_id(chance: random.Random) -> str:
    """Return a UUIDv4 of this chance."""
    raw = bytearray(chance.randbytes(16))
    raw[6] = 0x40 | (raw[6] & 0x0F)
    raw[8] = 0x80 | (raw[8] & 0x3F)
    return to_text(bytes(raw))


def new_members(chance: random.Random, size: int) -> list[dict[str, Any]]:
    """Return so many people as a registration names them."""
    return [{"id": random_id(chance), "number": number, "sex": chance.choice(SEXES[:2]), "age_band": chance.choice(AGE_BANDS),
             "disability": chance.choices(DISABILITIES, (1, 6, 2))[0]} for number in range(1, size + 1)]  # fmt: skip
