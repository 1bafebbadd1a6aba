"""What a test of erasing does to an operation, and reads of it."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import func, select

from relief.db import db, is_sqlite, snapshot, unit_of_work
from relief.ledger.plan_saving import save_plan
from relief.ledger.verification import verify
from tests.ledger.field import field_plan


def close(field):
    with unit_of_work() as session:
        save_plan(session.connection(), field.operation_id, replace(field_plan(), version=2, status="closed"),
                  enrolment_id=field.desk.enrolment_id, saved_by=None, now=field.clock.now())  # fmt: skip
    field.seal()


def problems(field):
    with snapshot() as connection:
        return verify(connection, field.operation_id, field.app.extensions["relief_secrets"]).problems


def count(model, *where):
    db.session.rollback()
    return db.session.execute(select(func.count()).select_from(model).where(*where)).scalar_one()


def checkpoint():
    with db.engine.connect() as connection:
        connection.connection.driver_connection.execute(
            "PRAGMA wal_checkpoint" if is_sqlite(connection) else "CHECKPOINT")  # fmt: skip
