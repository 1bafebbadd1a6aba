"""What the rest stands on: the instance folder, its keys, the database's file, and what remembers that they were there."""

from __future__ import annotations

import os
import shlex
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from flask_babel import gettext as _

from relief.database_file import lacks_log, log_missing
from relief.database_memory import refuse_if_lost
from relief.kernel.errors import ReliefError
from relief.ledger.erasure_journal import list_orders
from relief.presence import sqlite_file
from relief.settings import Settings, load_secrets
from relief.traces import JOURNAL, SECRETS, damaged_memories, keys_were_made
from relief.upkeep.backup import is_good, list_backups
from relief.upkeep.finding import BROKEN, LOOK, OK, Finding


def check_folder(settings: Settings) -> Iterator[Finding]:
    folder = settings.instance
    named = shlex.quote(str(folder))
    if not folder.is_dir():
        yield Finding(BROKEN, "folder", _("There is no instance folder %(folder)s.", folder=folder),
                      _("If there was one, RELIEF_INSTANCE names another now. A new installation makes it:"),
                      "relief db upgrade")  # fmt: skip
    elif not os.access(folder, os.W_OK | os.X_OK):
        yield Finding(BROKEN, "folder", _("The instance folder %(folder)s cannot be written.", folder=folder),
                      _("The user that runs the server must own it."), f"ls -ld {named}")  # fmt: skip
    elif folder.stat().st_mode & 0o077:
        yield Finding(LOOK, "folder", _("Others on this machine may look into the instance folder."), _("Keep them out:"),
                      f"chmod 700 {named}")  # fmt: skip
    else:
        yield Finding(OK, "folder", str(folder))


def check_secrets(settings: Settings) -> Iterator[Finding]:
    path = settings.instance / SECRETS
    if not path.exists() and not keys_were_made(settings.instance):
        yield Finding(LOOK, "secrets", _("There is no secrets.json yet: the first start makes it."), run="relief db upgrade")
        return
    try:
        load_secrets(settings.instance)
        yield Finding(OK, "secrets", _("secrets.json can be read, by its owner only."))
    except ReliefError as error:
        if path.exists() and path.stat().st_mode & 0o077:
            yield Finding(BROKEN, "secrets", error.message, _("Keep others out:"), f"chmod 600 {shlex.quote(str(path))}")
        else:
            yield Finding(BROKEN, "secrets", error.message, _("Without the right keys no signature can be checked and no card "
                                                              "printed again. From a backup:"),
                          restore_line(settings, "--keys-only"))  # fmt: skip


def check_file(settings: Settings) -> Iterator[Finding]:
    """Look at the SQLite file; of PostgreSQL there is none."""
    path = sqlite_file(settings)
    if path is None:
        return
    if lacks_log(str(path)):
        yield Finding(BROKEN, "database", log_missing(str(path)).message, _("Without it, only the last backup helps:"),
                      restore_line(settings, "--replace"))  # fmt: skip
    elif not (path.exists() and path.stat().st_size):
        yield _no_database(settings)
    elif problem := _damage(path):
        yield Finding(BROKEN, "database", _("The database file is damaged: %(problem)s.", problem=problem),
                      _("Stop the server. The damaged file is kept beside the restored one:"),
                      restore_line(settings, "--replace"))  # fmt: skip
    else:
        yield Finding(OK, "database", _("Every page of %(path)s is whole.", path=path))


def _no_database(settings: Settings) -> Finding:
    try:
        refuse_if_lost(settings)
    except ReliefError as error:
        return Finding(BROKEN, "database", error.message, _("Put the file back, or the last backup:"), restore_line(settings))
    return Finding(BROKEN, "database", _("There is no database yet."), _("A new installation makes it:"), "relief db upgrade")


def check_memories(settings: Settings) -> Iterator[Finding]:
    for name in damaged_memories(settings.instance):
        yield Finding(BROKEN, name, _("%(name)s, which remembers the database, is damaged.", name=name),
                      _("If the database is missing too, put that back first. If it is the right one, which relief ledger "
                        "verify CODE says, this writes the file anew:"), "relief db upgrade")  # fmt: skip
    try:
        list_orders(settings.instance)
    except ReliefError as error:
        path = settings.instance / JOURNAL
        yield Finding(BROKEN, JOURNAL, error.message,
                      _("Where there is no other copy, lay it aside. What is erased in this database stays erased; after a "
                        "restore of an older backup it must be erased again:"),
                      f"mv {shlex.quote(str(path))} {shlex.quote(f'{path}.damaged')}")  # fmt: skip


def restore_line(settings: Settings, *options: str) -> str:
    """Return the command that brings the last good backup back; FILE and KEY stand for what is not known here."""
    good = [path for path in list_backups(settings) if is_good(path)]
    file = shlex.quote(str(good[-1])) if good else "FILE"
    plain = bool(good) and good[-1].suffix != ".age"
    return " ".join(["relief db restore", file, *([] if plain else ["--identity KEY"]), *options])


def _damage(path: Path) -> str | None:
    """Return what SQLite finds wrong with a file, None when nothing."""
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=rw", uri=True)) as connection:
            found = str(connection.execute("PRAGMA integrity_check(1)").fetchone()[0])
    except sqlite3.Error as error:
        return str(error)
    return None if found == "ok" else found.splitlines()[-1]
