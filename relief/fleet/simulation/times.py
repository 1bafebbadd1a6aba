"""Who owns the time: a simulation that plays its hours on a clock of its own, or one that lives along with a running server."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Protocol

from relief.fleet.phone_clock import SetTime
from relief.kernel.clock import Clock, ShiftedClock

TICK_SECONDS = 600


class Times(Protocol):
    """Gives every phone its true time and moves it along."""

    def true_time(self) -> Callable[[], float]:
        """Return a true time for one phone."""

    def turn_to(self, tick: int) -> int:
        """Turn to a tick and return its moment."""

    def move(self, true_time: Callable[[], float], moment: float) -> None:
        """Let one phone come to a moment of this tick."""


class PlayedTimes:
    """Hours as fast as the machine can: the server's clock is set at every tick, each phone's at every act."""

    def __init__(self, server_clock: ShiftedClock, start: int) -> None:
        self.server_clock, self.start, self.moment = server_clock, start, start

    def true_time(self) -> Callable[[], float]:
        return SetTime(self.moment)

    def turn_to(self, tick: int) -> int:
        self.moment = self.start + tick * TICK_SECONDS
        self.server_clock.set(self.moment)
        return self.moment

    def move(self, true_time: Callable[[], float], moment: float) -> None:
        assert isinstance(true_time, SetTime)
        true_time.moment = max(true_time.moment, moment)


class LivedTimes:
    """The time of a running server, which nobody sets: acts happen when they happen."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self._offset = clock.now() - time.monotonic()

    def true_time(self) -> Callable[[], float]:
        return lambda: time.monotonic() + self._offset

    def turn_to(self, tick: int) -> int:
        return self.clock.now()

    def move(self, true_time: Callable[[], float], moment: float) -> None:
        """Nothing: time runs by itself."""


class Pace:
    """Lets at most `rate` records a second pass, over all phones; None = as many as come."""

    def __init__(self, rate: float | None) -> None:
        self.rate = rate
        self._stopped = threading.Event()
        self._free_at = time.monotonic()
        self._lock = threading.Lock()

    def wait(self, records: int) -> None:
        """Wait until so many more may pass."""
        if not self.rate:
            return
        with self._lock:
            now = time.monotonic()
            self._free_at = max(self._free_at, now) + records / self.rate
            pause = self._free_at - now
        self.sleep(pause)

    def sleep(self, seconds: float) -> None:
        """Sleep so long, or until somebody stops the whole."""
        self._stopped.wait(seconds)

    def stop(self) -> None:
        """Let nobody sleep any more."""
        self._stopped.set()
