"""Making a backup: a copy of one moment, restored and verified in a throw-away place, then packed and encrypted."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import pyrage
from flask_babel import gettext as _

from relief.db import db, is_sqlite, unit_of_work
from relief.kernel.errors import BadInput, Conflict, ReliefError
from relief.ledger.progress import Tell, tell_nobody
from relief.schema import check_schema, newest_revision, upgrade_schema
from relief.settings import Settings
from relief.upkeep.archive import DATABASE, MANIFEST, SECRETS, SETTINGS, looks_like_backup, pack
from relief.upkeep.copying import copy_tables, sealed_moment
from relief.upkeep.throwaway import PREFIX as WORK
from relief.upkeep.throwaway import Checked, check_file, check_ledgers, opened, work_folder
from relief.upkeep.upgrading import upgrade_database

FOLDER, PREFIX = "backups", "relief-"
UNVERIFIED, PART = ".unverified", ".part"
LEFT_SECONDS = 3600


class BackupFailed(ReliefError):
    """No backup was made, or what it holds does not verify."""

    code, status, exit_code = "backup_failed", 500, 8


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup's file, and what was found in it."""

    path: Path
    size: int
    encrypted: bool
    operations: list[Checked]


def make_backup(settings: Settings, output: Path | None, recipients: Sequence[pyrage.x25519.Recipient], now: int,
                tell: Tell = tell_nobody) -> Backup:  # fmt: skip
    """Write a verified backup; a ledger that does not verify is kept too, under a name that says so. Raises BackupFailed."""
    revision = check_schema(earlier_too=True)
    path = output or _default_path(settings, bool(recipients))
    if path.exists():
        raise Conflict(_("%(path)s exists already: a backup never overwrites another.", path=path))
    if not path.parent.is_dir():
        raise BadInput(_("There is no folder %(folder)s. Make it first, or check what was typed.", folder=path.parent),
                       where="--output")  # fmt: skip
    with work_folder(path.parent) as work:
        tell("copy", 0, 0)
        _copy_database(settings, work, revision)
        for name in (SECRETS, SETTINGS):
            if (settings.instance / name).exists():
                shutil.copyfile(settings.instance / name, work / name)
                (work / name).chmod(0o600)
        checked = _verify(work, settings, revision, tell)
        (work / MANIFEST).write_text(_manifest(checked, now, revision), encoding="utf-8")
        tell("write", 0, 0)
        if problems := [problem for each in checked for problem in each.problems]:
            path = path.with_name(path.name + UNVERIFIED)
        _write(work, path, recipients)
    if problems:
        raise BackupFailed(_("%(path)s was written, but its ledger does not verify: %(problem)s. Keep the earlier backups, "
                             "and run: relief ledger verify CODE", path=path, problem=problems[0]),
                           code="ledger_differs")  # fmt: skip
    return Backup(path, path.stat().st_size, bool(recipients), checked)


def list_backups(settings: Settings) -> list[Path]:
    """Return the backups in the usual folder, the newest last, also those that do not verify (see `is_good`)."""
    found = (settings.instance / FOLDER).glob(f"{PREFIX}*.tar.gz*")
    return sorted((path for path in found if path.suffix != PART), key=lambda path: path.stat().st_mtime)


def list_leftovers(settings: Settings) -> list[Path]:
    """Return what backups and restores left where they usually work when they were killed: folders and files, an hour old."""
    places = (settings.instance, settings.instance / FOLDER)
    found = [path for place in places for pattern in (f"{WORK}*", f"{PREFIX}*{PART}") for path in place.glob(pattern)]
    return sorted(path for path in found if time.time() - path.stat().st_mtime > LEFT_SECONDS)


def is_good(path: Path) -> bool:
    """Tell whether a backup was verified and finished, by its name, and begins as one does."""
    return path.suffix in (".gz", ".age") and looks_like_backup(path)


def remove_old(settings: Settings, keep: int) -> list[Path]:
    """Delete all but the newest `keep` backups that have their usual name in the usual folder; return what went."""
    found = sorted(path for path in list_backups(settings) if is_good(path))
    gone = found[:-keep]
    for path in gone:
        path.unlink()
    return gone


def _default_path(settings: Settings, encrypted: bool) -> Path:
    (settings.instance / FOLDER).mkdir(exist_ok=True, mode=0o700)
    return settings.instance / FOLDER / f"{PREFIX}{datetime.now(UTC):%Y%m%d-%H%M%S}.tar.gz{'.age' if encrypted else ''}"


def _copy_database(settings: Settings, work: Path, revision: str) -> None:
    if is_sqlite(db.engine):
        _vacuum_into(work / DATABASE)
        return
    with sealed_moment() as source, opened(work, settings):
        upgrade_schema(revision)
        with unit_of_work() as session:
            copy_tables(source, session.connection())


def _verify(work: Path, settings: Settings, revision: str, tell: Tell) -> list[Checked]:
    """Open the copy and verify it; an earlier version's is packed as it is, and a second copy brought up to date to verify."""
    if revision == newest_revision():
        with opened(work, settings):
            check_file()
            return check_ledgers(tell)
    with work_folder(work) as tried:
        for name in (DATABASE, SECRETS):
            shutil.copyfile(work / name, tried / name)
            (tried / name).chmod(0o600)
        with opened(tried, settings):
            check_file()
            upgrade_database(tell=tell)
            return check_ledgers(tell)


def _vacuum_into(path: Path) -> None:
    """Copy by VACUUM INTO, which reads one moment and does not stop writers."""
    try:
        with closing(sqlite3.connect(f"file:{db.engine.url.database}?mode=ro", uri=True)) as connection:
            connection.execute("VACUUM INTO ?", (str(path),))
    except sqlite3.Error as error:  # a full disk, or damage
        raise BackupFailed(_("The database cannot be copied: %(reason)s. relief doctor says more.", reason=error)) from error


def _manifest(checked: Sequence[Checked], now: int, revision: str) -> str:
    operations = [{name: value for name, value in asdict(each).items() if name != "name"} for each in checked]
    kind = "sqlite" if is_sqlite(db.engine) else "postgresql"
    about = {"about": "a backup of relief", "made_at": now, "relief": version("relief"), "schema": revision,
             "from": kind, "operations": operations}  # fmt: skip
    return json.dumps(about, indent=2) + "\n"


def _write(work: Path, path: Path, recipients: Sequence[pyrage.x25519.Recipient]) -> None:
    """Write the file under another name first, so that a backup cut short is never taken for one."""
    part = path.with_name(path.name + PART)
    part.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            pack(work, file, recipients)
            file.flush()
            os.fsync(file.fileno())
        part.rename(path)
    except OSError as error:
        raise BackupFailed(_("The backup cannot be written to %(path)s: %(reason)s.", path=path,
                             reason=error.strerror)) from error  # fmt: skip
    finally:
        part.unlink(missing_ok=True)
