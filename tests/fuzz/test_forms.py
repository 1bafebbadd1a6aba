"""Every form of every page, found by walking: whatever is typed, no failure, nothing half stored, and the text is kept."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from relief.accounts.rules import ROLES
from tests.conftest import only_postgresql, only_sqlite
from tests.fuzz.filling import forms_of, wrongs
from tests.fuzz.town import Town
from tests.fuzz.witness import Witness
from tests.house.source import ROOT

PEOPLE = ("nobody", *ROLES, "administrator", "elsewhere")


@only_sqlite
@pytest.mark.parametrize("name", PEOPLE)
def test_whatever_is_typed_is_answered_in_words(town: Town, witness: Witness, name: str) -> None:
    assert wrongs(town, witness, name) == []


@only_postgresql
def test_nor_does_anything_break_on_postgresql(town: Town, witness: Witness) -> None:
    assert wrongs(town, witness, "administrator") == []


# These stand on pages that only an act of their own opens: the room's own tests send them. That whom a guard keeps out changes
# nothing by them either, test_doors sees.
SENT_BY_THE_ROOM = {
    "erasing/everything": "test_erase_pages.py",
    "households/<household_id>/separate": "test_household_pages.py",
    "phones/<phone_id>/lanes": "test_phone_pages.py",
    "phones/join/print": "test_phone_joining.py",
    "stock": "test_to_decide_pages.py",
    "to-decide/held/<held_id>/back": "test_held_pages.py",
}


@pytest.mark.parametrize(("address", "module"), SENT_BY_THE_ROOM.items())
def test_what_the_room_sends_is_sent(address: str, module: str) -> None:
    last_word = re.findall(r"/([a-z-]+)", f"/{address}")[-1]
    assert f"/{last_word}" in (ROOT / "tests" / "office" / module).read_text(encoding="utf-8")


@only_sqlite
def test_every_address_that_takes_a_form_is_reached_by_one(app: Flask, town: Town) -> None:
    reached = {key for visitor in town.visitors() if not visitor.is_phone for key in forms_of(town, visitor)}
    taking = {
        f"post {rule.rule}"
        for rule in app.url_map.iter_rules()
        if "POST" in (rule.methods or ()) and not rule.rule.startswith("/api/")
    }
    by_the_room = {f"post /operations/<operation_id>/{address}" for address in SENT_BY_THE_ROOM}
    assert taking - reached == by_the_room
