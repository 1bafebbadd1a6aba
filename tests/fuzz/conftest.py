"""The town stands ready once for all tests: on SQLite each works in a copy of its installation."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import IO

import pytest
from flask import Flask

from relief import create_app
from relief.accounts.limits import limiter
from relief.cards.press import run_job
from relief.db import db
from relief.households.likeness import find_alike
from relief.kernel.clock import FrozenClock
from relief.settings import Settings
from tests.conftest import MORNING, seal_at_once
from tests.databases import put_sqlite
from tests.fuzz.town import Town
from tests.fuzz.witness import Witness


@pytest.fixture(scope="session")
def ready_town(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Town:
    """A town that nobody has visited, in an instance folder of its own."""
    folder = tmp_path_factory.mktemp("town")
    app = create_app(Settings(instance=folder, database_url=put_sqlite(sqlite_template, folder)), clock=FrozenClock(MORNING))
    with app.app_context():
        app.extensions["relief_after_commit"] = [seal_at_once]
        town = Town(app, FrozenClock(MORNING))
        db.session.remove()
        db.session.connection().exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        db.session.remove()
        db.engine.dispose()
    return town


@pytest.fixture
def settings(settings: Settings, database: str, instance: Path, request: pytest.FixtureRequest) -> Settings:
    if database == "sqlite":
        ready: Town = request.getfixturevalue("ready_town")
        shutil.copytree(ready.app.extensions["relief_settings"].instance, instance, dirs_exist_ok=True)
    return settings


def print_here(job: Sequence[bytes], file: IO[bytes], progress: Callable[[int], None]) -> None:
    """Print as the press does, but without starting a process for each of hundreds of sheets."""
    run_job(BytesIO(b"\n".join(job)), file, progress)


@pytest.fixture
def town(
    app: Flask, clock: FrozenClock, database: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Town]:
    app.config["PROPAGATE_EXCEPTIONS"] = False  # as a visitor would see it
    app.extensions["relief_press"] = print_here
    monkeypatch.setattr("relief.office.lists.duplicate_search.compare_apart", find_alike)  # which does it in a process of its own
    app.extensions["relief_run_job"] = lambda _app, work: work()  # what a form begins is seen to its end
    limiter.enabled = False  # else most tries would only meet the limit; tests/accounts tests that
    yield request.getfixturevalue("ready_town").moved_to(app) if database == "sqlite" else Town(app, clock)
    limiter.enabled = True


@pytest.fixture
def witness(town: Town) -> Iterator[Witness]:
    witness = Witness()
    witness.changed()
    yield witness
    witness.close()
