"""How far each ledger had come, remembered outside the database (`relief.presence`), and compared with what it holds now."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app
from flask_babel import gettext as _
from sqlalchemy import Connection, select
from sqlalchemy.exc import DBAPIError

from relief.db import after_commit, snapshot
from relief.kernel.ids import to_bytes, to_text
from relief.ledger.lineage import Ancestry
from relief.ledger.models import Entry, Head
from relief.ledger.problems import Problem
from relief.ledger.witnesses import list_lost_heads
from relief.operations.queries import OperationRow, list_operations
from relief.presence import read_anchors, write_anchors
from relief.settings import Settings
from relief.traces import ANCHORS

PAUSE_SECONDS = 2.0
GIVEN_ONCE = ("appeal_code", "glide")  # what an operation is known by, and never changes once it has it


@dataclass(frozen=True, slots=True)
class LostEnd:
    """A ledger that had come to `seen` and whose entry there is missing or another one; it ends at `position` now."""

    operation_id: str
    seen: int
    position: int


@dataclass(frozen=True, slots=True)
class Renamed:
    """An operation whose appeal code or GLIDE number (`name`) was `given` as one and is `found` as another, or as none."""

    operation_id: str
    name: str
    given: str
    found: str


def remember_heads(adopted: bool = False) -> None:
    """Write down where every ledger of the current app stands, and what its operation was given once.

    Of one that lost its end, what it had come to stays written, and what an operation was given first, unless that was `adopted`.
    """
    settings: Settings = current_app.extensions["relief_settings"]
    before = read_anchors(settings).get("operations", {})
    with snapshot() as connection:
        heads = connection.execute(select(Head.__table__)).all()
        ends = () if adopted else find_lost_ends(connection, settings)
        lost = {each.operation_id: before[each.operation_id] for each in ends}
        given = {to_text(each.id): _given(each, {} if adopted else before.get(to_text(each.id), {}))
                 for each in list_operations(connection)}  # fmt: skip
    told = {to_text(head.operation_id): {"ledger": to_text(head.ledger_id), "position": head.position, "hash": head.hash.hex(),
                                         **given.get(to_text(head.operation_id), {})} for head in heads}  # fmt: skip
    write_anchors(settings, told | lost, current_app.extensions["relief_clock"].now())


def _given(operation: OperationRow, before: dict[str, Any]) -> dict[str, str]:
    found = {name: before.get(name) or getattr(operation, name) for name in GIVEN_ONCE}
    return {name: value for name, value in found.items() if value}


def find_renamed(connection: Connection, settings: Settings) -> Iterator[Renamed]:
    """Yield what operations were given once, as the instance folder knows, and the database says otherwise."""
    known = read_anchors(settings).get("operations", {})
    for operation in list_operations(connection):
        operation_id = to_text(operation.id)
        for name in GIVEN_ONCE:
            given, found = known.get(operation_id, {}).get(name), getattr(operation, name)
            if given and given != found:
                yield Renamed(operation_id, name, given, found or "-")


def find_lost_ends(connection: Connection, settings: Settings) -> Iterator[LostEnd]:
    """Yield the ledgers that do not hold what they held when last seen; what a restore left out on purpose is not lost."""
    for operation, anchor in read_anchors(settings).get("operations", {}).items():
        lost = find_lost_end(connection, to_bytes(operation), anchor)
        if lost:
            yield lost


def anchor_problems(connection: Connection, operation_id: bytes, settings: Settings) -> Iterator[Problem]:
    """Yield what `ledger verify` says where an operation's ledger lost its end, or it goes by another's appeal code."""
    for each in find_lost_ends(connection, settings):
        if each.operation_id == to_text(operation_id):
            yield Problem("cut_back", f"position {each.seen}, known to the instance folder ({ANCHORS})")
    for renamed in find_renamed(connection, settings):
        if renamed.operation_id == to_text(operation_id):
            yield Problem("operation_renamed", f"{renamed.name}: given as {renamed.given}, found as {renamed.found}")


def find_furthest_known(connection: Connection, settings: Settings) -> dict[bytes, int]:
    """Return, by operation, how far a ledger that lost its end had come, as the instance folder and its phones know."""
    found = {to_bytes(each.operation_id): each.seen for each in find_lost_ends(connection, settings)}
    for operation_id in connection.execute(select(Head.__table__.c.operation_id)).scalars():
        told = [each.position for each in list_lost_heads(connection, operation_id)]
        found |= {bytes(operation_id): max(*told, found.get(bytes(operation_id), 0))} if told else {}
    return found


def list_gone_operations(connection: Connection, settings: Settings) -> list[str]:
    """Return the ids of operations that are not in the database, though heads in it or the instance folder tell of them."""
    known = {bytes(each) for each in connection.execute(select(Head.__table__.c.operation_id)).scalars()}
    known |= {to_bytes(each) for each in read_anchors(settings).get("operations", {})}
    return sorted(to_text(each) for each in known - {each.id for each in list_operations(connection)})


def say_gone(names: list[str]) -> str:
    """Return the sentence about operations that somebody took away."""
    return _("Somebody took this operation away from the database: %(names)s. Keep the database as it is, and bring the last "
             "backup back: relief db restore FILE --replace", names=", ".join(names))  # fmt: skip


def find_lost_end(connection: Connection, operation_id: bytes, anchor: dict[str, Any]) -> LostEnd | None:
    """Return what one operation's ledger lacks of an anchor `{"ledger", "position", "hash"}`, None when it is all there."""
    head, entry = Head.__table__.c, Entry.__table__.c
    found = connection.execute(select(head.ledger_id, head.position).where(head.operation_id == operation_id)).one_or_none()
    ledger_id, position = (bytes(found.ledger_id), found.position) if found else (None, 0)
    ancestry = Ancestry(connection, operation_id, ledger_id)
    known = to_bytes(anchor["ledger"])
    if ancestry.knows(known) and not ancestry.covers(known, anchor["position"]):
        return None
    there = connection.execute(
        select(entry.hash).where(entry.operation_id == operation_id, entry.position == anchor["position"])
    ).scalar()  # fmt: skip
    same = there is not None and bytes(there).hex() == anchor["hash"] and ancestry.knows(known)
    return None if same else LostEnd(to_text(operation_id), anchor["position"], position)


def keep_anchors(app: Flask) -> None:
    """Write the anchors down now, and from here on within seconds of every commit of this process."""
    wake = threading.Event()
    after_commit(app, wake.set)
    wake.set()
    threading.Thread(target=_keep, args=(app, wake), name="relief-anchors", daemon=True).start()


def _keep(app: Flask, wake: threading.Event) -> None:
    pause = threading.Event()
    while True:
        wake.wait()
        wake.clear()
        for _again in range(2):  # PostgreSQL's sealer may come a second after the commit
            with app.app_context(), suppress(DBAPIError, OSError):  # the next commit writes them again
                remember_heads()
            pause.wait(PAUSE_SECONDS)
