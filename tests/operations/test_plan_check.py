"""Whether the parts of a plan fit together."""

from __future__ import annotations

from dataclasses import replace

import pytest

from relief.operations.plan_check import check_plan
from relief.operations.rules import Plan
from tests.operations.plans import A_PLAN, name_id

REGION, DISTRICT = A_PLAN.areas
SITE, FOOD, RULE, MARCH, APRIL, FED = (A_PLAN.sites[0], A_PLAN.items[0], A_PLAN.rules[0], *A_PLAN.rounds, A_PLAN.indicators[0])
NOBODY = name_id("nobody")

CASES: dict[str, tuple[Plan, list[str]]] = {
    "a sound plan": (A_PLAN, []),
    "an empty plan": (Plan(version=1), []),
    "goods without a rule": (replace(A_PLAN, rules=()), ["items[0]"]),
    "an area under an unknown one": (replace(A_PLAN, areas=(REGION, replace(DISTRICT, parent=NOBODY))), ["areas[1].parent"]),
    "areas in a circle": (
        replace(A_PLAN, areas=(replace(REGION, parent=DISTRICT.id), DISTRICT)),
        ["areas[0].parent", "areas[1].parent"],
    ),
    "an area under itself": (replace(A_PLAN, areas=(replace(REGION, parent=REGION.id), DISTRICT)), ["areas[0].parent"]),
    "a site in no area": (replace(A_PLAN, sites=(replace(SITE, area=NOBODY),)), ["sites[0].area"]),
    "a site that ends before it starts": (replace(A_PLAN, sites=(replace(SITE, last_day="2013-01-01"),)), ["sites[0].last_day"]),
    "rounds that overlap by a day": (
        replace(A_PLAN, rounds=(MARCH, replace(APRIL, first_day="2013-03-31"))),
        ["rounds[1].first_day"],
    ),
    "a round backwards": (replace(A_PLAN, rounds=(replace(MARCH, last_day="2013-03-01"),)), ["rounds[0].last_day"]),
    "a rule for no item": (replace(A_PLAN, rules=(RULE, replace(RULE, id=NOBODY, item=NOBODY))), ["rules[1].item"]),
    "one for how many?": (replace(A_PLAN, rules=(replace(RULE, people=None),)), ["rules[0].people"]),
    "people where they say nothing": (replace(A_PLAN, rules=(replace(RULE, kind="per_household"),)), ["rules[0].people"]),
    "a rule that gives nothing": (replace(A_PLAN, rules=(replace(RULE, quantity=0),)), ["rules[0].quantity"]),
    "two rules from one moment": (replace(A_PLAN, rules=(RULE, replace(RULE, id=NOBODY))), ["rules[1].valid_from"]),
    "an indicator of no item": (replace(A_PLAN, indicators=(replace(FED, items=(NOBODY,)),)), ["indicators[0].items[0]"]),
    "an indicator that counts nothing": (replace(A_PLAN, indicators=(replace(FED, items=()),)), ["indicators[0].items"]),
    "one id twice": (replace(A_PLAN, sites=(SITE, replace(SITE, name="School 4"))), ["sites[1].id"]),
    "one name twice": (replace(A_PLAN, sites=(SITE, replace(SITE, id=NOBODY, name="SCHOOL 3"))), ["sites[1].name"]),
    "one name in two regions": (
        replace(A_PLAN, areas=(REGION, DISTRICT, replace(DISTRICT, id=NOBODY, parent=None))),
        [],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_every_problem_is_told_at_its_place(case: str) -> None:
    plan, places = CASES[case]
    assert [problem.partition(": ")[0] for problem in check_plan(plan)] == places
