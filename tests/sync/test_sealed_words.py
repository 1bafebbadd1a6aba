"""Names sealed on the phone: opened at the door, and the same record as often as it comes; on both databases."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode

import pytest

from relief.db import db
from relief.kernel.ids import to_text
from relief.ledger.keys import open_words
from relief.ledger.models import Entry
from relief.sync.sealed_words import PURPOSE
from relief.sync.server_key import seal_to
from tests.model.plan import id_of
from tests.sync.parcel_packing import as_body, packed, sealed_to

WORDS = {"head": "Ольга Коваленко", "village": "Ольшаны"}


@pytest.fixture
def told(field):
    return seal_to(field.app.extensions["relief_secrets"])


def registration(phone, private):
    member = {"id": id_of("m1"), "number": 1, "sex": "female", "age_band": "18-59", "disability": "unknown"}
    return phone.record("registration", household=id_of("h1"), members=[member], private=private)


def as_sealed(told, words=WORDS, purpose=PURPOSE):
    sealed = sealed_to(told, json.dumps(words).encode(), purpose)
    return {"to_server": f"{told['key_id']}.{urlsafe_b64encode(sealed).decode().rstrip('=')}"}


def stored_words(field, record):
    db.session.rollback()
    entry = next(each for each in db.session.query(Entry).all() if to_text(each.id) == record["id"])
    return open_words(field.operation_id, entry.private)


def test_names_are_opened_at_the_door(field, told):
    phone = field.phone()
    record = registration(phone, as_sealed(told))
    assert [each["verdict"] for each in phone.send(record)] == ["accepted"]
    assert stored_words(field, record) == WORDS


def test_the_same_record_again_is_already_there(field, told):
    phone = field.phone()
    record = registration(phone, as_sealed(told))
    phone.send(record)
    assert [each["verdict"] for each in phone.send(record)] == ["already_there"]
    assert [each["verdict"] for each in phone.send({**record, "private": WORDS})] == ["already_there"]


def test_names_in_a_parcel_are_opened_too(field, told):
    phone = field.phone()
    record = registration(phone, as_sealed(told))
    token = phone.headers["Authorization"].partition(" ")[2]
    sealed = packed(told, {"v": 1, "token": token, "records": [record]})
    answer = phone.client.post("/api/v1/parcels", json=as_body(told, sealed), headers=phone.headers)
    assert answer.json == {"records": 1, "held": 0} and stored_words(field, record) == WORDS


@pytest.mark.parametrize("sealed", ["", "nobody.AAAA", "{key}.!!", "{key}.AAAA", "{key}"])
def test_what_does_not_open_is_kept_as_it_came(field, told, sealed):
    phone, private = field.phone(), {"to_server": sealed.replace("{key}", told["key_id"])}
    record = registration(phone, private)
    assert [each["verdict"] for each in phone.send(record)] == ["accepted"]
    assert stored_words(field, record) == private


def test_what_was_sealed_for_another_purpose_does_not_open(field, told):
    phone, private = field.phone(), as_sealed(told, purpose=b"relief outbox")
    record = registration(phone, private)
    phone.send(record)
    assert stored_words(field, record) == private
