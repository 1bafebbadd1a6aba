"""Reading the totals of one operation at one ledger position."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app
from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from relief.accounts.models import Enrolment
from relief.kernel.ids import to_text
from relief.operations.queries import OperationRow, find_plan, get_operation
from relief.operations.rules import Plan
from relief.totals.completeness import PhoneState, judge_completeness
from relief.totals.counting import with_exact_names
from relief.totals.figures import Completeness, Figures
from relief.totals.rules import compute

Bind = Session | Connection
_enrolment = Enrolment.__table__
SECONDS_A_MINUTE = 60


@dataclass(frozen=True, slots=True)
class Totals:
    """The figures of an operation and where they stand: moment, ledger, position, head, plan version."""

    operation: OperationRow
    plan: Plan
    as_of: int
    ledger_id: str
    position: int
    head: str
    signature: str
    key_id: str
    sealed_at: int | None
    figures: Figures
    completeness: Completeness

    @property
    def zone(self) -> str:
        """The time zone in which moments are shown: that of the first site."""
        return self.plan.sites[0].zone if self.plan.sites else "UTC"

    @property
    def cases(self) -> int:
        return sum(case.count for case in self.figures.cases)


def find_mark(bind: Bind, operation_id: bytes, now: int) -> str:
    """Return what the totals at `now` depend on, short enough for an ETag; raises NotFound.

    Ledger, sealed position and plan version decide every figure; the minute is in it because a phone falls silent by
    time alone, without any record. Two one-row reads, no totals query: a board that polls costs next to nothing.
    """
    head = _ledger().get_head(bind, operation_id)
    operation = get_operation(bind, operation_id)
    return f"{head.ledger_id.hex()}-{head.position}-{operation.plan_version}-{now // SECONDS_A_MINUTE}"


def read_totals(bind: Bind, operation_id: bytes, now: int, *, exact_names: bool = False) -> Totals:
    """Return all totals of the operation at its sealed position; raises NotFound.

    `bind` should be one snapshot, so that figures and position belong together. Sensitive items show their neutral label
    unless `exact_names` (the internal report).
    """
    ledger = _ledger()
    operation = get_operation(bind, operation_id)
    plan = find_plan(bind, operation_id, operation.plan_version) or Plan(version=0)
    head = ledger.get_head(bind, operation_id)
    figures = compute(ledger.list_counters(bind, operation_id), with_exact_names(plan) if exact_names else plan)
    silent_seconds = current_app.extensions["relief_settings"].silent_phone_minutes * SECONDS_A_MINUTE
    completeness = judge_completeness(list_phone_states(bind, operation_id), now, silent_seconds, closed=plan.status == "closed")
    return Totals(operation, plan, now, to_text(head.ledger_id), head.position, (head.hash or b"").hex(),
                  (head.signature or b"").hex(), head.key_id or "", head.sealed_at, figures, completeness)  # fmt: skip


def list_phone_states(bind: Bind, operation_id: bytes) -> list[PhoneState]:
    """Return every device enrolled for the operation as it was last heard of."""
    columns = [_enrolment.c[name] for name in PhoneState.__dataclass_fields__]
    rows = bind.execute(select(*columns).where(_enrolment.c.operation_id == operation_id).order_by(_enrolment.c.label))
    return [PhoneState(*row) for row in rows]


def _ledger():
    from relief.ledger import queries  # until the ledger is in the tree

    return queries
