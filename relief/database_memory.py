"""Which databases an installation has had tables in (`databases.json`): one that is gone or empty is never made anew unasked."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from flask_babel import gettext as _
from sqlalchemy import make_url

from relief.database_trouble import LATER_SECONDS
from relief.kernel.errors import Unusable
from relief.settings import Settings
from relief.traces import ANCHORS, LEFT_BEHIND, MEMORY, told_of, traces_of_database, write_whole


def remember_database(settings: Settings) -> None:
    """Note that the installation's database has tables; a damaged memory is written anew, for the database is there."""
    known = told_of(settings.instance / MEMORY, []) or []
    if _name(settings) not in known:
        write_whole(settings.instance / MEMORY, sorted({*known, _name(settings)}))


def lost_by(settings: Settings) -> list[str]:
    """Return the files that tell that this installation's database, found without tables, had some; none for a new one."""
    known = told_of(settings.instance / MEMORY, [])
    another = known is not None and _name(settings) not in known
    return [name for name in traces_of_database(settings.instance) if name != MEMORY or not another]


def refuse_if_lost(settings: Settings) -> None:
    """Raise Unusable for a database without tables where there were some: a lost one is not a new one."""
    signs = lost_by(settings)
    if signs:
        raise Unusable(_("The database %(name)s is missing or empty, but this installation had one: %(signs)s. Nothing was made "
                         "in its place. Put it back, or bring the last backup back: relief db restore FILE. To begin with an "
                         "empty one all the same: relief db upgrade --anew", name=_name(settings), signs=", ".join(signs)),
                       code="database_missing", retry_after_seconds=LATER_SECONDS)  # fmt: skip


def set_memory_aside(settings: Settings) -> list[Path]:
    """Move away what tells of a lost database, because somebody says so; return where to. Nothing is deleted."""
    ending = f"before-{datetime.now(UTC):%Y%m%d-%H%M%S}"
    moved = []
    for name in (MEMORY, ANCHORS, *LEFT_BEHIND):
        if (settings.instance / name).exists():
            moved.append((settings.instance / name).rename(settings.instance / f"{name}.{ending}"))
    if path := _sqlite_path(settings):
        with closing(sqlite3.connect(path)) as begun:
            begun.execute("PRAGMA user_version = 1")  # a file that is not empty may be opened, see `database_file`
    return moved


def _sqlite_path(settings: Settings) -> str | None:
    url = make_url(settings.database_url)
    return url.database if url.drivername == "sqlite" else None


def _name(settings: Settings) -> str:
    """Return the database's name as people know it: never with a password, and within the folder if it lies there."""
    url = make_url(settings.database_url)
    if url.drivername != "sqlite":
        return url.set(username=None, password=None, query={}).render_as_string()
    path = Path(str(url.database)).resolve()
    return str(path.relative_to(settings.instance)) if path.is_relative_to(settings.instance) else str(path)
