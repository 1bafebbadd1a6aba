from __future__ import annotations

import pytest

from tests.ledger.field import Field


@pytest.fixture
def field(app, clock):
    return Field(app, clock)
