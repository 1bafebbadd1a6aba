"""How often the same thing is tried with other chances: `make soak` tries all of it, `make test` a share."""

from __future__ import annotations

import os

IN_FULL = "TESTS_IN_FULL"  # set by `make soak`, see soak/repeating.py


def often(full: int, share: int = 3) -> int:
    """Return how many of `full` tries to make: all of them in full, else one of `share`."""
    return full if os.environ.get(IN_FULL) else max(1, full // share)
