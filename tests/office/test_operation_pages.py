"""The pages and the JSON of an operation."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from relief.accounts.service import add_user, grant_role, sign_in
from relief.budget.queries import get_budget
from relief.db import db, unit_of_work
from relief.kernel.clock import FrozenClock
from relief.kernel.ids import new_id, to_text
from relief.office.operations.service import import_operation
from relief.operations.queries import get_current_plan, get_operation, list_operations
from tests.office.examples import EXAMPLE
from tests.operations.test_operations import FIELDS

JSON_PAGE = "/api/v1/operations/{}"


@pytest.fixture
def example(app: Flask, clock: FrozenClock) -> bytes:
    """The id of the example operation, imported."""
    app.config["WTF_CSRF_ENABLED"] = False  # the token itself is tested with the shell
    with unit_of_work() as session:
        return import_operation(session, EXAMPLE, clock.now()).operation_id


def enter(client: FlaskClient, role: str, operation_id: bytes, now: int) -> FlaskClient:
    """Sign a new person in who has this role in the operation; role `administrator` has none and needs none."""
    with unit_of_work() as session:
        user_id = add_user(session, f"{role}@example.org", role, is_administrator=role == "administrator", now=now)
        if role not in ("administrator", "stranger"):
            grant_role(session, operation_id, user_id, role)
        opened = sign_in(session, user_id, now)
    with client.session_transaction() as browser:
        browser.update(_user_id=to_text(opened.id), _fresh=True, seen=now)
    return client


@pytest.fixture
def administrator(client: FlaskClient, example: bytes, clock: FrozenClock) -> FlaskClient:
    return enter(client, "administrator", example, clock.now())


def test_the_overview_tells_what_where_when_and_how_much(administrator: FlaskClient, example: bytes) -> None:
    page = administrator.get(f"/operations/{to_text(example)}/").get_data(as_text=True)
    for words in ("Example: spring floods", "School 3", "Zhitkovichi district", "88,166.00", "1 parcel for every 5 people",
                  "Final report due", "4 Sep 2026", "Number of people assisted with food parcels", "2,000"):  # fmt: skip
        assert words in page


def test_a_volunteer_sees_a_sensitive_service_by_its_public_label(
    client: FlaskClient, example: bytes, clock: FrozenClock
) -> None:
    volunteer = enter(client, "volunteer", example, clock.now())
    page = volunteer.get(f"/operations/{to_text(example)}/").get_data(as_text=True)
    assert "Psychosocial" not in page
    assert "Talk" in page
    assert "Psychosocial" not in volunteer.get(JSON_PAGE.format(to_text(example))).get_data(as_text=True)


def test_the_json_holds_operation_plan_and_money(administrator: FlaskClient, example: bytes) -> None:
    answer = administrator.get(JSON_PAGE.format(to_text(example))).get_json()
    assert answer["operation"]["final_report_due"] == "2026-09-04"
    assert answer["allocations"][0]["amount"] == "88166.00"
    assert [item["name"] for item in answer["plan"]["items"]][2] == "Psychosocial support"
    assert answer["budget"]["left_minor"] == 88_166_00 - 82_325_00


@pytest.mark.parametrize("path", ["/operations/{}/", JSON_PAGE, "/operations/{}/identity"])
def test_a_stranger_cannot_tell_an_operation_from_none(
    client: FlaskClient, example: bytes, clock: FrozenClock, path: str
) -> None:
    stranger = enter(client, "stranger", example, clock.now())
    answers = [stranger.get(path.format(name), headers={"Accept": "application/json", "X-Request-Id": "the-same-for-all"})
               for name in (to_text(example), "00000000-0000-4000-8000-000000000000", "nonsense")]  # fmt: skip
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.get_data() for answer in answers}) == 1


@pytest.mark.parametrize("name", ["00000000-0000-4000-8000-000000000000", "nonsense", "%00"])
def test_an_operation_that_is_none_is_not_found_by_an_administrator(administrator: FlaskClient, name: str) -> None:
    assert administrator.get(f"/operations/{name}/").status_code == 404


def test_registering_is_for_administrators(client: FlaskClient, example: bytes, clock: FrozenClock) -> None:
    manager = enter(client, "manager", example, clock.now())
    assert manager.get("/operations/new").status_code == 403
    assert manager.post("/operations/new", data=FIELDS).status_code == 403


def test_an_operation_is_registered_from_the_form(administrator: FlaskClient) -> None:
    assert administrator.get("/operations/new").status_code == 200
    answer = administrator.post("/operations/new", data={**FIELDS, "people_targeted": "2000", "people_affected": ""})
    registered = get_operation(db.session, "Spring floods")
    assert (answer.status_code, answer.location) == (303, f"/operations/{to_text(registered.id)}/")
    assert (registered.people_targeted, registered.people_affected) == (2000, None)
    assert administrator.get(answer.location).status_code == 200


@pytest.mark.parametrize(("field", "value"), [
    ("working_name", ""), ("country", "Belarus"), ("start_day", "tomorrow"), ("end_day", "2013-01-01"), ("onset", "never"),
    ("people_targeted", "-1"), ("people_targeted", "many"), ("title", "a\0b"), ("title", "x" * 201), ("trigger_at", "noon"),
])  # fmt: skip
def test_a_form_that_will_not_do_says_so_at_the_field(administrator: FlaskClient, field: str, value: str) -> None:
    answer = administrator.post("/operations/new", data={**FIELDS, field: value})
    assert answer.status_code == 422
    assert f'href="#field-{field}"' in answer.get_data(as_text=True)
    assert len(list_operations(db.session)) == 1


def test_a_working_name_that_is_taken_is_told_at_the_field(administrator: FlaskClient) -> None:
    answer = administrator.post("/operations/new", data={**FIELDS, "working_name": "Example floods"})
    assert answer.status_code == 409
    assert 'href="#field-working_name"' in answer.get_data(as_text=True)


def test_a_manager_gives_the_appeal_code_once(client: FlaskClient, example: bytes, clock: FrozenClock) -> None:
    manager, page = enter(client, "manager", example, clock.now()), f"/operations/{to_text(example)}/identity"
    assert manager.get(page).status_code == 200
    refused = manager.post(page, data={"appeal_code": "MDRBY03"})
    assert refused.status_code == 422 and "It should look like MDRBY003." in refused.get_data(as_text=True)
    assert manager.post(page, data={"appeal_code": "MDRBY003"}).status_code == 303
    assert manager.post(page, data={"appeal_code": "MDRBY004"}).status_code == 409
    assert get_operation(db.session, example).appeal_code == "MDRBY003"
    assert manager.get(page).status_code == 200


def test_finance_cannot_name_the_operation(client: FlaskClient, example: bytes, clock: FrozenClock) -> None:
    finance = enter(client, "finance", example, clock.now())
    assert finance.post(f"/operations/{to_text(example)}/identity", data={"appeal_code": "MDRBY003"}).status_code == 403


def test_a_manager_moves_the_status_one_step(client: FlaskClient, example: bytes, clock: FrozenClock) -> None:
    manager, page = enter(client, "manager", example, clock.now()), f"/operations/{to_text(example)}/status"
    assert manager.post(page, data={"status": "active"}).status_code == 303
    assert manager.post(page, data={"status": "active"}).status_code == 303
    assert manager.post(page, data={"status": "closed"}).status_code == 409
    assert manager.post(page, data={"status": "paused"}).status_code == 422
    assert manager.post(page).status_code == 422
    plan = get_current_plan(db.session, example)
    assert (plan.version, plan.status) == (2, "active")


def test_a_site_lead_cannot_move_the_status(client: FlaskClient, example: bytes, clock: FrozenClock) -> None:
    lead = enter(client, "site_lead", example, clock.now())
    assert lead.post(f"/operations/{to_text(example)}/status", data={"status": "active"}).status_code == 403
    assert "Make it active" not in lead.get(f"/operations/{to_text(example)}/").get_data(as_text=True)


def test_finance_adds_an_allocation_once_however_often_she_presses(
    client: FlaskClient, example: bytes, clock: FrozenClock
) -> None:
    finance, page = enter(client, "finance", example, clock.now()), f"/operations/{to_text(example)}/allocations/new"
    form = {
        "id": to_text(new_id()),
        "kind": "additional",
        "amount": "1000.50",
        "funding_source": "dref",
        "granted_on": "2026-04-01",
    }
    assert finance.get(page).status_code == 200
    assert [finance.post(page, data=form).status_code for _time in range(2)] == [303, 303]
    assert get_budget(db.session, example).allocated == 89_166_50


def test_a_second_first_allocation_is_told_at_its_field_and_loses_nothing(administrator: FlaskClient, example: bytes) -> None:
    page = f"/operations/{to_text(example)}/allocations/new"
    assert '<option value="additional" selected>' in administrator.get(page).get_data(as_text=True)
    answer = administrator.post(page, data={"kind": "first", "amount": "77.00", "funding_source": "dref"})
    shown = answer.get_data(as_text=True)
    assert answer.status_code == 409 and 'href="#field-kind"' in shown and 'value="77.00"' in shown


def test_own_funds_are_no_first_allocation(administrator: FlaskClient, example: bytes) -> None:
    form = {"kind": "first", "amount": "5.00", "funding_source": "own_funds", "granted_on": "2026-04-01"}
    administrator.post(f"/operations/{to_text(example)}/allocations/new", data=form)
    page = administrator.get(f"/operations/{to_text(example)}/").get_data(as_text=True)
    assert page.count("First allocation") == 1 and page.count("Own funds") == 1


@pytest.mark.parametrize(("field", "value"), [("amount", "-5"), ("amount", "1.005"), ("amount", "1e9"), ("kind", "third"),
                                              ("amount", "9" * 20), ("granted_on", "soon"), ("note", "a\0b")])  # fmt: skip
def test_an_allocation_that_will_not_do_is_told_at_the_field(
    administrator: FlaskClient, example: bytes, field: str, value: str
) -> None:
    form = {"kind": "first", "amount": "5.00", "funding_source": "dref", field: value}
    answer = administrator.post(f"/operations/{to_text(example)}/allocations/new", data=form)
    assert answer.status_code == 422
    assert f'href="#field-{field}"' in answer.get_data(as_text=True)
