"""A file too large for any request: whoever chose it is back at the form, knows the limit and what to do."""

from __future__ import annotations

import pytest

from relief.kernel.ids import to_text
from tests.office.paper_town import build_town

SENT = {"data": b"x" * 17_000_000, "content_type": "multipart/form-data; boundary=X"}


@pytest.fixture
def sheet(setting, manager):
    town = build_town(setting.operation_id, setting.manager_id)
    return f"paper/{to_text(town.print()[0].sheet_id)}/photo"


@pytest.mark.parametrize(("path", "most"), [("households/import", "10 MB"), ("cards/design", "2 MB"), ("phones/packed", "4 MB"),
                                            ("sheet", "10 MB")])  # fmt: skip
def test_a_file_too_large_for_any_request_leads_back_to_its_form(manager, setting, request, path, most):
    path = request.getfixturevalue("sheet") if path == "sheet" else path
    answer = manager.post(f"/operations/{to_text(setting.operation_id)}/{path}", **SENT)
    assert answer.status_code == 303
    page = manager.get(answer.location).get_data(as_text=True)
    assert "17 MB" in page
    assert f"larger than {most}" in page
    assert 'type="file"' in page
    again = manager.get(answer.location).get_data(as_text=True)
    assert "17 MB" not in again


def test_who_may_not_upload_learns_nothing_of_the_form(app, client, setting):
    answer = client.post(f"/operations/{to_text(setting.operation_id)}/households/import", **SENT, follow_redirects=True)
    assert 'type="file"' not in answer.get_data(as_text=True)


def test_a_photo_somewhat_too_large_leaves_the_form_with_what_to_do(manager, setting, sheet):
    where = f"/operations/{to_text(setting.operation_id)}/{sheet}"
    head = b'--X\r\nContent-Disposition: form-data; name="photo"; filename="p.jpg"\r\n\r\n'
    answer = manager.post(where, **SENT | {"data": head + b"x" * 11_000_000 + b"\r\n--X--\r\n"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 413
    assert "larger than 10 MB" in page and "fewer pixels" in page and 'type="file"' in page
