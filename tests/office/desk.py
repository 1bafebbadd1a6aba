"""A village for the pages of the desk: a field, families with names, and people who are signed in."""

from __future__ import annotations

import re
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from relief.db import snapshot
from relief.kernel.ids import to_bytes, to_text
from relief.ledger.keys import current_keys
from relief.ledger.verification import verify
from relief.office.families.family import Family, get_family
from tests.accounts.people import browser_of, form_token, make_user
from tests.ledger.field import Device, Field
from tests.model.plan import card_of, id_of


class Desk:
    """Somebody with one role in the field's operation, and her browser."""

    def __init__(self, field: Field, name: str = "manager", role: str = "manager") -> None:
        self.field = field
        self.base = f"/operations/{to_text(field.operation_id)}"
        self.user_id = make_user(f"{name}@example.org", roles=((field.operation_id, role),))
        self.browser: FlaskClient = browser_of(field.app, self.user_id, (field.operation_id,))

    def get(self, path: str, **query: str) -> TestResponse:
        self.field.seal()
        return self.browser.get(f"{self.base}/{path}", query_string=query)

    def page(self, path: str, **query: str) -> str:
        answer = self.get(path, **query)
        assert answer.status_code == 200, answer.status_code
        return answer.get_data(as_text=True)

    def send(self, path: str, page: str | None = None, **fields: str) -> TestResponse:
        """Send a form to `path` with the token and the mark of what `page` shows."""
        self.field.seal()
        address = f"{self.base}/{page or path}"
        shown = self.browser.get(address).get_data(as_text=True)
        hidden = {name: found[1] for name in ("seen", "list") if (found := re.search(rf'name="{name}" value="([^"]*)"', shown))}
        token = re.search(r'name="csrf_token" value="([^"]+)"', shown)
        return self.browser.post(f"{self.base}/{path}", data={"csrf_token": token[1] if token else "", **hidden, **fields})

    def find(self, typed: str, **bounds: str) -> str:
        """Look households up by what is typed, and return the page of what is found."""
        answer = self.send("households/find", "households", q=typed, **bounds)
        assert answer.status_code == 303, answer.status_code
        shown = self.browser.get(answer.location)
        assert shown.status_code == 200, shown.status_code
        return shown.get_data(as_text=True)

    def post(self, path: str, **fields: str) -> TestResponse:
        """Send a form whose page one cannot see."""
        token = form_token(self.browser, f"{self.base}/purpose")
        return self.browser.post(f"{self.base}/{path}", data={"csrf_token": token, **fields},
                                 headers={"Accept": "application/json"})  # fmt: skip


def refusal(answer: TestResponse) -> tuple[int, str]:
    return answer.status_code, answer.get_json()["error"]["code"]


def register(device: Device, name: str, head: str, by: bytes | None = None, **private: Any) -> str:
    """Register a family of two under a short name and return its id."""
    people = [{"id": id_of(f"{name}-{number}"), "number": number, "sex": "female", "age_band": "18-59", "disability": "unknown"}
              for number in (1, 2)]  # fmt: skip
    record = {"kind": "registration", "household": id_of(name), "members": people,
              "private": {"head": head, "names": [head, "Child of " + head.split()[0]], **private}}  # fmt: skip
    verdicts = device.send({**record, **({"by": to_text(by)} if by else {})})
    assert [each["verdict"] for each in verdicts] == ["accepted"], verdicts
    return id_of(name)


def issue(device: Device, name: str, number: str, household: str | None = None) -> str:
    """Issue a card, blank or for a household; return its key."""
    device.send({"kind": "card", "action": "issued", "card": card_of(name), "number": number,
                 **({"household": household} if household else {})})  # fmt: skip
    return card_of(name)


def family_of(field: Field, household: str) -> Family:
    field.seal()
    with snapshot() as connection:
        return get_family(connection, field.operation_id, to_bytes(household), current_keys().words)


def ledger_problems(field: Field) -> list[Any]:
    field.seal()
    with snapshot() as connection:
        return list(verify(connection, field.operation_id, field.app.extensions["relief_secrets"]).problems)
