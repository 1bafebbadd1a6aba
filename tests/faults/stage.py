"""An installation to break: a migrated database, an operation with families in it, and an app that looks at it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from relief import create_app
from relief.db import db
from relief.schema import upgrade_schema
from relief.settings import Settings
from tests.faults.load import FAMILIES
from tests.ledger.field import Field


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
