"""What surrounds every page: headers, cookies, languages, health, the description of the API."""

from __future__ import annotations

import dataclasses
import sqlite3

import pytest
from flask import Flask
from flask.testing import FlaskClient

from relief import create_app
from relief.accounts.rules import ROLES
from relief.db import db
from relief.kernel.ids import to_text
from relief.settings import Settings
from tests.accounts.people import browser_of, form_token, make_operation, make_user
from tests.conftest import only_sqlite

pytestmark = only_sqlite


@pytest.mark.parametrize("address", ["/sign-in", "/healthz", "/static/relief.css", "/no-such-page", "/api/v1/openapi.json", "/"])
def test_every_answer_carries_the_headers(client: FlaskClient, address: str) -> None:
    with client.get(address) as answer:
        headers = answer.headers
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Request-Id"]


def test_pages_are_kept_nowhere(client: FlaskClient) -> None:
    assert client.get("/sign-in").headers["Cache-Control"] == "no-store"


def test_over_plain_http_nothing_promises_https(client: FlaskClient) -> None:
    answer = client.get("/sign-in")
    assert "Strict-Transport-Security" not in answer.headers
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Secure" not in cookie


def test_behind_https_the_cookie_is_secure_and_the_browser_told_to_stay(settings: Settings) -> None:
    secure = dataclasses.replace(settings, public_url="https://relief.example.org")
    app = create_app(secure)
    answer = app.test_client().get("/sign-in", headers={"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"})
    assert "Secure" in answer.headers["Set-Cookie"]
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    with app.app_context():
        db.engine.dispose()


def test_without_a_proxy_nobody_may_claim_an_address(app: Flask, client: FlaskClient) -> None:
    """Else the limits on sign-in would be anybody's to get round."""
    token = form_token(client, "/sign-in")
    for number in range(31):
        form = {"csrf_token": token, "email": f"person{number}@example.org", "password": "wrong password"}
        answer = client.post("/sign-in", data=form, headers={"X-Forwarded-For": f"203.0.113.{number}"})
    assert answer.status_code == 429


def test_a_demonstration_says_so_on_every_page(settings: Settings) -> None:
    app = create_app(dataclasses.replace(settings, demo=True))
    assert "<strong>DEMO</strong>" in app.test_client().get("/sign-in").get_data(as_text=True)
    with app.app_context():
        db.engine.dispose()


def test_the_process_lives_and_is_ready(client: FlaskClient) -> None:
    assert client.get("/healthz").get_json() == {"status": "alive"}
    assert client.get("/readyz").get_json() == {"status": "ready"}


def test_an_old_schema_is_alive_but_not_ready(app: Flask, client: FlaskClient, settings: Settings) -> None:
    with sqlite3.connect(settings.instance / "relief.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0000'")
    connection.close()
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 503


def test_home_lists_the_operations_one_has_a_role_in(app: Flask) -> None:
    one, _other = make_operation("One"), make_operation("Other")
    page = browser_of(app, make_user(roles=((one, "auditor"),))).get("/").get_data(as_text=True)
    assert ">One<" in page and ">Other<" not in page


def test_home_without_any_says_what_to_do(app: Flask) -> None:
    assert "Ask your administrator" in browser_of(app, make_user()).get("/").get_data(as_text=True)
    admin = browser_of(app, make_user("ada@example.org", administrator=True)).get("/").get_data(as_text=True)
    assert "Register an operation" in admin


def test_only_an_administrator_is_shown_the_way_to_people(app: Flask) -> None:
    assert 'href="/users"' not in browser_of(app, make_user()).get("/").get_data(as_text=True)


@pytest.mark.parametrize("role", ROLES)
def test_an_operation_shows_the_ways_that_the_reader_may_go_and_no_other(app: Flask, role: str) -> None:
    operation_id = make_operation()
    browser = browser_of(app, make_user(roles=((operation_id, role),)))
    here = f"/operations/{to_text(operation_id)}/"
    page = browser.get(here).get_data(as_text=True)
    for way in ("board", "report", "phones"):
        assert (f'href="{here}{way}"' in page) == (browser.get(here + way).status_code == 200), way


def test_the_api_describes_itself(client: FlaskClient) -> None:
    told = client.get("/api/v1/openapi.json").get_json()
    assert (told["info"]["title"], told["openapi"]) == ("relief", "3.0.3")
