"""A small operation that a test may serve, back up, damage and bring back, on both databases."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import make_url

from relief.settings import Settings
from tests.databases import PostgresServer, put_sqlite
from tests.upkeep.station import Station


@pytest.fixture
def station(settings: Settings) -> Iterator[Station]:
    made = Station(settings)
    yield made
    made.close()


def serve_once(settings: Settings) -> Station:
    station = Station(settings)
    with closing(station), station.served():
        station.give(station.phone())
        station.wait_for_anchors()
    return station


@pytest.fixture(scope="session")
def used_sqlite(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Station:
    folder = tmp_path_factory.mktemp("used")
    return serve_once(Settings(instance=folder, database_url=put_sqlite(sqlite_template, folder)))


@pytest.fixture(scope="session")
def used_postgresql(postgres_server: PostgresServer, postgresql_template: str, tmp_path_factory: pytest.TempPathFactory
                    ) -> Station:  # fmt: skip
    url = postgres_server.url(postgres_server.create(postgresql_template))
    return serve_once(Settings(instance=tmp_path_factory.mktemp("used"), database_url=url))


@pytest.fixture
def used(database: str, instance: Path, request: pytest.FixtureRequest) -> Iterator[Station]:
    """A copy of an installation that was served, whose anchors say how far its ledger had come."""
    ready: Station = request.getfixturevalue(f"used_{database}")
    shutil.copytree(ready.folder, instance, dirs_exist_ok=True)
    if database == "sqlite":
        yield ready.moved_to(instance, f"sqlite:///{instance / 'relief.db'}")
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    name = server.create(str(make_url(ready.url).database))
    yield ready.moved_to(instance, server.url(name))
    server.drop(name)
