"""Calling every described operation of the API as somebody, and collecting all that is wrong with the answers."""

from __future__ import annotations

from typing import Any

from hypothesis import given, seed, settings
from schemathesis.schemas import APIOperation
from schemathesis.transport.wsgi import WSGI_TRANSPORT

from relief.accounts.guards import role_matrix
from tests.amounts import often
from tests.fuzz.answers import problems, state_problems
from tests.fuzz.calls import calls, not_as_described, operations
from tests.fuzz.town import QUICKLY, Town, Visitor, may_enter
from tests.fuzz.witness import Witness

INSIDE, OUTSIDE = often(4, share=2), 1  # calls of each operation by whom its guard lets in, and by the others


def examples(town: Town, visitor: Visitor, operation: APIOperation, factor: int) -> int:
    """Return how often to try: most of what can go wrong lies behind the guard."""
    rule = operation.path.replace("{", "<").replace("}", ">")
    guard = next(route.guard for route in role_matrix(town.app) if (route.rule, route.method) == (rule, operation.method.upper()))
    assert guard
    return factor * (INSIDE if may_enter(guard, visitor) else OUTSIDE)


def attack(town: Town, witness: Witness, visitor: Visitor, factor: int = 1, chance: int | None = None) -> list[str]:
    """Call every described operation as this visitor, the more often the higher `factor`; return all that was wrong.

    The same `chance` makes the same calls.
    """
    client, found = town.client_of(visitor), []
    witness.changed()  # that she signed in is no news
    for operation in operations(town.app):

        @seed(chance)
        @settings(QUICKLY, max_examples=examples(town, visitor, operation, factor))
        @given(case=calls(operation, town, visitor))
        def call(case: Any) -> None:
            sent = WSGI_TRANSPORT.serialize_case(case)
            sent["headers"] = {**sent.get("headers", {}), "Accept-Encoding": "identity"}  # what is packed cannot be looked into
            answer = client.open(**sent)
            wrong = [*problems(answer, visitor, town), *state_problems(answer, witness), *not_as_described(case, answer)]
            body = str(sent.get("json") or sent.get("data"))[:600]
            found.extend(f"{answer.status_code}: {each}: {case.method} {answer.request.path} {body}" for each in wrong)

        call()
    return found
