"""One-time links: they set a password, once, and only by sending the form."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from relief.accounts import queries, service
from relief.accounts.models import SignInLink
from relief.db import db, unit_of_work
from relief.kernel.clock import FrozenClock
from relief.kernel.errors import Conflict, NotFound
from tests.accounts.people import browser_of, make_user, now, send
from tests.conftest import only_sqlite

pytestmark = only_sqlite
GOOD = "seven green buckets"


def new_user(email: str = "olga@example.org") -> str:
    """Return the path of a new user's link."""
    with unit_of_work() as session:
        user_id = service.add_user(session, email, "Olga", now=now())
        return f"/link/{service.create_link(session, user_id, now(), 24)}"


def test_a_link_sets_the_password_and_signs_in(client: FlaskClient, app: Flask) -> None:
    assert send(client, new_user(), name="Olga Ivanova", password=GOOD).status_code == 303
    assert "Olga Ivanova" in client.get("/").get_data(as_text=True)
    assert service.get_user_by_password(db.session, "olga@example.org", GOOD)


def test_looking_at_a_link_does_not_spend_it(client: FlaskClient, app: Flask) -> None:
    link = new_user()
    plain = FlaskClient(app)  # a HEAD has no page to check
    assert [plain.open(link, method=method).status_code for method in ("HEAD", "GET", "GET")] == [200] * 3
    assert send(client, link, name="Olga", password=GOOD).status_code == 303


def test_a_link_works_once(client: FlaskClient, app: Flask) -> None:
    link = new_user()
    send(client, link, name="Olga", password=GOOD)
    assert client.get(link).status_code == 404
    with pytest.raises(NotFound), unit_of_work() as session:
        service.spend_link(session, link.removeprefix("/link/"), name="Eve", email="", password_hash="x", now=now())


def test_a_link_grows_old(client: FlaskClient, app: Flask, clock: FrozenClock) -> None:
    link = new_user()
    clock.moment += 24 * 3600
    assert client.get(link).status_code == 404


def test_a_new_link_ends_the_one_before(client: FlaskClient, app: Flask) -> None:
    first = new_user()
    user = queries.get_user_by_email(db.session, "olga@example.org")
    with unit_of_work() as session:
        second = service.create_link(session, user.id, now(), 24)
    assert (client.get(first).status_code, client.get(f"/link/{second}").status_code) == (404, 200)


def test_the_database_does_not_know_the_link(app: Flask) -> None:
    token = new_user().removeprefix("/link/")
    stored = db.session.query(SignInLink).one().token_hash
    assert len(stored) == 32 and len(token) == 43
    assert token.encode() not in stored


@pytest.mark.parametrize("password", ["short", "password123", "1234567890", "", "olga@example", "x" * 201])
def test_a_password_that_will_not_do_leaves_the_link_unspent(client: FlaskClient, app: Flask, password: str) -> None:
    link = new_user()
    answer = send(client, link, name="Olga", password=password)
    assert answer.status_code == 422
    assert 'id="problem-password"' in answer.get_data(as_text=True)
    assert client.get(link).status_code == 200


def test_a_new_password_ends_other_sign_ins(client: FlaskClient, app: Flask) -> None:
    user_id = make_user()
    elsewhere = browser_of(app, user_id)
    with unit_of_work() as session:
        token = service.create_link(session, user_id, now(), 24)
    send(client, f"/link/{token}", name="Olga", password=GOOD)
    assert elsewhere.get("/").status_code == 303


def test_the_first_administrator_gives_her_own_address(client: FlaskClient, app: Flask) -> None:
    with unit_of_work() as session:
        token = service.create_first_administrator_link(session, now(), 24)
    answer = send(client, f"/link/{token}", name="Ada", email="Ada@Example.org", password=GOOD)
    assert answer.status_code == 303
    user = queries.get_user_by_email(db.session, "ada@example.org")
    assert (user.is_administrator, user.has_password) == (True, True)


def test_there_is_no_second_first_administrator(app: Flask) -> None:
    make_user(administrator=True)
    with unit_of_work() as session:
        assert service.create_first_administrator_link(session, now(), 24) is None


def test_each_start_makes_the_first_link_anew(client: FlaskClient, app: Flask) -> None:
    with unit_of_work() as session:
        tokens = [service.create_first_administrator_link(session, now(), 24) for _start in range(2)]
    assert [client.get(f"/link/{token}").status_code for token in tokens] == [404, 200]
    assert queries.list_users(db.session).total == 1


def test_nobody_gets_a_link_to_an_account_that_is_off(app: Flask) -> None:
    user_id = make_user()
    with unit_of_work() as session:
        service.disable_user(session, user_id, now())
    with pytest.raises(Conflict), unit_of_work() as session:
        service.create_link(session, user_id, now(), 24)
