"""The measurements of `bench` that have a bar, as runs of the soak."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass

LONGEST_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Measured:
    """How many bars were met."""

    bars_met: int


def measured(*words: object) -> Callable[[], Measured]:
    """Return the run of `python -m bench WORDS`: it prints its table. Raises AssertionError with the bars that were missed."""

    def go() -> Measured:
        command = [sys.executable, "-W", "ignore", "-m", "bench", *map(str, words)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST_SECONDS)
        print(done.stdout, flush=True)
        lines = [" ".join(line.split()) for line in done.stdout.splitlines()]
        missed = [line for line in lines if "NOT MET" in line]
        assert not missed, "; ".join(missed)
        assert done.returncode == 0, done.stderr[-2000:]
        return Measured(sum(" met" in line for line in lines))

    return go
