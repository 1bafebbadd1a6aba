"""A real server with a small operation, for phones to talk to; and the whole demonstration, loaded once a run."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from relief import create_app
from relief.db import db
from relief.fleet import demo_folder
from relief.fleet.demo_server import running_server
from relief.settings import load_settings
from tests.databases import put_sqlite
from tests.fleet.served import MORNING, Field, bring_small_operation, relief


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Field]:
    """One served operation for all tests of phones."""
    with _served(tmp_path_factory.mktemp("field"), sqlite_template) as field:
        yield field


@pytest.fixture
def own_field(tmp_path: Path, sqlite_template: Path) -> Iterator[Field]:
    """A served operation of the test's own, whose totals are what the test gave."""
    with _served(tmp_path, sqlite_template) as field:
        yield field
        field.hang_up()


@contextmanager
def _served(folder: Path, sqlite_template: Path) -> Iterator[Field]:
    clock = demo_folder.prepare(folder)
    clock.set(MORNING)
    put_sqlite(sqlite_template, folder)
    app = create_app(load_settings({"RELIEF_INSTANCE": str(folder)}))
    with app.app_context():
        cards = bring_small_operation(clock.now())
        db.engine.dispose()
    with running_server(folder, folder / "server.log") as base_url:
        yield Field(app, base_url, clock, cards)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def field(served: Field) -> Iterator[Field]:
    """The served operation; the phones of the test hang up at its end."""
    yield served
    served.hang_up()


@pytest.fixture(scope="session")
def loaded_demo(run_folder: Path) -> Path:
    """The folder of the demonstration, loaded by `relief demo` itself; the workers of a run share one."""
    folder = run_folder / "demo"
    with (run_folder / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / demo_folder.MARKER).exists():
            done = relief(folder, "demo")
            assert done.returncode == 0, done.stdout + done.stderr
    return folder
