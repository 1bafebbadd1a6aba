"""What a phone knows of time: a wall clock that may be wrong, and an uptime that only runs forward."""

from __future__ import annotations

import time
from collections.abc import Callable

from relief.kernel.clock import wall


class SetTime:
    """A true time that moves only when told: the demonstration's days."""

    def __init__(self, moment: float) -> None:
        self.moment = moment

    def __call__(self) -> float:
        return self.moment


class SteadyTime:
    """The machine's time at the start, and from there its monotonic clock."""

    def __init__(self) -> None:
        self._offset = time.time() - time.monotonic()

    def __call__(self) -> float:
        return time.monotonic() + self._offset


class PhoneClock:
    """`true_now` gives exact UTC seconds; the wall clock shows `error_seconds` more; uptime counts from the last restart."""

    def __init__(self, true_now: Callable[[], float] | None = None, *, error_seconds: int = 0, zone: str = "UTC") -> None:
        self.true_now = true_now or SteadyTime()
        self.error_seconds = error_seconds
        self.zone = zone
        self.restart()

    def restart(self) -> None:
        """Begin a new session: uptime starts at zero again."""
        self._started = self.true_now()
        self._latest_ms = 0

    def wall_ms(self) -> int:
        """Return the milliseconds since 1970 that this phone believes in."""
        return int((self.true_now() + self.error_seconds) * 1000)

    def wall_text(self) -> str:
        """Return its wall time with offset."""
        return wall(self.wall_ms() // 1000, self.zone)

    def uptime_ms(self) -> int:
        """Return the session's age in milliseconds, never less than before."""
        self._latest_ms = max(self._latest_ms, int((self.true_now() - self._started) * 1000))
        return self._latest_ms
