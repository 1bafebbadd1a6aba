"""Reading the totals of one operation at one ledger position."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256

from flask import current_app
from sqlalchemy import Connection, exists, func, select

from relief.accounts.models import Enrolment
from relief.kernel.ids import to_text
from relief.ledger.models import Entry, Held
from relief.ledger.queries import get_head, get_position, list_counters
from relief.ledger.waiting import list_causes, list_held, list_late_grants
from relief.ledger.witnesses import list_lost_heads
from relief.operations.queries import OperationRow, find_plan, get_operation
from relief.operations.rules import Plan
from relief.statements import Row, fetch
from relief.totals.completeness import PhoneState, judge_completeness
from relief.totals.counting import group_counters, with_exact_names
from relief.totals.figures import Completeness, Figures, ToDecide
from relief.totals.rules import compute

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
    to_decide: ToDecide

    @property
    def zone(self) -> str:
        """The time zone in which moments are shown: that of the first site."""
        return self.plan.sites[0].zone if self.plan.sites else "UTC"


def find_mark(connection: Connection, operation_id: bytes, now: int) -> str:
    """Return what the totals at `now` depend on, short enough for an ETag; raises NotFound.

    Ledger, sealed position and plan version decide every figure; beside them stands what phones said of themselves and what is
    held. The minute is in it because a grant grows late by time alone. A few small rows, no totals query: a board that polls
    costs next to nothing.
    """
    ledger_id, position = get_position(connection, operation_id)
    operation = get_operation(connection, operation_id)
    beside = sha256(repr(_beside_the_ledger(connection, operation_id, now - _silent_seconds())).encode()).hexdigest()[:12]
    return f"{ledger_id.hex()}-{position}-{operation.plan_version}-{now // SECONDS_A_MINUTE}-{beside}"


def _beside_the_ledger(connection: Connection, operation_id: bytes, silent_before: int) -> Row:
    """Return what changes completeness and what is to be decided without a new entry."""
    [found] = fetch(
        connection,
        "SELECT count(*), count(revoked_at), sum(waiting), sum(held), sum(max_seq), sum(seq_count), "
        "sum(CASE WHEN coalesce(last_contact_at, enrolled_at) < ? THEN coalesce(last_contact_at, enrolled_at) END), "
        "(SELECT count(*) FROM held WHERE operation_id = ? AND taken_up_at IS NULL AND put_aside_at IS NULL), "
        "(SELECT count(*) FROM witness WHERE operation_id = ?) FROM enrolment WHERE operation_id = ?",
        silent_before, operation_id, operation_id, operation_id,
    )  # fmt: skip
    return found


def _silent_seconds() -> int:
    return current_app.extensions["relief_settings"].silent_phone_minutes * SECONDS_A_MINUTE  # type: ignore[no-any-return]


def read_totals(connection: Connection, operation_id: bytes, now: int, *, exact_names: bool = False) -> Totals:
    """Return all totals of the operation at its sealed position; raises NotFound.

    `connection` should be one snapshot, so that figures and position belong together. Sensitive items show their neutral
    label unless `exact_names` (the internal report).
    """
    operation = get_operation(connection, operation_id)
    plan = find_plan(connection, operation_id, operation.plan_version) or Plan(version=0)
    head = get_head(connection, operation_id)
    counters = list_counters(connection, operation_id)
    figures = compute(counters, with_exact_names(plan) if exact_names else plan)
    completeness = read_completeness(connection, operation_id, plan, now)
    return Totals(operation, plan, now, to_text(head.ledger_id), head.position, head.hash.hex(), head.signature.hex(),
                  head.key_id, head.sealed_at or None, figures, completeness,
                  count_to_decide(connection, operation_id, counters, now))  # fmt: skip


def read_completeness(connection: Connection, operation_id: bytes, plan: Plan, now: int) -> Completeness:
    """Return what may be missing at `now`, as the installation's settings call a phone silent."""
    phones = list_phone_states(connection, operation_id)
    judged = judge_completeness(phones, now, _silent_seconds(), closed=plan.status == "closed")
    return replace(judged, lost_heads=len(list_lost_heads(connection, operation_id)))


def count_to_decide(connection: Connection, operation_id: bytes, counters: Mapping[str, int], now: int) -> ToDecide:
    """Return how many wait in each list; the counters tell first which lists can hold anything at all."""
    grouped = group_counters(counters)
    return ToDecide(
        cases=sum(grouped["cases"].values()),
        causes=list_causes(connection, operation_id, size=1).total if grouped["causes"] else 0,
        grants=list_late_grants(connection, operation_id, now, size=1).total if grouped["waiting"] else 0,
        held=list_held(connection, operation_id, size=1).total,
    )


def list_phone_states(connection: Connection, operation_id: bytes) -> list[PhoneState]:
    """Return every device enrolled for the operation as it was last heard of."""
    device = Enrolment.__table__.c
    rows = connection.execute(
        select(device.enrolment_id, device.label, device.kind, device.enrolled_at, device.last_contact_at, device.revoked_at,
               device.waiting, device.held, device.max_seq, device.seq_count)
        .where(device.operation_id == operation_id).order_by(device.label)
    ).all()  # fmt: skip
    held = _held_numbers(connection, operation_id) if any(row.max_seq > row.seq_count for row in rows) else {}
    return [PhoneState(row.label, row.kind, row.enrolled_at, row.last_contact_at, row.revoked_at, row.waiting, row.held,
                       row.max_seq, row.seq_count, held.get(bytes(row.enrolment_id), 0)) for row in rows]  # fmt: skip


def _held_numbers(connection: Connection, operation_id: bytes) -> dict[bytes, int]:
    """Return, by device, how many numbers up to its highest are those of held records alone: they did arrive."""
    held, device, entry = Held.__table__.c, Enrolment.__table__.c, Entry.__table__.c
    whose = (device.operation_id == held.operation_id) & (device.enrolment_id == held.enrolment_id)
    counted = exists().where(entry.operation_id == operation_id, entry.enrolment_id == held.enrolment_id, entry.seq == held.seq)
    rows = connection.execute(
        select(held.enrolment_id, func.count(held.seq.distinct()))
        .select_from(Held.__table__.join(Enrolment.__table__, whose))
        .where(held.operation_id == operation_id, held.seq.between(1, device.max_seq), ~counted)
        .group_by(held.enrolment_id)
    )
    return {bytes(enrolment_id): count for enrolment_id, count in rows}
