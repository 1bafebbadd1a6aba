"""Signing in and out, and how long it lasts."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from relief.accounts import service
from relief.accounts.models import SignIn
from relief.db import db, unit_of_work
from relief.kernel.clock import FrozenClock
from tests.accounts.people import PASSWORD, browser_of, form_token, make_user, now, send
from tests.conftest import only_sqlite

pytestmark = only_sqlite


def sign_in(client: FlaskClient, email: str = "olga@example.org", password: str = PASSWORD, address: str = "/sign-in"):
    return send(client, address, email=email, password=password)


def is_in(client: FlaskClient) -> bool:
    return client.get("/").status_code == 200


def test_address_and_password_open_the_house(client: FlaskClient, app: Flask) -> None:
    make_user()
    answer = sign_in(client, " Olga@Example.org ")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert is_in(client)


@pytest.mark.parametrize(("email", "password"), [
    ("olga@example.org", "wrong password"), ("nobody@example.org", PASSWORD), ("", ""), ("olga@example.org", PASSWORD.upper()),
    ("x\x00y@example.org", PASSWORD), ("olga@example.org", "x" * 5000),
])  # fmt: skip
def test_anything_else_does_not(client: FlaskClient, app: Flask, email: str, password: str) -> None:
    make_user()
    assert sign_in(client, email, password).status_code == 422
    assert not is_in(client)


def test_an_unknown_address_and_a_wrong_password_are_told_alike(client: FlaskClient, app: Flask) -> None:
    make_user()
    answers = [sign_in(client, email, "wrong password") for email in ("olga@example.org", "nobody@example.org")]
    pages = [answer.get_data(as_text=True) for answer in answers]
    assert all("do not belong together" in page for page in pages)


def test_each_sign_in_is_a_new_session(client: FlaskClient, app: Flask) -> None:
    make_user()
    sign_in(client)
    first = client.get_cookie("relief_session")
    sign_in(client)
    assert first and client.get_cookie("relief_session").value != first.value  # type: ignore[union-attr]
    assert db.session.query(SignIn).count() == 2


def test_half_an_hour_of_silence_ends_it(app: Flask, clock: FrozenClock) -> None:
    client = browser_of(app, make_user())
    clock.moment += 29 * 60
    assert is_in(client)
    clock.moment += 29 * 60
    assert is_in(client)
    clock.moment += 31 * 60
    assert not is_in(client)


def test_twelve_hours_end_it_however_busy(app: Flask, clock: FrozenClock) -> None:
    client = browser_of(app, make_user())
    for _quarter in range(47):
        clock.moment += 15 * 60
        assert is_in(client)
    clock.moment += 16 * 60
    assert not is_in(client)


def test_a_page_that_asks_by_itself_does_not_keep_its_reader_in(app: Flask, clock: FrozenClock) -> None:
    client = browser_of(app, make_user())
    for _ten in range(3):
        clock.moment += 10 * 60
        client.get("/", headers={"X-Relief-Poll": "1"})
    clock.moment += 60
    assert not is_in(client)


def test_after_signing_out_the_old_cookie_is_worth_nothing(app: Flask) -> None:
    client = browser_of(app, make_user())
    old = client.get_cookie("relief_session")
    assert send(client, "/sign-out", "/").status_code == 303
    assert old
    client.set_cookie("relief_session", old.value)
    assert not is_in(client)


def test_whoever_is_switched_off_is_out_at_once(app: Flask) -> None:
    user_id = make_user()
    client = browser_of(app, user_id)
    assert is_in(client)
    with unit_of_work() as session:
        service.disable_user(session, user_id, now())
    assert not is_in(client)
    assert sign_in(client).status_code == 422


def test_switching_on_again_does_not_bring_old_sessions_back(app: Flask) -> None:
    user_id = make_user()
    client = browser_of(app, user_id)
    with unit_of_work() as session:
        service.disable_user(session, user_id, now())
        service.enable_user(session, user_id)
    assert not is_in(client)


def test_a_changed_or_foreign_cookie_is_nobody(app: Flask) -> None:
    client = browser_of(app, make_user())
    cookie = client.get_cookie("relief_session")
    assert cookie
    for value in (cookie.value[:-2], "x" + cookie.value, "", "a.b.c"):
        client.set_cookie("relief_session", value)
        assert not is_in(client)


def test_ten_wrong_passwords_for_one_address_are_enough(client: FlaskClient, app: Flask) -> None:
    make_user()
    answers = [sign_in(client, password="wrong password").status_code for _try in range(11)]
    assert answers == [422] * 10 + [429]
    assert sign_in(client).status_code == 429


def test_after_signing_in_one_goes_on_where_one_wanted_to(client: FlaskClient, app: Flask) -> None:
    make_user()
    asked = client.get("/users?page=2")
    assert asked.headers["Location"] == "/sign-in?next=/users?page%3D2"
    assert sign_in(client, address=asked.headers["Location"]).headers["Location"] == "/users?page=2"


@pytest.mark.parametrize("wanted", [
    "//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)", "evil", "", "/\t/evil.example",
    "\\\\evil", "/ok\r\nSet-Cookie: a=b",
])  # fmt: skip
def test_but_never_to_another_site(client: FlaskClient, app: Flask, wanted: str) -> None:
    make_user()
    form = {"csrf_token": form_token(client, "/sign-in"), "email": "olga@example.org", "password": PASSWORD}
    assert client.post("/sign-in", query_string={"next": wanted}, data=form).headers["Location"] == "/"
