"""How far the ledgers had come when last seen, kept outside the database.

`anchors.json` in the instance folder is written anew every few seconds while something changes. So a ledger that lost its end
(an older copy put in its place) is named. `database_memory` remembers that there was a database at all.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import make_url

from relief.settings import Settings
from relief.traces import ANCHORS, told_of_anchors, write_whole


def database_name(settings: Settings) -> str:
    """Return the database's address without its password."""
    return make_url(settings.database_url).render_as_string(hide_password=True)


def read_anchors(settings: Settings) -> dict[str, Any]:
    """Return what is remembered of this installation's database: `{}` when nothing, or another one is."""
    told = told_of_anchors(settings.instance) or {}
    return told if told.get("database") == database_name(settings) else {}


def write_anchors(settings: Settings, operations: dict[str, dict[str, Any]], now: int) -> None:
    """Remember that the database is there, and each operation's `{"ledger", "position", "hash"}`."""
    told = {"database": database_name(settings), "seen_at": now, "operations": operations}
    write_whole(settings.instance / ANCHORS, told)


def sqlite_file(settings: Settings) -> Path | None:
    """Return the file of an SQLite database, None for PostgreSQL."""
    url = make_url(settings.database_url)
    return Path(url.database or "") if url.drivername.startswith("sqlite") else None
