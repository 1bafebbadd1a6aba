"""Migrations: numbered, named for one purpose, and ending in exactly the models' schema on both databases."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import CheckConstraint, MetaData, Table, func, select, text

from relief import create_app
from relief.db import db, is_sqlite, snapshot
from relief.kernel.clock import FrozenClock
from relief.schema import GUARDS, find_guards, find_revision, is_current, migrations_folder, newest_revision, upgrade_schema
from relief.settings import Settings
from tests.databases import schema_differences

SAME_ID = b"\1" * 16


def files() -> list[Path]:
    return sorted((migrations_folder() / "versions").glob("*.py"))


def load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def empty_app(empty_database_url: str, instance: Path, clock: FrozenClock) -> Iterator[Flask]:
    """The app on a database without tables."""
    app = create_app(Settings(instance=instance, database_url=empty_database_url), clock=clock)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def test_migrations_are_numbered_without_gap_and_named_for_a_purpose() -> None:
    names = [path.name for path in files()]
    assert names
    assert [name[:4] for name in names] == [f"{number:04d}" for number in range(1, len(names) + 1)]
    assert [name for name in names if not re.fullmatch(r"\d{4}_[a-z]+(_[a-z0-9]+)+\.py", name)] == []


def test_each_migration_follows_the_one_before_it() -> None:
    before = None
    for path in files():
        module = load(path)
        assert (module.revision, module.down_revision) == (path.name[:4], before)
        assert (module.__doc__ or "").strip()
        before = module.revision


def test_the_migrated_schema_is_the_models_schema(empty_app: Flask) -> None:
    upgrade_schema()
    assert schema_differences() == []


def test_an_empty_database_is_brought_up_to_date(empty_app: Flask) -> None:
    with snapshot() as connection:
        assert find_revision(connection) is None
        assert not is_current(connection)
    upgrade_schema()
    with snapshot() as connection:
        assert find_revision(connection) == newest_revision()
        assert is_current(connection)


def test_the_guards_that_the_doctor_looks_for_are_those_that_migrations_make(empty_app: Flask) -> None:
    upgrade_schema()
    with snapshot() as connection:
        assert find_guards(connection) == GUARDS


def test_upgrading_again_changes_nothing(empty_app: Flask) -> None:
    upgrade_schema()
    upgrade_schema()
    with snapshot() as connection:
        assert is_current(connection)


def test_migrations_keep_the_rows_that_are_there(empty_app: Flask) -> None:
    upgrade_schema("0001")
    tables = fill_every_table()
    upgrade_schema()
    with snapshot() as connection:
        kept = {name: connection.execute(select(func.count()).select_from(text(f'"{name}"'))).scalar_one() for name in tables}
    assert kept == dict.fromkeys(tables, 1)


def fill_every_table() -> list[str]:
    """Put one row into every table of the database; all ids are the same, so every foreign key finds its row."""
    metadata = MetaData()
    with db.engine.connect() as connection:
        driver = connection.connection.dbapi_connection
        assert driver
        driver.execute("PRAGMA foreign_keys=OFF" if is_sqlite(connection) else "SET session_replication_role = replica")
        with connection.begin():
            metadata.reflect(connection)
            tables = [table for table in metadata.tables.values() if table.name != "alembic_version"]
            for table in tables:
                connection.execute(table.insert().values(sample_row(table)))
        connection.detach()
    return [table.name for table in tables]


def sample_row(table: Table) -> dict[str, Any]:
    checks = " ".join(str(check.sqltext) for check in table.constraints if isinstance(check, CheckConstraint))
    return {column.name: sample(column, checks) for column in table.columns}


def sample(column: Any, checks: str) -> Any:
    """Return a value that the column and the checks of its table take."""
    if listed := re.search(rf"\b{column.name}\W[^']{{0,60}}'(\w+)'", checks):
        return listed.group(1)
    kind = column.type.python_type
    if kind is bytes:
        return SAME_ID if getattr(column.type, "length", None) in (None, 16) else b"\1" * column.type.length
    return {bool: True, int: 1, str: "2013-03-18"[: getattr(column.type, "length", None) or 10]}[kind]
