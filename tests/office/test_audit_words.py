"""The page of who saw what speaks in words."""

from __future__ import annotations

import re

from flask import Flask

from relief.office.audit_pages import act_names
from tests.conftest import only_sqlite
from tests.house.source import ROOT


@only_sqlite
def test_every_look_at_personal_data_has_words(app: Flask) -> None:
    asked = {found for path in (ROOT / "relief").rglob("*.py")
             for found in re.findall(r'@purpose_needed\("([a-z_.]+)"', path.read_text(encoding="utf-8"))}  # fmt: skip
    with app.test_request_context():
        assert asked and asked <= act_names().keys()
