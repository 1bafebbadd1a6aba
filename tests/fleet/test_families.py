"""The made-up families add up to the published figures, and everything made up says so."""

from __future__ import annotations

import json

import pytest

from relief.fleet.belarus.facts import FLOODS, MADE_UP, WINTER, operation_facts, published_people
from relief.fleet.belarus.families import list_families
from relief.fleet.belarus.floods import floods_file
from relief.fleet.belarus.household_list import household_list
from relief.fleet.belarus.mess import cast, kept_families, list_mess
from relief.fleet.belarus.places import PLACES
from relief.fleet.belarus.schedule import PEOPLE_AT_HEATING_POINTS, list_ordinary
from relief.fleet.belarus.winter import winter_file
from relief.office.operations.file import build_lines, read_operation_file


def test_the_published_figures_are_those_of_the_annual_report():
    assert published_people() == {"parcels": 1938, "blankets": 499, "pss": 232, "pumping": 51}


def test_family_sizes_add_up_to_the_published_figures():
    families, people = list_families(), published_people()
    assert sum(len(family.members) for family in families if family.parcels) == people["parcels"]
    assert sum(family.blankets for family in families) == people["blankets"]
    assert sum(len(family.pss) for family in families) == people["pss"]
    assert all(family.blankets <= len(family.members) for family in families)


def test_there_are_about_700_families_of_one_to_six_with_some_unknowns():
    families = list_families()
    assert 650 <= len(families) <= 750
    assert {len(family.members) for family in families} == {1, 2, 3, 4, 5, 6}
    bands = {member.age_band for family in families for member in family.members}
    assert bands == {"0-1", "2-5", "6-12", "13-17", "18-59", "60+", "unknown"}


def test_families_are_the_same_at_every_call():
    first = list_families()
    list_families.cache_clear()
    assert list_families() == first


def test_the_list_has_a_row_for_each_member_and_says_that_it_is_made_up():
    rows = household_list().splitlines()
    listed = [family for family in list_families() if not family.on_site]
    assert len(rows) == 1 + sum(len(family.members) for family in listed)
    assert all(MADE_UP in row for row in rows[1:])


@pytest.mark.parametrize(("appeal_code", "make"), [(FLOODS, floods_file), (WINTER, winter_file)])
def test_operation_files_are_read_and_their_budget_is_the_allocation_exactly(appeal_code, make):
    file = read_operation_file(json.dumps(make()).encode())
    lines = build_lines(file, bytes(16))
    assert sum(line.amount_minor for line in lines) == operation_facts(appeal_code)["allocation_chf"] * 100
    assert all(line.demonstration and MADE_UP in line.description for line in lines)


def test_contradictions_of_the_sources_are_in_the_operation_file():
    told = {}
    for statement in floods_file()["statements"]:
        told.setdefault(statement["about"], []).append(statement["figure"])
    assert told["staff"] == [70, 45] and told["volunteers"] == [255, 356]
    assert sorted(told["time to assistance"]) == ["4 hours", "7 hours"]


def test_there_are_two_sites_in_each_of_the_six_regions():
    regions = [place.region for place in PLACES]
    assert {regions.count(region) for region in regions} == {2} and len(set(regions)) == 6


def test_winter_contacts_add_up_to_the_people_told_at_launch():
    assert sum(PEOPLE_AT_HEATING_POINTS) == operation_facts(WINTER)["at_launch"]["people_assisted_about"]


def test_every_story_has_a_family_of_its_own():
    families = cast()
    assert len({family.number for family in families.values()}) == len(families) == len(kept_families())


def test_all_happens_in_the_working_hours_of_the_operation():
    events = [*list_ordinary(kept_families()), *list_mess()]
    assert all("2013-03-18" <= event.day <= "2013-05-31" for event in events)
    assert all(8 * 60 <= event.minute <= 17 * 60 for event in events)
