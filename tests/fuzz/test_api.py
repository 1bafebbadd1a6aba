"""Whatever is sent to the API, by whomever: no failure, no leak, and a refused call changes nothing."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.schemas import APIOperation
from schemathesis.transport.wsgi import WSGI_TRANSPORT

from relief.accounts.guards import role_matrix
from relief.accounts.rules import ROLES
from tests.conftest import only_postgresql, only_sqlite
from tests.fuzz.answers import problems, state_problems
from tests.fuzz.calls import calls, not_as_described, operations
from tests.fuzz.town import Town, Visitor, Witness, may_enter

VISITORS = (
    "nobody",
    *ROLES,
    "administrator",
    "elsewhere",
    "disabled",
    "phone",
    "lead_phone",
    "sensitive_phone",
    "revoked_phone",
    "phone_elsewhere",
)
INSIDE, OUTSIDE = 8, 2  # calls of each operation by whom its guard lets in, and by the others


def examples(town: Town, visitor: Visitor, operation: APIOperation, factor: int) -> int:
    """Return how often to try: most of what can go wrong lies behind the guard."""
    rule = operation.path.replace("{", "<").replace("}", ">")
    guard = next(route.guard for route in role_matrix(town.app) if (route.rule, route.method) == (rule, operation.method.upper()))
    assert guard
    return factor * (INSIDE if may_enter(guard, visitor) else OUTSIDE)


def attack(town: Town, witness: Witness, visitor: Visitor, factor: int = 1) -> list[str]:
    """Call every described operation as this visitor, the more often the higher `factor`; return all that was wrong."""
    client, found = town.client_of(visitor), []
    witness.changed()  # that she signed in is no news
    for operation in operations(town.app):

        @settings(
            max_examples=examples(town, visitor, operation, factor),
            deadline=None,
            database=None,
            phases=(Phase.generate,),
            suppress_health_check=list(HealthCheck),
        )
        @given(case=calls(operation, town, visitor))
        def call(case: Any) -> None:
            sent = WSGI_TRANSPORT.serialize_case(case)
            answer = client.open(**sent)
            wrong = [*problems(answer, visitor, town), *state_problems(answer, witness), *not_as_described(case, answer)]
            body = str(sent.get("json") or sent.get("data"))[:600]
            found.extend(f"{case.method} {answer.request.path} {body} -> {answer.status_code}: {each}" for each in wrong)

        call()
    return found


@only_sqlite
@pytest.mark.parametrize("name", VISITORS)
def test_no_call_breaks_leaks_or_changes_what_it_must_not(app: Flask, town: Town, witness: Witness, name: str) -> None:
    assert attack(town, witness, town.visitor(name)) == []


@only_postgresql
@pytest.mark.parametrize("name", ["manager", "phone"])
def test_nor_does_any_on_postgresql(app: Flask, town: Town, witness: Witness, name: str) -> None:
    """What the other database takes less kindly: NUL, numbers out of range, a transaction that failed."""
    assert attack(town, witness, town.visitor(name)) == []
