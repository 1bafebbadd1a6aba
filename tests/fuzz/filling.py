"""Filling every form that somebody is shown, and collecting all that is wrong with the answers."""

from __future__ import annotations

from flask.testing import FlaskClient
from hypothesis import given, seed, settings

from tests.amounts import often
from tests.fuzz.answers import problems, state_problems
from tests.fuzz.forms import TOKEN, Form, endpoint_of, filled, lost_text, read_page, rule_of, send, walk
from tests.fuzz.town import QUICKLY, Town, Visitor
from tests.fuzz.witness import Witness

FILLINGS = often(4, share=2)  # of each form


def wrongs(town: Town, witness: Witness, name: str, fillings: int = FILLINGS, chance: int | None = None) -> list[str]:
    """Fill every form that is open to this visitor; return all that was wrong. The same `chance` types the same."""
    visitor = town.visitor(name)
    return [
        each
        for form in forms_of(town, visitor).values()
        if is_hers(town, form, visitor)
        for each in fill(town, witness, visitor, form, fillings, chance)
    ]


def forms_of(town: Town, visitor: Visitor) -> dict[str, Form]:
    """Return one form for each rule that a visitor's forms lead to."""
    return {f"{form.method} {rule_of(town.app, form.action, form.method)}": form for form in walk(town.app, town, visitor)}


def fill(town: Town, witness: Witness, visitor: Visitor, form: Form, fillings: int, chance: int | None = None) -> list[str]:
    """Fill a form in many ways and send each twice; return all that was wrong."""
    found: list[str] = []

    @seed(chance)
    @settings(QUICKLY, max_examples=fillings)
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
            found.extend(f"{answer.status_code}: {each}: {form.method} {form.action} {pairs}"[:900] for each in wrong)

    try_it()
    return found


def is_hers(town: Town, form: Form, visitor: Visitor) -> bool:
    """Tell whether to fill it as this visitor: what is open to everybody is filled as nobody."""
    view = town.app.view_functions[endpoint_of(town.app, form.action, form.method)]
    return view.guard.kind != "public" or visitor.name == "nobody"  # type: ignore[attr-defined]


def with_fresh_token(client: FlaskClient, form: Form, pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return what is typed with the token that the page holds for this very browser."""
    page = read_page(form.page, client.get(form.page).get_data(as_text=True))
    fresh = [one.value for each in page.forms for one in each.inputs if one.name == TOKEN]
    return [(name, fresh[0] if name == TOKEN and fresh else value) for name, value in pairs]
