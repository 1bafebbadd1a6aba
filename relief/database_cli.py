"""`relief db`: bring the schema up to date, make a backup."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import click
from flask import current_app
from flask_babel import gettext as _

from relief.db import db
from relief.kernel.errors import Conflict, ReliefError
from relief.schema import check_schema, upgrade_schema, write_migration


@click.group("db")
def database() -> None:
    """The database: upgrade its schema, make a backup."""


COMMANDS = [database]


class BackupFailed(ReliefError):
    """No backup was made, or it cannot be trusted."""

    code, status, exit_code = "backup_failed", 500, 8


@database.command("upgrade")
def upgrade() -> None:
    """Make the database, or bring it up to date with this version of relief. Safe to repeat."""
    click.echo(f"The database is at migration {upgrade_schema()}.")


@database.command("revision", hidden=True)
@click.argument("purpose")
def revision(purpose: str) -> None:
    """For developers: write the migration PURPOSE (`add_card_replaced_by`) from the difference between models and database."""
    click.echo(f"Wrote migration {write_migration(purpose)}_{purpose}. Read it, then run the tests of both databases.")


@database.command("backup")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="File to write; by default backups/ "
              "in the instance folder, named by the moment.")  # fmt: skip
def backup(output: Path | None) -> None:
    """Write a copy of the database while it is used, and check the copy. The secrets are not in it."""
    check_schema()
    sqlite = db.engine.dialect.name == "sqlite"
    path = output or _default_path("db" if sqlite else "dump")
    if path.exists():
        raise Conflict(_("%(path)s exists already: a backup never overwrites another.", path=path))
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = path.with_name(f"{path.name}.part")
    part.unlink(missing_ok=True)
    os.close(os.open(part, os.O_CREAT | os.O_EXCL, 0o600))  # before there is anything to read in it
    try:
        (_copy_sqlite if sqlite else _dump_postgresql)(part)
        part.rename(path)
    finally:
        part.unlink(missing_ok=True)
    click.echo(f"Backup written and checked: {path} ({path.stat().st_size:,} bytes). Keep secrets.json beside it, apart.")


def _default_path(suffix: str) -> Path:
    folder: Path = current_app.extensions["relief_settings"].instance / "backups"
    return folder / f"relief-{datetime.now(UTC):%Y%m%d-%H%M%S}.{suffix}"


def _copy_sqlite(path: Path) -> None:
    """Copy by VACUUM INTO, which reads one moment and does not stop writers; then have SQLite check the copy."""
    source = db.engine.url.database
    try:
        with closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as connection:
            connection.execute("VACUUM INTO ?", (str(path),))
    except sqlite3.Error as error:  # a full disk, most likely
        raise BackupFailed(_("The database cannot be copied: %(reason)s.", reason=error)) from error
    with closing(sqlite3.connect(path)) as copy:
        problems = [row[0] for row in copy.execute("PRAGMA integrity_check") if row[0] != "ok"]
        problems += [f"row {row[1]} of {row[0]} points nowhere" for row in copy.execute("PRAGMA foreign_key_check")]
    if problems:
        raise BackupFailed(_("The copy of the database is damaged: %(problem)s.", problem=problems[0]))


def _dump_postgresql(path: Path) -> None:
    program = shutil.which("pg_dump")
    if program is None:
        raise BackupFailed(_("pg_dump is not on the PATH: install PostgreSQL's client programs (Debian: postgresql-client)."))
    url = db.engine.url
    environment = {**os.environ, "PGPASSWORD": url.password or ""}  # not on the command line, where others may read it
    address = url.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
    command = [program, "--format=custom", "--no-password", f"--file={path}", address]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if done.returncode:
        raise BackupFailed(_("pg_dump failed: %(reason)s.", reason=done.stderr.strip()))
    reader = Path(program).with_name("pg_restore")
    if subprocess.run([reader, "--list", path], capture_output=True, stdin=subprocess.DEVNULL).returncode:
        raise BackupFailed(_("The dump cannot be read back."))
