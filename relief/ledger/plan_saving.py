"""Saving a plan: a new version, its record in the ledger, and everything it touches judged anew, in one transaction."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Connection, select

from relief.kernel.errors import Conflict
from relief.kernel.ids import to_text
from relief.ledger.desk import tell
from relief.ledger.devices import lock_operation
from relief.ledger.documents import dump_moves, fold_document, load_document
from relief.ledger.models import FoldGroup
from relief.ledger.service import Deltas
from relief.ledger.store import store_documents
from relief.ledger.verdicts import ACCEPTED
from relief.operations.queries import get_current_plan
from relief.operations.rules import Plan
from relief.operations.service import store_plan

GROUPS_AT_ONCE = 2000


def save_plan(connection: Connection, operation_id: bytes, plan: Plan, *, enrolment_id: bytes, saved_by: bytes | None,
              now: int) -> int:  # fmt: skip
    """Store `plan` as the operation's next version, refold every group under it and return the version.

    Takes the operation lock alone; phones wait and retry. Raises Conflict when something that facts may name would disappear.
    """
    lock_operation(connection, operation_id, alone=True)
    before = get_current_plan(connection, operation_id)
    _refuse_losses(before, plan)
    digest = store_plan(connection, operation_id, plan, saved_by, now)
    deltas = _refold_all(connection, operation_id, before, plan)
    record: dict[str, Any] = {"kind": "plan_version", "version": plan.version, "predecessor": before.version,
                              "digest": digest.hex()}  # fmt: skip
    if saved_by is not None:
        record["by"] = to_text(saved_by)
    (verdict,) = tell(connection, operation_id, enrolment_id, [record], now, more_deltas=deltas)
    if verdict.verdict != ACCEPTED:
        raise Conflict(_("The ledger did not take the plan: %(codes)s.", codes=", ".join(verdict.codes)), code="plan_not_taken")
    return plan.version


def _refuse_losses(before: Plan, plan: Plan) -> None:
    pairs = (("item", before.item, plan.item), ("site", before.site, plan.site), ("round", before.round, plan.round))
    for word, was, now in pairs:
        lost = sorted(was[each].name for each in was.keys() - now.keys())
        if lost:
            raise Conflict(_("The plan may not lose what hand-overs can name: %(what)s.", what=", ".join(lost)),
                           code="plan_loses", where=word)  # fmt: skip


def _refold_all(connection: Connection, operation_id: bytes, before_plan: Plan, plan: Plan) -> Deltas:
    table = FoldGroup.__table__.c
    deltas: list[tuple[str, dict[str, int]]] = []
    last = b""
    while True:
        rows = connection.execute(
            select(table.group_id, table.document, table.basis).where(table.operation_id == operation_id, table.group_id > last)
            .order_by(table.group_id).limit(GROUPS_AT_ONCE)
        ).all()  # fmt: skip
        if not rows:
            return deltas
        last = rows[-1].group_id
        before = {to_text(row.group_id): load_document(row.document, row.basis) for row in rows if row.document}
        after = {gid: fold_document(document.basis, document.moves, plan) for gid, document in before.items()}
        changed = {gid: document for gid, document in after.items() if dump_moves(document) != dump_moves(before[gid])}
        stored = dict(store_documents(connection, operation_id, before, changed, plan, before_plan))
        deltas += [(gid, stored.get(gid, {})) for gid in after]  # what is left may differ for all: every phone reads anew
