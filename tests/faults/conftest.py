from __future__ import annotations

import pytest

from tests.faults.stage import peopled
from tests.ledger.field import Field


@pytest.fixture
def field(app, clock) -> Field:
    """An operation with families, seen by the app of the test; a `Server` on `settings` serves the same database."""
    return peopled(Field(app, clock))
