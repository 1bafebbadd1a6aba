"""Every column of every table of the ledger, changed, deleted, swapped or invented by SQL with the triggers gone, is named.

The tables and columns come from the models, so that a new column nobody thought of fails here first.
"""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, func, select, text, update
from sqlalchemy.exc import IntegrityError

from relief import create_app
from relief.accounts.models import Enrolment
from relief.db import db, snapshot
from relief.kernel.clock import FrozenClock
from relief.kernel.errors import Conflict
from relief.kernel.ids import to_text
from relief.ledger import models
from relief.ledger.rebuilding import rebuild
from relief.ledger.service import append
from relief.settings import Settings
from tests.conftest import MORNING, only_sqlite, seal_at_once
from tests.databases import put_sqlite
from tests.house.pages_check import PageCheckingClient
from tests.ledger.field import Device, Field
from tests.ledger.lived_in import live
from tests.ledger.tampering import (
    EMPTY_HERE,
    OF_OTHER_TESTS,
    TABLES,
    another,
    changed,
    every_column,
    first_rows,
    here,
    problems,
    tampering,
)


@pytest.fixture(scope="module")
def ledgers(request, tmp_path_factory):
    """Return the one ledger of this module on a database: every test takes back what it changes."""
    made: dict[str, Any] = {}
    with ExitStack() as open_apps:

        def ledger_on(database: str) -> Any:
            if database not in made:
                app = create_app(settings_for(database, tmp_path_factory.mktemp(database), request), clock=FrozenClock(MORNING))
                app.test_client_class = PageCheckingClient
                app.extensions["relief_after_commit"] = [seal_at_once]
                with app.app_context():
                    made[database] = live(Field(app, app.extensions["relief_clock"]))
                    db.session.remove()
                    open_apps.callback(close, app)
            return made[database]

        yield ledger_on


def settings_for(database: str, folder: Path, request: pytest.FixtureRequest) -> Settings:
    if database == "sqlite":
        return Settings(instance=folder, database_url=put_sqlite(request.getfixturevalue("sqlite_template"), folder))
    server = request.getfixturevalue("postgres_server")
    return Settings(instance=folder, database_url=server.url(server.create(request.getfixturevalue("postgresql_template"))))


def close(app: Flask) -> None:
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def lived_in(ledgers, database):
    field = ledgers(database)
    with field.app.app_context():
        yield field
        db.session.remove()


@pytest.fixture
def found_after(lived_in):
    with tampering(lived_in) as found:
        yield found


def test_a_lived_in_ledger_verifies_and_fills_every_table(lived_in):
    with snapshot() as connection:
        assert problems(connection, lived_in) == []
        empty = {name for name, table in TABLES.items()
                 if not connection.execute(select(func.count()).select_from(table)).scalar_one()}  # fmt: skip
        kinds = set(connection.execute(text("SELECT DISTINCT kind FROM entry")).scalars())
    assert empty <= EMPTY_HERE | OF_OTHER_TESTS
    assert kinds >= {"handover", "contact", "void", "not_served", "registration", "card", "household", "stock", "day_closed",
                     "decision", "plan_version", "clock"}  # fmt: skip


def test_every_changed_column_is_named(lived_in, found_after):
    unnamed = []
    for table, column in every_column():
        with snapshot() as connection:
            rows = first_rows(connection, table, column)
        for row in rows:
            value = getattr(row, column.name)
            new = changed(column, value)
            found = found_after(lambda connection, table=table, row=row, column=column, new=new: connection.execute(
                update(table).where(here(table, row)).values({column.name: new})))  # fmt: skip
            if not found or (table.name == "entry" and not any(to_text(row.id) in each.where or f"position {row.position}" in
                                                               each.where for each in found)):  # fmt: skip
                unnamed.append((table.name, column.name, value, new, [str(each) for each in found]))
    assert unnamed == []


# Text in the place of bytes may have their length; not all text is text.
OTHER_KINDS = ("'abc'", "x'ff00'", "1.5", "NULL", "9007199254740993", "CAST(x'fe61' AS TEXT)", "'0123456789abcdef'")


@only_sqlite
@pytest.mark.parametrize("value", OTHER_KINDS)
def test_every_value_of_another_kind_is_named(lived_in, found_after, value):
    unnamed: list[tuple[str, str]] = []
    refused: set[Any] = set()
    for table, column in every_column():
        with snapshot() as connection:
            (row, *_others) = first_rows(connection, table, column)
        if value == "NULL" and (getattr(row, column.name) is None or (table.name, column.name) == ("held", "raw")):
            continue  # as it was; and without raw bytes a held record is erased

        def put(connection, table=table, row=row, column=column):
            try:
                connection.execute(update(table).where(here(table, row)).values({column.name: text(value)}))
            except IntegrityError:  # the database itself refuses
                refused.add(column)

        found = found_after(put)
        if not found and column not in refused:
            unnamed.append((table.name, column.name))
    assert unnamed == []


