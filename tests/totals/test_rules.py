"""Totals from counters: what every number means, and that parts sum to the whole."""

from __future__ import annotations

import pytest

from relief.totals.counting import percent, with_exact_names
from relief.totals.rules import compute
from tests.totals.plans import COUNTERS, PLAN

FIGURES = compute(COUNTERS, PLAN)
ITEM = {each.item: each for each in FIGURES.items}
PEOPLE = {each.item: each for each in FIGURES.people_by_item}


def parts(rows):
    return {part.key: part.people for part in rows}


def test_people_assisted_are_the_union_and_never_the_sum_over_items():
    assert FIGURES.people.people == 10
    assert sum(each.people for each in FIGURES.people_by_item) == 13


def test_quantity_splits_into_entitled_excess_and_unknown_card():
    quantity = ITEM["parcel"].quantity
    assert (quantity.given, quantity.excess, quantity.unknown, quantity.entitled) == (6, 1, 1, 4)
    assert quantity.handovers == 6


def test_people_and_households_of_an_item_are_two_figures():
    assert (ITEM["parcel"].people, ITEM["parcel"].households) == (9, 4)


@pytest.mark.parametrize("figures", [FIGURES.people, *FIGURES.people_by_item], ids=lambda each: each.item)
def test_every_breakdown_of_people_sums_to_the_total(figures):
    for rows in (figures.by_sex, figures.by_age, figures.by_disability, figures.by_minority, figures.by_area):
        assert sum(part.people for part in rows) == figures.people
    assert sum(row.total for row in figures.by_sex_and_age) == figures.people


def test_unknown_sex_age_and_area_are_rows_of_their_own():
    assert parts(FIGURES.people.by_sex) == {"female": 6, "male": 3, "unknown": 1}
    assert parts(FIGURES.people.by_age)["unknown"] == 1
    assert parts(FIGURES.people.by_area) == {"country": 0, "gomel": 7, "brest": 2, "": 1}


def test_under_and_over_18_are_derived_from_the_bands():
    assert parts(FIGURES.people.by_minority) == {"under_18": 3, "over_18": 6, "unknown": 1}


def test_an_area_holds_everything_below_it_and_its_children_are_indented():
    rows = [(row.label, row.depth, row.people, row.handovers) for row in FIGURES.areas]
    assert rows == [("Belarus", 0, 9, 8), ("Gomel region", 1, 7, 6), ("Brest region", 1, 2, 2), ("", 0, 1, 0)]


def test_people_are_not_counted_by_item_in_an_area():
    """Quantities go by the site's area, people by where they are registered: 0 would be a figure, and a false one."""
    assert {cell.people for row in FIGURES.areas for cell in row.items} == {None}


def test_top_areas_and_the_unknown_area_sum_to_everybody():
    tops = [row for row in FIGURES.areas if row.depth == 0]
    assert sum(row.people for row in tops) == FIGURES.people.people
    assert sum(row.handovers for row in tops) == FIGURES.handovers


@pytest.mark.parametrize("rows", [FIGURES.sites, FIGURES.days], ids=["sites", "days"])
def test_sites_and_days_sum_to_all_handovers(rows):
    assert sum(row.handovers for row in rows) == FIGURES.handovers == 8


def test_people_within_a_day_are_distinct_within_that_day_only():
    assert [(row.day, row.people) for row in FIGURES.days] == [("2013-03-18", 8), ("2013-03-19", 3)]


def test_places_and_days_follow_the_plans_order():
    rows = [(row.site, row.day, row.item, row.quantity.given) for row in FIGURES.places_and_days]
    assert rows == [("school", "2013-03-18", "parcel", 3), ("school", "2013-03-18", "blanket", 4),
                    ("school", "2013-03-19", "parcel", 1), ("club", "2013-03-19", "parcel", 2)]  # fmt: skip


def test_contacts_stand_apart_with_people_events_and_quantity():
    (pump,) = FIGURES.contacts
    assert (pump.people, pump.events, pump.quantity) == (5, 2, 1)
    assert parts(pump.by_sex) == {"female": 3, "male": 0, "unknown": 2}
    assert "pump" not in ITEM


def test_an_indicator_shows_target_actual_and_percent_above_a_hundred_too():
    rows = {each.indicator: (each.target, each.actual, each.percent) for each in FIGURES.indicators}
    assert rows == {"i1": (10, 9, 90), "i2": (2, 4, 200), "i3": (None, 5, None), "i4": (None, None, None)}


def test_an_item_takes_the_target_of_the_indicator_that_counts_it_alone():
    assert (ITEM["parcel"].target, ITEM["parcel"].percent, ITEM["talk"].target) == (10, 90, None)


@pytest.mark.parametrize(("actual", "target", "shown"), [
    (1999, 2000, 99), (2000, 2000, 100), (0, 5, 0), (7, 0, None), (7, None, None), (None, 5, None), (1, 3, 33),
])  # fmt: skip
def test_a_percentage_is_rounded_down_so_that_100_says_met(actual, target, shown):
    assert percent(actual, target) == shown


def test_a_sensitive_item_shows_its_neutral_label_unless_names_are_exact():
    exact = {each.item: each.label for each in compute(COUNTERS, with_exact_names(PLAN)).items}
    assert (ITEM["talk"].label, exact["talk"]) == ("Talk", "Support group")


def test_what_the_plan_no_longer_names_keeps_its_row():
    figures = compute({**COUNTERS, "given|old|gone|first|2013-03-17": 2, "handovers|old|gone|first|2013-03-17": 1}, PLAN)
    assert figures.items[-1].label == "old" and figures.items[-1].quantity.given == 2
    assert figures.sites[-1].label == "gone"
    assert sum(row.handovers for row in figures.areas if row.depth == 0) == figures.handovers == 9


def test_no_counters_make_zeros_and_not_an_error():
    figures = compute({}, PLAN)
    assert (figures.people.people, figures.handovers, figures.registered.people) == (0, 0, 0)
    assert [row.actual for row in figures.indicators] == [0, 0, 0, None]


def test_registered_approved_cards_cases_and_not_served_are_counted():
    assert (FIGURES.registered.households, FIGURES.registered.people, FIGURES.registered.people_approved) == (6, 13, 11)
    assert {each.code: each.count for each in FIGURES.cards} == {"linked": 6, "blank": 0, "replaced": 1, "cancelled": 0}
    assert [(each.code, each.count) for each in FIGURES.cases] == [("over_entitlement", 1), ("unknown_card", 1)]
    assert [(each.code, each.count) for each in FIGURES.not_served] == [("absent", 3)]
    assert FIGURES.unsure_times == 1
