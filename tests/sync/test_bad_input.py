"""Records that are wrong: a verdict for each, the good ones beside them settle, and what is held is in no total."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import select

from relief.db import db
from relief.ledger.models import Entry, Held
from tests.ledger.field import Field
from tests.model.plan import card_of, id_of
from tests.sync.bad_records import MALFORMED, MEMBER, NOT_HERE, ODD, TAKEN, other_kinds_malformed


def words(verdicts: list[dict[str, Any]]) -> list[tuple[str, ...]]:
    return [(each["verdict"], *each["codes"]) for each in verdicts]


def held_rows(field: Field) -> list[Any]:
    db.session.rollback()
    return list(db.session.execute(select(Held.raw, Held.code, Held.record_id).where(Held.operation_id == field.operation_id)))


def entries(field: Field) -> int:
    db.session.rollback()
    return len(db.session.execute(select(Entry.id).where(Entry.operation_id == field.operation_id)).all())


def post_raw(phone: Any, *records: str) -> Any:
    """Send records written by hand: JSON as no good program writes it."""
    return phone.post(f'{{"records": [{", ".join(records)}]}}'.encode())


def test_every_malformed_record_is_held_beside_good_ones(field):
    field.household("h1")
    phone = field.phone()
    before, stored = field.counters(), entries(field)
    bad = [{**phone.handover("h1"), **changes} for changes in MALFORMED.values()]
    bad += [phone.record(**fields) for fields in other_kinds_malformed().values()]
    names = [*MALFORMED, *other_kinds_malformed()]
    good = phone.handover("h1")
    verdicts = phone.send(*bad[:100], good, *bad[100:])
    assert words([verdicts.pop(100)]) == [("accepted",)]
    wrong = {
        name: each
        for name, each in zip(names, verdicts, strict=True)
        if (each["verdict"], each["codes"]) != ("held", ["malformed"])
    }
    assert wrong == {}
    assert [name for name, each in zip(names, verdicts, strict=True) if not each["detail"]] == []
    assert entries(field) == stored + 1
    assert field.total("given") == 1
    assert phone.send(phone.void(good))[0]["verdict"] == "accepted"
    assert {key for key in field.counters() if not key.startswith("voided|")} == set(before)


NO_RECORDS = {"null": "null", "number": "1", "text": '"text"', "list": "[]", "yes": "true", "fraction": "1.5", "NaN": "NaN",
              "infinity": "-Infinity", "5,000 digits": "9" * 5000, "1e400": "1e400", "surrogate": '"\\ud800"', "object": "{}",
              "id of an object": '{"id": {}}', "kind of a list": '{"kind": [], "v": {}}'}  # fmt: skip


@pytest.mark.parametrize("value", NO_RECORDS.values(), ids=NO_RECORDS)
def test_what_is_no_record_at_all_is_held(field, value):
    phone = field.phone()
    answer = post_raw(phone, value, json.dumps(phone.handover("h1")), value)
    assert words(answer.json["verdicts"]) == [("held", "malformed"), ("flagged", "unknown_card"), ("held", "malformed")]
    assert answer.json["verdicts"][0]["id"] is None
    assert len(held_rows(field)) == 1


def test_repeated_keys_are_held_wherever_they_stand(field):
    field.household("h1")
    phone = field.phone()
    scan = json.dumps(phone.handover("h1"))
    records = [
        scan[:-1] + ', "quantity": 1}',
        scan[:-1] + ', "note": {"a": 1, "a": 1}}',
        scan[:-1] + ', "note": [[{"a": 1, "a": 2}]]}',
    ]
    answer = post_raw(phone, *records, scan)
    assert words(answer.json["verdicts"]) == [("held", "malformed")] * 3 + [("accepted",)]
    assert all(each["detail"] for each in answer.json["verdicts"][:3])
    assert len(held_rows(field)) == 3
    assert field.total("given") == 1


def test_numbers_that_no_machine_holds_are_kept_digit_by_digit(field):
    field.household("h1")
    phone = field.phone()
    scan = json.dumps(phone.handover("h1"))
    digits = "7" * 5000
    bad = scan.replace('"quantity": 1', f'"quantity": {digits}')
    assert words(post_raw(phone, bad, scan).json["verdicts"]) == [("held", "malformed"), ("accepted",)]
    assert digits in held_rows(field)[0].raw.decode()
    post_raw(phone, bad)
    assert len(held_rows(field)) == 1


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "-1e999"])
def test_what_is_held_is_always_json(field, number):
    phone = field.phone()
    bad = json.dumps(phone.handover("h1")).replace('"quantity": 1', f'"quantity": [{number}]')
    assert words(post_raw(phone, bad).json["verdicts"]) == [("held", "malformed")]

    def refuse(word: str) -> None:
        raise AssertionError(word)

    assert json.loads(held_rows(field)[0].raw, parse_constant=refuse)


def test_the_same_bad_record_is_kept_once_however_often_it_comes(field):
    phone, other = field.phone("one"), field.phone("other")
    bad = phone.handover("h1", quantity=-1)
    phone.send(bad, bad)
    phone.send(bad)
    other.send(bad)
    ((raw, code, record_id),) = held_rows(field)
    assert (json.loads(raw), code, record_id.hex()) == (bad, "malformed", bad["id"].replace("-", ""))
    phone.send({**bad, "quantity": -2})
    assert len(held_rows(field)) == 2


@pytest.mark.parametrize("name", NOT_HERE)
def test_what_is_not_of_this_operation_is_held_by_name(field, name):
    changes, code = NOT_HERE[name]
    field.household("h1")
    phone = field.phone()
    before = field.counters()
    verdicts = phone.send({**phone.handover("h1"), **changes}, phone.handover("h1", item="kit"))
    assert words(verdicts) == [("held", code), ("accepted",)]
    if code == "unknown_reference":
        assert verdicts[0]["detail"] in changes
    assert field.total("given") == 1
    assert field.total(f"given|{id_of('kit')}") == 1
    assert set(before) < set(field.counters())
    assert len(held_rows(field)) == 1


def test_places_of_a_registration_must_be_of_the_operation(field):
    phone = field.phone()
    registration = phone.record("registration", household=id_of("h9"), members=[MEMBER])
    verdicts = phone.send({**registration, "area": id_of("mars")}, {**registration, "home_site": id_of("mars")},
                          {**registration, "area": id_of("area"), "home_site": id_of("s1")})  # fmt: skip
    assert words(verdicts) == [("held", "unknown_reference"), ("held", "unknown_reference"), ("accepted",)]
    assert [each.get("detail") for each in verdicts] == ["area", "home_site", None]
    assert field.total("registered|households") == 1


def test_things_of_a_foreign_operation_stay_there(field, app, clock):
    """The two plans share their items' ids, as copies of a plan would; devices, cards and families are never shared."""
    other = Field(app, clock, "autumn-floods")
    other.household("h1", members=3)
    ours, theirs = field.phone(), other.phone()
    theirs.send(theirs.handover("h1"))
    before = other.counters()
    by_their_phone = ours.handover("h1", enrolment=theirs.record("clock")["enrolment"])
    verdicts = ours.send(
        by_their_phone, ours.handover("h1"), ours.record("void", target=by_their_phone["id"], cause="mistake", site=id_of("s1"))
    )
    assert words(verdicts)[:2] == [("held", "unknown_enrolment"), ("flagged", "unknown_card")]
    ours.send(ours.record("composition", household=id_of("h1"), change="correction", members=[MEMBER]))
    assert other.counters() == before
    assert field.total("people") == 0
    assert field.total("registered|people") == 0
    assert theirs.register()["cards"][0]["card"] == card_of("h1")


