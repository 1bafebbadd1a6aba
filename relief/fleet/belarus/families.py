"""Made-up families whose sizes add up to the published figures, to the person. The same at every call."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from functools import cache

from relief.fleet.belarus.facts import SEED, published_people
from relief.fleet.belarus.names import given_name, surname
from relief.fleet.belarus.places import PLACES

SIZES, SIZE_WEIGHTS = (1, 2, 3, 4, 5, 6), (20, 27, 22, 18, 9, 4)
BLANKET_ONLY_SIZES = (1, 2, 2, 3, 3, 3, 4, 4, 4, 5, 5)  # 36 people who got blankets and no parcel
PSS_ONLY_SIZES = (1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 4)  # 24 people who were talked with and got nothing else
NEVER_SERVED_SIZES = (1, 2, 2, 3, 3, 4, 5, 1, 2, 4)
NOT_APPROVED = 4  # so many of them; the others never came
ON_SITE_SIZES = (3, 4)  # registered at the table onto blank cards; they got parcels
LARGEST_BLANKET_FAMILY = 6


@dataclass(frozen=True, slots=True)
class Person:
    """A member of a family."""

    number: int
    name: str
    sex: str
    age_band: str
    disability: str


@dataclass(frozen=True, slots=True)
class Family:
    """A family and what it is to get: `parcels` (food and hygiene), a second pair in round two, `blankets` pieces, `pss` people.

    `approved` is what the reviewer of the list decides.
    """

    number: int
    site: str
    village: str
    members: tuple[Person, ...]
    parcels: bool = False
    second_pair: bool = False
    blankets: int = 0
    pss: tuple[int, ...] = ()
    on_site: bool = False
    approved: bool = True

    @property
    def external_id(self) -> str:
        return f"DEMO-{self.number:04d}"

    @property
    def parcel_units(self) -> int:
        """One parcel for every started five people."""
        return -(-len(self.members) // 5)


@cache
def list_families() -> tuple[Family, ...]:
    """Return all families, those on the prepared list first, then those registered at the table."""
    chance = random.Random(SEED)
    people = published_people()
    sizes = _sizes_adding_up(chance, people["parcels"] - sum(ON_SITE_SIZES))
    families = [replace(_family(chance, size), parcels=True, second_pair=chance.random() < 0.16) for size in sizes]
    families = _give_blankets(chance, families, people["blankets"] - sum(BLANKET_ONLY_SIZES))
    families = _give_pss(chance, families, people["pss"] - sum(PSS_ONLY_SIZES))
    families += [replace(_family(chance, size), blankets=size) for size in BLANKET_ONLY_SIZES]
    families += [replace(_family(chance, size), pss=tuple(range(1, size + 1))) for size in PSS_ONLY_SIZES]
    chance.shuffle(families)
    families += [replace(_family(chance, size), approved=place >= NOT_APPROVED)
                 for place, size in enumerate(NEVER_SERVED_SIZES)]  # fmt: skip
    families += [replace(_family(chance, size), parcels=True, on_site=True) for size in ON_SITE_SIZES]
    return tuple(replace(family, number=number, site=PLACES[number % len(PLACES)].key,
                         village=chance.choice(PLACES[number % len(PLACES)].villages))
                 for number, family in enumerate(families, 1))  # fmt: skip


def _sizes_adding_up(chance: random.Random, people: int) -> list[int]:
    sizes: list[int] = []
    while (left := people - sum(sizes)) > SIZES[-1]:
        sizes += chance.choices(SIZES, SIZE_WEIGHTS)
    return [*sizes, left] if left else sizes


def _give_blankets(chance: random.Random, families: list[Family], pieces: int) -> list[Family]:
    given = dict.fromkeys(range(len(families)), 0)
    for index in chance.sample(range(len(families)), len(families)):
        wanted = min(len(families[index].members), chance.choice((1, 2, 2, 3, LARGEST_BLANKET_FAMILY)), pieces)
        given[index], pieces = wanted, pieces - wanted
    return [replace(family, blankets=given[index]) for index, family in enumerate(families)]


def _give_pss(chance: random.Random, families: list[Family], people: int) -> list[Family]:
    talked: dict[int, tuple[int, ...]] = {}
    for index in chance.sample(range(len(families)), len(families)):
        family = families[index]
        count = min(people, chance.randint(1, min(2, len(family.members))))
        people -= count
        talked[index] = tuple(sorted(chance.sample(range(1, len(family.members) + 1), count)))
    return [replace(family, pss=talked[index]) for index, family in enumerate(families)]


def _family(chance: random.Random, size: int) -> Family:
    name = surname(chance)
    return Family(0, "", "", tuple(_person(chance, number, name) for number in range(1, size + 1)))


def _person(chance: random.Random, number: int, family_name: str) -> Person:
    if number == 1:
        sex, band = chance.choices(("female", "male"), (62, 38))[0], chance.choices(("18-59", "60+"), (64, 36))[0]
    elif number == 2:
        sex, band = chance.choices(("female", "male"), (45, 55))[0], chance.choices(("18-59", "60+", "6-12"), (60, 25, 15))[0]
    else:
        sex = chance.choice(("female", "male"))
        band = chance.choices(("0-1", "2-5", "6-12", "13-17", "18-59"), (8, 24, 30, 22, 16))[0]
    if chance.random() < 0.02:
        sex = "unknown"
    if chance.random() < 0.03:
        band = "unknown"
    disability = chance.choices(("no", "yes", "unknown"), (88, 7, 5))[0]
    return Person(number, f"{family_name} {given_name(chance, sex)}", sex, band, disability)
