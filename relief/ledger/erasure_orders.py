"""The table `erasure`: what was ordered to be erased, and which of its rows this installation wrote down itself.

Every row bears a mark (`marks.OrderMarks`). Only a row whose mark is right is obeyed, whoever can write to the database; all
others are named by `ledger verify` and make way for the order itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, select

from relief.accounts.models import AuditEntry
from relief.kernel.ids import to_text
from relief.ledger.devices import lock_operation
from relief.ledger.erasing import Order
from relief.ledger.marks import ORDER_COLUMNS, OrderMarks
from relief.ledger.models import Erasure
from relief.ledger.problems import Problem, name_of
from relief.ledger.sets import replace_rows, rows_where_in
from relief.statements import fetch

HOUSEHOLD_ERASED, OPERATION_ERASED = "household.erased", "operation.erased"  # as the audit says
_COLUMNS = (*ORDER_COLUMNS, "mark")
_ROWS = f"SELECT {', '.join(_COLUMNS)} FROM erasure"
_SUBJECT, _ORDER, _DONE_AT, _MARK = (_COLUMNS.index(name) for name in ("subject_id", "erasure_id", "done_at", "mark"))
Row = tuple[Any, ...]


def note_order(connection: Connection, order: Order, marks: OrderMarks) -> None:
    """Write the order down: from this commit on nothing private of its subjects is stored. Again changes nothing."""
    lock_operation(connection, order.operation_id, alone=True)  # batches under way end first; later ones see the row
    ours = {row[_SUBJECT] for row in _our_rows(connection, order, marks)}
    told = (order.erasure_id, order.reason, order.asked_at, order.asked_by, None)
    _write(connection, [(order.operation_id, each, *told) for each in order.subjects if each not in ours], marks)


def note_done(connection: Connection, order: Order, now: int, marks: OrderMarks) -> None:
    """Write down that no byte is left."""
    rows = [row for row in _our_rows(connection, order, marks) if row[_DONE_AT] is None]
    _write(connection, [(*row[:_DONE_AT], now) for row in rows], marks)


def is_done(connection: Connection, order: Order, marks: OrderMarks) -> bool:
    """Tell whether all of an order was carried out in this database."""
    rows = _our_rows(connection, order, marks)
    return len(rows) == len(order.subjects) and all(row[_DONE_AT] is not None for row in rows)


def find_erased(connection: Connection, operation_id: bytes, subjects: Collection[bytes], marks: OrderMarks) -> set[bytes]:
    """Return those of `subjects` that were ordered to be erased."""
    rows = rows_where_in(connection, _ROWS, operation_id, "subject_id", subjects)
    return {bytes(row[_SUBJECT]) for row in rows if is_ours(row, marks)}


def find_erasure(connection: Connection, operation_id: bytes, marks: OrderMarks) -> bytes | None:
    """Return the operation's id where all of it was ordered to be erased, else a household's that may be, if there is any."""
    tail = " WHERE operation_id = ? ORDER BY subject_id = operation_id DESC LIMIT 2"
    rows = fetch(connection, _ROWS + tail, operation_id)
    return next((row[_SUBJECT] for row in rows if row[_SUBJECT] != operation_id or is_ours(row, marks)), None)


def find_leaving(connection: Connection, operation_id: bytes, marks: OrderMarks) -> set[bytes]:
    """Return the households and cards that are being erased: an order was given and is not carried out yet."""
    rows = [row for row in fetch(connection, f"{_ROWS} WHERE operation_id = ? AND done_at IS NULL", operation_id)
            if is_ours(row, marks)]  # fmt: skip
    subjects = {row[_SUBJECT] for row in rows}
    if operation_id in subjects:
        return {bytes(row[0]) for table, name in (("household", "household_id"), ("card", "card_id"))
                for row in fetch(connection, f"SELECT {name} FROM {table} WHERE operation_id = ?", operation_id)}  # fmt: skip
    groups = {bytes(row[0]) for row in rows_where_in(connection, "SELECT group_id FROM household", operation_id, "household_id",
                                                     subjects)}  # fmt: skip
    cards = rows_where_in(connection, "SELECT card_id FROM card", operation_id, "group_id", groups)
    return subjects | {bytes(row[0]) for row in cards}


def is_ours(row: Sequence[Any], marks: OrderMarks) -> bool:
    """Tell whether a row (columns of the table, in their order) is as this installation wrote it."""
    return marks.know(row[:_MARK], row[_MARK])


def _our_rows(connection: Connection, order: Order, marks: OrderMarks) -> list[Row]:
    rows = rows_where_in(connection, _ROWS, order.operation_id, "subject_id", order.subjects)
    return [tuple(row) for row in rows if is_ours(row, marks)]


def _write(connection: Connection, rows: Sequence[Row], marks: OrderMarks) -> None:
    replace_rows(connection, Erasure, _COLUMNS, [(*row, marks.make(row)) for row in rows])


def order_problems(connection: Connection, operation_id: bytes, marks: OrderMarks) -> Iterator[Problem]:
    """Yield the rows that this installation did not write so, and the orders whose row is gone although the audit knows them."""
    ours = set()
    table = Erasure.__table__
    for row in connection.execute(select(table).where(table.c.operation_id == operation_id).order_by(table.c.subject_id)):
        if is_ours(row, marks):
            ours.add(bytes(row.subject_id))
        else:
            yield Problem("erasure_forged", f"{name_of(row.subject_id)} (erasure {name_of(row.erasure_id)})")
    act = AuditEntry.__table__.c
    acts = connection.execute(select(act.action, act.subject).where(
        act.operation_id == operation_id, act.action.in_((HOUSEHOLD_ERASED, OPERATION_ERASED))))  # fmt: skip
    said = {to_text(operation_id) if row.action == OPERATION_ERASED else row.subject for row in acts}
    for each in sorted(said - {to_text(subject) for subject in ours}):
        yield Problem("erasure_missing", f"{each}, known to the audit")


def count_orders(connection: Connection, operation_id: bytes, marks: OrderMarks, journal: Sequence[Order]) -> int:
    """Return how many orders to erase something of an operation there are, in its database or the journal."""
    stored = {row[_ORDER] for row in fetch(connection, f"{_ROWS} WHERE operation_id = ?", operation_id) if is_ours(row, marks)}
    return len(stored | {order.erasure_id for order in journal if order.operation_id == operation_id})


def journal_problems(connection: Connection, operation_id: bytes, marks: OrderMarks,
                     journal: Sequence[Order]) -> Iterator[Problem]:  # fmt: skip
    """Yield what the journal ordered and the database does not know (any more), or knows otherwise."""
    for order in journal:
        if order.operation_id == operation_id:
            for subject in sorted(set(order.subjects) - find_erased(connection, operation_id, order.subjects, marks)):
                yield Problem("erasure_missing", f"{to_text(subject)}, known to the journal")
