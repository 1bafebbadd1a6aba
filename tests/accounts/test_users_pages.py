"""The people of an installation: added, given links and roles, switched off."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from relief.accounts import audit, queries, service
from relief.accounts.models import AuditEntry
from relief.db import db, unit_of_work
from relief.kernel.errors import Conflict
from relief.kernel.ids import new_id, to_text
from tests.accounts.people import browser_of, make_operation, make_user, now, send
from tests.conftest import only_sqlite

pytestmark = only_sqlite


@pytest.fixture
def administrator(app: Flask) -> FlaskClient:
    return browser_of(app, make_user("ada@example.org", administrator=True))


def test_a_colleague_is_added_and_her_link_shown_once(administrator: FlaskClient, app: Flask) -> None:
    page = send(administrator, "/users", name="Nina", email="Nina@Example.org").get_data(as_text=True)
    link = re.search(r"http://localhost:8000(/link/\S{43})", page)
    assert link and app.test_client().get(link[1]).status_code == 200
    listed = administrator.get("/users").get_data(as_text=True)
    assert "nina@example.org" in listed
    assert "/link/" not in re.sub(r'action="[^"]+"', "", listed)


@pytest.mark.parametrize(("name", "email", "where"), [
    ("", "nina@example.org", "name"), ("Nina", "", "email"), ("Nina", "nina", "email"), ("Nina", "ada@example.org", "email"),
    ("Ni\x00na", "n@example.org", "name"),
])  # fmt: skip
def test_what_will_not_do_is_said_beside_the_field(administrator: FlaskClient, name: str, email: str, where: str) -> None:
    answer = send(administrator, "/users", name=name, email=email)
    assert (answer.status_code, f'id="problem-{where}"' in answer.get_data(as_text=True)) == (422, True)
    assert queries.list_users(db.session).total == 1


def test_an_account_is_switched_off_and_on(administrator: FlaskClient, app: Flask) -> None:
    user_id = make_user()
    hers = browser_of(app, user_id)
    send(administrator, f"/users/{to_text(user_id)}/disable", "/users")
    assert hers.get("/").status_code == 303
    send(administrator, f"/users/{to_text(user_id)}/enable", "/users")
    assert queries.get_user(db.session, user_id).disabled_at is None


def test_the_last_administrator_stays(app: Flask) -> None:
    user_id = make_user(administrator=True)
    with pytest.raises(Conflict), unit_of_work() as session:
        service.disable_user(session, user_id, now())
    db.session.rollback()
    assert queries.has_administrator(db.session)


def test_a_role_opens_one_operation(administrator: FlaskClient, app: Flask) -> None:
    one, other, user_id = make_operation("One"), make_operation("Other"), make_user()
    address = f"/users/{to_text(user_id)}/roles"
    send(administrator, address, operation_id=to_text(one), role="manager")
    assert queries.list_roles(db.session, one, user_id) == {"manager"}
    assert queries.list_roles(db.session, other, user_id) == frozenset()
    page = browser_of(app, user_id).get("/").get_data(as_text=True)
    assert to_text(one) in page and to_text(other) not in page
    send(administrator, f"{address}/withdraw", address, operation_id=to_text(one), role="manager")
    assert queries.list_roles(db.session, one, user_id) == frozenset()


@pytest.mark.parametrize("fields", [{"role": "king"}, {"operation_id": "x"}, {"operation_id": to_text(new_id())}, {"role": ""}])
def test_a_role_that_does_not_exist_is_not_given(administrator: FlaskClient, app: Flask, fields: dict[str, str]) -> None:
    one, user_id = make_operation("One"), make_user()
    wanted = {"operation_id": to_text(one), "role": "manager", **fields}
    answer = send(administrator, f"/users/{to_text(user_id)}/roles", **wanted)
    assert answer.status_code in (404, 422)
    assert queries.list_all_roles(db.session, user_id) == []


def test_the_audit_says_who_did_what_from_where(administrator: FlaskClient, app: Flask) -> None:
    user_id = make_user()
    send(administrator, f"/users/{to_text(user_id)}/disable", "/users")
    entry = audit.list_entries(db.session).rows[0]
    ada = queries.get_user_by_email(db.session, "ada@example.org")
    assert (entry.user_id, entry.action, entry.subject, entry.address) == (ada.id, "user.disabled", to_text(user_id), "127.0.0.1")


def test_the_audit_holds_no_name_and_no_secret(administrator: FlaskClient, app: Flask) -> None:
    send(administrator, "/users", name="Nina", email="nina@example.org")
    send(app.test_client(), "/sign-in", email="nina@example.org", password="a secret she typed")
    stored = str(audit.list_entries(db.session).rows)
    assert "user.added" in stored and "sign_in.failed" in stored
    assert not any(word in stored for word in ("Nina", "nina", "secret"))


def test_an_audit_entry_is_never_changed_or_removed(app: Flask) -> None:
    with unit_of_work() as session:
        audit.note(session, audit.COMMAND_LINE, "test.done", now())
    with pytest.raises(RuntimeError), unit_of_work() as session:
        session.query(AuditEntry).one().action = "test.undone"
        session.flush()
    with pytest.raises(RuntimeError), unit_of_work() as session:
        session.delete(session.query(AuditEntry).one())
        session.flush()


def test_the_list_of_people_comes_a_page_at_a_time(administrator: FlaskClient, app: Flask) -> None:
    with unit_of_work() as session:
        for number in range(60):
            service.add_user(session, f"person{number:02}@example.org", "Person", now=now())
    first, second = (administrator.get(f"/users?page={page}").get_data(as_text=True) for page in (1, 2))
    assert first.count("person") < 60 and "person59@" in second and "person59@" not in first


@pytest.mark.parametrize("page", ["0", "-1", "x", "9999999999", ""])
def test_a_page_that_cannot_be_is_told_so(administrator: FlaskClient, page: str) -> None:
    assert administrator.get(f"/users?page={page}").status_code == 422
