"""Long prints: made aside, looked at while they run, fetched by whoever asked for them, gone after an hour.

The pages lie encrypted in the database, in pieces: any process of the server can hand them out, and none holds a whole file.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import Connection, delete, insert, select, update

from relief.cards.models import CardPrint, CardPrintPart
from relief.db import snapshot, write
from relief.kernel.errors import NotFound
from relief.kernel.ids import new_id
from relief.office.cards.printing import PATIENCE_SECONDS, send_to_press
from relief.office.in_background import run_job
from relief.office.upload_sealing import seal, unseal
from relief.settings import Secrets

PRINTING, READY, FAILED = "printing", "ready", "failed"
KEPT_SECONDS = 3600
STANDS_STILL_SECONDS = PATIENCE_SECONDS + 60
PIECE_BYTES = 1 << 20
STEPS = 20  # in which progress is written down
_print, _piece = CardPrint.__table__, CardPrintPart.__table__


@dataclass(frozen=True, slots=True)
class Print:
    """A long print: `name` of its file, `done` of `total` cards or rows."""

    operation_id: bytes
    print_id: bytes
    name: str
    run: int
    state: str
    touched_at: int
    done: int
    total: int

    def is_at_work(self, now: int) -> bool:
        return self.state == PRINTING and now < self.touched_at + STANDS_STILL_SECONDS


def start_print(operation_id: bytes, user_id: bytes, name: str, run: int, job: Sequence[bytes]) -> bytes:
    """Set a print going aside and return its id; what is older than an hour is deleted."""
    print_id, now = new_id(), _now()
    row = {"operation_id": operation_id, "print_id": print_id, "user_id": user_id, "name": name, "run": run, "state": PRINTING,
           "made_at": now, "touched_at": now, "total": len(job) - 1}  # fmt: skip
    write(partial(drop_prints, made_before=now - KEPT_SECONDS))
    write(lambda connection: connection.execute(insert(CardPrint).values(**row)))
    run_job(partial(_print_aside, operation_id, print_id, job))
    return print_id


def _print_aside(operation_id: bytes, print_id: bytes, job: Sequence[bytes]) -> None:
    step, told = max(1, (len(job) - 1) // STEPS), 0

    def tell(done: int) -> None:
        nonlocal told
        if done >= told + step:
            told = done
            _change(operation_id, print_id, done=done)

    try:
        with send_to_press(job, tell, patience_seconds=PATIENCE_SECONDS) as file:
            number = 0
            while piece := file.read(PIECE_BYTES):
                sealed = seal(_secrets(), print_id, piece)
                write(partial(_keep_piece, operation_id=operation_id, print_id=print_id, number=number, content=sealed))
                number += 1
        _change(operation_id, print_id, state=READY, done=len(job) - 1)
    except Exception as error:
        current_app.logger.error("a print stopped: %s", type(error).__name__)  # a trace may show what was to be printed
        _change(operation_id, print_id, state=FAILED)


def _keep_piece(connection: Connection, operation_id: bytes, print_id: bytes, number: int, content: bytes) -> None:
    still = (_print.c.operation_id == operation_id, _print.c.print_id == print_id)
    if connection.execute(select(_print.c.run).where(*still).with_for_update()).first() is None:
        raise NotFound(_("This print is gone."))  # an erasure took it meanwhile: nothing of it may stay
    row = {"operation_id": operation_id, "print_id": print_id, "number": number, "content": content}
    connection.execute(insert(CardPrintPart).values(**row))


def _change(operation_id: bytes, print_id: bytes, **values: Any) -> None:
    statement = update(CardPrint).where(_print.c.operation_id == operation_id, _print.c.print_id == print_id)
    write(partial(Connection.execute, statement=statement.values(touched_at=_now(), **values)))


def get_print(connection: Connection, operation_id: bytes, print_id: bytes, user_id: bytes) -> Print:
    """Return a print that this user asked for; raises NotFound for any other."""
    names = [_print.c[name] for name in Print.__slots__]
    mine = (_print.c.operation_id == operation_id, _print.c.print_id == print_id, _print.c.user_id == user_id,
            _print.c.made_at >= _now() - KEPT_SECONDS)  # fmt: skip
    row = connection.execute(select(*names).where(*mine)).one_or_none()
    if row is None:
        raise NotFound(_("This print is gone: prints are kept for an hour. Print it again."))
    return Print(*row)


def read_pieces(operation_id: bytes, print_id: bytes) -> Iterator[bytes]:
    """Yield the file of a print that is ready, a piece at a time."""
    number = 0
    while sealed := _find_piece(operation_id, print_id, number):
        yield unseal(_secrets(), print_id, sealed)
        number += 1


def _find_piece(operation_id: bytes, print_id: bytes, number: int) -> bytes | None:
    wanted = (_piece.c.operation_id == operation_id, _piece.c.print_id == print_id, _piece.c.number == number)
    with snapshot() as connection:
        return connection.execute(select(_piece.c.content).where(*wanted)).scalar()


def drop_prints(connection: Connection, made_before: int) -> None:
    """Delete what was kept long enough, of every operation."""
    old = select(_print.c.print_id).where(_print.c.made_at < made_before)
    connection.execute(delete(CardPrintPart).where(_piece.c.print_id.in_(old)))
    connection.execute(delete(CardPrint).where(_print.c.made_at < made_before))


def _secrets() -> Secrets:
    found: Secrets = current_app.extensions["relief_secrets"]
    return found


def _now() -> int:
    return int(current_app.extensions["relief_clock"].now())
