"""Sealed outboxes that others carry: taken in as if their phone had sent them, as often as they come; on both databases."""

from __future__ import annotations

import gzip
import json
import os

import pytest

from relief.accounts.devices import revoke_enrolment
from relief.accounts.help_desk_models import HelpDeskList
from relief.accounts.models import AuditEntry
from relief.db import db, unit_of_work
from relief.kernel.errors import BadInput
from relief.kernel.ids import new_id, to_bytes, to_text
from relief.ledger.models import Held
from relief.sync.parcel_series import read_series
from relief.sync.server_key import seal_to
from tests.ledger.field import Field
from tests.model.plan import id_of
from tests.sync.parcel_packing import as_body, as_lines, base45, packed, sealed_to


@pytest.fixture
def told(field):
    return seal_to(field.app.extensions["relief_secrets"])


def carry(carrier, told, sealed):
    return carrier.client.post("/api/v1/parcels", json=as_body(told, sealed), headers=carrier.headers)


def parcel_of(phone, told, *records, **more):
    return packed(told, {"v": 1, "token": phone.headers["Authorization"].partition(" ")[2], "records": list(records)}, **more)


def held_codes(field):
    db.session.rollback()
    return [row.code for row in db.session.query(Held).filter_by(operation_id=field.operation_id)]


def test_phones_are_told_the_key_with_every_register(field, told):
    phone = field.phone()
    answer = phone.client.get("/api/v1/register", headers=phone.headers)
    assert answer.json["seal_to"] == told and len(told["public"]) == 87


@pytest.mark.parametrize("zipped", [True, False])
def test_another_phone_hands_in_what_it_cannot_read(field, told, zipped):
    field.household("h1")
    dying, carrier = field.phone("dying"), field.phone("carrier")
    answer = carry(carrier, told, parcel_of(dying, told, dying.handover("h1"), dying.handover("h1", "bl", 3), zipped=zipped))
    assert (answer.status_code, answer.json) == (200, {"records": 2, "held": 0})
    assert field.total("given") == 4


def test_a_request_with_a_parcel_may_be_packed_like_a_batch(field, told):
    field.household("h1")
    dying, carrier = field.phone("dying"), field.phone("carrier")
    body = gzip.compress(json.dumps(as_body(told, parcel_of(dying, told, dying.handover("h1")))).encode())
    headers = {**carrier.headers, "Content-Encoding": "gzip"}
    answer = carrier.client.post("/api/v1/parcels", data=body, content_type="application/json", headers=headers)
    assert (answer.status_code, answer.json) == (200, {"records": 1, "held": 0})


def test_a_parcel_taken_in_twice_and_sent_by_its_phone_as_well_counts_once(field, told):
    field.household("h1")
    dying, carrier = field.phone("dying"), field.phone("carrier")
    record = dying.handover("h1")
    sealed = parcel_of(dying, told, record)
    assert [carry(carrier, told, sealed).json for _twice in range(2)] == [{"records": 1, "held": 0}] * 2
    assert [each["verdict"] for each in dying.send(record)] == ["already_there"]
    assert field.total("given") == 1


def test_a_phone_that_was_signed_off_still_carries_what_another_one_packed(field, told):
    field.household("h1")
    dying, carrier = field.phone("dying"), field.phone("carrier")
    with unit_of_work() as session:
        revoke_enrolment(session, field.operation_id, carrier.enrolment_id, field.clock.now())
    assert carry(carrier, told, parcel_of(dying, told, dying.handover("h1"))).json == {"records": 1, "held": 0}


def test_what_a_phone_packed_that_was_signed_off_is_held(field, told):
    field.household("h1")
    lost, carrier = field.phone("lost"), field.phone("carrier")
    with unit_of_work() as session:
        revoke_enrolment(session, field.operation_id, lost.enrolment_id, field.clock.now())
    assert carry(carrier, told, parcel_of(lost, told, lost.handover("h1"))).json == {"records": 1, "held": 1}
    assert held_codes(field) == ["revoked"] and field.total("given") == 0


def test_the_work_of_a_phone_that_this_server_never_met_is_held(field, told):
    field.household("h1")
    carrier = field.phone("carrier")
    record = carrier.handover("h1") | {"enrolment": "00000000-0000-4000-8000-00000000beef"}
    sealed = packed(told, {"v": 1, "token": "nobody's", "records": [record]})
    assert carry(carrier, told, sealed).json == {"records": 1, "held": 1}
    assert held_codes(field) == ["unknown_enrolment"]