def test_every_deleted_row_is_named(lived_in, found_after):
    unnamed = []
    with snapshot() as connection:
        filled = set(connection.execute(select(models.FoldGroup.group_id).where(models.FoldGroup.document != b"")).scalars())
    for name, table in sorted(TABLES.items()):
        if name in OF_OTHER_TESTS | EMPTY_HERE:
            continue
        with snapshot() as connection:
            rows = connection.execute(select(table).order_by(*table.primary_key)).all()
        rows = [row for row in rows if name != "counter" or row.n]  # a counter may be zero, or not there
        rows = [row for row in rows if name != "fold_group" or row.document]  # an emptied group's row says nothing
        if name == "feed":
            rows = [row for row in rows if row.group_id in filled]
        for row in (rows[0], rows[len(rows) // 2], rows[-1]):
            if not found_after(lambda connection, table=table, row=row: connection.execute(
                    table.delete().where(here(table, row)))):  # fmt: skip
                unnamed.append((name, row))
    assert unnamed == []


def test_every_invented_row_is_named(lived_in, found_after):
    unnamed = []
    for name, table in sorted(TABLES.items()):
        if name in OF_OTHER_TESTS | EMPTY_HERE or len(table.primary_key) == 1:  # there is one head
            continue
        with snapshot() as connection:
            row = connection.execute(select(table).order_by(*table.primary_key).limit(1)).one()
        if not found_after(lambda connection, table=table, row=row: connection.execute(
                table.insert().values(another(table, row)))):  # fmt: skip
            unnamed.append((name, row))
    assert unnamed == []


@pytest.mark.parametrize("column", ["position", "facts", "private", "received_at", "verdict", "hash"])
def test_two_swapped_entries_are_named(lived_in, found_after, column):
    table = models.Entry.__table__
    with snapshot() as connection:
        rows = connection.execute(select(table).where(table.c.kind == "handover").order_by(table.c.position)).all()
    one = rows[0]
    other = next(row for row in rows if getattr(row, column) != getattr(one, column)) if column != "received_at" else rows[1]

    def swap(connection: Connection) -> None:
        first, second = getattr(one, column), getattr(other, column)
        if column == "received_at":
            first, second = first + 60, second - 60
        if column == "position":
            connection.execute(update(table).where(here(table, one)).values(position=None))
        connection.execute(update(table).where(here(table, other)).values({column: first}))
        connection.execute(update(table).where(here(table, one)).values({column: second}))

    named = " ".join(each.where for each in found_after(swap))
    assert to_text(one.id) in named
    assert to_text(other.id) in named


def test_a_private_part_erased_everywhere_is_no_tampering(lived_in, found_after):
    def erase(connection: Connection) -> None:
        connection.execute(text("UPDATE entry SET private = NULL, private_salt = NULL"))
        connection.execute(text("UPDATE held SET raw = NULL"))
        connection.execute(text("DELETE FROM household_term"))

    assert found_after(erase) == []


RIGHTS = {"kind": "desk", "led_sites": b'["3cddad2e-45cd-56de-8042-21fd8f3fb905"]', "mark": None}


@pytest.fixture
def phone_id(lived_in):
    with snapshot() as connection:
        return bytes(connection.execute(select(Enrolment.enrolment_id).where(Enrolment.label == "one")).scalar_one())


def change_device(connection: Connection, phone_id: bytes, **values: Any) -> None:
    connection.execute(update(Enrolment.__table__).where(Enrolment.enrolment_id == phone_id).values(values))


@pytest.mark.parametrize("column", RIGHTS)
def test_rights_given_to_a_phone_by_sql_are_named_and_nothing_is_rebuilt_under_them(lived_in, phone_id, found_after, column):
    refused: list[str] = []

    def give(connection: Connection) -> None:
        change_device(connection, phone_id, **{column: RIGHTS[column]})
        with pytest.raises(Conflict) as told:
            rebuild(connection, lived_in.operation_id, lambda: None)
        refused.append(told.value.code)

    assert ("device_changed", to_text(phone_id)) in [(each.code, each.where) for each in found_after(give)]
    assert refused == ["not_rebuilt"]


def test_a_phone_whose_mark_was_taken_away_gets_no_new_one(lived_in, phone_id, found_after):
    def launder(connection: Connection) -> None:
        change_device(connection, phone_id, mark=None, led_sites=b"[]", max_seq=0, seq_count=0)
        again = Device(lived_in, phone_id).record("day_closed", seq=999)
        assert append(connection, lived_in.operation_id, phone_id, [again], lived_in.clock.now())[0].verdict == "accepted"

    assert ("device_changed", to_text(phone_id)) in [(each.code, each.where) for each in found_after(launder)]
