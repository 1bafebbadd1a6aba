"""A throw-away installation in a folder of its own: where a backup is restored to be looked at."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from flask import Flask, current_app
from flask_babel import gettext as _
from sqlalchemy import text

from relief import create_app
from relief.db import db, snapshot
from relief.kernel.ids import to_text
from relief.ledger.progress import Tell, tell_nobody
from relief.ledger.queries import count_entries
from relief.ledger.queries import get_position as head_of
from relief.ledger.verification import verify
from relief.operations.queries import list_operations
from relief.settings import Settings
from relief.upkeep.archive import DATABASE, BackupUnusable

PREFIX = ".backup-"


@dataclass(frozen=True, slots=True)
class Checked:
    """One operation in a backup: where its chain ends, and what is wrong with it (nothing, as a rule)."""

    operation: str
    name: str
    ledger: str
    position: int
    head: str
    problems: tuple[str, ...]


class Counted:
    """Adds up what a long work says it has done, and hands on (done, all)."""

    def __init__(self, tell: Callable[[int, int], None], everything: int) -> None:
        self.tell, self.done, self.everything = tell, 0, everything
        tell(0, everything)

    def more(self, count: int) -> None:
        """Hear of so many more."""
        self.done += count
        self.tell(self.done, self.everything)


@contextmanager
def work_folder(parent: Path | None) -> Iterator[Path]:
    """Yield an empty folder only we can read, beside what it is for so that files can be renamed; it is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix=PREFIX, dir=parent, ignore_cleanup_errors=True) as folder:
        yield Path(folder).resolve()  # a database's file named from where we stand would be looked for elsewhere


@contextmanager
def opened(folder: Path, settings: Settings) -> Iterator[Flask]:
    """Open the installation in `folder` (its database an SQLite file) and close it so that one file is left."""
    app = create_app(replace(settings, instance=folder, database_url=f"sqlite:///{folder / DATABASE}"))
    with app.app_context():
        try:
            yield app
        finally:
            db.session.remove()
            db.engine.dispose()


def check_file() -> None:
    """Have SQLite look at every page and reference of the opened database; raises BackupUnusable."""
    with snapshot() as connection:
        problems = [row[0] for row in connection.execute(text("PRAGMA integrity_check")) if row[0] != "ok"]
        problems += [f"row {row[1]} of {row[0]} points nowhere" for row in connection.execute(text("PRAGMA foreign_key_check"))]
    if problems:
        raise BackupUnusable(_("The copy of the database is damaged: %(problem)s.", problem=problems[0]))


def check_ledgers(tell: Tell = tell_nobody) -> list[Checked]:
    """Verify every ledger of the opened installation; `tell` hears of the stage `verify`."""
    secrets = current_app.extensions["relief_secrets"]
    operations = list_operations(db.session(), None)
    told = Counted(partial(tell, "verify"), 2 * sum(count_entries(db.session(), each.id) for each in operations))
    found = []
    for operation in operations:
        with snapshot() as connection:
            result = verify(connection, operation.id, secrets, progress=told.more)
            ledger_id, _position = head_of(connection, operation.id)
        problems = tuple(f"{problem.code}: {problem.where}" for problem in result.problems)
        found.append(Checked(to_text(operation.id), operation.working_name, to_text(ledger_id), result.position, result.head,
                             problems))  # fmt: skip
    return found
