"""Cards that are made in the place of others: those of one day are one run, to be printed together in the evening."""

from __future__ import annotations

from sqlalchemy import Connection, func, insert, select

from relief.cards.blank_models import ReplacementRun
from relief.cards.models import Card
from relief.kernel.clock import local_day
from relief.office.acting import Desk
from relief.office.cards.issuing import IssuedCard, lock_running_numbers, new_card, next_run, tell_issued
from relief.operations.queries import get_current_plan

_runs = ReplacementRun.__table__.c


def issue_replacement(connection: Connection, acting: Desk) -> IssuedCard:
    """Issue the next card of today's replacements, nobody's yet; the day is that of the operation's first site."""
    lock_running_numbers(connection, acting.operation_id)
    sites = get_current_plan(connection, acting.operation_id).sites
    run = _run_of_day(connection, acting.operation_id, local_day(acting.now, sites[0].zone if sites else "UTC"))
    highest = select(func.max(Card.place)).where(Card.operation_id == acting.operation_id, Card.run == run)
    card = new_card(acting.operation_id, run, int(connection.execute(highest).scalar() or 0) + 1)
    tell_issued(connection, acting.operation_id, acting.enrolment_id, [card], acting.now, acting.keys)
    return card


def _run_of_day(connection: Connection, operation_id: bytes, day: str) -> int:
    mine = select(_runs.run).where(_runs.operation_id == operation_id, _runs.day == day)
    run = connection.execute(mine).scalar()
    if run is None:
        run = next_run(connection, operation_id)
        connection.execute(insert(ReplacementRun).values(operation_id=operation_id, run=run, day=day))
    return int(run)


def list_replacement_days(connection: Connection, operation_id: bytes) -> dict[int, str]:
    """Return the runs that are replacements, and of which day (ISO)."""
    rows = connection.execute(select(_runs.run, _runs.day).where(_runs.operation_id == operation_id))
    return {int(run): day for run, day in rows}
