"""Every column of every table of the ledger, changed, deleted, swapped or invented by SQL with the triggers gone, is named.

The tables and columns come from the models, so that a new column nobody thought of fails here first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import BigInteger, Boolean, Connection, Integer, LargeBinary, String, func, select, text, update
from sqlalchemy.exc import IntegrityError

from relief import create_app
from relief.accounts.audit import COMMAND_LINE
from relief.cards.models import Card
from relief.db import db, is_sqlite, snapshot, unit_of_work
from relief.households.models import (
    Household,
    HouseholdApproval,
    HouseholdAuthor,
    HouseholdOrigin,
    HouseholdTerm,
    RegisterMark,
)
from relief.kernel.clock import FrozenClock
from relief.kernel.ids import random_id, to_bytes, to_text
from relief.ledger import models
from relief.ledger.erasing import Order
from relief.ledger.keys import current_keys
from relief.ledger.lineage import start_new_ledgers
from relief.ledger.putting_aside import put_aside
from relief.ledger.register_reading import read_register
from relief.ledger.taking_up import take_up
from relief.ledger.verification import verify
from relief.office.erasing import give_order
from relief.operations.models import PlanVersion
from relief.settings import Settings
from tests.conftest import MORNING, only_sqlite, seal_at_once
from tests.databases import put_sqlite
from tests.house.pages_check import PageCheckingClient
from tests.ledger.field import Field, take_guards_away
from tests.model.plan import card_of, id_of

TABLES = {each.__table__.name: each.__table__ for each in (
    *(each for each in vars(models).values() if getattr(each, "__module__", "") == models.__name__
      and hasattr(each, "__table__")),
    Card, Household, HouseholdApproval, HouseholdAuthor, HouseholdOrigin, HouseholdTerm, RegisterMark, PlanVersion)}  # fmt: skip
# What may differ and why: nobody is told anything by it.
NOBODY_IS_TOLD = {
    ("delta", "delta_id"): "a random name, gone within a second",
}
OF_OTHER_TESTS = {"witness"}  # heads, looked at where they are told
EMPTY_HERE = {"delta"}  # everything is sealed


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


def live(field: Field) -> Field:
    """Fill a ledger with every kind of record, links, merges, voids, an ask, held records (one taken up), a decision."""
    for name in ("h1", "h2", "h3"):
        field.household(name, members=3)
    named = field.desk.send({"kind": "registration", "household": id_of("h4"), "home_site": id_of("s1"), "by": id_of("olga"),
                     "members": [{"id": id_of("h4-1"), "number": 1, "sex": "female", "age_band": "60+", "disability": "no"}],
                     "private": {"head": "Ivanova Olga", "phone": "+375 29 1112233"}})  # fmt: skip
    assert [each["verdict"] for each in named] == ["accepted"], named
    phone, other = field.phone("one"), field.phone("other")
    scan, again = phone.handover("h1"), phone.handover("h1")
    phone.send(phone.record("clock", server_time=field.clock.now(), round_trip_ms=100), scan, again, phone.handover("h2"),
               phone.handover("zz"), phone.void(scan, reason="wrong family"))  # fmt: skip
    other.ask("h3")
    people = [{"sex": "female", "age_band": "60+", "count": 9}]
    conflict = {**again, "quantity": 2}
    other.send(other.record("contact", item=id_of("pss"), site=id_of("s1"), people=people),
               other.record("not_served", cause="absent", site=id_of("s1")), other.record("day_closed"),
               other.record("stock", action="received", item=id_of("parcel"), site=id_of("s1"), quantity=40, waybill="W-1"),
               other.record("dance"), other.record("waltz"), conflict)  # fmt: skip
    field.seal()
    with unit_of_work() as session:  # as after a restore
        start_new_ledgers(session.connection(), current_keys(), field.clock.now(), {field.operation_id: 1000})
    double = [phone.handover("h2"), phone.handover("h2")]
    phone.send(*double)
    field.desk.send({"kind": "household", "action": "merged", "household": id_of("h1"), "other": id_of("h2"), "pairs": []},
                    {"kind": "card", "action": "replaced", "card": card_of("h3"), "new_card": card_of("n3"), "number": "7-1"},
                    {"kind": "decision", "case": "over_entitlement", "cites": [double[0]["id"]], "action": "accept"})  # fmt: skip
    with unit_of_work() as session:
        held_id = session.execute(text("SELECT held_id FROM held WHERE code = 'conflict'")).scalar_one()
        take_up(session.connection(), field.operation_id, bytes(held_id), desk_enrolment_id=field.desk.enrolment_id,
                reason="both", now=field.clock.now())  # fmt: skip
        strange = session.execute(text("SELECT held_id FROM held WHERE code <> 'conflict' LIMIT 1")).scalar_one()
        put_aside(session.connection(), field.operation_id, bytes(strange), desk_enrolment_id=field.desk.enrolment_id,
                  reason="a dance", now=field.clock.now(), by=random_id())  # fmt: skip
    order = Order(field.operation_id, (to_bytes(id_of("h3")),), random_id(), "asked", field.clock.now())
    give_order(order, COMMAND_LINE, field.app.extensions["relief_settings"].instance, field.clock.now())
    field.seal()
    read_register(field.operation_id)
    return field


def problems(connection: Connection, field: Any) -> list[Any]:
    return verify(connection, field.operation_id, field.app.extensions["relief_secrets"]).problems


@contextmanager
def tampering(field: Any) -> Iterator[Callable[[Any], list[Any]]]:
    """Yield a function that returns what verify names after `change(connection)`, and takes the change back."""
    with db.engine.connect().execution_options(relief_writes=True) as connection, connection.begin() as everything:
        take_guards_away(connection)
        if is_sqlite(connection):
            connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        else:
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")

        def found_after(change: Any) -> list[Any]:
            with connection.begin_nested() as one:
                change(connection)
                found = problems(connection, field)
                one.rollback()
            return found

        yield found_after
        everything.rollback()


@pytest.fixture
def found_after(lived_in):
    with tampering(lived_in) as found:
        yield found


def changed(column: Any, value: Any) -> Any:
    """Return another value of the column's type."""
    if isinstance(column.type, Boolean):
        return not value
    if column.table.name == "feed" and column.name == "position":
        return 0  # between a group's last entry and the head any seal will do: phones read the group once more, or in time
    if isinstance(column.type, (Integer, BigInteger)):
        return (value or 0) + (1000 if column.name in unique_columns(column.table) else 1)
    if isinstance(column.type, LargeBinary):
        return bytes([value[0] ^ 1]) + value[1:] if value else b"\x01" * (column.type.length or 16)
    length = getattr(column.type, "length", None) or 40
    return (("x" if not value or value[0] != "x" else "y") + (value or "")[1:])[:length]


