from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from relief.accounts.limits import limiter
from tests.fuzz.town import Town, Witness


@pytest.fixture
def town(app: Flask, clock: Any) -> Iterator[Town]:
    app.config["PROPAGATE_EXCEPTIONS"] = False  # as a visitor would see it
    limiter.enabled = False  # else most tries would only meet the limit; tests/accounts tests that
    yield Town(app, clock)
    limiter.enabled = True


@pytest.fixture
def witness(town: Town) -> Iterator[Witness]:
    witness = Witness()
    witness.changed()
    yield witness
    witness.close()
