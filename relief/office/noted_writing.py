"""Writing and noting as one: the audit says what was done, in the same transaction, or what was refused and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import Connection

from relief.accounts import audit
from relief.db import unit_of_work, write
from relief.kernel.errors import ReliefError
from relief.kernel.ids import to_text

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody is about to do, as the audit will name it: `case.decided`, and its subject."""

    actor: audit.Actor
    action: str
    operation_id: bytes
    subject: bytes | str
    now: int


def write_noted(act: Act, work: Callable[[Connection], T]) -> T:
    """Run `work` as `relief.db.write` does and note the act with it.

    What was refused is noted as `case.decided_refused` or the like, its code behind the subject, and raised.
    """

    def both(connection: Connection) -> T:
        done = work(connection)
        audit.note(connection, act.actor, act.action, act.now, operation_id=act.operation_id, subject=act.subject)
        return done

    try:
        return write(both)
    except ReliefError as error:
        subject = act.subject if isinstance(act.subject, str) else to_text(act.subject)
        with unit_of_work() as session:
            audit.note(session, act.actor, f"{act.action}_refused", act.now, operation_id=act.operation_id,
                       subject=f"{subject} {error.code}")  # fmt: skip
        raise
