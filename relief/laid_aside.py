"""Databases that a restore laid aside. They hold what was erased since, so they are named until somebody deletes them.

SQLite: `relief.db.before-20261122-101500` beside the file. PostgreSQL: a schema `public_before_20261122_101500`.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import inspect, text

from relief.db import db, unit_of_work
from relief.presence import sqlite_file
from relief.settings import Settings

BESIDE = ("", "-wal", "-shm")


def aside_of_file(path: Path) -> Path:
    """Return where a database's file is laid aside at this moment."""
    return path.with_name(f"{path.name}.before-{datetime.now(UTC):%Y%m%d-%H%M%S}")


def aside_of_schema(name: str) -> str:
    """Return how a PostgreSQL schema is called that is laid aside at this moment."""
    return f"{name}_before_{datetime.now(UTC):%Y%m%d_%H%M%S}"


def schema_before(aside: str) -> str:
    """Return how a schema was called before it was laid aside."""
    return aside.rpartition("_before_")[0]


def list_laid_aside(settings: Settings) -> list[str]:
    """Return the files or schemas laid aside, the oldest first. The app must be open, but its database may be damaged."""
    path = sqlite_file(settings)
    if path is not None:
        ended = re.compile(re.escape(path.name) + r"\.before-\d{8}-\d{6}")
        return sorted({found[0] for each in path.parent.iterdir() if (found := ended.match(each.name))})
    with db.engine.connect() as connection:
        here = re.escape(connection.execute(text("SELECT current_schema()")).scalar() or "")
        names = inspect(connection).get_schema_names()
    return sorted(each for each in names if re.fullmatch(here + r"_before_\d{8}_\d{6}", each))


def delete_laid_aside(settings: Settings, names: list[str]) -> None:
    """Delete what `list_laid_aside` named, for good."""
    path = sqlite_file(settings)
    if path is not None:
        for name in names:
            for ending in BESIDE:
                path.with_name(name + ending).unlink(missing_ok=True)
        return
    with unit_of_work() as session:
        for name in names:
            session.execute(text(f'DROP SCHEMA "{name}" CASCADE'))
