"""Errors: a kind page with a way out for people, the one shape for programs."""

from __future__ import annotations

import logging

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from relief.accounts.guards import public
from relief.kernel.errors import BadInput, Busy
from tests.conftest import only_sqlite
from tests.house.pages_check import page_problems

pytestmark = only_sqlite
JSON = {"Accept": "application/json"}


def stumble(app: Flask, error: BaseException | int) -> None:
    """Give the app an address that fails with this."""

    @app.get("/api/v1/stumble")
    @app.get("/stumble")
    @public
    def stumble() -> str:
        if isinstance(error, int):
            abort(error)
        raise error

    app.config["PROPAGATE_EXCEPTIONS"] = False


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 413, 415, 422, 429, 500, 503])
def test_every_status_has_a_whole_page_with_a_way_out(app: Flask, client: FlaskClient, status: int) -> None:
    stumble(app, status)
    answer = client.get("/stumble")
    page = answer.get_data(as_text=True)
    assert answer.status_code == status
    assert page_problems(page) == []
    assert 'class="button" href="/' in page


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 413, 415, 422, 429, 500, 503])
def test_every_status_has_the_one_shape(app: Flask, client: FlaskClient, status: int) -> None:
    stumble(app, status)
    answer = client.get("/api/v1/stumble")
    assert answer.status_code == status
    assert set(answer.get_json()) == {"error"}
    assert {"code", "message"} <= set(answer.get_json()["error"])


def test_an_error_of_ours_says_what_and_where(app: Flask, client: FlaskClient) -> None:
    stumble(app, BadInput("There is no such site.", where="records.3.site"))
    told = client.get("/stumble", headers=JSON)
    assert told.status_code == 422
    assert told.get_json() == {"error": {"code": "bad_input", "message": "There is no such site.", "where": "records.3.site",
                                         "request_id": told.headers["X-Request-Id"]}}  # fmt: skip


def test_a_mistake_of_ours_shows_a_number_and_no_trace(app: Flask, client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    stumble(app, ZeroDivisionError("secret detail"))
    caplog.set_level(logging.CRITICAL, app.logger.name)  # it is logged, but need not be shown here
    for headers in ({}, JSON):
        answer = client.get("/stumble", headers=headers)
        text = answer.get_data(as_text=True)
        assert answer.status_code == 500
        assert answer.headers["X-Request-Id"] in text
        assert "secret detail" not in text and "Traceback" not in text and "ZeroDivision" not in text


def test_the_log_names_the_rule_and_never_the_address(app: Flask, client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    @app.get("/fail/<token>")
    @public
    def fail(token: str) -> str:
        raise ZeroDivisionError

    app.config["PROPAGATE_EXCEPTIONS"] = False
    request_id = client.get("/fail/a-secret-token").headers["X-Request-Id"]
    assert "/fail/<token>" in caplog.text and request_id in caplog.text
    assert "a-secret-token" not in caplog.text


def test_busy_says_when_to_come_back(app: Flask, client: FlaskClient) -> None:
    stumble(app, Busy("The database is busy.", retry_after_seconds=2))
    answer = client.get("/api/v1/stumble")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")


def test_the_log_says_why_somebody_was_told_to_come_back(
    app: Flask, client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    busy = Busy("The database is busy.", retry_after_seconds=2)
    busy.__cause__ = OperationalError("SELECT secret", {}, TimeoutError("locked"))
    stumble(app, busy)
    request_id = client.get("/api/v1/stumble").headers["X-Request-Id"]
    assert f"request {request_id}: busy: TimeoutError" in caplog.text
    assert "secret" not in caplog.text


def test_a_database_that_is_gone_is_a_503(app: Flask, client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL, app.logger.name)
    stumble(app, OperationalError("SELECT secret", {}, Exception("disk")))
    answer = client.get("/api/v1/stumble")
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (503, "database_unreachable")
    assert "secret" not in answer.get_data(as_text=True)


def test_a_wrong_method_says_which_are_right(client: FlaskClient) -> None:
    answer = client.delete("/healthz", headers=JSON)
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (400, "form_expired") or answer.headers["Allow"]


def test_a_visitor_is_led_to_the_sign_in_page_and_a_program_is_told(client: FlaskClient) -> None:
    assert client.get("/").headers["Location"] == "/sign-in?next=/"
    assert client.get("/", headers=JSON).status_code == 401
    assert client.get("/", headers={"X-Relief-Poll": "1"}).status_code == 401


def test_a_form_without_its_token_is_refused_kindly(client: FlaskClient) -> None:
    answer = client.post("/sign-in", data={"email": "a@example.org", "password": "x"})
    assert answer.status_code == 400
    assert "reload the page" in answer.get_data(as_text=True)


def test_the_api_describes_the_errors_that_it_answers(client: FlaskClient) -> None:
    described = client.get("/api/v1/openapi.json").get_json()["components"]["schemas"]
    body = described["ErrorBody"]["properties"]
    assert set(described["Error"]["properties"]) == {"error"}
    assert (body["code"]["type"], body["message"]["type"]) == ("string", "string")
