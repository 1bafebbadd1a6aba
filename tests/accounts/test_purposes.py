"""Who sees people one by one says why, once a sign-in and operation, and each look is noted with it."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from relief.accounts import guards, service
from relief.accounts.audit import list_entries
from relief.accounts.purposes import purpose_needed
from relief.db import db, unit_of_work
from relief.kernel.errors import NotFound
from relief.kernel.ids import to_text
from tests.accounts.people import browser_of, make_operation, make_user, send

FAMILY = "0190a000-0000-7000-8000-000000000001"


@pytest.fixture
def operation_id(app: Flask) -> bytes:
    """An operation, and a page of the test's own that shows somebody."""

    @app.route("/operations/<operation_id>/test/<household_id>", methods=["GET", "POST"], endpoint="test_household")
    @guards.role("manager")
    @purpose_needed("household.seen", subject="household_id")
    def show(operation_id: str, household_id: str) -> dict[str, str]:
        if household_id != FAMILY:
            raise NotFound("nobody")
        return {"head": "Vera"}

    return make_operation()


@pytest.fixture
def manager_id(operation_id: bytes) -> bytes:
    return make_user("manager@example.org", roles=((operation_id, "manager"),))


@pytest.fixture
def manager(app: Flask, manager_id: bytes) -> FlaskClient:
    return browser_of(app, manager_id)


def family(operation_id: bytes, household_id: str = FAMILY) -> str:
    return f"/operations/{to_text(operation_id)}/test/{household_id}"


def question(operation_id: bytes) -> str:
    return f"/operations/{to_text(operation_id)}/purpose"


def looks(operation_id: bytes) -> list[tuple[str, str, str]]:
    db.session.rollback()
    return [(row.action, row.subject, row.purpose) for row in list_entries(db.session, operation_id).rows
            if row.action == "household.seen"]  # fmt: skip


def test_a_reader_is_asked_why_first_and_then_led_where_she_wanted(manager: FlaskClient, operation_id: bytes) -> None:
    asked = manager.get(family(operation_id))
    assert asked.status_code == 303
    answered = send(manager, asked.headers["Location"], purpose="household_asks", note="she lost her card")
    assert answered.headers["Location"] == family(operation_id)
    assert manager.get(family(operation_id)).get_json() == {"head": "Vera"}
    assert looks(operation_id) == [("household.seen", FAMILY, "household_asks: she lost her card")]


def test_she_is_asked_once_and_every_look_is_noted(manager: FlaskClient, operation_id: bytes) -> None:
    send(manager, question(operation_id), purpose="distribution")
    for _time in range(3):
        assert manager.get(family(operation_id)).status_code == 200
    assert looks(operation_id) == [("household.seen", FAMILY, "distribution")] * 3


def test_each_sign_in_and_each_operation_asks_anew(
    app: Flask, manager: FlaskClient, manager_id: bytes, operation_id: bytes
) -> None:
    send(manager, question(operation_id), purpose="distribution")
    other = make_operation("Other")
    with unit_of_work() as session:
        service.grant_role(session, other, manager_id, "manager")
    assert manager.get(family(other)).status_code == 303
    assert browser_of(app, manager_id).get(family(operation_id)).status_code == 303


def test_what_was_not_shown_is_not_noted(app: Flask, manager: FlaskClient, operation_id: bytes) -> None:
    manager.get(family(operation_id))
    send(manager, question(operation_id), purpose="distribution")
    missing = "0190a000-0000-7000-8000-000000000002"
    assert manager.get(family(operation_id, missing), headers={"Accept": "application/json"}).status_code == 404
    assert looks(operation_id) == []


def test_a_program_is_told_by_a_code(manager: FlaskClient, operation_id: bytes) -> None:
    answer = manager.get(family(operation_id), headers={"Accept": "application/json"})
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (403, "purpose_needed")


def test_a_form_is_not_taken_before_she_said_why(app: Flask, manager: FlaskClient, operation_id: bytes) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    assert manager.post(family(operation_id)).status_code == 403
    assert looks(operation_id) == []


@pytest.mark.parametrize(
    ("fields", "problem"),
    [({}, "purpose"), ({"purpose": "curious"}, "purpose"), ({"purpose": "other"}, "note"),
     ({"purpose": "other", "note": "x" * 201}, "note")],
)  # fmt: skip
def test_a_purpose_that_says_nothing_is_asked_again(
    manager: FlaskClient, operation_id: bytes, fields: dict[str, str], problem: str
) -> None:
    answer = send(manager, question(operation_id), **fields)
    assert (answer.status_code, f'id="problem-{problem}"' in answer.get_data(as_text=True)) == (422, True)
    assert manager.get(family(operation_id)).status_code == 303


def test_the_way_back_leads_to_no_other_site(manager: FlaskClient, operation_id: bytes) -> None:
    answer = send(manager, f"{question(operation_id)}?next=//evil.example/", purpose="distribution")
    assert answer.headers["Location"] == f"/operations/{to_text(operation_id)}/"


def test_a_volunteer_is_not_even_asked(app: Flask, operation_id: bytes) -> None:
    volunteer = browser_of(app, make_user("volunteer@example.org", roles=((operation_id, "volunteer"),)))
    assert volunteer.get(family(operation_id)).status_code == 403
    assert volunteer.get(question(operation_id)).status_code == 403