@pytest.mark.parametrize("name", TAKEN)
def test_odd_but_right_fields_are_taken(field, name):
    field.household("h1")
    phone = field.phone()
    scan = {**phone.handover("h1"), **TAKEN[name]}
    (verdict,) = phone.send(scan)
    assert verdict["verdict"] == "accepted"
    assert words(phone.send(scan)) == [("already_there",)]
    assert field.total("given") == 1
    assert phone.register()["cards"]


@pytest.mark.parametrize("name", ODD)
def test_odd_but_right_records_settle(field, name):
    field.household("h1")
    phone = field.phone()
    record = phone.record(**ODD[name])
    verdicts = phone.send(phone.handover("h1"), record, phone.record("clock", server_time=field.clock.now(), round_trip_ms=1))
    assert verdicts[1]["verdict"] in ("accepted", "flagged")
    assert words(phone.send(record)) == [("already_there",)]
    assert field.total("given") == 1
    assert field.total("cards|linked") == 1
    assert phone.register()["cursor"] > 0


def test_text_in_another_normal_form_is_the_same_text(field):
    field.household("h1")
    phone = field.phone()
    scan = phone.handover("h1", collector="Zoe\u0308 Ne\u0301ve\u0301")
    assert words(phone.send(scan)) == [("accepted",)]
    assert words(phone.send({**scan, "collector": "Zo\u00eb N\u00e9v\u00e9"})) == [("already_there",)]
    assert words(phone.send({**scan, "collector": "Zoe Neve"})) == [("held", "conflict")]


