"""The phones of an operation, as its manager sees and changes them."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from relief.accounts.lanes import read_lanes, write_lanes
from relief.accounts.models import AuditEntry, Enrolment
from relief.db import db, unit_of_work
from relief.kernel.ids import to_bytes, to_text
from relief.ledger.rebuilding import rebuild
from tests.conftest import only_sqlite
from tests.ledger.field import Field, field_plan
from tests.ledger.tampering import problems
from tests.model.plan import id_of

S1, S2 = id_of("s1"), id_of("s2")


@pytest.fixture
def field(app, clock):
    plan = field_plan()
    sites = tuple(replace(site, lanes=3) if site.id == S1 else site for site in plan.sites)
    return Field(app, clock, plan=replace(plan, sites=sites))


def stored(phone):
    db.session.rollback()
    return db.session.get(Enrolment, (phone.field.operation_id, phone.enrolment_id))


def change(phone, **columns):
    with unit_of_work() as session:
        found = session.get(Enrolment, (phone.field.operation_id, phone.enrolment_id))
        for name, value in columns.items():
            setattr(found, name, value)


def path(phone, rest=""):
    return f"phones/{to_text(phone.enrolment_id)}{rest}"


def noted(action):
    db.session.rollback()
    return db.session.query(AuditEntry).filter_by(action=action).all()


def test_the_list_says_who_where_how_and_what_waits(field, desk):
    phone = field.phone("table 2", site_ids=[S1], lanes={S1: [2]})
    state = {"list_at": field.clock.now() - 7200, "battery": 14, "lost": 2, "storage": "full", "language": "ru"}
    phone.post({"records": [], "app_version": "0.0.1", "counts": {"made": 40, "waiting": 3, "held": 1}, "state": state})
    page = desk.page("phones")
    for words in ("table 2", "School 1 · lane 2 of 3", "just now", "14 %", "Lost records", "Storage trouble", "Battery low",
                  "Old app", "2 hours"):  # fmt: skip
        assert words in page, words
    assert re.search(r"Made: </span>40<", page)
    assert re.search(r"Waiting: </span>3<", page)


def test_a_phones_page_says_how_it_is_in_words(field, desk):
    phone = field.phone("table 2")
    phone.post({"records": [], "state": {"language": "ru", "storage": "low"}})
    page = desk.page(path(phone))
    for words in ("русский", "little room", "all sites"):
        assert words in page


def test_the_list_asks_again_by_itself_and_is_answered_not_changed(field, desk):
    field.phone("table 1")
    address = re.search(r'data-live="([^"]+)"', desk.page("phones", show="all"))
    first = desk.browser.get(address[1].replace("&amp;", "&"))
    assert "table 1" in first.get_data(as_text=True)
    again = desk.browser.get(address[1].replace("&amp;", "&"), headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


@only_sqlite
def test_a_phone_is_found_by_name_and_by_need(field, desk):
    for label in ("table 1", "table 2"):
        field.phone(label)
    page = desk.page("phones", q="table 2")
    assert ("table 2</a>" in page, "table 1</a>" in page) == (True, False)
    assert "Every phone is as it should be." in desk.page("phones", show="attention")


def test_a_phone_is_renamed_moved_and_given_lanes(field, desk):
    phone = field.phone("old name", site_ids=[S2])
    desk.send(path(phone, "/place"), path(phone), label="new name", site_ids=S1)
    field.clock.moment += 60
    fields = {"label": "new name", "site_ids": S1, f"lanes-{S1}": "1", f"lane-{S1}": "3"}
    assert desk.send(path(phone, "/place"), path(phone), **fields).status_code == 303
    row = stored(phone)
    assert (row.label, row.site_ids, read_lanes(row.lanes), row.lanes_at) == (
        "new name", f'["{S1}"]'.encode(), {S1: [3]}, field.clock.now())  # fmt: skip
    assert phone.register()["phone"]["lane"] == {S1: [3]}


@pytest.mark.parametrize("fields", [{"label": ""}, {"label": "x" * 101}, {"label": "ok", "site_ids": id_of("s9")}])
def test_what_will_not_do_changes_nothing(field, desk, fields):
    phone = field.phone("as it was")
    assert desk.send(path(phone, "/place"), path(phone), **fields).status_code == 422
    assert stored(phone).label == "as it was"


def test_all_lanes_ticked_are_all_and_none_are_none(field, desk):
    phone = field.phone("table", site_ids=[S1], lanes={S1: [1]})
    form = {"label": "table", "site_ids": S1, f"lanes-{S1}": "1", **token(desk, phone)}
    address = f"{desk.base}/{path(phone, '/place')}"
    desk.browser.post(address, data={**form, f"lane-{S1}": ["1", "2", "3"]})
    assert read_lanes(stored(phone).lanes) == {}
    desk.browser.post(address, data=form)
    assert read_lanes(stored(phone).lanes) == {S1: []}


def token(desk, phone):
    return {"csrf_token": re.search(r'name="csrf_token" value="([^"]+)"', desk.page(path(phone)))[1]}


def test_a_lane_is_handed_over_to_another_phone(field, desk):
    tired, fresh = field.phone("tired", lanes={S1: [2]}), field.phone("fresh", lanes={S1: [1]})
    change(tired, lanes_told=write_lanes({S1: [2, 3]}))  # it had taken one over by itself
    assert desk.send(path(tired, "/lanes"), path(tired), to=to_text(fresh.enrolment_id)).status_code == 303
    assert (read_lanes(stored(tired).lanes), read_lanes(stored(fresh).lanes)) == ({S1: []}, {S1: [1, 2, 3]})
    assert stored(tired).lanes_told is None
    elsewhere = field.phone("elsewhere", site_ids=[S2])
    assert desk.send(path(tired, "/lanes"), path(tired), to=to_text(elsewhere.enrolment_id)).status_code == 422


def test_sensitive_items_are_given_for_a_purpose_that_is_noted(field, desk):
    phone = field.phone("table 1")
    assert desk.send(path(phone, "/rights"), path(phone), sensitive="true").status_code == 422
    assert not stored(phone).sensitive
    desk.send(path(phone, "/rights"), path(phone), sensitive="true", why="it serves the PSS room")
    assert stored(phone).sensitive
    (entry,) = noted("phone.rights.sensitive")
    assert (entry.purpose, entry.subject) == ("distribution: it serves the PSS room", to_text(phone.enrolment_id))
    desk.send(path(phone, "/rights"), path(phone))
    assert not stored(phone).sensitive


@pytest.mark.parametrize(("joined", "form", "fields", "given"), [
    ({"site_lead": True, "site_ids": [S1]}, "/place", {"label": "lead", "site_ids": S2}, 0),
    ({"site_lead": True}, "/rights", {}, 0),
    ({}, "/rights", {"site_lead": "true"}, 1),
], ids=["moved", "no lead any more", "a lead only now"])  # fmt: skip
def test_what_a_phone_may_from_now_on_changes_nothing_that_it_told_before(field, desk, joined, form, fields, given):
    field.household("h1")
    phone, table = field.phone("lead", **joined), field.phone("table")
    taken_back = table.handover("h1")
    table.send(taken_back)
    phone.send(phone.void(taken_back))
    assert desk.send(path(phone, form), path(phone), **fields).status_code == 303
    field.seal()
    with unit_of_work() as session:
        assert problems(session.connection(), field) == []
        rebuild(session.connection(), field.operation_id, lambda: None)
    assert field.total("given") == given


def test_a_site_has_one_help_desk_and_it_is_a_leads(field, desk):
    first, second = field.phone("first", site_lead=True), field.phone("second", site_lead=True)
    plain, elsewhere = field.phone("plain"), field.phone("there", site_ids=[S2], site_lead=True)
    wanted = {"help_desk": S1, "why": "lost cards"}
    assert desk.send(path(plain, "/rights"), path(plain), **wanted).status_code == 422
    assert desk.send(path(elsewhere, "/rights"), path(elsewhere), site_lead="true", **wanted).status_code == 422
    for phone in (first, second):
        assert desk.send(path(phone, "/rights"), path(phone), site_lead="true", **wanted).status_code == 303
    assert (stored(first).help_desk_site, stored(second).help_desk_site) == (None, to_bytes(S1))


def test_signing_off_is_asked_about_before_it_is_done(field, desk):
    phone = field.phone("lost")
    phone.post({"records": [], "counts": {"made": 9, "waiting": 4}})
    asked = desk.page(path(phone, "/sign-off"))
    assert "4 records were still on it." in asked
    assert stored(phone).revoked_at is None
    assert desk.send(path(phone, "/revoke"), path(phone, "/sign-off")).status_code == 303
    assert stored(phone).revoked_at == field.clock.now()
    assert "Still has records" in desk.page("phones")
    assert desk.post(path(phone, "/place"), label="again").status_code == 409


def test_what_a_signed_off_phone_handed_in_is_one_click_away(field, desk):
    field.household("h1")
    phone = field.phone("lost")
    change(phone, revoked_at=field.clock.now())
    phone.send(phone.handover("h1"))
    assert "1 record of it was set aside" in desk.page(path(phone))
    assert "to-decide/held" in desk.page(path(phone))


@only_sqlite
def test_a_phone_of_another_operation_is_out_of_reach(app, clock, field, desk):
    phone = Field(app, clock, "other").phone("theirs")
    for rest in ("", "/sign-off"):
        assert desk.get(path(phone, rest)).status_code == 404
    for rest in ("/revoke", "/place", "/rights", "/lanes"):
        assert desk.post(path(phone, rest), label="mine", to=to_text(phone.enrolment_id)).status_code == 404
    assert (stored(phone).revoked_at, stored(phone).label) == (None, "theirs")


@only_sqlite
def test_the_desks_own_devices_are_no_phones(field, desk):
    assert desk.get(f"phones/{to_text(field.desk.enrolment_id)}").status_code == 404
    assert desk.post(f"phones/{to_text(field.desk.enrolment_id)}/revoke").status_code == 404
