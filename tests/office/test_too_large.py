"""A file too large for any request: whoever chose it is back at the form, knows the limit and what to do."""

from __future__ import annotations

import pytest

from relief.kernel.ids import to_text
from tests.conftest import only_sqlite
from tests.ledger.field import Field
from tests.office.paper_town import build_town

SENT = {"data": b"x" * 17_000_000, "content_type": "multipart/form-data; boundary=X"}


@pytest.fixture
def sheet(setting, manager):
    town = build_town(setting.operation_id, setting.manager_id)
    return f"paper/{to_text(town.print()[0].sheet_id)}/photo"


@pytest.mark.parametrize(("path", "most"), [("households/import", "A file may have 10 MB, and all together 16 MB."),
                                            ("cards/design", "larger than 2 MB"), ("phones/packed", "larger than 4 MB"),
                                            ("sheet", "larger than 10 MB")])  # fmt: skip
def test_a_file_too_large_for_any_request_leads_back_to_its_form(manager, setting, request, path, most):
    path = request.getfixturevalue("sheet") if path == "sheet" else path
    answer = manager.post(f"/operations/{to_text(setting.operation_id)}/{path}", **SENT)
    assert answer.status_code == 303
    page = manager.get(answer.location).get_data(as_text=True)
    assert "17 MB" in page
    assert most in page
    assert 'type="file"' in page
    again = manager.get(answer.location).get_data(as_text=True)
    assert "17 MB" not in again


def two_files(*sizes):
    head = '--X\r\nContent-Disposition: form-data; name="{0}"; filename="{0}.csv"\r\n\r\n'
    parts = [head.format(name).encode() + b"x" * size + b"\r\n" for name, size in zip(("file", "members"), sizes, strict=True)]
    return SENT | {"data": b"".join([*parts, b"--X--\r\n"])}


@pytest.mark.parametrize(("sizes", "says"), [((8_100_000, 8_000_000), "Together the files are larger than 16 MB."),
                                             ((1_000, 11_000_000), "The file is larger than 10 MB.")])  # fmt: skip
def test_of_two_files_it_is_said_which_limit_they_meet(manager, setting, sizes, says):
    answer = manager.post(f"/operations/{to_text(setting.operation_id)}/households/import", **two_files(*sizes))
    assert answer.status_code == 413
    assert f'class="problem" id="problem-{"members" if sizes[0] == 1_000 else "file"}">{says}' in answer.get_data(as_text=True)


@pytest.fixture
def field(app, clock):
    return Field(app, clock)


@only_sqlite
def test_two_files_too_large_together_are_said_before_anything_is_sent(page, field):
    page.goto(f"/operations/{to_text(field.operation_id)}/households/import")
    page.get_by_text("A second file, or strange letters").click()
    lists, members = page.get_by_label("The list"), page.get_by_label("File of the members")

    def choose(where, size):
        where.set_input_files({"name": "list.csv", "mimeType": "text/csv", "buffer": b"x" * size})

    def told():
        return [each.evaluate("field => field.validationMessage") for each in (lists, members)]

    choose(lists, 9_000_000)
    assert told() == ["", ""]
    choose(members, 9_000_000)
    assert all(words.startswith("Together the files are larger than 16 MB.") for words in told())
    choose(members, 7_000_000)
    assert told() == ["", ""]
    choose(lists, 10_600_000)
    assert told()[0].startswith("The file is larger than 10 MB.")


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
