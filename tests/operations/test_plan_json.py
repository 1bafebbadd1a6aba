"""The plan as JSON: strict in, canonical out."""

from __future__ import annotations

import copy
from dataclasses import replace

import orjson
import pytest

from relief.kernel.errors import BadInput
from relief.operations import plan_json
from relief.operations.plan_json import canonical_body, plan_from_json, plan_to_json
from relief.operations.rules import Rule
from tests.operations.plans import A_PLAN, name_id

PLAIN = orjson.loads(canonical_body(A_PLAN))
WRONG = {
    "an unknown zone": (("sites", 0, "zone"), "Mars/Olympus", "sites[0].zone"),
    "a zone that is a folder": (("sites", 0, "zone"), "Europe", "sites[0].zone"),
    "a zone that climbs": (("sites", 0, "zone"), "../etc/passwd", "sites[0].zone"),
    "no such day": (("rounds", 0, "first_day"), "2013-02-30", "rounds[0].first_day"),
    "a day as a number": (("rounds", 0, "first_day"), 20130301, "rounds[0].first_day"),
    "an id in capitals": (("items", 0, "id"), name_id("food").upper(), "items[0].id"),
    "an unknown word": (("items", 0, "reaches"), "everybody", "items[0].reaches"),
    "a word that is a list": (("items", 0, "reaches"), ["all_members"], "items[0].reaches"),
    "a negative quantity": (("rules", 0, "quantity"), -1, "rules[0].quantity"),
    "a fraction": (("rules", 0, "quantity"), 1.5, "rules[0].quantity"),
    "true as a number": (("rules", 0, "quantity"), True, "rules[0].quantity"),
    "a number as a flag": (("items", 0, "service"), 1, "items[0].service"),
    "an empty name": (("areas", 0, "name"), "  ", "areas[0].name"),
    "a NUL": (("areas", 0, "name"), "a\0b", "areas[0].name"),
    "a lone surrogate": (("areas", 0, "name"), "a\ud800", "areas[0].name"),
    "a list that is none": (("sites",), {}, "sites"),
    "an entry that is none": (("sites", 0), 5, "sites[0]"),
    "a field nobody knows": (("sites", 0, "colour"), "blue", "sites[0].colour"),
    "a status nobody knows": (("status",), "paused", "status"),
    "a name too long": (("items", 0, "name"), "x" * 501, "items[0].name"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_complaint_names_the_place(case: str) -> None:
    path, value, where = WRONG[case]
    data = copy.deepcopy(PLAIN)
    target = data
    for step in path[:-1]:
        target = target[step]
    target[path[-1]] = value
    with pytest.raises(BadInput) as caught:
        plan_from_json(data)
    assert caught.value.where == where
    assert caught.value.message.startswith(f"{where}: ")


def test_a_missing_field_is_named() -> None:
    data = copy.deepcopy(PLAIN)
    del data["sites"][0]["area"]
    with pytest.raises(BadInput) as caught:
        plan_from_json(data)
    assert caught.value.where == "sites[0].area"


@pytest.mark.parametrize("data", [None, [], "plan", 7])
def test_what_is_no_object_is_no_plan(data: object) -> None:
    with pytest.raises(BadInput):
        plan_from_json(data)


def test_a_plan_read_back_is_the_same_plan() -> None:
    assert plan_from_json(plan_to_json(A_PLAN)) == A_PLAN


def test_the_canonical_body_has_sorted_keys_and_no_blanks() -> None:
    assert canonical_body(A_PLAN) == orjson.dumps(PLAIN, option=orjson.OPT_SORT_KEYS)
    assert b": " not in canonical_body(replace(A_PLAN, areas=()))


def test_the_same_letters_in_another_unicode_form_make_the_same_body() -> None:
    composed, apart = (replace(A_PLAN, areas=(replace(A_PLAN.areas[0], name=name),)) for name in ("Café", "Cafe\u0301"))
    assert canonical_body(composed) == canonical_body(apart)


def test_what_always_held_is_what_a_rule_starts_with() -> None:
    assert Rule(name_id("rule"), name_id("food"), "unlimited").valid_from == plan_json._FROM_EVER


def test_a_rule_that_always_held_is_written_without_a_start() -> None:
    assert "valid_from" not in plan_to_json(A_PLAN)["rules"][0]
    later = replace(A_PLAN, rules=(*A_PLAN.rules, Rule(name_id("later"), name_id("food"), "per_household", valid_from=7)))
    assert plan_to_json(later)["rules"][-1]["valid_from"] == 7
    assert plan_from_json(plan_to_json(later)) == later
