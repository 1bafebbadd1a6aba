"""Bringing a backup back: prepared beside the database and verified there, then put in its place in one step.

The old database is moved aside, never deleted. Every operation starts a new ledger that names its parent, so that phones
resend what the backup does not cover; nobody stays signed in.
"""

from __future__ import annotations

import shutil
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import inspect, make_url, text

from relief import create_app
from relief.accounts import audit
from relief.accounts.service import close_open_doors
from relief.database_memory import remember_database
from relief.db import db, snapshot, unit_of_work
from relief.kernel.errors import Conflict
from relief.laid_aside import BESIDE, aside_of_file, aside_of_schema, schema_before
from relief.ledger.anchors import find_furthest_known
from relief.ledger.keys import current_keys
from relief.ledger.lineage import NewLedger, start_new_ledgers
from relief.ledger.progress import Tell, tell_nobody
from relief.office.erasing.erasing import replay_erasures
from relief.presence import write_anchors
from relief.schema import find_revision, newest_revision, upgrade_schema
from relief.settings import Settings
from relief.traces import sync_folder
from relief.upkeep.archive import DATABASE, SETTINGS, BackupUnusable, unpack
from relief.upkeep.copying import copy_tables
from relief.upkeep.keys_back import join_keys, place_keys
from relief.upkeep.throwaway import Checked, check_file, check_ledgers, opened, work_folder
from relief.upkeep.upgrading import upgrade_database
from relief.web.server import only_server


@dataclass(frozen=True, slots=True)
class Restored:
    """What is in place now, where the old database went (None: there was none), and each operation's new ledger."""

    operations: list[Checked]
    ledgers: list[NewLedger]
    aside: str | None


def read_backup(path: Path, identity: Path | None, settings: Settings, tell: Tell = tell_nobody) -> list[Checked]:
    """Open a backup in a throw-away place and verify all its ledgers; nothing of this installation is touched."""
    with work_folder(None) as work:
        tell("open", 0, 0)
        unpack(path, identity, work)
        with opened(work, settings):
            _bring_up_to_date(tell)
            return check_ledgers(tell)


def restore(path: Path, identity: Path | None, settings: Settings, replace: bool, tell: Tell = tell_nobody) -> Restored:
    """Put a backup in the place of this installation's database. Raises BackupUnusable or Conflict; then nothing has changed."""
    settings.instance.mkdir(parents=True, exist_ok=True, mode=0o700)
    sqlite = settings.database_url.startswith("sqlite")
    target = Path(make_url(settings.database_url).database or "") if sqlite else None
    alone = only_server(settings.instance) if sqlite else nullcontext()
    with alone, work_folder(target.parent if target else settings.instance) as work:
        if target and not replace and target.exists() and target.stat().st_size:
            raise _in_the_way(str(target))
        tell("open", 0, 0)
        unpack(path, identity, work)
        join_keys(work, settings.instance)
        ledgers, checked = _prepare(work, settings, tell)
        tell("place", 0, 0)
        _keep_settings(work, settings.instance)
        place_keys(work, settings.instance)
        aside = _place_file(work, target) if target else _place_postgresql(work, settings, replace)
        _remember(settings, checked)
    return Restored(checked, ledgers, aside)


def begin_new_ledgers(act: str, settings: Settings) -> list[NewLedger]:
    """Start a new ledger for every operation of the opened database, which takes the place of the one of `settings`.

    Every open door is closed.
    """
    now, keys = current_app.extensions["relief_clock"].now(), current_keys()
    with unit_of_work() as session:
        connection = session.connection()
        started = start_new_ledgers(connection, keys, now, find_furthest_known(connection, settings))
        close_open_doors(session, now)
        audit.note(session, audit.COMMAND_LINE, act, now)
    return started


def _prepare(work: Path, settings: Settings, tell: Tell) -> tuple[list[NewLedger], list[Checked]]:
    with opened(work, settings):
        _bring_up_to_date(tell)
        replay_erasures(settings.instance, current_app.extensions["relief_clock"].now)
        ledgers = begin_new_ledgers("database.restored", settings)
        checked = check_ledgers(tell)
    wrong = [f"{each.name}: {problem}" for each in checked for problem in each.problems]
    if wrong:
        raise BackupUnusable(_("The backup's ledger does not verify, so nothing was changed: %(problem)s.", problem=wrong[0]),
                             code="ledger_differs")  # fmt: skip
    return ledgers, checked


