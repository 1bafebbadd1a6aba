"""Plays events day by day: sets the server's clock and the phones' times, lets phones work, sends in the evening."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from itertools import groupby

from relief.fleet.belarus.calendar import round_on
from relief.fleet.belarus.facts import FLOODS, SEED, ZONE, operation_id, thing_id
from relief.fleet.belarus.mess import LATE_DAY, LATE_PHONE
from relief.fleet.belarus.phones import PhonePlan
from relief.fleet.belarus.stage import Event, Stage
from relief.fleet.phone import HeadlessPhone
from relief.fleet.phone_clock import PhoneClock, SetTime
from relief.fleet.transport import NoAnswer
from relief.kernel.clock import ShiftedClock, parse_wall

OPENING, CLOSING = 8 * 60 + 20, 17 * 60 + 30
LOST_ANSWERS = 0.1  # of the evenings
DAYS_LATE = 2


def moment_at(day: str, minute: int) -> int:
    """Return the UTC seconds of a local minute of a day (Belarus kept UTC+3 all through 2013)."""
    return parse_wall(f"{day}T00:00:00+03:00") + minute * 60


class Player:
    """Owns the time. `server_clock` is the running server's; each phone has a true time of its own that this sets."""

    def __init__(self, base_url: str, server_clock: ShiftedClock, sleep: Callable[[float], None]) -> None:
        self.base_url, self.server_clock, self.sleep = base_url, server_clock, sleep
        self.phones: dict[str, HeadlessPhone] = {}
        self.times: dict[str, SetTime] = {}
        self.chance = random.Random(SEED + 2)

    def enrol(self, plan: PhonePlan, code: str, moment: int) -> None:
        """Enrol one phone over HTTP at `moment`."""
        time = self.times[plan.key] = SetTime(moment)
        phone = HeadlessPhone(self.base_url, PhoneClock(time, error_seconds=plan.clock_error_seconds, zone=ZONE),
                              random.Random(f"{SEED} {plan.key}"), self.sleep, plan.key)  # fmt: skip
        phone.enrol(code)
        self.phones[plan.key] = phone

    def play(self, events: Iterable[Event], stage: Stage, day_done: Callable[[str], None]) -> None:
        """Play all events in order of their days and minutes."""
        ordered = sorted(events, key=lambda event: (event.day, event.minute))
        for day, of_day in groupby(ordered, key=lambda event: event.day):
            self._play_day(day, list(of_day), stage)
            day_done(day)

    def _play_day(self, day: str, events: list[Event], stage: Stage) -> None:
        at_work = sorted({event.phone for event in events})
        self._open(day, at_work)
        for event in events:
            if event.live:
                self.server_clock.set(moment_at(day, event.minute))
            self.times[event.phone].moment = moment_at(day, event.minute)
            event.act(stage, self.phones[event.phone])
        self._close(day, at_work)

    def _open(self, day: str, at_work: list[str]) -> None:
        self.server_clock.set(moment_at(day, OPENING))
        if day >= _days_after(LATE_DAY, DAYS_LATE):
            self.phones[LATE_PHONE].transport.offline = False
        for key, phone in self.phones.items():
            late = phone.outbox.waiting and not phone.transport.offline
            if late or key in at_work:
                self.times[key].moment = moment_at(day, OPENING)
            if late:
                phone.sync()
            if key in at_work:
                self._start_session(phone, day)

    def _start_session(self, phone: HeadlessPhone, day: str) -> None:
        if phone.operation["id"] == operation_id(FLOODS):
            phone.round = thing_id(FLOODS, "round", round_on(day))
        phone.restart()
        phone.sync()
        phone.register()

    def _close(self, day: str, at_work: list[str]) -> None:
        self.server_clock.set(moment_at(day, CLOSING))
        for key in at_work:
            phone = self.phones[key]
            self.times[key].moment = moment_at(day, CLOSING)
            if key == LATE_PHONE and day == LATE_DAY:
                phone.transport.offline = True
            elif self.chance.random() < LOST_ANSWERS:
                phone.transport.drop_answers = 1
            try:
                phone.sync()
            except NoAnswer:
                if not phone.transport.offline:
                    raise


def _days_after(day: str, days: int) -> str:
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()
