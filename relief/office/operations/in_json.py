"""An operation with its plan and money as plain JSON, for the API and the command line."""

from __future__ import annotations

from typing import Any

from relief.budget.queries import get_budget, list_allocations, list_lines
from relief.budget.rules import AllocationRow, LineRow
from relief.kernel.clock import wall
from relief.kernel.ids import to_text
from relief.operations.deadlines import final_report_due, timeframe_months
from relief.operations.plan_json import plan_to_json
from relief.operations.queries import Bind, OperationRow
from relief.operations.rules import Plan

_COPIED = ("working_name", "title", "appeal_code", "glide", "national_society", "country", "currency", "dref_type", "onset",
           "category", "hazard", "start_day", "end_day", "people_affected", "people_in_need", "people_targeted", "objective",
           "selection_criteria", "demo", "seals_names")  # fmt: skip


def operation_to_json(operation: OperationRow) -> dict[str, Any]:
    """Return the operation's own fields; what is not known is null."""
    return {
        "id": to_text(operation.id),
        **{name: getattr(operation, name) for name in _COPIED},
        "trigger_at": None if operation.trigger_at is None else wall(operation.trigger_at),
        "timeframe_months": timeframe_months(operation.start_day, operation.end_day),
        "final_report_due": final_report_due(operation.end_day),
        "plan_version": operation.plan_version,
        "statements": list(operation.statements),
    }


def whole_operation_to_json(bind: Bind, operation: OperationRow, plan: Plan) -> dict[str, Any]:
    """Return the operation, its plan, its allocations and its budget lines; amounts are decimal text."""
    budget = get_budget(bind, operation.id)
    return {
        "operation": operation_to_json(operation),
        "plan": plan_to_json(plan),
        "allocations": [_allocation(row) for row in list_allocations(bind, operation.id)],
        "budget_lines": [_line(row) for row in list_lines(bind, operation.id)],
        "budget": {"currency": "CHF", "allocated_minor": budget.allocated, "budgeted_minor": budget.budgeted,
                   "left_minor": budget.left},
    }  # fmt: skip


def _allocation(row: AllocationRow) -> dict[str, Any]:
    return {"id": to_text(row.id), "kind": row.kind, "amount": row.money.decimal(), "currency": row.currency,
            "granted_on": row.granted_on, "funding_source": row.funding_source, "note": row.note}  # fmt: skip


def _line(row: LineRow) -> dict[str, Any]:
    return {"id": to_text(row.id), "sector": row.sector, "account_group": row.account_group, "amount": row.money.decimal(),
            "currency": row.currency, "description": row.description, "demonstration": row.demonstration}  # fmt: skip
