"""An installation to break: a migrated database, an operation with families in it, and an app that looks at it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DatabaseError

from relief import create_app
from relief.cli import relief
from relief.database_trouble import find_trouble
from relief.db import db
from relief.kernel.errors import Unusable
from relief.schema import upgrade_schema
from relief.settings import Settings
from tests.faults.load import FAMILIES
from tests.ledger.field import Field
from tests.web.test_server import free_port


@contextmanager
def installed(folder: Path, url: str) -> Iterator[Field]:
    """Yield the operation of a new installation, with an app context open."""
    app = create_app(Settings(instance=folder, database_url=url))
    with app.app_context():
        upgrade_schema()
        stage = peopled(Field(app, app.extensions["relief_clock"]))
        try:
            yield stage
        finally:
            db.session.remove()
            db.engine.dispose()


def peopled(stage: Field) -> Field:
    """Register the families that the phones of tests.faults.load serve."""
    for name in FAMILIES:
        stage.household(name)
    stage.seal()
    db.session.remove()
    return stage


def settings_of(stage: Field) -> Settings:
    settings: Settings = stage.app.extensions["relief_settings"]
    return settings


def refusal(stage: Field, *words: str) -> str:
    """Return the code and sentence of the error with which a command ends; by default the server's start."""
    db.session.remove()
    db.engine.dispose()
    result = stage.app.test_cli_runner().invoke(relief, words or ("serve", "--port", str(free_port())))
    error = result.exception
    told = find_trouble(error) if isinstance(error, DatabaseError) else error  # as the command line tells it
    assert isinstance(told, Unusable), error
    assert result.output == ""
    return told.code
