"""Every form that takes a file, found by walking: whatever is brought, no failure, and nothing is left on the disk."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart

from tests.conftest import only_sqlite
from tests.fuzz.answers import problems
from tests.fuzz.files import NAMES, TYPES, WHERE_TAKEN, files
from tests.fuzz.filling import forms_of, with_fresh_token
from tests.fuzz.forms import Form, path_of
from tests.fuzz.town import Town

pytestmark = only_sqlite


@pytest.fixture
def forms(town: Town) -> list[Form]:
    return [form for form in forms_of(town, town.visitor("manager")).values() if form.has_file()]


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for temporary files, of this test alone."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def named() -> Iterator[tuple[str, str, bytes]]:
    """Yield each file under a name and of a type in turn, and a fine one under each name."""
    names, types = cycle(NAMES), cycle(TYPES)
    yield from ((next(names), next(types), content) for content in files().values())
    yield from ((name, next(types), files()["a fine workbook"]) for name in NAMES)


def bring(client: FlaskClient, form: Form, pairs: list[tuple[str, str]], name: str, kind: str, content: bytes) -> Any:
    taking = {each.name for each in form.inputs if each.type == "file"}
    data: MultiDict[str, Any] = MultiDict((field, value) for field, value in pairs if field not in taking)
    for field in taking:
        data.add(field, FileStorage(io.BytesIO(content), name, content_type=kind))
    boundary, body = encode_multipart(data)  # in memory: every file that is found later is the server's
    return client.post(path_of(form.action), data=body, content_type=f"multipart/form-data; boundary={boundary}")


def tree(*folders: Path) -> set[str]:
    """Return the files in some folders, but for the database's own and the locks."""
    found = (path for folder in folders for path in folder.rglob("*") if path.is_file())
    return {str(path) for path in found if not path.name.startswith(("relief.db", "serve.lock"))}


def test_whatever_file_is_brought_is_answered_in_words_and_leaves_nothing(
    town: Town, forms: list[Form], scratch: Path, instance: Path, caplog: pytest.LogCaptureFixture
) -> None:
    visitor, before, wrong = town.visitor("manager"), tree(scratch, instance), []
    client = town.client_of(visitor)
    assert forms
    for form in forms:
        pairs = with_fresh_token(client, form, [(each.name, each.value) for each in form.inputs])
        for name, kind, content in named():
            answer = bring(client, form, pairs, name, kind, content)
            answers = [answer, *([client.get(answer.location)] if answer.status_code == 303 else [])]
            wrong += [(form.action, name[:40], content[:40], each) for one in answers for each in problems(one, visitor, town)]
            wrong += [(form.action, name[:40], content[:40], "where it was taken") for one in answers if WHERE_TAKEN in one.text]
    assert wrong == []
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == []
    assert tree(scratch, instance) == before
    assert not list(Path("/").glob("relief-was-here*"))
