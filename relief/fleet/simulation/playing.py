"""Plays the hours: in every tick all phones work at once, each by its own chance; between ticks the office works."""

from __future__ import annotations

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from relief.fleet.phone_clock import PhoneClock
from relief.fleet.simulation.book import Book, Rights
from relief.fleet.simulation.office import Office
from relief.fleet.simulation.rough_phone import RoughPhone
from relief.fleet.simulation.times import TICK_SECONDS, Pace, Times
from relief.fleet.simulation.troubles import Troubles
from relief.fleet.simulation.volunteer import Volunteer
from relief.fleet.simulation.world import BLANKS_A_PHONE, FAMILIES_AN_HOUR, World
from relief.operations.rules import Plan

TICKS_AN_HOUR = 3600 // TICK_SECONDS
MOST_AT_ONCE = 16
ACTS_A_TICK = (0, 1, 2, 2, 3, 4, 5)
EVENINGS = 6


@dataclass(frozen=True, slots=True)
class Wish:
    """How much is to be simulated, and by which seed."""

    phones: int
    hours: int
    seed: str
    rate: float | None = None

    @property
    def ticks(self) -> int:
        return self.hours * TICKS_AN_HOUR


@dataclass
class Fleet:
    """All that takes part: world, office, volunteers with their phones and troubles, and the book of what was said."""

    wish: Wish
    world: World
    office: Office
    book: Book
    times: Times
    pace: Pace
    volunteers: list[Volunteer] = field(default_factory=list)
    troubles: list[Troubles] = field(default_factory=list)

    @property
    def phones(self) -> list[RoughPhone]:
        return [each.phone for each in self.volunteers]


def gather(wish: Wish, plan: Plan, operation_id: bytes, base_url: str, times: Times) -> Fleet:
    """Prepare families, cards and phones; needs an app context of the server's database."""
    world = World.made(plan, wish.seed, max(16, wish.phones * wish.hours * FAMILIES_AN_HOUR), wish.phones * BLANKS_A_PHONE)
    book, moment = Book(), times.turn_to(0)
    office = Office(operation_id, world, book, PhoneClock(times.true_time(), zone=plan.sites[0].zone), wish.seed)
    fleet = Fleet(wish, world, office, book, times, Pace(wish.rate))
    office.prepare()
    try:
        for number in range(wish.phones):
            _join(fleet, number, base_url, moment)
    except Exception:
        for phone in fleet.phones:
            phone.close()
        raise
    return fleet


def _join(fleet: Fleet, number: int, base_url: str, moment: int) -> None:
    wish, plan = fleet.wish, fleet.world.plan
    chance = random.Random(f"phone {number} {wish.seed}")
    site = plan.sites[number % len(plan.sites)]
    lead, sensitive = number % 4 == 0, number % 3 == 0
    rights = Rights("phone", () if number % 5 == 4 else (site.id,), lead, sensitive)
    clock = PhoneClock(fleet.times.true_time(), zone=site.zone)
    phone = RoughPhone(base_url, clock, chance, fleet.book, f"phone {number + 1}", fleet.pace.sleep)
    phone.site, phone.round = site.id, fleet.world.round_on(moment).id
    phone.enrol(fleet.office.join_code(phone.label, site_ids=rights.site_ids, site_lead=lead, sensitive=sensitive))
    fleet.book.rights[phone.enrolment], fleet.book.labels[phone.enrolment] = rights, phone.label
    blanks = fleet.world.blanks[number * BLANKS_A_PHONE : (number + 1) * BLANKS_A_PHONE]
    fleet.volunteers.append(Volunteer(phone, fleet.world, random.Random(f"acts {number} {wish.seed}"), lead=lead,
                                      sensitive=sensitive, blanks=blanks))  # fmt: skip
    old_copy = (wish.ticks // 4, wish.ticks * 2 // 3) if number % 4 == 2 else (None, None)
    fleet.troubles.append(Troubles(phone, random.Random(f"troubles {number} {wish.seed}"), *old_copy))


def play(fleet: Fleet, tick_done: Callable[[int], None]) -> None:
    """Play all ticks and the evening after them; `tick_done` is told how many are done."""
    at_once = ThreadPoolExecutor(min(MOST_AT_ONCE, fleet.wish.phones), "phone")
    try:
        for tick in range(fleet.wish.ticks):
            _play_tick(fleet, tick, at_once)
            tick_done(tick + 1)
        _evening(fleet)
    finally:
        fleet.pace.stop()
        at_once.shutdown(cancel_futures=True)
        for phone in fleet.phones:
            phone.close()


def _play_tick(fleet: Fleet, tick: int, at_once: ThreadPoolExecutor) -> None:
    moment = fleet.times.turn_to(tick)
    fleet.times.move(fleet.office.clock.true_now, moment)
    if tick == fleet.wish.ticks * 3 // 5 and fleet.wish.phones > 2:
        fleet.office.sign_off(fleet.phones[1].enrolment)
    jobs = [at_once.submit(_work, fleet, number, tick, moment) for number in range(fleet.wish.phones)]
    for job in jobs:
        job.result()
    _spread_the_news(fleet)
    fleet.office.act()


def _work(fleet: Fleet, number: int, tick: int, moment: int) -> None:
    """Let one phone work for a tick."""
    volunteer, troubles = fleet.volunteers[number], fleet.troubles[number]
    phone, chance = volunteer.phone, volunteer.chance
    fleet.times.move(phone.clock.true_now, moment)
    troubles.before(tick)
    phone.round = fleet.world.round_on(moment).id
    if chance.random() < 0.6 and not phone.revoked:
        phone.try_register()
    offsets = sorted(chance.randrange(TICK_SECONDS) for _each in range(chance.choice(ACTS_A_TICK)))
    for offset in offsets:
        fleet.times.move(phone.clock.true_now, moment + offset)
        volunteer.pick_site()
        before = phone.outbox.made
        volunteer.act()
        fleet.pace.wait(phone.outbox.made - before)
        if chance.random() < 0.3:
            phone.try_sync()
    if chance.random() < 0.5:
        troubles.before_sending()
        phone.try_sync()
        troubles.after_sending()


def _spread_the_news(fleet: Fleet) -> None:
    """Let everybody hear what was done at other tables, in the order of the phones."""
    for volunteer in fleet.volunteers:
        for what, said in volunteer.news:
            (fleet.world.used_blanks if what == "card" else fleet.world.published).append(said)
        volunteer.news.clear()


def _evening(fleet: Fleet) -> None:
    """Bring all phones to the network until nothing waits on any."""
    moment = fleet.times.turn_to(fleet.wish.ticks)
    for volunteer, troubles in zip(fleet.volunteers, fleet.troubles, strict=True):
        troubles.end()
        fleet.times.move(volunteer.phone.clock.true_now, moment)
        for asked in volunteer.open:
            volunteer.resolve(asked)
        volunteer.phone.restart()
    for _evening_hour in range(EVENINGS):
        late = [phone for phone in fleet.phones if phone.outbox.waiting]
        for phone in late:
            phone.try_sync()
