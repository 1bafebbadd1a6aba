"""A field with two families, a search through every file, and an erasure."""

from __future__ import annotations

import pytest

from relief.accounts.audit import COMMAND_LINE
from relief.db import db, is_sqlite
from relief.office.erasing.erasing import erase, plan_erasure
from tests.office.erasable import Families, files_with


@pytest.fixture
def families(field):
    return Families(field)


@pytest.fixture
def files(app, settings, request):
    """Search the instance folder and, of PostgreSQL, the files of all tables."""

    def search(*needles):
        folders = [settings.instance]
        if not is_sqlite(db.engine):
            folders.append(request.getfixturevalue("postgres_server").folder / "data" / "base")
        return files_with(list(needles), *folders)

    return search


@pytest.fixture
def run(field, settings, clock):
    def erase_now(household=None):
        order, _found = plan_erasure(field.operation_id, household, "asked", clock.now())
        return erase(order, COMMAND_LINE, settings.instance, clock.now)

    return erase_now
