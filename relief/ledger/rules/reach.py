"""Whom a hand-over reaches: the item says all members, chosen members, or one person a unit."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from relief.ledger.rules.composition import Composition
from relief.operations.rules import Item


def reached_by(item: Item, facts: dict[str, Any], moment: int, composition: Composition,
               before: Collection[str]) -> tuple[str, ...]:  # fmt: skip
    """Return the ids of the members that one hand-over at `moment` reaches, by number.

    They are of the composition effective then; `before` are the members whom earlier hand-overs of the item reached. One
    person a unit: the lowest numbers not reached yet, so partial and repeated units reach nobody twice.
    """
    everybody = composition.ids_at(moment)
    if item.reaches == "one_person_a_unit":
        return tuple([each for each in everybody if each not in before][: facts["quantity"]])
    if item.reaches == "chosen_members" and "members" in facts:
        chosen = {composition.same.get(each, each) for each in facts["members"]}
        return tuple([each for each in everybody if each in chosen])
    return everybody


def names_strangers(facts: dict[str, Any], moment: int, composition: Composition) -> bool:
    """Tell whether a hand-over names somebody who is not in the household then."""
    here = composition.ids_at(moment)
    return any(composition.same.get(each, each) not in here for each in facts["members"])
