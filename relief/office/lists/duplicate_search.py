"""Looking through all households for those that are there twice: in the background, with progress, the result kept.

The comparing is done in another process; the earlier pairs stay until the new ones are there. Cut short, it begins again: nothing
is lost by it, the same list gives the same pairs.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import partial

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import Connection, CursorResult, insert, select, update

from relief.db import snapshot, write
from relief.households.comparing import Progress, compare_apart
from relief.households.models import DuplicateSearch
from relief.kernel.errors import Conflict
from relief.office.in_background import run_job
from relief.office.lists.duplicates import Row, read_candidates, store_suspicions, suspicion_rows

READING, COMPARING, DONE, FAILED = "reading", "comparing", "done", "failed"
AT_WORK = (READING, COMPARING)
STANDS_STILL_SECONDS = 120
TOLD_SECONDS = 1.0  # how often progress is written down, and that the work is alive
_search = DuplicateSearch.__table__.c


@dataclass(frozen=True, slots=True)
class Search:
    """Where a look through all households stands: `done` of `total` pairs compared; moments in UTC seconds."""

    state: str
    begun_at: int
    touched_at: int
    done: int
    total: int
    households: int

    @property
    def is_at_work(self) -> bool:
        return self.state in AT_WORK

    def stands_still(self, now: int) -> bool:
        """Tell whether whoever worked on it was cut short."""
        return self.is_at_work and self.touched_at + STANDS_STILL_SECONDS < now


def find_search(connection: Connection, operation_id: bytes) -> Search | None:
    """Return the last look through all households of an operation, None where nobody has looked yet."""
    columns = (_search[name] for name in Search.__slots__)
    row = connection.execute(select(*columns).where(_search.operation_id == operation_id)).one_or_none()
    return Search(*row) if row is not None else None


def start_search(operation_id: bytes) -> bool:
    """Begin to look, unless somebody is looking just now; tell whether we did."""
    begun = write(partial(_claim, operation_id=operation_id, now=_now()))
    if begun:
        run_job(partial(_guarded, operation_id))
    return begun


def _claim(connection: Connection, operation_id: bytes, now: int) -> bool:
    at_rest = _search.state.not_in(AT_WORK) | (_search.touched_at + STANDS_STILL_SECONDS < now)
    values = {"state": READING, "begun_at": now, "touched_at": now, "done": 0, "total": 0, "households": 0}
    moved: CursorResult[None] = connection.execute(
        update(DuplicateSearch).where(_search.operation_id == operation_id, at_rest).values(**values)
    )
    if moved.rowcount:
        return True
    if find_search(connection, operation_id) is not None:
        return False
    connection.execute(insert(DuplicateSearch).values(operation_id=operation_id, **values))
    return True


def search_now(operation_id: bytes, progress: Progress) -> list[Row]:
    """Look here and now, and return the rows of the pairs; raises Conflict (`being_looked`) where somebody else is looking."""
    if not write(partial(_claim, operation_id=operation_id, now=_now())):
        raise Conflict(_("Somebody is looking through all households just now."), code="being_looked")
    try:
        return search(operation_id, progress)
    except BaseException:
        _note(operation_id, state=FAILED)
        raise


def _guarded(operation_id: bytes) -> None:
    try:
        search(operation_id)
    except Exception as error:
        current_app.logger.error("looking for duplicates stopped: %s", type(error).__name__)  # a trace may show names
        _note(operation_id, state=FAILED)


def search(operation_id: bytes, progress: Progress = lambda _done, _total: None) -> list[Row]:
    """Look through all households, writing down how far it is; the pairs it returns take the place of the earlier ones."""
    with snapshot() as connection:
        candidates = read_candidates(connection, operation_id)
    _note(operation_id, state=COMPARING, households=len(candidates))
    found = compare_apart(candidates, _Telling(operation_id, progress))
    with snapshot() as connection:
        rows = suspicion_rows(connection, operation_id, found)
    write(partial(store_suspicions, operation_id=operation_id, rows=rows))
    _note(operation_id, state=DONE)
    return rows


class _Telling:
    """Writes progress down at most once a second."""

    def __init__(self, operation_id: bytes, progress: Progress) -> None:
        self._operation_id, self._progress = operation_id, progress
        self._told = time.monotonic()

    def __call__(self, done: int, total: int) -> None:
        self._progress(done, total)
        if time.monotonic() - self._told >= TOLD_SECONDS or done == total:
            self._told = time.monotonic()
            _note(self._operation_id, done=done, total=total)


def _note(operation_id: bytes, **values: int | str) -> None:
    mine = update(DuplicateSearch).where(_search.operation_id == operation_id).values(touched_at=_now(), **values)
    write(lambda connection: connection.execute(mine))


def _now() -> int:
    return int(current_app.extensions["relief_clock"].now())
