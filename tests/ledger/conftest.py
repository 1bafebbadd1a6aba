from __future__ import annotations

import pytest

from tests.ledger.crowd import NAMES
from tests.ledger.field import Field


@pytest.fixture
def field(app, clock):
    return Field(app, clock)


@pytest.fixture
def families(field):
    """Families of the names in `crowd.NAMES`, in a field where nothing is sealed but by the test."""
    for name in NAMES:
        field.household(name)
    field.seal()
    field.app.extensions["relief_after_commit"] = []  # sealers of the tests' own
    return field
