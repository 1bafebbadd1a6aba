"""Bodies that are no batch: a clear answer in the one error shape, and nothing is settled."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from relief.kernel.errors import BadInput
from relief.sync.body import parse_json
from tests.amounts import often
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


scalars = st.one_of(st.integers(), st.integers(-(2**70), 2**70), st.floats(), st.booleans(), st.none(), st.text(max_size=4))
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=3)
)
tight = values.map(lambda value: json.dumps(value, separators=(",", ":"), ensure_ascii=False))
odd = st.text(alphabet='{}[]":,\\/ud80e+-.012 aN', max_size=40)


@settings(max_examples=often(600))
@given(tight | odd)
@example('{"a":1,"a":1}')
@example('{"a":1,"\\u0061":1}')
@example("-0")
@example("-0.0")
@example("1e400")
@example("18446744073709551616")
@example('"\\ud800"')
@example("[" * 300 + "]" * 300)
def test_what_is_written_without_blanks_reads_as_with_them(text: str) -> None:
    assert read(text) == read(text + " ")


def read(text: str) -> str:
    try:
        return repr(parse_json(text.encode("utf-8", "surrogatepass")))
    except BadInput as error:
        return error.code
