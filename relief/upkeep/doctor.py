"""What may be wrong with an installation, each in a sentence with its cure. Nothing is changed, and nothing needs to work."""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from flask_babel import gettext as _

from relief.database_memory import refuse_if_lost
from relief.kernel.errors import ReliefError
from relief.presence import sqlite_file
from relief.settings import Settings, load_secrets, load_settings
from relief.traces import SECRETS, damaged_memories, keys_were_made
from relief.upkeep.backup import is_good, list_backups
from relief.upkeep.database_check import check_database
from relief.upkeep.finding import BROKEN, LOOK, OK, Finding
from relief.upkeep.server_check import check_server

LEAST_FREE_BYTES, ENOUGH_FREE_BYTES = 100 << 20, 1 << 30
BACKUP_HOURS = 48


def examine() -> Iterator[Finding]:
    """Yield what is found, the ground first; where the ground is broken, what stands on it is not looked at."""
    try:
        settings = load_settings()
    except ReliefError as error:
        yield Finding(BROKEN, "settings", error.message, _("docs/settings.md has every setting."))
        return
    yield Finding(OK, "settings", _("All settings can be read."))
    yield from _settings(settings)
    ground = [*_folder(settings), *_secrets(settings), *_file(settings)]
    yield from ground
    yield from _memories(settings)
    yield from _space(settings)
    yield from _backups(settings)
    if all(each.state != BROKEN for each in ground) and (settings.instance / SECRETS).exists():  # else opening it makes them
        yield from check_database(settings)
    yield from check_server(settings)


def _settings(settings: Settings) -> Iterator[Finding]:
    if settings.clock_file or settings.demo:
        yield Finding(LOOK, "settings", _("demo or clock_file is set: good for demonstrations and drills only."),
                      _("Take them out of settings.toml for real work."))  # fmt: skip
    if not settings.backup_recipient:
        yield Finding(LOOK, "settings", _("Backups have no key to be encrypted to."),
                      _("Run: relief db backup-key -o backup-key.txt   Put the line it prints into settings.toml."))  # fmt: skip


def _folder(settings: Settings) -> Iterator[Finding]:
    folder = settings.instance
    if not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK):
        yield Finding(BROKEN, "folder", _("The instance folder %(folder)s is missing or cannot be written.", folder=folder),
                      _("Check RELIEF_INSTANCE, and that the server's user owns it."))  # fmt: skip
    elif folder.stat().st_mode & 0o022:
        yield Finding(LOOK, "folder", _("Others may write into the instance folder."), f"chmod 700 {folder}")
    else:
        yield Finding(OK, "folder", str(folder))


def _secrets(settings: Settings) -> Iterator[Finding]:
    if not (settings.instance / SECRETS).exists() and not keys_were_made(settings.instance):
        yield Finding(LOOK, "secrets", _("There is no secrets.json yet: the first start makes it."), _("Run: relief serve"))
        return
    try:
        load_secrets(settings.instance)
        yield Finding(OK, "secrets", _("secrets.json can be read, by its owner only."))
    except ReliefError as error:
        yield Finding(BROKEN, "secrets", error.message,
                      _("chmod 600 secrets.json; where it is damaged or missing, take it from a backup: age --decrypt -i KEY FILE"
                        " | tar -xz secrets.json"))  # fmt: skip


def _file(settings: Settings) -> Iterator[Finding]:
    path = sqlite_file(settings)
    if path is None:
        return
    if not (path.exists() and path.stat().st_size):
        yield _no_database(settings)
        return
    problem = _damage(path)
    if problem:
        yield Finding(BROKEN, "database", _("The database file is damaged: %(problem)s.", problem=problem),
                      _("Stop the server, keep the file, and run: relief db restore FILE --replace"))  # fmt: skip
    else:
        yield Finding(OK, "database", _("Every page of %(path)s is whole.", path=path))


def _no_database(settings: Settings) -> Finding:
    try:
        refuse_if_lost(settings)
    except ReliefError as error:
        return Finding(BROKEN, "database", error.message, _("Put the file back, or run: relief db restore FILE"))
    return Finding(BROKEN, "database", _("There is no database yet."), _("Run: relief db upgrade"))


def _memories(settings: Settings) -> Iterator[Finding]:
    for name in damaged_memories(settings.instance):
        yield Finding(BROKEN, name, _("%(name)s, which remembers the database, is damaged.", name=name),
                      _("If the database is the right one (relief ledger verify CODE), move %(name)s away and run: relief db "
                        "upgrade, which writes it anew. If the database is missing, put it back first.", name=name))  # fmt: skip


def _damage(path: Path) -> str | None:
    """Return what SQLite finds wrong with a file, None when nothing."""
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=rw", uri=True)) as connection:
            found = str(connection.execute("PRAGMA integrity_check(1)").fetchone()[0])
    except sqlite3.Error as error:
        return str(error)
    return None if found == "ok" else found.splitlines()[-1]


def _space(settings: Settings) -> Iterator[Finding]:
    place = settings.instance if settings.instance.is_dir() else settings.instance.parent
    if not place.is_dir():
        return
    free = shutil.disk_usage(place).free
    state = BROKEN if free < LEAST_FREE_BYTES else LOOK if free < ENOUGH_FREE_BYTES else OK
    cure = "" if state == OK else _("Make room: a full disk stops phones from handing in. Old backups are in backups/.")
    yield Finding(state, "disk", _("%(size)s MB are free.", size=f"{free >> 20:,}"), cure)


def _backups(settings: Settings) -> Iterator[Finding]:
    found = list_backups(settings)
    good = [path for path in found if is_good(path)]
    cure = _("Run relief db backup every night, and copy the files away from this machine.")
    if not good:
        yield Finding(LOOK, "backup", _("There is no backup in backups/."), cure)
        return
    hours = (time.time() - good[-1].stat().st_mtime) / 3600
    state = LOOK if hours > BACKUP_HOURS else OK
    yield Finding(state, "backup", _("The last backup is %(hours)s hours old: %(name)s.", hours=round(hours), name=good[-1].name),
                  cure if state == LOOK else "")  # fmt: skip
    if found[-1] not in good:
        yield Finding(BROKEN, "backup", _("The last backup does not verify: %(name)s.", name=found[-1].name),
                      _("Run relief ledger verify, and keep the earlier backups."))  # fmt: skip
