"""Faults of the suite that need no load, many times over: clock steps, lost and damaged files, locks, a restored backup.

What `make test` tries a share of is tried in full here (tests/amounts.py).
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass

from tests.amounts import IN_FULL

LONGEST_SECONDS = 1800


@dataclass(frozen=True, slots=True)
class Repeated:
    """How many faults were tried, all with the outcome that their tests demand."""

    faults: int


def repeated(times: int, *tests: str) -> Callable[[], Repeated]:
    """Return the run of test files `times` times over. Raises AssertionError with what pytest said of the first that failed."""

    def go() -> Repeated:
        return Repeated(sum(_passed(tests) for _time in range(times)))

    return go


def _passed(tests: tuple[str, ...]) -> int:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests]
    in_full = {**os.environ, IN_FULL: "1"}
    done = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST_SECONDS, env=in_full)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
    [passed] = re.findall(r"(\d+) passed", done.stdout.splitlines()[-1])
    return int(passed)
