"""Which lanes of which sites a phone serves: `{site id text: [lane, ...]}`, from 1.

A site that is not named: all its lanes. An empty list: none, it has handed its lane over.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from relief.kernel.ids import is_id_text

Lanes = dict[str, list[int]]
MOST_LANES = 31
MOST_SITES = 50


def read_lanes(stored: bytes | None) -> Lanes:
    """Return what `write_lanes` wrote; {} for None."""
    return json.loads(stored) if stored else {}


def write_lanes(lanes: Mapping[str, Iterable[int]]) -> bytes | None:
    """Return lanes as they are stored, None for none: every lane once, in order."""
    kept = {site: sorted(set(numbers)) for site, numbers in sorted(lanes.items())}
    return json.dumps(kept, separators=(",", ":")).encode("ascii") if kept else None


def find_lanes(told: Any) -> Lanes | None:
    """Return lanes that a phone told, None where it is not readable as such."""
    if type(told) is not dict or len(told) > MOST_SITES:
        return None
    good = all(is_id_text(site) and type(numbers) is list and len(numbers) <= MOST_LANES
               and all(type(each) is int and 1 <= each <= MOST_LANES for each in numbers)
               for site, numbers in told.items())  # fmt: skip
    return dict(told) if good else None
