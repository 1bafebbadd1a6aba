"""The desk takes in what a phone packed, from its file or from scanned codes."""

from __future__ import annotations

import io

import pytest

from relief.accounts.models import AuditEntry
from relief.db import db
from relief.kernel.ids import to_text
from relief.sync.server_key import seal_to
from tests.accounts.people import browser_of, make_user, send
from tests.conftest import only_sqlite
from tests.sync.parcel_packing import as_lines, packed

pytestmark = only_sqlite


@pytest.fixture
def lines(field):
    """The lines of a parcel with one hand-over that can be read and one record that cannot."""
    field.household("h1")
    told, phone = seal_to(field.app.extensions["relief_secrets"]), field.phone("dying")
    token = phone.headers["Authorization"].partition(" ")[2]
    records = [phone.handover("h1"), {"kind": "nonsense"}]
    return as_lines(told, packed(told, {"v": 1, "token": token, "records": records}), size=100)


@pytest.fixture
def manager(app, field):
    return browser_of(app, make_user(roles=((field.operation_id, "manager"),)))


def take_in(manager, field, **fields):
    page = f"/operations/{to_text(field.operation_id)}/phones/packed"
    answer = send(manager, page, **fields)
    return manager.get(page) if answer.status_code == 303 else answer


def test_a_file_is_taken_in_and_a_second_time_changes_nothing(field, manager, lines):
    for _twice in range(2):
        page = take_in(manager, field, file=(io.BytesIO("\n".join(lines).encode()), "phone.relief"))
        assert "2 records taken in." in page.text and "1 of them waits" in page.text
    assert field.total("given") == 1


def test_codes_are_taken_in_as_a_scanner_types_them(field, manager, lines):
    take_in(manager, field, codes="\r\n".join(reversed(lines)))
    assert field.total("given") == 1
    db.session.rollback()
    assert db.session.query(AuditEntry).filter_by(action="parcel.taken_in").count() == 1


def test_what_is_missing_is_named_and_what_was_scanned_stays(field, manager, lines):
    answer = take_in(manager, field, codes="\n".join(lines[1:]))
    assert answer.status_code == 422 and f"1 of {len(lines)}" in answer.text
    assert lines[1] in answer.text and field.total("given") == 0


def test_nothing_brought_says_so(field, manager):
    assert "no packed outbox" in take_in(manager, field, codes="").text
