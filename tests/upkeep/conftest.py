"""A small operation that a test may serve, back up, damage and bring back, on both databases."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from relief.settings import Settings
from tests.upkeep.station import Station


@pytest.fixture
def station(settings: Settings) -> Iterator[Station]:
    made = Station(settings)
    yield made
    made.close()
