"""Every way into the API answers in one shape and is described."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.conftest import only_sqlite

pytestmark = only_sqlite  # nothing here asks the database for more than a row
SOME_ID = "0191d1a4-0000-7000-8000-000000000001"
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
DESCRIPTION = "/api/v1/openapi.json"


def rules(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/api/") and rule.rule != DESCRIPTION]


def address(rule: Rule) -> str:
    return re.sub(r"<[^>]+>", SOME_ID, rule.rule)


def assert_one_shape(response: TestResponse, status: int | None = None) -> None:
    told: dict[str, Any] = response.get_json()
    assert set(told) == {"error"}, told
    assert re.fullmatch(r"[a-z][a-z_]*", told["error"]["code"])
    assert told["error"]["message"].strip()
    assert 400 <= response.status_code < 500
    if status is not None:
        assert response.status_code == status


def test_an_unknown_address_is_told_in_the_one_shape(client: FlaskClient) -> None:
    assert_one_shape(client.get("/api/v1/no-such-thing"), 404)


def test_every_refusal_of_the_api_has_the_one_shape(app: Flask, client: FlaskClient) -> None:
    for rule in rules(app):
        for method in METHODS:
            response = client.open(address(rule), method=method, json={})
            if response.status_code >= 400:
                assert_one_shape(response)


BODIES = {"empty": b"", "cut short": b"{", "list": b"[]", "null": b"null", "surrogate": b'"\\ud800"', "not UTF-8": b"\xff\xfe",
          "huge number": b'{"a":1e999}', "deep": b"[" * 5000, "NUL": b'{"a":"\\u0000"}'}  # fmt: skip


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_no_body_breaks_the_api(app: Flask, client: FlaskClient, body: bytes) -> None:
    for rule in rules(app):
        for method in sorted(set(rule.methods or ()) & {"POST", "PUT", "PATCH"}):
            response = client.open(address(rule), method=method, data=body, content_type="application/json")
            if response.status_code >= 400:
                assert_one_shape(response)


def test_every_route_of_the_api_is_described(app: Flask, client: FlaskClient) -> None:
    described = client.get(DESCRIPTION).get_json()["paths"]
    for rule in rules(app):
        path = re.sub(r"<(?:[^:>]+:)?([^>]+)>", r"{\1}", rule.rule)
        assert path in described
        for method in set(rule.methods or ()) - {"HEAD", "OPTIONS"}:
            assert described[path][method.lower()].get("summary"), f"{method} {path} has no docstring"


def test_no_page_breaks_for_a_visitor(app: Flask, client: FlaskClient) -> None:
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and not rule.rule.startswith("/static/"):
            assert client.get(address(rule)).status_code != 500, rule.rule
