"""The page of who saw what speaks in words."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from relief.office.audit.words import act_names, act_words
from tests.conftest import only_sqlite
from tests.house.source import ROOT

NOTED = re.compile(r'(?:audit\.note|note_act|_act|Act|_note|purpose_needed|_do)\(.{0,140}?"([a-z_]+\.[a-z_]+)"', re.DOTALL)
OF_NO_OPERATION = ("user.", "link.", "sign_in.", "database.")


@only_sqlite
def test_every_act_that_the_audit_notes_has_words(app: Flask) -> None:
    noted = {found for room in ("office", "web", "accounts") for path in (ROOT / "relief" / room).rglob("*.py")
             for found in NOTED.findall(path.read_text(encoding="utf-8"))
             if not found.startswith(OF_NO_OPERATION)}  # fmt: skip
    with app.test_request_context():
        assert {"card.cancelled", "household.card_handled", "cards.printed", "join_code.created"} <= noted
        assert noted <= act_names().keys()


@only_sqlite
@pytest.mark.parametrize("action", ["card.replaced_refused", "role.granted.site_lead", "role.withdrawn.finance"])
def test_what_was_not_taken_and_roles_have_words_too(app: Flask, action: str) -> None:
    with app.test_request_context():
        assert "." not in act_words(action) and "_" not in act_words(action)
