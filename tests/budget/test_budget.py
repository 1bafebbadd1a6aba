"""Allocations, budget lines and their sums."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask

from relief.budget.queries import get_budget, list_allocations, list_lines
from relief.budget.rules import ACCOUNT_GROUPS, AllocationRow, LineRow, total_budget
from relief.budget.service import add_allocation, set_lines
from relief.db import db, unit_of_work
from relief.kernel.errors import BadInput, Conflict
from relief.kernel.ids import new_id
from tests.operations.test_operations import register

FIRST = AllocationRow(bytes(16), "first", 88_166_00, "CHF", "2013-03-04", "dref")
OWN = AllocationRow(bytes([1] * 16), "additional", 13_000_00, "CHF", None, "own_funds")
FOOD = LineRow(bytes([2] * 16), "livelihoods_and_basic_needs", ACCOUNT_GROUPS[0], 60_300_00, "CHF", "parcels", True)
TRANSPORT = LineRow(bytes([3] * 16), "livelihoods_and_basic_needs", ACCOUNT_GROUPS[2], 14_000_00, "CHF")
TALKS = LineRow(bytes([4] * 16), "health", ACCOUNT_GROUPS[5], 1_234_05, "CHF")


def test_parts_sum_to_the_whole() -> None:
    budget = total_budget([FIRST, OWN], [FOOD, TRANSPORT, TALKS])
    assert (budget.allocated, budget.by_source["own_funds"]) == (88_166_00, 13_000_00)
    assert (
        budget.budgeted == sum(budget.by_sector.values()) == sum(budget.by_account_group.values()) == sum(budget.cells.values())
    )
    assert budget.left == 88_166_00 - 75_534_05


def test_a_budget_above_the_allocation_leaves_less_than_nothing() -> None:
    assert total_budget([], [TALKS]).left == -1_234_05


def test_another_currency_is_shown_apart_and_never_added() -> None:
    budget = total_budget([FIRST, replace(OWN, currency="BYR")], [replace(TALKS, currency="EUR")])
    assert (budget.allocated, budget.budgeted) == (88_166_00, 0)
    assert [money.currency for money in budget.other_currencies] == ["BYR", "EUR"]


def test_an_allocation_told_twice_counts_once(app: Flask) -> None:
    operation_id = register()
    with unit_of_work() as session:
        assert add_allocation(session, operation_id, FIRST)
        assert not add_allocation(session, operation_id, FIRST)
    assert list_allocations(db.session, operation_id) == [FIRST]


def test_an_allocation_is_not_rewritten(app: Flask) -> None:
    operation_id = register()
    with unit_of_work() as session:
        add_allocation(session, operation_id, FIRST)
    with pytest.raises(Conflict), unit_of_work() as session:
        add_allocation(session, operation_id, replace(FIRST, amount_minor=1))


def test_the_dref_allocates_first_but_once(app: Flask) -> None:
    operation_id = register()
    with unit_of_work() as session:
        for row in (replace(OWN, kind="first"), FIRST, replace(OWN, id=new_id(), kind="first")):
            add_allocation(session, operation_id, row)
    with pytest.raises(Conflict, match="additional"), unit_of_work() as session:
        add_allocation(session, operation_id, replace(FIRST, id=new_id()))
    assert get_budget(db.session, operation_id).allocated == FIRST.amount_minor


def test_an_additional_allocation_adds_up(app: Flask) -> None:
    operation_id = register()
    more = replace(FIRST, id=new_id(), kind="additional", amount_minor=1_000_00, granted_on="2013-04-01")
    with unit_of_work() as session:
        for row in (OWN, more, FIRST):
            add_allocation(session, operation_id, row)
    assert list_allocations(db.session, operation_id) == [FIRST, more, OWN]
    assert get_budget(db.session, operation_id).allocated == 89_166_00


def test_lines_are_set_whole(app: Flask) -> None:
    operation_id, other = register(), register(working_name="Winter")
    with unit_of_work() as session:
        assert set_lines(session, operation_id, [FOOD, TALKS])
        assert set_lines(session, other, [TALKS])
        assert set_lines(session, operation_id, [TALKS, TRANSPORT])
        assert not set_lines(session, operation_id, [TRANSPORT, TALKS])
    assert list_lines(db.session, operation_id) == [TALKS, TRANSPORT]
    assert list_lines(db.session, other) == [TALKS]


@pytest.mark.parametrize(("change", "where"), [
    ({"sector": "fishing"}, "budget_lines[0].sector"), ({"account_group": "fun"}, "budget_lines[0].account_group"),
    ({"amount_minor": -1}, "budget_lines[0].amount"), ({"amount_minor": 10**16}, "budget_lines[0].amount"),
])  # fmt: skip
def test_a_bad_line_is_refused_by_its_place(app: Flask, change: dict[str, object], where: str) -> None:
    operation_id = register()
    with pytest.raises(BadInput) as caught, unit_of_work() as session:
        set_lines(session, operation_id, [replace(FOOD, **change)])
    assert caught.value.where == where
