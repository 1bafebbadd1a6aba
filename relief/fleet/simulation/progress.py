"""The line that tells how far a simulation is: refreshed on a terminal, a plain line an hour elsewhere."""

from __future__ import annotations

import sys
import threading
import time
from typing import TextIO

from flask_babel import gettext as _

from relief.fleet.simulation.playing import TICKS_AN_HOUR, Fleet

REFRESH_SECONDS = 0.5
CLEAR = "\r\x1b[2K"


class Progress:
    """Watches a fleet from a thread of its own on a terminal; elsewhere it speaks when an hour is over."""

    def __init__(self, fleet: Fleet, stream: TextIO = sys.stderr) -> None:
        self.fleet, self.stream = fleet, stream
        self.live = stream.isatty()
        self.ticks = 0
        self._format = _("Hour %s of %s: %s records answered, %s waiting on phones, %s phones offline, %s a second")
        self._started, self._prepared = time.monotonic(), fleet.book.settled
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._refresh, name="progress", daemon=True)

    def __enter__(self) -> Progress:
        if self.live:
            self._thread.start()
        return self

    def __exit__(self, *_raised: object) -> None:
        self._over.set()
        if self.live:
            self._thread.join()
            self.stream.write(CLEAR)
            self.stream.flush()

    def tick_done(self, ticks: int) -> None:
        """Take note of a tick that is over."""
        self.ticks = ticks
        if not self.live and ticks % TICKS_AN_HOUR == 0:
            self.stream.write(self.line() + "\n")
            self.stream.flush()

    def line(self) -> str:
        """Return how far it is."""
        phones, answered = self.fleet.phones, self.fleet.book.settled
        seconds = max(0.001, time.monotonic() - self._started)
        return self._format % (
            f"{self.ticks / TICKS_AN_HOUR:.1f}", self.fleet.wish.hours, f"{answered:,}",
            sum(len(phone.outbox.waiting) for phone in phones), sum(phone.transport.offline for phone in phones),
            f"{(answered - self._prepared) / seconds:.0f}",
        )  # fmt: skip

    def _refresh(self) -> None:
        while not self._over.wait(REFRESH_SECONDS):
            self.stream.write(CLEAR + self.line())
            self.stream.flush()
