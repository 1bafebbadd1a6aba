"""Whatever is sent to the API, by whomever: no failure, no leak, and a refused call changes nothing."""

from __future__ import annotations

import pytest

from relief.accounts.rules import ROLES
from tests.conftest import only_postgresql, only_sqlite
from tests.fuzz.attacking import attack
from tests.fuzz.town import Town
from tests.fuzz.witness import Witness

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


@only_sqlite
@pytest.mark.parametrize("name", VISITORS)
def test_no_call_breaks_leaks_or_changes_what_it_must_not(town: Town, witness: Witness, name: str) -> None:
    assert attack(town, witness, town.visitor(name)) == []


@only_postgresql
@pytest.mark.parametrize("name", ["manager", "phone"])
def test_nor_does_any_on_postgresql(town: Town, witness: Witness, name: str) -> None:
    """What the other database takes less kindly: NUL, numbers out of range, a transaction that failed."""
    assert attack(town, witness, town.visitor(name)) == []
