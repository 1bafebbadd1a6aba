"""Who may come in: every endpoint names its guard, and each guard holds for everybody who might try."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask, g
from werkzeug.test import TestResponse

from relief.accounts import guards, service
from relief.accounts.guards import Guard, GuardedRoute, role_matrix
from relief.accounts.rules import ROLES
from relief.db import unit_of_work
from relief.kernel.ids import new_id, to_text
from tests.accounts.people import browser_of, make_operation, make_phone, make_user, now
from tests.conftest import only_sqlite

pytestmark = only_sqlite  # who may come in does not depend on the database
USERS = (*ROLES, "administrator", "without_role", "other_manager")
PHONES = ("phone", "revoked_phone")


def test_every_endpoint_names_its_guard(app: Flask) -> None:
    assert [route for route in role_matrix(app) if route.guard is None] == []


def test_every_guarded_operation_is_named_in_the_address(app: Flask) -> None:
    for route in role_matrix(app):
        assert route.guard
        if route.guard.kind == "role":
            assert "<operation_id>" in route.rule, route


def expected(guard: Guard, visitor: str) -> int:
    """Return 200 for let in, or the status with which the visitor is refused."""
    if guard.kind == "public":
        return 200
    if guard.kind == "machine":  # off by default: nothing is there, for anybody
        return 404
    if guard.kind in ("phone", "phone_handing_in"):
        return 200 if visitor == "phone" or (visitor == "revoked_phone" and guard.kind == "phone_handing_in") else 401
    if visitor not in USERS:
        return 401
    if guard.kind == "signed_in" or visitor == "administrator":
        return 200
    if guard.kind == "administrator":
        return 403
    if visitor in ("without_role", "other_manager"):
        return 404
    return 200 if visitor in guard.roles else 403


class Town:
    """An operation, and everybody who might try a door of it."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.operation, other = make_operation("One"), make_operation("Other")
        self.users = {name: make_user(f"{name}@example.org", roles=((self.operation, name),)) for name in ROLES}
        self.users["administrator"] = make_user("administrator@example.org", administrator=True)
        self.users["without_role"] = make_user("without@example.org")
        self.users["other_manager"] = make_user("other@example.org", roles=((other, "manager"),))
        _enrolment, token = make_phone(self.operation)
        revoked, revoked_token = make_phone(self.operation)
        with unit_of_work() as session:
            service.revoke_enrolment(session, self.operation, revoked, now())
        self.tokens = {"phone": token, "revoked_phone": revoked_token}

    def knock(self, route: GuardedRoute, visitor: str) -> TestResponse:
        """Ask for the route as this visitor, freshly signed in: an earlier door may have been the way out."""
        client = browser_of(self.app, self.users.get(visitor))
        headers = {"Accept": "application/json", "X-Request-Id": "the-same-for-all"}
        if visitor in self.tokens:
            headers["Authorization"] = f"Bearer {self.tokens[visitor]}"
        return client.open(self.address(route.rule), method=route.method, headers=headers, json=None)

    def address(self, rule: str) -> str:
        known = {"operation_id": to_text(self.operation), "user_id": to_text(new_id()), "run": "1"}
        return re.sub(r"<(?:[^:>]+:)?([^>]+)>", lambda found: known.get(found[1], to_text(new_id())), rule)


@pytest.fixture
def town(app: Flask) -> Town:
    app.config["WTF_CSRF_ENABLED"] = False  # it would refuse before the guard; tests/web has its own tests
    app.config["PROPAGATE_EXCEPTIONS"] = False  # what happens behind a door is tested where it happens
    return Town(app)


@pytest.mark.parametrize("visitor", ["nobody", *USERS, *PHONES])
def test_each_door_opens_for_whom_its_guard_says(app: Flask, town: Town, visitor: str) -> None:
    wrong = []
    for route in role_matrix(app):
        assert route.guard
        response = town.knock(route, visitor)
        status = 200 if g.get("let_in") == route.guard else response.status_code
        if status != expected(route.guard, visitor):
            wrong.append((route.method, route.rule, route.guard, status))
    assert wrong == []


def test_an_operation_of_others_looks_like_one_that_does_not_exist(app: Flask, town: Town) -> None:
    route = next(route for route in role_matrix(app) if route.guard and route.guard.kind == "role" and route.method == "GET")
    real = town.knock(route, "other_manager")
    town.operation = new_id()
    missing = town.knock(route, "other_manager")
    assert (real.status_code, real.get_json()) == (missing.status_code, missing.get_json())


@pytest.mark.parametrize("spoil", [str.lower, lambda token: token[:-1], lambda token: f"{token} x", lambda _token: ""])
def test_a_token_that_is_not_quite_right_opens_nothing(app: Flask, spoil: Callable[[str], str]) -> None:
    _enrolment, token = make_phone(make_operation())
    app.config["WTF_CSRF_ENABLED"] = False
    app.add_url_rule("/test/phone", view_func=guards.phone(lambda: {"label": g.enrolment.label}), endpoint="test_phone")
    client = app.test_client()
    assert client.get("/test/phone", headers={"Authorization": f"Bearer {token}"}).get_json() == {"label": "phone 1"}
    refused = client.get("/test/phone", headers={"Authorization": f"Bearer {spoil(token)}", "Accept": "application/json"})
    assert (refused.status_code, refused.get_json()["error"]["code"]) == (401, "unknown_token")


def test_a_phone_is_let_into_its_own_operation_only(app: Flask) -> None:
    """The guard takes the operation from the token, never from what the phone says."""
    one, _other = make_operation("One"), make_operation("Other")
    _enrolment, token = make_phone(one)
    app.add_url_rule("/test/where", view_func=guards.phone(lambda: {"at": g.enrolment.operation_id.hex()}), endpoint="test_where")
    answer = app.test_client().get("/test/where", headers={"Authorization": f"Bearer {token}"})
    assert answer.get_json() == {"at": one.hex()}
