"""Every form of every page, found by walking: whatever is typed, no failure, nothing half stored, and the text is kept."""

from __future__ import annotations

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings

from relief.accounts.rules import ROLES
from tests.conftest import only_postgresql, only_sqlite
from tests.fuzz.answers import problems, state_problems
from tests.fuzz.forms import TOKEN, Form, endpoint_of, filled, lost_text, read_page, rule_of, send, walk
from tests.fuzz.town import Town, Visitor, Witness

PEOPLE = ("nobody", *ROLES, "administrator", "elsewhere")
FILLINGS = 8


def forms_of(app: Flask, town: Town, visitor: Visitor) -> dict[str, Form]:
    """Return one form for each rule that a visitor's forms lead to."""
    return {f"{form.method} {rule_of(app, form.action, form.method)}": form for form in walk(app, town, visitor)}


def fill(town: Town, witness: Witness, visitor: Visitor, form: Form, fillings: int) -> list[str]:
    """Fill a form in many ways and send each twice; return all that was wrong."""
    found: list[str] = []

    @settings(
        max_examples=fillings, deadline=None, database=None, phases=(Phase.generate,), suppress_health_check=list(HealthCheck)
    )
    @given(pairs=filled(form, town))
    def try_it(pairs: list[tuple[str, str]]) -> None:
        client = town.client_of(visitor)
        pairs = with_fresh_token(client, form, pairs)
        witness.changed()
        for _time in range(2):
            answer = send(client, form, pairs)
            wrong = [*problems(answer, visitor, town, str(pairs)), *state_problems(answer, witness)]
            wrong += [f"lost {name}" for name in lost_text(form, pairs, answer)] if answer.status_code in (409, 422) else []
            wrong += [] if answer.status_code < 400 or answer.mimetype == "text/html" else ["not an answer for people"]
            found.extend(f"{form.method} {form.action} {pairs} -> {answer.status_code}: {each}"[:900] for each in wrong)

    try_it()
    return found


def is_hers(app: Flask, form: Form, visitor: Visitor) -> bool:
    """Tell whether to fill it as this visitor: what is open to everybody is filled as nobody."""
    view = app.view_functions[endpoint_of(app, form.action, form.method)]
    return view.guard.kind != "public" or visitor.name == "nobody"  # type: ignore[attr-defined]


def with_fresh_token(client, form, pairs):  # type: ignore[no-untyped-def]
    page = read_page(form.page, client.get(form.page).get_data(as_text=True))
    fresh = [one.value for each in page.forms for one in each.inputs if one.name == TOKEN]
    return [(name, fresh[0] if name == TOKEN and fresh else value) for name, value in pairs]


@only_sqlite
@pytest.mark.parametrize("name", PEOPLE)
def test_whatever_is_typed_is_answered_in_words(app: Flask, town: Town, witness: Witness, name: str) -> None:
    assert wrongs(app, town, witness, name) == []


@only_postgresql
def test_nor_does_anything_break_on_postgresql(app: Flask, town: Town, witness: Witness) -> None:
    assert wrongs(app, town, witness, "administrator") == []


def wrongs(app: Flask, town: Town, witness: Witness, name: str, fillings: int = FILLINGS) -> list[str]:
    """Fill every form that is open to this visitor; return all that was wrong."""
    visitor = town.visitor(name)
    return [
        each
        for form in forms_of(app, town, visitor).values()
        if is_hers(app, form, visitor)
        for each in fill(town, witness, visitor, form, fillings)
    ]


@only_sqlite
def test_every_address_that_takes_a_form_is_reached_by_one(app: Flask, town: Town) -> None:
    reached = {key for visitor in town.visitors() if not visitor.is_phone for key in forms_of(app, town, visitor)}
    taking = {
        f"post {rule.rule}"
        for rule in app.url_map.iter_rules()
        if "POST" in (rule.methods or ()) and not rule.rule.startswith("/api/")
    }
    assert taking - reached == set()
