"""The pages of what was set aside: in words, phone by phone; taken up, put aside, and back again; on both databases."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from relief.accounts.devices import revoke_enrolment
from relief.db import unit_of_work
from relief.kernel.ids import new_id, to_text
from tests.ledger.field import Field, field_plan
from tests.model.plan import id_of
from tests.office.desk import Desk, ledger_problems

HELD = "to-decide/held"
WHY = "the lead confirms"


@pytest.fixture
def field(app, clock):
    field = Field(app, clock)
    field.household("h1", members=3)
    return field


def sign_off(field, phone):
    with unit_of_work() as session:
        revoke_enrolment(session, field.operation_id, phone.enrolment_id, field.clock.now())


@pytest.fixture
def lost(field):
    """A phone that was signed off and has handed in two hand-overs since."""
    phone = field.phone("lost phone")
    sign_off(field, phone)
    phone.send(phone.handover("h1", collector="her son"), phone.handover("h1", item="bl", quantity=2))
    return phone


def pages_of(desk, **query):
    return list(dict.fromkeys(re.findall(rf"{HELD}/[0-9a-f-]{{36}}", desk.page(HELD, **query))))


def group_of(phone, code="revoked"):
    return {"phone": to_text(phone.enrolment_id), "code": code}


def test_records_are_shown_in_words_by_phone_and_cause(desk, lost):
    page = desk.page(HELD)
    for words in ("lost phone", "Its phone had been signed off.", "1 × Food parcel", "School 1", "18 Mar 2013", "2 records"):
        assert words in page
    assert "her son" not in page
    assert "&#34;" not in page


def test_one_is_looked_at_with_all_that_it_says_behind_a_disclosure(desk, lost):
    page = desk.page(pages_of(desk)[0])
    said, raw = page.split("<details>")
    assert "School 1" in said
    assert "her son" not in said
    assert "her son" in raw


def test_one_is_taken_up(field, desk, lost):
    page = pages_of(desk)[0]
    assert desk.send(page, action="take_up").status_code == 422
    assert desk.send(page, action="take_up", reason=WHY).status_code == 303
    assert field.total("given") == 1
    assert pages_of(desk) == [other for other in pages_of(desk) if other != page]
    assert ledger_problems(field) == []


def test_one_is_put_aside_and_taken_up_after_all(field, desk, lost):
    page = pages_of(desk)[0]
    assert desk.send(page, action="put_aside", reason="a drill").status_code == 303
    assert desk.send(page, action="put_aside", reason="again").status_code == 409
    assert field.total("given") == 0
    assert page in pages_of(desk, state="decided")
    assert "Take it up after all" in desk.page(page)
    assert desk.send(page, action="take_up", reason="it was no drill").status_code == 303
    assert field.total("given") == 1
    assert ledger_problems(field) == []


@pytest.mark.parametrize(("goods", "lost_goods"), [("back", 0), ("gone", 1)])
def test_what_was_taken_up_by_mistake_is_taken_back(field, desk, lost, goods, lost_goods):
    page = pages_of(desk)[0]
    desk.send(page, action="take_up", reason=WHY)
    assert desk.send(f"{page}/back", page, goods=goods, reason="").status_code == 422
    assert desk.send(f"{page}/back", page, goods=goods, reason="wrong one").status_code == 303
    assert (field.total("given"), field.total("lost")) == (0, lost_goods)
    assert "Taken back since." in desk.page(page)
    assert ledger_problems(field) == []


def test_nothing_is_taken_back_that_was_not_taken_up(desk, lost):
    assert desk.send(f"{pages_of(desk)[0]}/back", HELD, goods="back", reason="why").status_code == 409


@pytest.mark.parametrize(("action", "given"), [("take_up", 3), ("put_aside", 0)])
def test_all_of_one_phone_are_decided_at_once(field, desk, lost, action, given):
    other = field.phone("another")
    sign_off(field, other)
    other.send(other.handover("h1"))
    assert desk.send(HELD, **group_of(lost), action=action).status_code == 422
    assert desk.send(HELD, **group_of(lost), action=action, reason=WHY).status_code == 303
    assert field.total("given") == given
    assert len(pages_of(desk)) == 1
    assert "another" in desk.page(HELD)
    assert ledger_problems(field) == []


def test_what_cannot_enter_stays_and_says_why(field, desk, lost):
    asked = lost.handover("h1")
    lost.send({**asked, "mode": "ask"})
    desk.send(HELD, **group_of(lost), action="take_up", reason=WHY)
    page = desk.page(HELD)
    assert "2 records taken up" in page
    assert "1 still waits: This is a question that a phone asked" in page
    assert field.total("given") == 3


def test_records_of_a_phone_that_a_restore_forgot_are_taken_up(field, desk):
    phone, stranger = field.phone("messenger"), to_text(new_id())
    phone.send({**phone.handover("h1"), "enrolment": stranger})
    page = desk.page(HELD)
    assert "Unknown phone" in page
    assert "Nobody knows its phone." in page
    assert desk.send(HELD, phone=stranger, code="unknown_enrolment", action="take_up", reason=WHY).status_code == 303
    assert field.total("given") == 1
    assert ledger_problems(field) == []


def test_a_conflict_stands_beside_what_is_there(field, desk):
    phone = field.phone("table 1")
    scan = phone.handover("h1")
    phone.send(scan)
    phone.send({**scan, "quantity": 2})
    page = desk.page(pages_of(desk)[0])
    for words in ("1 × Food parcel", "2 × Food parcel", "What is there already", "<code>quantity</code>"):
        assert words in page


@pytest.mark.parametrize("record", [
    {"kind": ["x"], "at": 5, "site": {}, "quantity": "many", "card": 7, "members": 3, "people": [{"count": "a"}, 9]},
    {"kind": "handover", "at": "2013-99-99T00:00:00+03:00", "site": "nowhere", "card": "zz"}, [1, 2], "words", 17,
    {"at": "0001-01-01T00:00:00+14:00"},
])  # fmt: skip
def test_what_cannot_be_read_is_shown_all_the_same(field, desk, record):
    phone = field.phone()
    (verdict,) = phone.send(record)
    assert verdict["verdict"] == "held"
    (page,) = pages_of(desk)
    assert "It could not be read." in desk.page(page)
    assert desk.send(page, action="take_up", reason="try").status_code == 409
    assert desk.send(page, action="put_aside", reason="nonsense").status_code == 303


def test_a_long_list_of_one_phone_has_pages(field, desk):
    phone = field.phone("lost phone")
    sign_off(field, phone)
    phone.send(*(phone.handover("h1") for _each in range(32)))
    assert "Look at all 32" in desk.page(HELD)
    assert len(pages_of(desk, **group_of(phone))) == 30
    assert len(pages_of(desk, **group_of(phone), page="2")) == 2
    desk.send(HELD, **group_of(phone), action="put_aside", reason="a drill")
    assert "All that came in is clear." in desk.page(HELD)


def test_a_sensitive_item_is_named_only_to_those_in_the_know(app, clock):
    plan = field_plan()
    hidden = {"name": "Talk about violence", "sensitive": True, "public_label": "Afternoon"}
    field = Field(app, clock, plan=replace(plan, items=tuple(
        replace(item, **hidden) if item.id == id_of("parcel") else item for item in plan.items)))  # fmt: skip
    field.household("h1")
    phone = field.phone("lost", sensitive=True)
    sign_off(field, phone)
    phone.send(phone.handover("h1"))
    assert "1 × Talk about violence" in Desk(field).page(HELD)
    assert "1 × Afternoon" in Desk(field, "lead", "site_lead").page(HELD)


@pytest.mark.parametrize("role", ["volunteer", "finance"])
def test_others_see_nothing_of_it(field, lost, role):
    assert Desk(field, role, role).get(HELD).status_code == 403


@pytest.mark.parametrize("named", [{"code": "a\0b"}, {"phone": "\0"}, {"code": ""}, {"phone": ""}])
def test_what_names_no_group_is_said_and_decides_nothing(field, desk, lost, named):
    answer = desk.send(HELD, reason=WHY, action="take_up", **{**group_of(lost), **named})
    assert answer.status_code == 422
    assert len(pages_of(desk)) == 2
