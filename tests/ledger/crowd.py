"""Many at once: threads that start together, devices made quickly, and the ledger verified afterwards."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from relief.accounts.devices import enrol, make_enrolment
from relief.accounts.join_codes import create_join_code
from relief.db import db, snapshot, unit_of_work
from relief.kernel.ids import to_text
from relief.ledger.verification import verify
from tests.ledger.field import Device, Field, Phone

NAMES = [f"h{number}" for number in range(6)]


def together(field: Field, jobs: Sequence[Callable[[], Any]]) -> list[Any]:
    """Run all jobs at once, each in a thread and app context of its own; return their results, or raise what one raised."""
    start = threading.Barrier(len(jobs))

    def run(job: Callable[[], Any]) -> Any:
        with field.app.app_context():
            start.wait()
            try:
                return job()
            finally:
                db.session.remove()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return [each.result() for each in [pool.submit(run, job) for job in jobs]]


def phones(field: Field, number: int, **rights: Any) -> list[Phone]:
    """Enrol phones without HTTP."""
    made = []
    with unit_of_work() as session:
        for each in range(number):
            code = create_join_code(session, field.operation_id, label=f"phone {each}", now=field.clock.now(), **rights)
            enrolled = enrol(session, code, "test", field.clock.now())
            made.append(Phone(field, to_text(enrolled.enrolment.enrolment_id), enrolled.token))
    return made


def desks(field: Field, number: int) -> list[Device]:
    with unit_of_work() as session:
        made = [make_enrolment(session, field.operation_id, "desk", f"desk {each}", now=field.clock.now())
                for each in range(number)]  # fmt: skip
        return [Device(field, each.enrolment_id) for each in made]


def problems(field: Field) -> list[Any]:
    """Return what `relief ledger verify` finds wrong, everything sealed."""
    field.seal()
    db.session.rollback()
    with snapshot() as connection:
        found = verify(connection, field.operation_id, field.app.extensions["relief_secrets"])
    assert found.unsealed == 0
    return found.problems
