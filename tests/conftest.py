"""What every test may ask for.

`app` runs on both databases (ids `sqlite` and `postgresql`), each test on a fresh copy of a migrated template, so that
commits are real and several threads may work. `@only_sqlite` or `@only_postgresql` (from `tests.conftest`) narrows it.
"""

from __future__ import annotations

import fcntl
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, current_app
from flask.testing import FlaskClient
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import Engine
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

from relief import create_app
from relief.db import db
from relief.kernel.clock import FrozenClock, parse_wall
from relief.kernel.garbage import collect_garbage_seldom
from relief.ledger.keys import current_keys
from relief.ledger.sealer import seal_all
from relief.settings import Settings
from tests.databases import PostgresServer, fast_folder, make_schema, put_sqlite, running_server
from tests.house.pages_check import PageCheckingClient
from tests.network import refuse_other_machines

BUILDERS = ("_build", "_build_unknown")
STATEMENTS = 3000  # more than the program has
MORNING = parse_wall("2013-03-18T09:00:00+03:00")

only_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
only_postgresql = pytest.mark.parametrize("database", ["postgresql"], indirect=True)

# A fixture's database lives through all examples of a test: examples use operations of their own.
hypothesis_settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
hypothesis_settings.register_profile("ci", hypothesis_settings.get_profile("house"), derandomize=True, print_blob=True)
hypothesis_settings.load_profile("ci" if os.environ.get("CI") else "house")

refuse_other_machines()

# Where Python is told to keep nothing compiled, every server and command that a test starts would compile the whole program anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def compile_addresses_once() -> None:
    """Keep what Werkzeug makes of each address: every test makes an app, and this was half of the price of one."""
    compiled: dict[tuple[object, ...], dict[str, Any]] = {}
    compile_rule = Rule.compile

    def once(rule: Rule) -> None:
        given = (rule.rule, rule.subdomain, rule.host, rule.is_leaf, rule.websocket, rule.strict_slashes, rule.merge_slashes)
        known = (*given, repr(rule.defaults), rule.map.host_matching, *rule.map.converters.values())
        if known not in compiled:
            compile_rule(rule)
            compiled[known] = {name: rule.__dict__[name] for name in ("_parts", "_trace", "_converters", "arguments")}
            compiled[known] |= {name: rule.__dict__[name].__func__ for name in BUILDERS}
        rule.__dict__.update(compiled[known])
        rule.__dict__.update({name: compiled[known][name].__get__(rule) for name in BUILDERS})

    Rule.compile = once  # type: ignore[method-assign]


def compile_statements_once() -> None:
    """Let all engines of a kind share their compiled statements, as the threads of a server do: every test makes an engine."""
    compiled: LRUCache[Any, Any] = LRUCache(STATEMENTS)
    Engine._compiled_cache = property(lambda _engine: compiled, lambda _engine, _own: None)  # type: ignore[assignment]
    DefaultDialect.__hash__ = lambda dialect: hash(type(dialect))  # type: ignore[method-assign]
    DefaultDialect.__eq__ = lambda dialect, other: type(dialect) is type(other)  # type: ignore[method-assign]


compile_addresses_once()
compile_statements_once()


def pytest_collection_finish() -> None:
    """Look for garbage as seldom as the program does where it serves: among all that tests import, a look takes its time."""
    collect_garbage_seldom()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """One PostgreSQL for the whole run (under xdist: one for each worker), started when first asked for."""
    yield from running_server()


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of this run, the same for all its workers: what one has made there the others need not make again."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def sqlite_template(run_folder: Path) -> Path:
    """An SQLite file that has the schema and no rows."""
    folder = run_folder / "template"
    path = folder / "relief.db"
    with (run_folder / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            making = run_folder / "template-being-made"
            making.mkdir(exist_ok=True)
            settings = Settings(instance=making, database_url=f"sqlite:///{making / path.name}")
            make_schema(create_app(settings, clock=FrozenClock(MORNING)))
            making.rename(folder)
    return path


@pytest.fixture(scope="session")
def postgresql_template(postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a PostgreSQL database that has the schema and no rows."""
    name = postgres_server.create()
    folder = tmp_path_factory.mktemp("template")
    make_schema(create_app(Settings(instance=folder, database_url=postgres_server.url(name)), clock=FrozenClock(MORNING)))
    return name


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str:
    """Which database the test runs on."""
    return str(request.param)


@pytest.fixture
def empty_database_url(database: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a database without any table."""
    if database == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    name = server.create()
    yield server.url(name)
    server.drop(name)


@pytest.fixture
def instance() -> Iterator[Path]:
    """An empty instance folder."""
    with tempfile.TemporaryDirectory(prefix="relief-test-", dir=fast_folder(), ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@pytest.fixture
def settings(database: str, instance: Path, request: pytest.FixtureRequest) -> Iterator[Settings]:
    """Settings of an installation of the test's own, its database migrated and empty of rows."""
    if database == "sqlite":
        yield Settings(instance=instance, database_url=put_sqlite(request.getfixturevalue("sqlite_template"), instance))
        return
    template = request.getfixturevalue("postgresql_template")
    server: PostgresServer = request.getfixturevalue("postgres_server")
    name = server.create(template)
    yield Settings(instance=instance, database_url=server.url(name))
    server.drop(name)


@pytest.fixture
def clock() -> FrozenClock:
    """A clock that shows 09:00 in Minsk on 18 March 2013 until it is told otherwise."""
    return FrozenClock(MORNING)


@pytest.fixture(scope="session")
def compiled_pages(run_folder: Path) -> FileSystemBytecodeCache:
    """Templates as they were compiled once: compiling them for every test's app takes longer than all else that most tests do."""
    folder = run_folder / "pages"
    folder.mkdir(exist_ok=True)
    return FileSystemBytecodeCache(str(folder))


@pytest.fixture
def app(settings: Settings, clock: FrozenClock, compiled_pages: FileSystemBytecodeCache) -> Iterator[Flask]:
    """The app on a database of its own, with an app context open, so that the test may use `db` and services directly."""
    app = create_app(settings, clock=clock)
    app.config["TESTING"] = True
    app.jinja_env.bytecode_cache = compiled_pages
    app.test_client_class = PageCheckingClient
    with app.app_context():
        app.extensions["relief_after_commit"] = [seal_at_once]
        yield app
        db.session.remove()
        db.engine.dispose()


def seal_at_once() -> None:
    """Seal in the thread that committed: a sealer thread would outlive the test, and a test would have to wait for it."""
    while seal_all(current_app.extensions["relief_clock"].now(), current_keys()):
        pass


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser or program that is nobody yet; every page it fetches is checked (tests/house/pages_check.py)."""
    return app.test_client()
