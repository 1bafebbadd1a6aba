"""`relief erase`: says what goes, asks for the code, lets in whoever may."""

from __future__ import annotations

import json

import pytest

from relief.accounts.service import add_user, grant_role
from relief.db import unit_of_work
from relief.kernel.errors import BadInput, NotAllowed, NotFound
from relief.kernel.ids import to_text
from relief.ledger.erasure_journal import list_orders
from relief.office.erasing.cli import household_command, operation_command, resume_command
from tests.ledger.field import Field
from tests.office.erasable import Families

OPTIONS = ("--reason", "asked", "--by", "protection@example.org")


@pytest.fixture
def families(app, clock):
    field = Field(app, clock)
    with unit_of_work() as session:
        for role in ("protection", "finance"):
            user = add_user(session, f"{role}@example.org", role, now=clock.now())
            grant_role(session, field.operation_id, user, role)
    return Families(field)


@pytest.fixture
def relief(app):
    def run(command, *arguments, typed=None):
        result = app.test_cli_runner().invoke(command, [*arguments], input=typed)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result.output

    return run


def test_a_dry_run_says_what_goes_and_erases_nothing(families, relief, settings):
    told = json.loads(relief(household_command, "spring-floods", _text(families), *OPTIONS, "--dry-run", "--json"))
    assert (told["erased"], told["records"], told["held"], told["households"]) == (False, 11, 2, 1)
    assert list_orders(settings.instance) == []


def test_the_code_must_be_typed_again(families, relief, settings):
    with pytest.raises(BadInput):
        relief(household_command, "spring-floods", _text(families), *OPTIONS, typed="no\n")
    assert list_orders(settings.instance) == []
    assert "Nothing of it is left" in relief(household_command, "spring-floods", _text(families), *OPTIONS,
                                             typed="spring-floods\n")  # fmt: skip
    assert len(list_orders(settings.instance)) == 1


def test_only_who_may_erases(families, relief):
    with pytest.raises(NotAllowed):
        relief(household_command, "spring-floods", _text(families), "--reason", "asked", "--by", "finance@example.org", "--yes")
    with pytest.raises(NotAllowed):  # the whole operation is the manager's
        relief(operation_command, "spring-floods", *OPTIONS, "--yes")


def test_a_number_that_two_cards_carry_names_no_household(families, relief):
    with pytest.raises(NotFound):
        relief(household_command, "spring-floods", "01-0001", *OPTIONS, "--yes")


def test_resuming_with_nothing_to_do_says_so(families, relief):
    assert relief(resume_command).startswith("0 ")


def _text(families):
    return to_text(families.household)
