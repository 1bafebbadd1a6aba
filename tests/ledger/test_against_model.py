"""The product's pure fold and the plain model say the same of random histories of several phones."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from relief.fleet.model.reference import fold
from relief.ledger.rules import fold as product_fold
from tests.amounts import often
from tests.ledger.pure_product import fold_groups, fold_product
from tests.model import vectors
from tests.model.histories import histories
from tests.model.plan import sample_plan

unhurried = settings(max_examples=often(150), deadline=None,
                     suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])  # fmt: skip


@unhurried
@given(histories())
def test_fold_and_model_agree_on_standings_cases_and_people(history):
    product, model = fold_product(history.plan, history.entries), fold(history.plan, history.entries)
    assert told(product["standings"]) == told(model["standings"])
    assert product["cases"] == model["cases"]
    assert product["reached"] == model["reached"]


def told(standings):
    """Leave out what would be said of a live grant if it were given now: nobody is told, and nothing counts it."""
    return {i: {**each, "codes": "..."} if each["standing"] == "waiting" else each for i, each in standings.items()}


@unhurried
@given(histories())
def test_fold_and_model_agree_on_counters_and_stock(history):
    product, model = fold_product(history.plan, history.entries), fold(history.plan, history.entries)
    assert product["counters"] == model["counters"]
    assert product["stock"] == {
        place: (each["on_hand"], each["difference"], each.get("given", 0)) for place, each in model["stock"].items()
    }


def test_members_that_a_merge_made_equal_are_counted_with_what_was_last_said_of_them():
    case = {
        "households": {"h1": {"card": "k1", "members": [{"id": "m1", "disability": "yes"}]}},
        "entries": [
            {"id": "b1", "kind": "registration", "by": "desk", "at": "2013-03-18T09:00:00+03:00", "household": "h2",
             "members": [{"id": "m2", "disability": "no"}]},
            {"id": "x1", "kind": "household", "by": "desk", "at": "2013-03-18T10:00:00+03:00", "household": "h1",
             "action": "merged", "other": "h2", "pairs": [["m1", "m2"]]},
        ],
    }  # fmt: skip
    for state in (fold(sample_plan(), vectors.entries_of(case)), fold_product(sample_plan(), vectors.entries_of(case))):
        counters = state["counters"]
        assert {key: counters[key] for key in counters if key.startswith("registered|people")} == {
            "registered|people||female|18-59|no": 1
        }


@unhurried
@given(histories(), st.randoms(use_true_random=False))
def test_fold_does_not_mind_order_and_repetition(history, chance):
    mixed = history.entries + chance.choices(history.entries, k=len(history.entries) // 3)
    chance.shuffle(mixed)
    assert fold_product(history.plan, mixed) == fold_product(history.plan, history.entries)


@unhurried
@given(histories())
def test_a_lone_hand_over_stands_as_if_it_had_been_shared_out(history):
    short = fold_groups(history.plan, history.entries)
    with pytest.MonkeyPatch.context() as without:
        without.setattr(product_fold, "is_within", lambda *_given: False)
        assert fold_groups(history.plan, history.entries) == short
