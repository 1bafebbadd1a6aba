"""Erasing a household or a whole operation: ordered once, carried out in steps, resumed wherever it was interrupted.

The order stands in the journal first (`ledger.erasure_journal`), then in the database, then the private parts go, then the
database's files are written anew; only then is it done. Each of these may be repeated.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Connection, Row, select

from relief.accounts import audit
from relief.db import db, snapshot, unit_of_work, write
from relief.kernel.errors import Conflict, NotFound
from relief.kernel.ids import new_id
from relief.ledger.erasing import Found, Order, find_family, find_private, steps_of
from relief.ledger.erasure_journal import list_orders, write_done, write_order
from relief.ledger.erasure_orders import HOUSEHOLD_ERASED, OPERATION_ERASED, is_done, is_ours, note_done, note_order
from relief.ledger.keys import current_keys
from relief.ledger.models import Erasure
from relief.ledger.scrubbing import leave_no_byte
from relief.office.erasing.photos import forget_photos
from relief.operations.models import Operation
from relief.operations.queries import get_current_plan

Tell = Callable[[str, int, int], None]  # the stage (`records`, `files`), how much is done, of how much


def _in_silence(_stage: str, _done: int, _all: int) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Erased:
    """What an order erased: how many records, held records and card keys."""

    entries: int
    held: int
    cards: int


def plan_erasure(operation_id: bytes, household_id: bytes | None, reason: str, now: int,
                 by: bytes | None = None) -> tuple[Order, Found]:  # fmt: skip
    """Return an order, not given yet, and what it would erase; raises NotFound, Conflict where the operation is not closed."""
    with snapshot() as connection:
        households = find_family(connection, operation_id, household_id) if household_id else ()
        if not households and get_current_plan(connection, operation_id).status != "closed":
            raise Conflict(_("Only a closed operation is erased as a whole: phones at work would know no card any more."),
                           code="not_closed")  # fmt: skip
        order = Order(operation_id, households, new_id(), reason, now, by)
        return order, find_private(connection, order)


def erase(order: Order, actor: audit.Actor, instance: Path, now: Callable[[], int], tell: Tell = _in_silence) -> Erased:
    """Give an order and carry it out; raises Busy when only the files could not be written anew yet (run it again)."""
    give_order(order, actor, instance, now())
    return carry_out([order], instance, now, tell)


def give_order(order: Order, actor: audit.Actor, instance: Path, now: int) -> None:
    """Write an order down for good: it will be carried out, whoever is interrupted."""
    write_order(instance, order)
    with unit_of_work() as session:
        note_order(session.connection(), order, current_keys().orders)
        action = HOUSEHOLD_ERASED if order.households else OPERATION_ERASED
        for subject in order.households or (b"",):
            audit.note(session, actor, action, now, operation_id=order.operation_id, subject=subject or order.reason)


def carry_out(orders: Sequence[Order], instance: Path, now: Callable[[], int], tell: Tell = _in_silence) -> Erased:
    """Erase the private parts of noted orders, then write the files anew once, then note that they are done."""
    total = Erased(0, 0, 0)
    for order in orders:
        with snapshot() as connection:
            found = find_private(connection, order)
        done = 0
        for count, step in steps_of(order, found):
            write(step)
            done += count
            tell("records", done, found.count)
        if order.households:
            write(partial(forget_photos, order=order, secrets=current_app.extensions["relief_secrets"]))
        total = Erased(total.entries + len(found.entries), total.held + len(found.held), total.cards + len(found.cards))
    tell("files", 0, 1)
    leave_no_byte(db.engine)
    tell("files", 1, 1)
    for order in orders:
        write(partial(note_done, order=order, now=now(), marks=current_keys().orders))
        write_done(instance, order, now())
    return total


def replay_erasures(instance: Path, now: Callable[[], int], tell: Tell = _in_silence) -> int:
    """Carry out every order that this database has not, and return how many: after a restore, or where one was interrupted.

    To be called before requests are served. Orders of operations that this database does not have are passed over.
    """
    marks = current_keys().orders
    with snapshot() as connection:
        orders = list_unfinished(connection, instance)
    if not orders:
        return 0
    for order in orders:
        with unit_of_work() as session:
            note_order(session.connection(), order, marks)
            audit.note(session, audit.COMMAND_LINE, "erasure.resumed", now(), operation_id=order.operation_id,
                       subject=order.erasure_id)  # fmt: skip
    carry_out(orders, instance, now, tell)
    return len(orders)


def list_unfinished(connection: Connection, instance: Path) -> list[Order]:
    """Return the orders that this database has not carried out to the end; raises BadSetting for a damaged journal."""
    known = set(connection.execute(select(Operation.id)).scalars())
    interrupted = [given.order for given in _read_orders(connection, Erasure.done_at.is_(None))]  # another host's, perhaps
    orders = {order.erasure_id: order for order in [*list_orders(instance), *interrupted]
              if order.operation_id in known and not is_done(connection, order, current_keys().orders)}  # fmt: skip
    return list(orders.values())


@dataclass(frozen=True, slots=True)
class Given:
    """An order as the database has it; `done_at` is None until no byte is left."""

    order: Order
    done_at: int | None


def list_given(connection: Connection, operation_id: bytes) -> list[Given]:
    """Return the orders of an operation, the latest first."""
    given = _read_orders(connection, Erasure.operation_id == operation_id)
    return sorted(given, key=lambda each: (each.order.asked_at, each.order.erasure_id), reverse=True)


def get_given(connection: Connection, operation_id: bytes, erasure_id: bytes) -> Given:
    """Return one order of an operation; raises NotFound."""
    found = _read_orders(connection, (Erasure.operation_id == operation_id) & (Erasure.erasure_id == erasure_id))
    if not found:
        raise NotFound(_("There is no such erasure."))
    return found[0]


def find_given(connection: Connection, order: Order) -> Given | None:
    """Return an earlier order that covers the last of this one's subjects, where all of them are ordered erased already."""
    mine = (Erasure.operation_id == order.operation_id) & Erasure.subject_id.in_(order.subjects)
    given = _read_orders(connection, mine)
    covered = {subject for each in given for subject in each.order.subjects}
    return max(given, key=lambda each: each.order.asked_at) if covered.issuperset(order.subjects) else None


def _read_orders(connection: Connection, wanted: ColumnElement[bool]) -> list[Given]:
    """Return orders of ours: a row that somebody else wrote into the table is nobody's order."""
    table, marks = Erasure.__table__, current_keys().orders
    rows_of: dict[bytes, list[Row[Any]]] = {}
    for row in connection.execute(select(table).where(wanted).order_by(table.c.subject_id)):
        if is_ours(row, marks):
            rows_of.setdefault(row.erasure_id, []).append(row)
    return [_given(rows) for rows in rows_of.values()]


def _given(rows: list[Row[Any]]) -> Given:
    first = rows[0]
    households = () if first.subject_id == first.operation_id else tuple(row.subject_id for row in rows)
    order = Order(first.operation_id, households, first.erasure_id, first.reason, first.asked_at, first.asked_by)
    return Given(order, None if any(row.done_at is None for row in rows) else max(row.done_at for row in rows))
