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


def refuse_if_lost(settings: Settings) -> None:
    """Raise Unusable for a database without tables where this installation had one: a lost database is not a new one."""
    signs = traces_of_database(settings.instance)
    if signs:
        raise Unusable(_("The database %(name)s is missing or empty, but this installation had one (%(signs)s). Nothing was made "
                         "in its place. Put it back, or bring the last backup back: relief db restore FILE. To begin with an "
                         "empty one all the same: relief db upgrade --anew", name=_name(settings), signs="; ".join(signs)),
                       code="database_missing", retry_after_seconds=LATER_SECONDS)  # fmt: skip


def set_memory_aside(settings: Settings) -> list[Path]:
    """Move away what tells of a lost database, because somebody says so; return where to. Nothing is deleted."""
    ending = f"before-{datetime.now(UTC):%Y%m%d-%H%M%S}"
    there = [settings.instance / name for name in (MEMORY, ANCHORS, *LEFT_BEHIND) if (settings.instance / name).exists()]
    moved = [path.rename(path.with_name(f"{path.name}.{ending}")) for path in there]
    write_whole(settings.instance / MEMORY, [])
    url = make_url(settings.database_url)
    if url.drivername == "sqlite":  # what still tells of the lost one keeps an empty file closed, see `database_file`
        with closing(sqlite3.connect(str(url.database))) as begun:
            begun.execute("PRAGMA user_version = 1")
    return moved


def _name(settings: Settings) -> str:
    """Return the database's name as people know it: never with a password, and within the folder if it lies there."""
    url = make_url(settings.database_url)
    if url.drivername != "sqlite":
        return url.set(username=None, password=None, query={}).render_as_string()
    path = Path(str(url.database)).resolve()
    return str(path.relative_to(settings.instance)) if path.is_relative_to(settings.instance) else str(path)
