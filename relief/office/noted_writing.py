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
    """What somebody is about to do, as the audit will name it: `case.decided`, its subject, and what she said it is for."""

    actor: audit.Actor
    action: str
    operation_id: bytes
    subject: bytes | str
    now: int
    purpose: str = ""


def write_noted(act: Act, work: Callable[[Connection], T], subject_of: Callable[[T], str | None] | None = None) -> T:
    """Run `work` as `relief.db.write` does and note the act with it.

    `subject_of` tells the subject from what was done, where it is known only then; None: nothing was done that is to be noted.
    What was refused is noted as `case.decided_refused` or the like, its code behind the subject, and raised.
    """

    def both(connection: Connection) -> T:
        done = work(connection)
        subject = subject_of(done) if subject_of else act.subject
        if subject is not None:
            audit.note(connection, act.actor, act.action, act.now, operation_id=act.operation_id, subject=subject,
                       purpose=act.purpose)  # fmt: skip
        return done

    try:
        return write(both)
    except ReliefError as error:
        subject = act.subject if isinstance(act.subject, str) else to_text(act.subject)
        with unit_of_work() as session:
            audit.note(session, act.actor, f"{act.action}_refused", act.now, operation_id=act.operation_id,
                       subject=f"{subject} {error.code}".strip(), purpose=act.purpose)  # fmt: skip
        raise