def _bring_up_to_date(tell: Tell) -> None:
    with snapshot() as connection:
        found = find_revision(connection)
    if found is None or found > newest_revision():
        raise BackupUnusable(_("The backup was made by a newer version of relief, or by another program. Update relief first."),
                             code="backup_newer")  # fmt: skip
    check_file()
    upgrade_database(tell=tell)


def _keep_settings(work: Path, instance: Path) -> None:
    """Lay the backup's settings beside those of this machine, for a person to read: they may lead to another's database."""
    if (work / SETTINGS).exists() and not (instance / SETTINGS).exists():
        kept = instance / SETTINGS.replace(".", ".from-backup.")
        shutil.copyfile(work / SETTINGS, kept)
        kept.chmod(0o600)


def _remember(settings: Settings, checked: list[Checked]) -> None:
    """What the old database had come to is no measure of the restored one."""
    heads = {each.operation: {"ledger": each.ledger, "position": each.position, "hash": each.head}
             for each in checked if each.head}  # fmt: skip
    write_anchors(settings, heads, int(datetime.now(UTC).timestamp()))
    remember_database(settings)


def _in_the_way(place: str) -> Conflict:
    return Conflict(_("There is a database already: %(place)s. Nothing was touched. With --replace it is moved aside and kept.",
                      place=place), code="database_there")  # fmt: skip


def _place_file(work: Path, target: Path) -> str | None:
    """Move the old file, with what SQLite keeps beside it, out of the way, and the new one in."""
    aside, had_one = aside_of_file(target), target.exists()
    for ending in reversed(BESIDE):
        old = target.with_name(target.name + ending)
        if old.exists():
            old.rename(aside.with_name(aside.name + ending))
    (work / DATABASE).rename(target)
    sync_folder(target.parent)
    return str(aside) if had_one else None


def _place_postgresql(work: Path, settings: Settings, replace: bool) -> str | None:
    """Fill the database; tables that are there already go into a schema of their own, and come back if we fail."""
    with create_app(settings).app_context():
        try:
            _check_alone()
            return _fill_schema(work, settings, _move_schema(replace))
        finally:
            db.session.remove()
            db.engine.dispose()


def _fill_schema(work: Path, settings: Settings, aside: str | None) -> str | None:
    try:
        upgrade_schema(anew=True)
        _fill(work, settings)
    except BaseException:
        _undo_schema(aside)
        raise
    return aside


def _fill(work: Path, settings: Settings) -> None:
    with unit_of_work() as session:
        target = session.connection()
        with opened(work, settings), snapshot() as source:
            copy_tables(source, target)


_OTHERS = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
    "AND backend_type = 'client backend'"
)


def _check_alone() -> None:
    """A server that goes on writing would write into a database half there."""
    with snapshot() as connection:
        others = connection.execute(text(_OTHERS)).scalar_one()
    if others:
        raise Conflict(_("%(count)s other connections use this database: stop every server of it first.", count=others),
                       code="served_already")  # fmt: skip


def _move_schema(replace: bool) -> str | None:
    with unit_of_work() as session:
        connection = session.connection()
        if not inspect(connection).get_table_names():
            return None
        name = connection.execute(text("SELECT current_schema()")).scalar_one()
        if not replace:
            raise _in_the_way(f"schema {name}")
        aside = aside_of_schema(name)
        connection.execute(text(f'ALTER SCHEMA "{name}" RENAME TO "{aside}"'))
        connection.execute(text(f'CREATE SCHEMA "{name}"'))
    return aside


def _undo_schema(aside: str | None) -> None:
    """Take away what was begun, and bring the old tables back."""
    with unit_of_work() as session:
        connection = session.connection()
        name = schema_before(aside) if aside else connection.execute(text("SELECT current_schema()")).scalar_one()
        connection.execute(text(f'DROP SCHEMA "{name}" CASCADE'))
        connection.execute(text(f'ALTER SCHEMA "{aside}" RENAME TO "{name}"' if aside else f'CREATE SCHEMA "{name}"'))
