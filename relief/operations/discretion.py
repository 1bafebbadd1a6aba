"""What of a plan a reader may see: sensitive items go by their neutral label for whoever need not know. Pure."""

from __future__ import annotations

import dataclasses

from relief.operations.rules import Item, Plan

ROLES_IN_THE_KNOW = frozenset({"manager", "finance", "protection", "auditor"})
NEUTRAL_LABEL = "Service"


def discreet_plan(plan: Plan) -> Plan:
    """Return the plan as it may be shown to everybody who works on the operation.

    A sensitive item keeps its id, unit and rules but shows its public label; what would give it away (IFRC code, sector's
    indicators that count it) is left out.
    """
    hidden = {item.id for item in plan.items if item.sensitive}
    if not hidden:
        return plan
    return dataclasses.replace(
        plan,
        items=tuple(_neutral(item) if item.sensitive else item for item in plan.items),
        indicators=tuple(each for each in plan.indicators if not hidden.intersection(each.items)),
    )


def _neutral(item: Item) -> Item:
    return dataclasses.replace(item, name=item.public_label or NEUTRAL_LABEL, ifrc_code=None)
