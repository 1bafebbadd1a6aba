"""Making a backup: a copy of one moment, restored and verified in a throw-away place, then packed and encrypted."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import pyrage
from flask_babel import gettext as _

from relief.db import db, is_sqlite, unit_of_work
from relief.kernel.errors import Conflict, ReliefError
from relief.schema import newest_revision, upgrade_schema
from relief.settings import Settings
from relief.upkeep.archive import DATABASE, MANIFEST, SECRETS, SETTINGS, pack
from relief.upkeep.copying import copy_tables, sealed_moment
from relief.upkeep.throwaway import Checked, check_file, check_ledgers, opened, work_folder

FOLDER, PREFIX = "backups", "relief-"
UNVERIFIED = ".unverified"


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


def make_backup(settings: Settings, output: Path | None, recipients: Sequence[pyrage.x25519.Recipient], now: int) -> Backup:
    """Write a verified backup; a ledger that does not verify is kept too, under a name that says so. Raises BackupFailed."""
    path = output or _default_path(settings, bool(recipients))
    if path.exists():
        raise Conflict(_("%(path)s exists already: a backup never overwrites another.", path=path))
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with work_folder(path.parent) as work:
        _copy_database(settings, work)
        for name in (SECRETS, SETTINGS):
            if (settings.instance / name).exists():
                shutil.copyfile(settings.instance / name, work / name)
                (work / name).chmod(0o600)
        with opened(work, settings):
            check_file()
            checked = check_ledgers()
        (work / MANIFEST).write_text(_manifest(checked, now), encoding="utf-8")
        if problems := [problem for each in checked for problem in each.problems]:
            path = path.with_name(path.name + UNVERIFIED)
        _write(work, path, recipients)
    if problems:
        raise BackupFailed(_("%(path)s was written, but its ledger does not verify: %(problem)s. Keep the earlier backups, and "
                             "run: relief ledger verify", path=path, problem=problems[0]), code="ledger_differs")  # fmt: skip
    return Backup(path, path.stat().st_size, bool(recipients), checked)


def list_backups(settings: Settings) -> list[Path]:
    """Return the backups in the usual folder, the newest last, also those that do not verify (see `is_good`)."""
    return sorted((settings.instance / FOLDER).glob(f"{PREFIX}*.tar.gz*"), key=lambda path: path.stat().st_mtime)


def is_good(path: Path) -> bool:
    """Tell by its name whether a backup was verified and finished."""
    return path.suffix in (".gz", ".age")


def remove_old(settings: Settings, keep: int) -> list[Path]:
    """Delete all but the newest `keep` backups that have their usual name in the usual folder; return what went."""
    found = sorted(path for path in list_backups(settings) if is_good(path))
    gone = found[:-keep]
    for path in gone:
        path.unlink()
    return gone


def _default_path(settings: Settings, encrypted: bool) -> Path:
    return settings.instance / FOLDER / f"{PREFIX}{datetime.now(UTC):%Y%m%d-%H%M%S}.tar.gz{'.age' if encrypted else ''}"


def _copy_database(settings: Settings, work: Path) -> None:
    if is_sqlite(db.engine):
        _vacuum_into(work / DATABASE)
        return
    with sealed_moment() as source, opened(work, settings):
        upgrade_schema()
        with unit_of_work() as session:
            copy_tables(source, session.connection())


def _vacuum_into(path: Path) -> None:
    """Copy by VACUUM INTO, which reads one moment and does not stop writers."""
    try:
        with closing(sqlite3.connect(f"file:{db.engine.url.database}?mode=ro", uri=True)) as connection:
            connection.execute("VACUUM INTO ?", (str(path),))
    except sqlite3.Error as error:  # a full disk, or damage
        raise BackupFailed(_("The database cannot be copied: %(reason)s. relief doctor says more.", reason=error)) from error


def _manifest(checked: Sequence[Checked], now: int) -> str:
    operations = [{name: value for name, value in asdict(each).items() if name != "name"} for each in checked]
    kind = "sqlite" if is_sqlite(db.engine) else "postgresql"
    about = {"about": "a backup of relief", "made_at": now, "relief": version("relief"), "schema": newest_revision(),
             "from": kind, "operations": operations}  # fmt: skip
    return json.dumps(about, indent=2) + "\n"


def _write(work: Path, path: Path, recipients: Sequence[pyrage.x25519.Recipient]) -> None:
    """Write the file under another name first, so that a backup cut short is never taken for one."""
    part = path.with_name(f"{path.name}.part")
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
