"""A small operation that a test may serve, back up, damage and bring back, on both databases."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from relief.settings import Settings
from tests.upkeep.station import Station


@pytest.fixture
def station(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Station]:
    # Commands run in this process and seal at their end; a sealer thread (PostgreSQL) would outlive the test.
    monkeypatch.setattr("relief.start_sealer", lambda _app: None)
    made = Station(settings)
    yield made
    made.close()
