"""The plain model agrees with the worked cases, and with itself whatever the order of arrival."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from relief.fleet.model.facts import marks_of, told_time
from relief.fleet.model.reference import fold
from tests.amounts import often
from tests.model import vectors
from tests.model.canonical import NotCanonical, canonical_text, split
from tests.model.histories import histories
from tests.model.plan import id_of, sample_plan

by_name = pytest.mark.parametrize
named = {"ids": lambda case: case["name"]}


@by_name("case", vectors.load("fold"), **named)
def test_model_gives_the_standings_and_cases_of_the_worked_folds(case):
    state = fold(sample_plan(case["plan"] == "undecided"), vectors.entries_of(case))
    assert state["standings"] == vectors.standings_of(case)
    assert state["cases"] == vectors.cases_of(case)


@by_name("case", vectors.load("reach"), **named)
def test_model_reaches_whom_the_worked_cases_reach(case):
    state = fold(sample_plan(), vectors.entries_of(case))
    assert state["reached"] == vectors.reached_of(case)


def test_there_are_exactly_twenty_worked_cases_of_reach():
    assert len(vectors.load("reach")) == 20


@by_name("case", vectors.load("time"), **named)
def test_model_tells_the_worked_times(case):
    of_one_phone = [{"enrolment": "p", **mark} for mark in case["marks"]]
    assert told_time({"enrolment": "p", **case["record"]}, marks_of(of_one_phone)) == (case["moment"], bool(case["unsure"]))


@by_name("case", vectors.load("canonical"), **named)
def test_model_writes_the_worked_canonical_texts(case):
    if "refused" in case:
        with pytest.raises(NotCanonical):
            canonical_text(json.loads(case["json"], object_pairs_hook=once_each))
        return
    record = json.loads(case["json"])
    assert canonical_text({key: value for key, value in record.items() if key != "mode"}) == case["canonical"]
    if "facts" in case:
        assert [sorted(part) for part in split(record)] == [case["facts"], case["private"]]


def once_each(pairs):
    if len({key for key, _ in pairs}) < len(pairs):
        raise NotCanonical("repeated key")
    return dict(pairs)


def test_ids_sort_as_their_names():
    names = ["a", "a1", "ab", "b", "g1", "g10", "g2", "p1"]
    assert sorted(id_of(name) for name in names) == [id_of(name) for name in names]


@settings(max_examples=often(60), deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(histories(), st.randoms(use_true_random=False))
def test_order_and_repetition_do_not_matter(history, chance):
    entries = history.entries
    mixed = entries + chance.choices(entries, k=len(entries) // 3)
    chance.shuffle(mixed)
    assert fold(history.plan, mixed) == fold(history.plan, entries)


@settings(max_examples=often(60), deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(histories())
def test_stock_balances_and_nothing_that_was_given_is_lost(history):
    state = fold(history.plan, history.entries)
    for place in state["stock"].values():
        came = sum(place.get(word, 0) for word in ("received", "returned", "transferred_in")) + place["difference"]
        went = sum(place.get(word, 0) for word in ("given", "lost", "damaged", "dispatched", "transferred_out"))
        assert came == place["on_hand"] + went
    given_ids = {entry["id"] for entry in history.entries if entry["step"] == "given"}
    for record_id, standing in state["standings"].items():
        if standing["standing"] in ("entitled", "excess"):
            record = next(entry["record"] for entry in history.entries if entry["id"] == record_id)
            assert standing["entitled"] + standing["excess"] == record["quantity"] and record_id in given_ids
