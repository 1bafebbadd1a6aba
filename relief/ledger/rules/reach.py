"""Whom a hand-over reaches: the item says all members, chosen members, or one person a unit."""

from __future__ import annotations

from typing import Any

from relief.ledger.rules.composition import Composition, Member
from relief.operations.rules import Item


def reached_by(item: Item, facts: dict[str, Any], members: list[Member], composition: Composition, before: set[str]) -> list[str]:
    """Return the ids of the members that one hand-over reaches.

    `members` are those of the composition effective then, by number; `before` the members whom earlier hand-overs of the
    item reached. One person a unit: the lowest numbers not reached yet, so partial and repeated units reach nobody twice.
    """
    if item.reaches == "one_person_a_unit":
        fresh = [member["id"] for member in members if member["id"] not in before]
        return fresh[: facts["quantity"]]
    if item.reaches == "chosen_members" and "members" in facts:
        chosen = {composition.same.get(each, each) for each in facts["members"]}
        return [member["id"] for member in members if member["id"] in chosen]
    return [member["id"] for member in members]


def names_strangers(facts: dict[str, Any], members: list[Member], composition: Composition) -> bool:
    """Tell whether a hand-over names somebody who is not in the household then."""
    here = {member["id"] for member in members}
    return any(composition.same.get(each, each) not in here for each in facts["members"])
