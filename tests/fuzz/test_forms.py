"""Every form of every page, found by walking: whatever is typed, no failure, nothing half stored, and the text is kept."""

from __future__ import annotations

import pytest
from flask import Flask

from relief.accounts.rules import ROLES
from tests.conftest import only_postgresql, only_sqlite
from tests.fuzz.filling import forms_of, wrongs
from tests.fuzz.town import Town, Witness

PEOPLE = ("nobody", *ROLES, "administrator", "elsewhere")


@only_sqlite
@pytest.mark.parametrize("name", PEOPLE)
def test_whatever_is_typed_is_answered_in_words(town: Town, witness: Witness, name: str) -> None:
    assert wrongs(town, witness, name) == []


@only_postgresql
def test_nor_does_anything_break_on_postgresql(town: Town, witness: Witness) -> None:
    assert wrongs(town, witness, "administrator") == []


@only_sqlite
def test_every_address_that_takes_a_form_is_reached_by_one(app: Flask, town: Town) -> None:
    reached = {key for visitor in town.visitors() if not visitor.is_phone for key in forms_of(town, visitor)}
    taking = {
        f"post {rule.rule}"
        for rule in app.url_map.iter_rules()
        if "POST" in (rule.methods or ()) and not rule.rule.startswith("/api/")
    }
    assert taking - reached == set()
