"""Two who do the same at the same moment: one of them is told, nobody sees a failure, and no rule is broken."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, text

from relief.accounts import queries, service
from relief.accounts.rules import ROLES
from relief.db import db, unit_of_work
from relief.kernel.errors import Conflict
from relief.kernel.ids import new_id, to_text
from tests.accounts.people import browser_of, form_token, make_operation, make_user, now
from tests.conftest import only_postgresql

pytestmark = only_postgresql  # on SQLite only one writes at a time
WAITING_SECONDS = 20


@pytest.fixture
def administrator(app: Flask) -> FlaskClient:
    app.config["PROPAGATE_EXCEPTIONS"] = False  # as a visitor would see it
    return browser_of(app, make_user("ada@example.org", administrator=True))


def while_undecided(act: Callable[[Any], object], other: Callable[[], Any]) -> Any:
    """Run `act`, and commit it only when `other`, in a thread of its own, waits for it; return what `other` answered."""
    answers: list[Any] = []
    with unit_of_work() as session:
        act(session)
        thread = threading.Thread(target=lambda: answers.append(other()))
        thread.start()
        wait_until_somebody_waits(session.connection(), thread)
    thread.join(WAITING_SECONDS)
    return answers[0]


def wait_until_somebody_waits(connection: Connection, thread: threading.Thread) -> None:
    """Return when another session of the database waits for a lock, or `thread` is done without waiting for any."""
    last = time.monotonic() + WAITING_SECONDS
    waiting = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()")
    while thread.is_alive() and time.monotonic() < last:
        connection.execute(text("SELECT pg_stat_clear_snapshot()"))
        if connection.execute(waiting).scalar():
            return
        thread.join(0.01)


def test_of_two_who_add_the_same_colleague_one_is_told_beside_the_field(administrator: FlaskClient) -> None:
    form = {"csrf_token": form_token(administrator, "/users"), "name": "Nina", "email": "nina@example.org"}
    answer = while_undecided(
        lambda session: service.add_user(session, "nina@example.org", "Nina", now=now()),
        lambda: administrator.post("/users", data=form),
    )
    assert (answer.status_code, 'id="problem-email"' in answer.text) == (422, True)
    assert queries.list_users(db.session).total == 2


def test_of_two_who_begin_under_the_same_address_one_is_told_beside_the_field(app: Flask, administrator: FlaskClient) -> None:
    with unit_of_work() as session:
        user_id = service.add_user(session, service.FIRST_ADMINISTRATOR, "", is_administrator=True, now=now())
        page = f"/link/{service.create_link(session, user_id, now(), 24)}"
    browser = app.test_client()
    form = {"csrf_token": form_token(browser, page), "name": "Nina", "email": "nina@example.org",
            "password": "four other small words"}  # fmt: skip
    answer = while_undecided(
        lambda session: service.add_user(session, "nina@example.org", "Nina", now=now()),
        lambda: browser.post(page, data=form),
    )
    assert (answer.status_code, 'id="problem-email"' in answer.text) == (422, True)
    assert browser.get(page).status_code == 200, "the link is not spent"


def test_a_role_given_twice_at_once_is_given_once(administrator: FlaskClient) -> None:
    operation_id, user_id = make_operation(), make_user("nina@example.org")
    page = f"/users/{to_text(user_id)}/roles"
    form = {"csrf_token": form_token(administrator, page), "operation_id": to_text(operation_id), "role": ROLES[0]}
    answer = while_undecided(
        lambda session: service.grant_role(session, operation_id, user_id, ROLES[0]),
        lambda: administrator.post(page, data=form),
    )
    assert answer.status_code == 303
    assert queries.list_roles(db.session, operation_id, user_id) == {ROLES[0]}


def test_of_two_who_switch_each_other_off_one_stays(administrator: FlaskClient) -> None:
    ada = queries.find_user_by_email(db.session, "ada@example.org")
    bea = make_user("bea@example.org", administrator=True)
    form = {"csrf_token": form_token(administrator, "/users")}
    assert ada is not None
    answer = while_undecided(
        lambda session: service.disable_user(session, bea, now()),
        lambda: administrator.post(f"/users/{to_text(ada.id)}/disable", data=form),
    )
    assert answer.status_code == 409
    assert queries.has_administrator(db.session)


def test_a_collision_that_nobody_expected_is_a_conflict_and_no_failure(app: Flask) -> None:
    """Whatever else is unique, and whoever forgets it."""
    make_user("ada@example.org")
    add = text("INSERT INTO user_account (id, email, name, is_administrator, created_at) "
               "VALUES (:id, 'twice@example.org', 'Twice', false, 0)")  # fmt: skip

    def add_her_too() -> str | None:
        with app.app_context():
            try:
                with unit_of_work() as session:
                    session.execute(add, {"id": new_id()})
            except Conflict as error:
                return error.code
        return None

    assert while_undecided(lambda session: session.execute(add, {"id": new_id()}), add_her_too) == "changed_meanwhile"
