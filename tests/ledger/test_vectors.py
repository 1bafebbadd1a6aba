"""The product passes the worked cases of fold, reach, time and canonical form."""

from __future__ import annotations

import json

import pytest

from relief.kernel.clock import parse_wall
from relief.ledger.rules.timing import effective_time, mark_of
from relief.ledger.values import is_plain
from relief.ledger.wire import KINDS, Prepared, canonical, prepare
from tests.ledger.pure_product import answer_product, fold_product
from tests.model import vectors
from tests.model.plan import id_of, sample_plan

named = {"ids": lambda case: case["name"]}
CANONICAL = vectors.load("canonical")


@pytest.mark.parametrize("case", vectors.load("fold"), **named)
def test_fold_gives_the_worked_standings_and_cases(case):
    state = fold_product(sample_plan(case["plan"] == "undecided"), vectors.entries_of(case))
    assert state["standings"] == vectors.standings_of(case)
    assert state["cases"] == vectors.cases_of(case)


@pytest.mark.parametrize("case", vectors.load("decide"), **named)
def test_an_ask_is_answered_as_worked(case):
    ask = vectors.record_of(case["ask"], 99)
    answer = answer_product(sample_plan(case["plan"] == "undecided"), vectors.entries_of(case), ask, parse_wall(case["asked_at"]))
    assert answer.granted == case["granted"]
    if not case["granted"]:
        received = [[row["day"], row["site"], row["quantity"]] for row in answer.received]
        assert list(answer.codes) == case["codes"]
        assert (answer.left, received) == (case["left"], [[day, id_of(site), number] for day, site, number in case["received"]])


@pytest.mark.parametrize("case", vectors.load("reach"), **named)
def test_fold_reaches_whom_the_worked_cases_reach(case):
    assert fold_product(sample_plan(), vectors.entries_of(case))["reached"] == vectors.reached_of(case)


@pytest.mark.parametrize("case", vectors.load("time"), **named)
def test_effective_time_is_the_worked_one(case):
    marks = [mark_of(mark) for mark in case["marks"] if mark["session"] == case["record"]["session"]]
    assert effective_time(case["record"], marks) == (case["moment"], bool(case["unsure"]))


@pytest.mark.parametrize("case", [case for case in CANONICAL if "facts" in case], **named)
def test_whole_records_split_and_write_as_worked(case):
    prepared = prepare(0, json.loads(case["json"]))
    assert isinstance(prepared, Prepared)
    assert [sorted(prepared.facts), sorted(prepared.private)] == [case["facts"], case["private"]]
    assert canonical({**prepared.facts, **prepared.private}).decode() == case["canonical"]


VALUES = [case for case in CANONICAL if "facts" not in case and case["name"] != "a repeated key"]


@pytest.mark.parametrize("case", VALUES, **named)
def test_values_are_written_or_refused_as_worked(case):
    """Unknown fields carry the value: they are kept, in canonical form, or the record is malformed."""
    record = whole_record() | {"x": (value := json.loads(case["json"]))}
    prepared = prepare(0, record)
    assert is_plain(value) == ("refused" not in case)
    if "refused" in case:
        assert not isinstance(prepared, Prepared)
    else:
        assert canonical(prepared.private["x"]).decode() == case["canonical"]


def whole_record() -> dict:
    record = json.loads(next(case["json"] for case in CANONICAL if case["name"] == "key order and blanks"))
    assert record["kind"] in KINDS
    return {key: value for key, value in record.items() if key != "mode"}
