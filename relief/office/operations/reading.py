"""What the signed-in reader may see and do in an operation."""

from __future__ import annotations

from relief.accounts import guards
from relief.operations.discretion import ROLES_IN_THE_KNOW, discreet_plan
from relief.operations.queries import Bind, get_current_plan
from relief.operations.rules import Plan


def plan_for_reader(bind: Bind, operation_id: bytes) -> Plan:
    """Return the plan in force as the signed-in reader may see it."""
    plan = get_current_plan(bind, operation_id)
    return plan if guards.has_role(bind, operation_id, ROLES_IN_THE_KNOW) else discreet_plan(plan)


def may_manage(bind: Bind, operation_id: bytes) -> bool:
    """Return whether the signed-in reader may change the operation."""
    return guards.has_role(bind, operation_id, frozenset({"manager"}))


def may_enter_money(bind: Bind, operation_id: bytes) -> bool:
    """Return whether the signed-in reader may enter allocations."""
    return guards.has_role(bind, operation_id, frozenset({"manager", "finance"}))
