"""Registering families at a site: what the desk sets, what phones are told of it, and what becomes of their word."""

from __future__ import annotations

from relief.accounts.join_codes import create_join_code
from relief.accounts.models import AuditEntry
from relief.db import db, unit_of_work
from relief.kernel.ids import to_text
from tests.model.plan import id_of

NOTICE = "We keep your name for 90 days after the report."
PAGE = "phones/registering"


def told(phone):
    return phone.post({"records": []}).json["phone"].get("registers")


def noted(action):
    db.session.rollback()
    return db.session.query(AuditEntry).filter_by(action=action).count()


def test_phones_that_may_register_are_told_what_is_asked_and_others_nothing(field, desk):
    may, may_not = field.phone("table 1", registers=True), field.phone("table 2")
    assert told(may) == {"names": False, "disability": False, "notice": ""}
    assert desk.send(PAGE, names="true", disability="true", notice=f" {NOTICE} ").status_code == 303
    asked = {"names": True, "disability": True, "notice": NOTICE}
    assert (told(may), told(may_not)) == (asked, None)
    assert may.register()["phone"]["registers"] == asked
    assert NOTICE in desk.page(PAGE)
    assert noted("site_registration.changed") == 1


def test_names_are_not_asked_for_without_a_notice(field, desk):
    answer = desk.send(PAGE, names="true", notice=" ")
    assert answer.status_code == 422
    assert "a notice is read out first" in answer.get_data(as_text=True)
    assert desk.send(PAGE, notice="x" * 1501).status_code == 422
    assert told(field.phone("table 1", registers=True))["names"] is False


def test_the_right_comes_with_a_join_code_or_from_the_phones_page(field, desk):
    with unit_of_work() as session:
        code = create_join_code(session, field.operation_id, label="table 3", registers=True, now=field.clock.now())
    joined = field.app.test_client().post("/api/v1/enrol", json={"code": code}).json
    assert "registers" in joined["phone"]
    phone = field.phone("table 4")
    path = f"phones/{to_text(phone.enrolment_id)}"
    desk.send(f"{path}/rights", path, registers="true")
    assert (told(phone) is not None, noted("phone.rights.registers")) == (True, 1)
    assert "Registers" in desk.page("phones/" + to_text(phone.enrolment_id))
    desk.send(f"{path}/rights", path)
    assert told(phone) is None


def test_the_desk_sees_that_the_notice_was_read_and_who_collected(field, desk):
    phone = field.phone("table 1", registers=True)
    person = {"id": id_of("p1"), "number": 1, "sex": "female", "age_band": "18-59", "disability": "unknown"}
    first = phone.record("registration", household=id_of("h9"), members=[person], card="c" * 32, notice="0123456789abcdef")
    assert [each["verdict"] for each in phone.send(first)] == ["accepted"]
    more = phone.record("registration", household=id_of("h9"), members=[person, {**person, "id": id_of("p2"), "number": 2}],
                        card="c" * 32)  # fmt: skip
    given = phone.record("handover", card="c" * 32, item=id_of("parcel"), quantity=1, site=id_of("s1"), round=id_of("r1"),
                         collector="neighbour")  # fmt: skip
    assert {each["verdict"] for each in phone.send(more, given)} <= {"accepted", "flagged"}
    page = desk.page(f"households/{id_of('h9')}")
    for words in ("the notice was read out", "collected by a neighbour", "Registered: 2 people"):
        assert words in page, words
    assert field.total("registered|households") == 1 and field.total("registered|people") == 2
