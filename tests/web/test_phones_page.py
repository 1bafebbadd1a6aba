"""The phones of an operation, as its manager sees them."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from relief.accounts import queries, service
from relief.accounts.models import Enrolment
from relief.db import db, unit_of_work
from relief.kernel.clock import FrozenClock
from relief.kernel.ids import new_id, to_text
from tests.accounts.people import browser_of, make_operation, make_phone, make_user, now, send
from tests.conftest import only_sqlite

pytestmark = only_sqlite


@pytest.fixture
def operation_id(app: Flask) -> bytes:
    return make_operation()


@pytest.fixture
def manager(app: Flask, operation_id: bytes) -> FlaskClient:
    return browser_of(app, make_user(roles=((operation_id, "manager"),)))


def page_of(operation_id: bytes) -> str:
    return f"/operations/{to_text(operation_id)}/phones"


def test_a_join_code_is_shown_once_and_enrols_a_phone(manager: FlaskClient, operation_id: bytes) -> None:
    shown = send(manager, page_of(operation_id), label="School 3", site_lead="true").get_data(as_text=True)
    code = re.search(r'class="number code">([0-9A-Z]{4}-[0-9A-Z]{4})<', shown)
    assert code
    with unit_of_work() as session:
        enrolled = service.enrol(session, code[1], "1", now())
    assert (enrolled.enrolment.label, enrolled.enrolment.site_lead, enrolled.enrolment.sensitive) == ("School 3", True, False)
    assert code[1] not in manager.get(page_of(operation_id)).get_data(as_text=True)


@pytest.mark.parametrize("fields", [{"label": ""}, {"label": "x" * 101}, {"label": "ok", "site_ids": to_text(new_id())}])
def test_what_will_not_do_makes_no_code(manager: FlaskClient, operation_id: bytes, fields: dict[str, str]) -> None:
    assert send(manager, page_of(operation_id), **fields).status_code == 422


def test_a_phone_is_signed_off(manager: FlaskClient, operation_id: bytes) -> None:
    enrolment_id, token = make_phone(operation_id)
    send(manager, f"{page_of(operation_id)}/{to_text(enrolment_id)}/revoke", page_of(operation_id))
    found = queries.find_enrolment_by_token(db.session, token)
    assert found and found.revoked_at == now()
    assert "Signed off" in manager.get(page_of(operation_id)).get_data(as_text=True)


def test_a_phone_of_another_operation_is_out_of_reach(manager: FlaskClient, operation_id: bytes) -> None:
    enrolment_id, token = make_phone(make_operation("Other"))
    answer = send(manager, f"{page_of(operation_id)}/{to_text(enrolment_id)}/revoke", page_of(operation_id))
    assert answer.status_code == 404
    found = queries.find_enrolment_by_token(db.session, token)
    assert found and found.revoked_at is None


def test_a_silent_phone_is_pointed_out(manager: FlaskClient, operation_id: bytes, clock: FrozenClock) -> None:
    make_phone(operation_id)
    with unit_of_work() as session:
        session.query(Enrolment).one().last_contact_at = now()
    assert "Silent" not in manager.get(page_of(operation_id)).get_data(as_text=True)
    clock.moment += 61 * 60
    assert "Silent" in browser_of(manager.application, make_user("a@example.org", administrator=True)).get(
        page_of(operation_id)).get_data(as_text=True)  # fmt: skip
