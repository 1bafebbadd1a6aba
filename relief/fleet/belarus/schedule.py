"""The ordinary days: families come to their site, psychologists go round, pumps run, goods arrive. Made from the seed."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from functools import partial
from itertools import cycle

from relief.fleet.belarus.calendar import site_days
from relief.fleet.belarus.facts import SEED, WINTER, published_people
from relief.fleet.belarus.families import Family, list_families
from relief.fleet.belarus.floods import BLANKET, FOOD, HYGIENE, PSS, PUMPING, ROUND_ONE, ROUND_TWO
from relief.fleet.belarus.places import PLACE, PLACES
from relief.fleet.belarus.stage import Event, Stage, item_id
from relief.fleet.belarus.winter import TEA
from relief.fleet.phone import HeadlessPhone

OPENS, CLOSES = 9 * 60, 16 * 60 + 30
PSS_PHONE = "pss"
SPARE_UNITS = 8
SEXES, BANDS = ("female", "male"), ("18-59", "60+", "6-12", "unknown")  # of those whose houses were pumped out
WINTER_DAYS = ("2013-01-28", "2013-01-29")
PEOPLE_AT_HEATING_POINTS = (120, 95, 110, 105, 130, 90, 115, 85)  # 850 at launch, as published; the parts are made up


def list_ordinary(kept: frozenset[int]) -> list[Event]:
    """Return the ordinary events; the parcels of the families in `kept` are somebody else's story."""
    chance = random.Random(SEED + 1)
    events = [*_deliveries(), *_visits(chance, kept), *_second_visits(chance), *_talks(chance), *_pumping(chance)]
    return sorted(events, key=lambda event: (event.day, event.minute, event.phone))


def give_parcels(family: Family, stage: Stage, phone: HeadlessPhone, card: str | None = None,
                 units: int | None = None) -> list[str]:  # fmt: skip
    """Give food and hygiene in one visit; return the ids of both records."""
    visit, card = phone.maker.random_id(), card or stage.cards[family.number]
    return [phone.handover(card, item_id(item), units or family.parcel_units, visit=visit)["id"] for item in (FOOD, HYGIENE)]


def give_blankets(family: Family, stage: Stage, phone: HeadlessPhone) -> None:
    """Give the family its blankets."""
    phone.handover(stage.cards[family.number], item_id(BLANKET), family.blankets)


def _visits(chance: random.Random, kept: frozenset[int]) -> Iterator[Event]:
    days = {place.key: cycle(site_days(place.key, ROUND_ONE)) for place in PLACES}
    for family in list_families():
        if family.on_site or not (family.parcels or family.blankets):
            continue
        day, minute = next(days[family.site]), chance.randrange(OPENS, CLOSES)
        if family.parcels and family.number not in kept:
            yield Event(day, minute, family.site, partial(_parcels, family))
        if family.blankets:
            yield Event(day, minute + 1, family.site, partial(give_blankets, family))


def _parcels(family: Family, stage: Stage, phone: HeadlessPhone) -> None:
    give_parcels(family, stage, phone)


def _second_visits(chance: random.Random) -> Iterator[Event]:
    for family in list_families():
        if family.second_pair:
            day = chance.choice(site_days(family.site, ROUND_TWO))
            yield Event(day, chance.randrange(OPENS, CLOSES), family.site, partial(_parcels, family))


def _talks(chance: random.Random) -> Iterator[Event]:
    """The one phone that may see PSS goes where the site works; some people are talked with twice."""
    for family in list_families():
        if family.pss:
            day = chance.choice(site_days(family.site, ROUND_ONE)[1:])
            yield Event(day, chance.randrange(OPENS, CLOSES), PSS_PHONE, partial(_talk, family, family.pss))
            if chance.random() < 0.3:
                again = chance.choice(site_days(family.site, ROUND_TWO))
                yield Event(again, chance.randrange(OPENS, CLOSES), PSS_PHONE, partial(_talk, family, family.pss[:1]))


def _talk(family: Family, numbers: tuple[int, ...], stage: Stage, phone: HeadlessPhone) -> None:
    card = stage.cards[family.number]
    members = [member["id"] for member in phone.view.rows[card]["members"] if member["number"] in numbers]
    phone.handover(card, item_id(PSS), len(members), members=members, site=PLACE[family.site].site_id)


def _pumping(chance: random.Random) -> Iterator[Event]:
    left, places = published_people()["pumping"], cycle(PLACES[:2] + PLACES[4:6] + PLACES[10:11])
    while left:
        place, count = next(places), min(left, chance.randint(1, 5))
        left -= count
        day = chance.choice(site_days(place.key, ROUND_ONE))
        people = Counter((chance.choice(SEXES), chance.choice(BANDS)) for _person in range(count))
        rows = [{"sex": sex, "age_band": band, "count": number} for (sex, band), number in sorted(people.items())]
        yield Event(day, chance.randrange(OPENS, CLOSES), place.key, partial(_pump, rows, chance.choice(place.villages)))


def _pump(people: list[dict[str, object]], village: str, _stage: Stage, phone: HeadlessPhone) -> None:
    phone.contact(item_id(PUMPING), people, quantity=1, place=f"Flooded building in {village}")


def _deliveries() -> Iterator[Event]:
    for place in PLACES:
        families = [family for family in list_families() if family.site == place.key]
        pairs = sum(family.parcel_units * (family.parcels + family.second_pair) for family in families)
        blankets = sum(family.blankets for family in families)
        goods = {FOOD: pairs + SPARE_UNITS, HYGIENE: pairs + SPARE_UNITS, BLANKET: blankets + SPARE_UNITS}
        yield Event(site_days(place.key, ROUND_ONE)[0], OPENS - 20, place.key, partial(_deliver, goods))


def _deliver(goods: dict[str, int], _stage: Stage, phone: HeadlessPhone) -> None:
    for number, (item, quantity) in enumerate(goods.items(), 1):
        phone.raw("stock", action="received", item=item_id(item), site=phone.site, quantity=quantity, source="dref",
                  waybill=f"DEMO-{phone.label}-{number}")  # fmt: skip


def list_winter() -> list[Event]:
    """Return the launch days of the winter operation: hot tea, counted and not told apart."""
    phones = cycle(("vitebsk", "bykhov"))
    return [Event(WINTER_DAYS[number // 4], OPENS + 90 * (number % 4) + 45, f"winter-{next(phones)}", partial(_tea, count))
            for number, count in enumerate(PEOPLE_AT_HEATING_POINTS)]  # fmt: skip


def _tea(count: int, _stage: Stage, phone: HeadlessPhone) -> None:
    people = [{"sex": "unknown", "age_band": "unknown", "count": count}]
    phone.contact(item_id(TEA, WINTER), people, quantity=count)