def test_one_id_for_several_records_of_a_batch_is_the_first_ones(field):
    field.household("h1")
    phone = field.phone()
    scan = phone.handover("h1")
    verdicts = phone.send(
        scan, scan, {**scan, "quantity": 2}, {**scan, "quantity": "x"}, {**scan, "kind": "gift"}, {**scan, "v": 9}
    )
    assert words(verdicts) == [("accepted",), ("already_there",), ("held", "conflict"), ("held", "malformed"),
                               ("held", "unknown_kind"), ("held", "unknown_version")]  # fmt: skip
    assert {each["id"] for each in verdicts} == {scan["id"]}
    assert field.total("given") == 1
    assert len(held_rows(field)) == 4


def test_a_member_named_twice_in_a_hand_over_is_reached_once(field):
    field.household("h1", members=3)
    phone = field.phone()
    (verdict,) = phone.send(phone.handover("h1", item="pss", members=[id_of("h1-1")] * 3))
    assert verdict["verdict"] == "accepted"
    assert field.total(f"people|{id_of('pss')}") == 1


def test_a_thousand_records_settle_and_one_more_settles_nothing(field):
    phone = field.phone()
    assert words(phone.send(*["x"] * 1000)) == [("held", "malformed")] * 1000
    answer = phone.post({"records": [phone.handover("h1"), *["x"] * 1000]})
    assert (answer.status_code, answer.json["error"]["limit"]) == (413, 1000)
    assert field.total("given") == 0
    assert len(held_rows(field)) == 1


def test_a_record_of_megabytes_is_kept_whole_and_its_answer_is_short(field):
    phone = field.phone()
    huge = phone.handover("h1", **{"k" * 3_000_000: "x" * 3_000_000})
    answer = phone.post({"records": [huge]})
    assert words(answer.json["verdicts"]) == [("held", "malformed")]
    assert len(answer.data) < 2000
    assert json.loads(held_rows(field)[0].raw) == huge


def test_a_desk_record_from_a_phone_is_held(field):
    field.household("h1")
    phone = field.phone()
    desk = [{"kind": "household", "household": id_of("h1"), "action": "withdrawn"},
            {"kind": "decision", "case": "x", "action": "void"},
            {"kind": "plan_version", "version": 2, "digest": "0" * 64},
            {"kind": "card", "action": "cancelled", "card": card_of("h1")}]  # fmt: skip
    before = field.counters()
    assert words(phone.send(*[phone.record(**each) for each in desk])) == [("held", "not_for_this_device")] * 4
    assert field.counters() == before
