"""Bodies that are no batch: a clear answer in the one error shape, and nothing is settled."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.conftest import only_sqlite
from tests.sync.bad_bodies import BAD_BODIES, GOOD_BODIES


def is_the_one_shape(answer: Any) -> bool:
    error = answer.json["error"]
    flat = all(isinstance(value, str | int) for value in error.values())
    return answer.json.keys() == {"error"} and {"code", "message"} <= error.keys() and flat


@only_sqlite
def test_every_bad_body_gets_a_clear_answer(field, subtests):
    phone = field.phone()
    for name, (body, headers, status) in BAD_BODIES.items():
        with subtests.test(name):
            answer = phone.post(body, **headers)
            assert (answer.status_code, is_the_one_shape(answer)) == (status, True)
            assert status != 413 or answer.json["error"]["limit"] > 0
    assert field.counters() == {}


@only_sqlite
def test_odd_bodies_that_are_right_are_taken(field, subtests):
    phone = field.phone()
    for name, (body, headers) in GOOD_BODIES.items():
        with subtests.test(name):
            answer = phone.post(body, **headers)
            assert (answer.status_code, answer.json["verdicts"]) == (200, [])


@pytest.mark.parametrize("depth", [50, 400, 800, 950, 1500])
def test_deep_nesting_in_one_record_is_held_or_refused_whole(field, depth):
    field.household("h1")
    phone = field.phone()
    scan = phone.handover("h1")
    deep = b'{"v": 1, "x": ' + b"[" * depth + b"]" * depth + b"}"
    answer = phone.post(b'{"records": [' + json.dumps(scan).encode() + b"," + deep + b"]}")
    if answer.status_code == 200:
        assert [each["verdict"] for each in answer.json["verdicts"]] == ["accepted", "held"]
    else:
        assert (answer.status_code, answer.json["error"]["code"]) == (422, "nested_too_deeply")
        assert field.total("given") == 0
        assert [each["verdict"] for each in phone.send(scan)] == ["accepted"]
    assert field.total("given") == 1