def first_rows(connection: Connection, table: Any, column: Any) -> list[Any]:
    """Return one row, where there are any one with a value in the column and one without."""
    rows = [connection.execute(select(table).where(which).order_by(*table.primary_key).limit(1)).one_or_none()
            for which in (column.is_not(None), column.is_(None))]  # fmt: skip
    return [row for row in rows if row is not None]


def here(table: Any, row: Any) -> Any:
    clause = table.c.operation_id == row.operation_id
    for column in table.primary_key:
        clause &= column == getattr(row, column.name)
    return clause


def every_column() -> Iterator[tuple[Any, Any]]:
    for name, table in sorted(TABLES.items()):
        for column in table.columns:
            if name not in OF_OTHER_TESTS | EMPTY_HERE and (name, column.name) not in NOBODY_IS_TOLD:
                yield table, column


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


def unique_columns(table: Any) -> set[str]:
    return {column.name for index in (*table.indexes, *table.constraints) if getattr(index, "unique", False)
            or type(index).__name__ == "UniqueConstraint" for column in index.columns}  # fmt: skip


def another(table: Any, row: Any) -> dict[str, Any]:
    """Return a row like this one under a key of its own."""
    values, unique = dict(row._mapping), unique_columns(table)
    for column in table.columns:
        if column.name != "operation_id" and (column.primary_key or column.name in unique):
            if isinstance(column.type, LargeBinary):
                values[column.name] = random_id()
            elif isinstance(column.type, (Integer, BigInteger)):
                values[column.name] = (values[column.name] or 0) + 1000
            elif isinstance(column.type, String) and column.name == "key":
                values[column.name] = "given|invented"
    return values


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
