"""What phones say of themselves, what they are told of themselves, and a join whose answer was lost; on both databases."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from relief.accounts.devices import revoke_enrolment
from relief.accounts.join_codes import create_join_code, list_open_codes, withdraw_code
from relief.accounts.lanes import read_lanes, write_lanes
from relief.accounts.models import Enrolment
from relief.db import db, unit_of_work, write
from relief.kernel.ids import new_id, to_bytes, to_text
from relief.ledger.keys import current_keys
from relief.ledger.models import Held
from relief.ledger.putting_aside import put_aside
from tests.model.plan import id_of

ATTEMPT = "a-try-of-one-phone-0001"


def code_for(field, **given):
    with unit_of_work() as session:
        return create_join_code(session, field.operation_id, label="table 1", now=field.clock.now(), **given)


def join(field, code, **more):
    return field.app.test_client().post("/api/v1/enrol", json={"code": code, "app_version": "1", **more})


def refused(answer):
    return answer.status_code, answer.json["error"]["code"]


def sync(phone, **more):
    answer = phone.post({"records": [], **more})
    assert answer.status_code == 200, answer.text
    return answer.json


def stored(phone):
    db.session.rollback()
    return db.session.get(Enrolment, (phone.field.operation_id, phone.enrolment_id))


def change(phone, **columns):
    with unit_of_work() as session:
        found = session.get(Enrolment, (phone.field.operation_id, phone.enrolment_id))
        for name, value in columns.items():
            setattr(found, name, value)


def test_a_join_whose_answer_was_lost_is_answered_again(field):
    code = code_for(field)
    first, again = join(field, code, attempt=ATTEMPT).json, join(field, code, attempt=ATTEMPT).json
    assert first["enrolment"] == again["enrolment"]
    heard = field.app.test_client().get("/api/v1/register", headers={"Authorization": f"Bearer {again['token']}"})
    assert heard.status_code == 200
    lost = field.app.test_client().get("/api/v1/register", headers={"Authorization": f"Bearer {first['token']}"})
    assert refused(lost) == (401, "unknown_token")


def test_once_a_phone_was_heard_its_code_is_spent_for_itself_too(field):
    code = code_for(field)
    token = join(field, code, attempt=ATTEMPT).json["token"]
    field.app.test_client().post("/api/v1/sync", json={"records": []}, headers={"Authorization": f"Bearer {token}"})
    assert refused(join(field, code, attempt=ATTEMPT)) == (404, "used_code")


@pytest.mark.parametrize("other", [{}, {"attempt": ATTEMPT[::-1]}])
def test_another_phone_is_told_that_the_code_was_used(field, other):
    code = code_for(field)
    join(field, code, attempt=ATTEMPT)
    assert refused(join(field, code, **other)) == (404, "used_code")


def test_old_withdrawn_and_unknown_codes_are_told_apart(field, clock):
    withdrawn = code_for(field)
    with unit_of_work() as session:
        (row,) = list_open_codes(session, field.operation_id, clock.now())
        withdraw_code(session, field.operation_id, row.id, clock.now())
    late = code_for(field)
    clock.moment += 49 * 3600
    assert refused(join(field, withdrawn)) == (404, "withdrawn_code")
    assert refused(join(field, late)) == (404, "expired_code")
    assert refused(join(field, "0000-0000")) == (404, "unknown_code")


def test_a_phone_says_how_it_is(field):
    phone, lanes = field.phone(), {id_of("s1"): [2]}
    sync(phone, state={"list_at": 1363590000, "battery": 41, "lost": 3, "storage": "low", "language": "ru", "lane": lanes})
    row = stored(phone)
    assert (row.list_at, row.battery, row.lost, row.storage, row.language) == (1363590000, 41, 3, "low", "ru")
    assert read_lanes(row.lanes_told) == lanes
    sync(phone)  # says nothing of itself: as an older app
    assert stored(phone).battery == 41
    sync(phone, state={"battery": 40})
    assert (stored(phone).battery, stored(phone).lost, stored(phone).storage) == (40, 0, "")


@pytest.mark.parametrize("state", [
    None, 5, [], "ok", {"battery": 101}, {"battery": -1}, {"battery": 41.5}, {"battery": "41"}, {"battery": True},
    {"lost": 2**60, "list_at": -5}, {"storage": "x" * 5000}, {"storage": ["ok"]}, {"language": "ru\x00"}, {"language": "<b>"},
    {"lane": {"x": [1]}}, {"lane": {id_of("s1"): [99]}}, {"lane": {id_of("s1"): "1"}}, {"lane": [1]},
    {"lane": {id_of("s1"): [1] * 5000}},
])  # fmt: skip
def test_nonsense_of_itself_stops_no_record(field, state):
    field.household("h1")
    phone = field.phone()
    answer = sync(phone, state=state, records=[phone.handover("h1")])
    assert [each["verdict"] for each in answer["verdicts"]] == ["accepted"]
    row = stored(phone)
    assert (row.battery, row.lost, row.storage, row.language, row.list_at, row.lanes_told) == (None, 0, "", "", None, None)


def test_every_answer_tells_a_phone_its_lane_and_place(field):
    lanes = {id_of("s1"): [2, 3]}
    told = join(field, code_for(field, site_ids=[id_of("s1")], lanes=lanes, site_lead=True)).json["phone"]
    assert told == {"label": "table 1", "sites": [id_of("s1")], "lane": lanes, "lane_at": field.clock.now(), "site_lead": True,
                    "sensitive": False}  # fmt: skip
    phone = field.phone(lanes=lanes)
    assert sync(phone)["phone"]["lane"] == phone.register()["phone"]["lane"] == lanes


def test_a_lane_changed_at_the_desk_reaches_a_phone_that_has_everything_else(field):
    phone = field.phone()
    first = phone.client.get("/api/v1/register", headers=phone.headers)
    again = {**phone.headers, "If-None-Match": first.headers["ETag"]}
    assert phone.client.get("/api/v1/register", headers=again).status_code == 304
    change(phone, lanes=write_lanes({id_of("s1"): [1]}), lanes_at=field.clock.now())
    assert phone.client.get("/api/v1/register", headers=again).json["phone"]["lane"] == {id_of("s1"): [1]}


@pytest.mark.parametrize("columns", [{"site_ids": b'["' + id_of("s1").encode() + b'"]'}, {"sensitive": True}])
def test_a_phone_that_may_see_other_things_is_given_everything_anew(field, columns):
    field.household("h1")
    phone = field.phone()
    first = phone.register()
    address = f"/api/v1/register?since={first['cursor']}&turn={first['turn']}"
    assert phone.client.get(address, headers=phone.headers).json["complete"] is False
    change(phone, **columns)
    assert phone.client.get(address, headers=phone.headers).json["complete"] is True


def test_a_phone_that_was_signed_off_hands_in_and_is_told_to_forget(field):
    field.household("h1")
    phone = field.phone()
    assert "revoked" not in sync(phone)
    with unit_of_work() as session:
        revoke_enrolment(session, field.operation_id, phone.enrolment_id, field.clock.now())
    answer = sync(phone, records=[phone.handover("h1")])
    assert answer["revoked"] is True
    assert [(each["verdict"], each["codes"]) for each in answer["verdicts"]] == [("held", ["revoked"])]
    assert sync(phone)["revoked"] is True  # with nothing to hand in as well
    assert refused(phone.client.get("/api/v1/register", headers=phone.headers)) == (401, "revoked")


def test_signing_off_ends_a_help_desk(field):
    phone = field.phone(site_lead=True)
    change(phone, help_desk_site=to_bytes(id_of("s1")))
    assert phone.register()["phone"]["help_desk"] == id_of("s1")
    with unit_of_work() as session:
        revoke_enrolment(session, field.operation_id, phone.enrolment_id, field.clock.now())
    assert stored(phone).help_desk_site is None


def held(field, phone, *records):
    """Let the server hold records of a phone; return their ids and how the desk knows them."""
    phone.send(*records)
    db.session.rollback()
    rows = db.session.query(Held).filter_by(operation_id=field.operation_id)
    known = {to_text(row.record_id): bytes(row.held_id) for row in rows}
    return [(each["id"], known[each["id"]]) for each in records]


def test_a_phone_hears_by_their_own_ids_what_the_desk_made_of_its_held_records(field):
    field.household("h1")
    phone, other = field.phone(), field.phone("other")
    strange = {"item": id_of("nothing")}
    records = [phone.handover("h1", **strange) for _each in range(3)]
    (open_id, _), (aside_id, aside), (up_id, up) = held(field, phone, *records)
    assert "decided" not in sync(phone, counts={"held": 3})
    desk = {"desk_enrolment_id": field.desk.enrolment_id, "now": field.clock.now(), "by": new_id(), "keys": current_keys()}
    write(lambda connection: put_aside(connection, field.operation_id, aside, reason="twice", **desk))
    write(lambda connection: connection.execute(update(Held).where(Held.held_id == up).values(taken_up_at=field.clock.now())))
    told = {each["id"]: each["as"] for each in sync(phone, counts={"held": 3})["decided"]}
    assert told == {aside_id: "put_aside", up_id: "taken_up"} and open_id not in told
    assert "decided" not in sync(other, counts={"held": 3}) and "decided" not in sync(phone, counts={"held": 0})
