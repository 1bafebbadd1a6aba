"""The product's pure fold and the plain model say the same of random histories of several phones."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.ledger.pure_product import fold_product
from tests.model.histories import histories
from tests.model.reference import fold

unhurried = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


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


@unhurried
@given(histories(), st.randoms(use_true_random=False))
def test_fold_does_not_mind_order_and_repetition(history, chance):
    mixed = history.entries + chance.choices(history.entries, k=len(history.entries) // 3)
    chance.shuffle(mixed)
    assert fold_product(history.plan, mixed) == fold_product(history.plan, history.entries)