def test_whom_a_help_desk_looked_up_comes_in_its_parcel_and_is_noted_once(field, told):
    help_desk, carrier = field.phone("help desk", site_lead=True, site_ids=[id_of("s1")]), field.phone("carrier")
    list_id, household = new_id(), id_of("h1")
    with unit_of_work() as session:
        site, now = to_bytes(id_of("s1")), field.clock.now()
        whose = {"operation_id": field.operation_id, "list_id": list_id, "enrolment_id": help_desk.enrolment_id, "site_id": site}
        session.add(HelpDeskList(**whose, families=1, made_at=now, expires_at=now + 86_400))
    look = {"list": to_text(list_id), "id": id_of("look"), "at": field.clock.now(), "household": household}
    unknown = {**look, "list": id_of("another list"), "id": id_of("look 2")}
    strange = [7, {**look, "at": -1}, {**look, "id": "x"}, unknown, {**look, "name": "Olga"}]
    token = help_desk.headers["Authorization"].partition(" ")[2]
    for _twice in range(2):
        sealed = packed(told, {"v": 1, "token": token, "records": [], "look_ups": [*strange, look]})
        assert carry(carrier, told, sealed).json == {"records": 0, "held": 0}
    db.session.rollback()
    assert [entry.subject for entry in db.session.query(AuditEntry).filter_by(action="help_desk.looked_up")] == [household]


def test_a_parcel_of_another_operation_is_sent_there(app, clock, field, told):
    other = Field(app, clock, "other")
    stranger, carrier = other.phone("stranger"), field.phone("carrier")
    answer = carry(carrier, told, parcel_of(stranger, told, stranger.handover("h1")))
    assert (answer.status_code, answer.json["error"]["code"]) == (404, "other_operation")


def test_what_was_changed_on_the_way_is_not_read(field, told):
    carrier = field.phone("carrier")
    sealed = bytearray(parcel_of(carrier, told))
    sealed[-1] ^= 1
    answer = carry(carrier, told, bytes(sealed))
    assert (answer.status_code, answer.json["error"]["code"]) == (422, "unreadable_parcel")


BODIES = {
    "a list": [], "no version": {"token": "x", "records": []}, "no records": {"v": 1, "token": "x"},
    "records that are none": {"v": 1, "token": "x", "records": {"a": 1}},
    "a token that is none": {"v": 1, "token": 7, "records": []},
}  # fmt: skip


def test_what_is_no_parcel_inside_is_not_read(field, told):
    carrier = field.phone("carrier")
    found = {name: carry(carrier, told, packed(told, body)).json["error"]["code"] for name, body in BODIES.items()}
    assert found == dict.fromkeys(BODIES, "unreadable_parcel")


def test_what_nobody_sealed_is_not_read(field, told):
    carrier = field.phone("carrier")
    for sealed in (b"", b"x", os.urandom(65), os.urandom(500)):
        assert carry(carrier, told, sealed).json["error"]["code"] == "unreadable_parcel"
    strange = carrier.client.post("/api/v1/parcels", json={"key_id": "none", "sealed": "AAAA"}, headers=carrier.headers)
    assert strange.json["error"]["code"] == "unreadable_parcel"


def test_what_unpacks_to_more_than_a_request_may_hold_is_not_unpacked(field, told):
    carrier = field.phone("carrier")
    sealed = packed(told, {"v": 1, "token": "x", "records": ["0" * (9 << 20)]})
    assert carry(carrier, told, sealed).status_code == 413


def test_a_bad_record_in_a_parcel_is_held_and_blocks_no_other(field, told):
    field.household("h1")
    dying, carrier = field.phone("dying"), field.phone("carrier")
    sealed = parcel_of(dying, told, {"kind": "nonsense"}, 7, dying.handover("h1"))
    assert carry(carrier, told, sealed).json == {"records": 3, "held": 2}
    assert field.total("given") == 1


def test_lines_in_any_order_more_than_once_and_of_several_phones_are_read(app):
    told = {"key_id": "k1"}
    one, other = os.urandom(1500), os.urandom(40)
    lines = [*as_lines(told, one), *as_lines(told, other)]
    text = "\ufeff\r\n".join([*reversed(lines), lines[0], "", "something else"])
    assert sorted(read_series(text)) == sorted([("k1", one), ("k1", other)])


@pytest.mark.parametrize(("text", "code"), [
    ("", "no_parcel"), ("https://example.org", "no_parcel"),
    ("\n".join(as_lines({"key_id": "k"}, bytes(1500))[1:]), "parts_missing"),
    (f"RELIEF.P1.0123456789ABCDEF.1.1.{base45(b'kxx')}.", "damaged_parcel"),
    ("RELIEF.P1.0123456789ABCDEF.1.1.:::.", "damaged_parcel"), ("RELIEF.P1.0123456789ABCDEF.1.1.A.", "damaged_parcel"),
])  # fmt: skip
def test_what_cannot_be_read_says_why(app, text, code):
    with pytest.raises(BadInput) as caught:
        read_series(text)
    assert caught.value.code == code


def test_what_is_sealed_twice_differs(field, told):
    assert sealed_to(told, b"same") != sealed_to(told, b"same")
