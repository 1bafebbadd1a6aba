"""People and an operation for tests, and browsers in which they are signed in."""

from __future__ import annotations

import re
from collections.abc import Sequence

from flask import Flask, current_app
from flask import session as browser_session
from flask.testing import FlaskClient

from relief.accounts import service
from relief.accounts.passwords import hash_password
from relief.accounts.purposes import tell_purpose
from relief.accounts.sessions import open_session
from relief.db import unit_of_work
from relief.operations.service import register_operation

PASSWORD = "four small words here"
FIELDS = {"title": "Floods preparedness", "national_society": "Belarus Red Cross", "country": "BLR", "currency": "BYR",
          "dref_type": "imminent", "onset": "slow", "category": "not_classified", "hazard": "Flood", "start_day": "2013-03-04",
          "end_day": "2013-06-04"}  # fmt: skip


def now() -> int:
    return current_app.extensions["relief_clock"].now()


def make_operation(working_name: str = "Spring floods") -> bytes:
    with unit_of_work() as session:
        return register_operation(session, {**FIELDS, "working_name": working_name}, now())


def make_user(
    email: str = "olga@example.org", *, administrator: bool = False, roles: tuple[tuple[bytes, str], ...] = ()
) -> bytes:
    """Return a user with PASSWORD and these (operation, role) pairs."""
    with unit_of_work() as session:
        user_id = service.add_user(session, email, email.split("@")[0].title(), is_administrator=administrator, now=now())
        token = service.create_link(session, user_id, now(), 24)
        service.spend_link(session, token, name="Olga", email=email, password_hash=_hash(), now=now())
        for operation_id, role in roles:
            service.grant_role(session, operation_id, user_id, role)
    return user_id


_hashed: list[str] = []


def _hash() -> str:
    if not _hashed:
        _hashed.append(hash_password(PASSWORD))  # 50 ms: once is enough
    return _hashed[0]


def browser_of(app: Flask, user_id: bytes | None, purpose_in: Sequence[bytes] = ()) -> FlaskClient:
    """Return a browser in which the user is signed in (nobody: None), without going through the form.

    In the operations `purpose_in` she has said already what she needs people's data for.
    """
    client = app.test_client()
    if user_id is None:
        return client
    with app.test_request_context():
        with unit_of_work() as session:
            opened = service.sign_in(session, user_id, now())
            for operation_id in purpose_in:
                tell_purpose(session, opened.id, operation_id, "distribution", "", now())
        open_session(opened, now())
        cookie = app.session_interface.get_signing_serializer(app).dumps(dict(browser_session))
    client.set_cookie("relief_session", cookie)
    return client


def make_phone(operation_id: bytes, **named: object) -> tuple[bytes, str]:
    """Return the enrolment id and token of a new phone."""
    with unit_of_work() as session:
        code = service.create_join_code(session, operation_id, label="phone 1", now=now(), **named)  # type: ignore[arg-type]
        enrolled = service.enrol(session, code, "1", now())
    return enrolled.enrolment.enrolment_id, enrolled.token


def form_token(client: FlaskClient, address: str) -> str:
    """Return the token of the form on a page."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(address).get_data(as_text=True))
    assert found, f"{address} has no form"
    return found.group(1)


def send(client: FlaskClient, address: str, page: str | None = None, **fields: str):
    """Fill in the form that is on `page` (or on the address itself) and send it."""
    return client.post(address, data={"csrf_token": form_token(client, page or address), **fields})
