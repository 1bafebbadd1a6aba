"""Records over the wire: the fast check and the words agree, and the canonical form is the documented one."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given, settings

from relief.ledger.wire import KINDS, Prepared, Unreadable, canonical, prepare
from relief.sync.record_schemas import explain
from tests.amounts import often
from tests.ledger.wire_records import WELL_FORMED, broken, well_formed
from tests.model import canonical as slow


def record(**fields: Any) -> dict[str, Any]:
    one = "00000000-0000-7000-8000-000000000001"
    return {"v": 1, "id": one, "kind": "feedback", "enrolment": one, "seq": 1, "session": one, "at": "2013-03-18T09:12:30+03:00",
            "uptime_ms": 0, **fields}  # fmt: skip


def taken(value: Any) -> bool:
    """Tell whether the fast check takes a record; what it does not take of a known kind must be called malformed."""
    prepared = prepare(0, value)
    if isinstance(prepared, Unreadable):
        assert prepared.code == "malformed"
        return False
    return True


def test_records_of_every_kind_are_tried() -> None:
    assert WELL_FORMED.keys() == KINDS.keys()


@settings(max_examples=often(300))
@given(well_formed)
def test_a_well_formed_record_is_taken_and_nothing_is_said_against_it(value: dict[str, Any]) -> None:
    assert taken(value)
    assert explain(value) == {}


@settings(max_examples=often(1500))
@given(broken())
@example(record(x=[[[[[[1]]]]]]))
@example(record(x=[[[[[[[1]]]]]]]))
@example(record(kind="composition", from_=None))
@example(record(from_=1.5))
@example(record(**{"": 1}))
@example(record(mode="ask"))
@example({**record(kind="handover"), "members": {}})
@example({**record(kind="household", household=record()["id"], action="approved"), "pairs": {}})
@example({**record(kind="household", household=record()["id"], action="approved"), "pairs": [{record()["id"]: 1, "x": 2}]})
def test_the_fast_check_and_the_words_agree(value: dict[str, Any]) -> None:
    assert taken(value) == (explain(value) == {})


@settings(max_examples=often(300))
@given(broken())
def test_the_words_can_always_be_sent(value: dict[str, Any]) -> None:
    words = explain(value)
    assert json.loads(json.dumps(words, sort_keys=True)) == words


@settings(max_examples=often(300))
@given(well_formed)
def test_the_canonical_form_is_sorted_keys_without_blanks_in_utf_8(value: dict[str, Any]) -> None:
    prepared = prepare(0, value)
    assert isinstance(prepared, Prepared)
    for part in (prepared.facts, prepared.private):
        assert canonical(part) == json.dumps(part, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


@settings(max_examples=often(300))
@given(well_formed)
def test_facts_and_private_part_are_those_of_the_protocol_page(value: dict[str, Any]) -> None:
    prepared = prepare(0, value)
    assert isinstance(prepared, Prepared)
    for part, slowly in zip((prepared.facts, prepared.private), slow.split(value), strict=True):
        assert canonical(part) == slow.canonical_text(slowly).encode()


@pytest.mark.parametrize("value", [None, 1, "text", [], 1.5, True])
def test_what_is_not_an_object_is_malformed_and_said_so(value: Any) -> None:
    assert not taken(value)
    assert explain(value)
