"""What the report says, and in which order."""

from __future__ import annotations

import shlex

import pytest

from relief.kernel.money import Money
from relief.reports.document import Column, Facts, Row, Table, walk
from relief.reports.outline import ANNEXES, SECTIONS
from tests.reports.samples import LINES, facts_of, notes_of, report, rows_of, section_of, silent, table_of
from tests.totals.plans import BLANKET, PARCEL, TALK

LIVELIHOODS = "implementation.livelihoods_and_basic_needs"
SHELTER = "implementation.shelter_housing_and_settlements"


def test_sections_stand_in_gos_order_and_empty_ones_are_left_out():
    keys = [section.key for section in report().sections]
    assert keys == [key for key in (*SECTIONS, *ANNEXES) if key in keys]
    assert "targeting_strategy" not in keys and "icrc_actions" not in keys


def test_sectors_stand_in_gos_order():
    parts = [part.key for part in section_of(report(), "implementation").sections]
    assert parts == ["people_assisted", "shelter_housing_and_settlements", "livelihoods_and_basic_needs", "health",
                     "water_sanitation_and_hygiene", "contacts_counted"]  # fmt: skip


def test_an_operation_without_anything_has_a_report_too():
    document = report(counters={}, allocations=(), lines=(), stock=(), people_in_charge=(),
                      operation={"statements": (), "objective": "", "trigger_at": None})  # fmt: skip
    assert facts_of(document, "key_facts")["people_assisted"].value == 0
    assert "financial_report" not in {section.key for section in document.sections}


def test_people_assisted_are_the_union():
    assert facts_of(report(), "key_facts")["people_assisted"].value == 10
    rows = rows_of(report(), "implementation.people_assisted", "people_by_item")
    assert [row["people"] for row in rows] == [9, 4, 10]


@pytest.mark.parametrize("key", ["people_by_item"])
def test_parts_sum_to_the_whole(key: str):
    for row in rows_of(report(), "implementation.people_assisted", key):
        for parts in (("sex_female", "sex_male", "sex_unknown"), ("under_18", "over_18", "age_unknown"),
                      ("disability_yes", "disability_no", "disability_unknown")):  # fmt: skip
            assert sum(row[part] for part in parts) == row["people"]


def test_sex_by_age_sums_on_both_sides():
    rows = rows_of(report(), "implementation.people_assisted", "by_sex_and_age")
    *sexes, total = rows
    for key in set(total) - {"sex"}:
        assert sum(row[key] for row in sexes) == total[key]
    assert total["total"] == 10


def test_groups_that_overlap_are_said_not_to_be_added():
    note = notes_of(report(), "implementation.people_assisted")["never_added"]
    assert "9 / 4" in note and "10" in note


def test_an_indicator_has_target_actual_percent_and_unit_also_above_100():
    (row,) = rows_of(report(), SHELTER, "indicators")
    assert (row["target"], row["actual"], row["percent"]) == (2, 4, 200)
    assert table_of(report(), SHELTER, "indicators").rows[0].unit == "people"


def test_a_qualitative_indicator_has_its_words_and_no_zero():
    (row,) = rows_of(report(), "implementation.health", "indicators")
    assert (row["target"], row["actual"], row["percent"]) == (None, "Ready in all six regions", None)


def test_what_was_given_has_the_items_unit_and_households_apart_from_people():
    (row,) = rows_of(report(), LIVELIHOODS, "items")
    assert (row["given"], row["excess"], row["unknown"], row["people"], row["households"]) == (6, 1, 1, 9, 4)
    assert table_of(report(), LIVELIHOODS, "items").rows[0].unit == "parcel"


def test_contacts_stand_apart_with_how_they_were_counted():
    table = table_of(report(), "implementation.contacts_counted", "contacts")
    assert "came twice" in table.note
    assert facts_of(report(), "key_facts")["people_assisted"].value == 10


def test_the_drefs_allocation_is_apart_from_own_funds():
    facts = facts_of(report(), "financial_report")
    assert facts["dref_total"].value == Money("CHF", 8_816_600)
    assert facts["own_funds"].value == Money("CHF", 1_300_000)
    assert facts["left"].value == Money("CHF", 0)


def test_the_budget_sums_on_both_sides_and_marks_what_is_made_up():
    table = table_of(report(), "financial_report", "budget")
    *sectors, total = table.rows
    assert [row.demo for row in sectors] == [False, True]  # GO's order: livelihoods before health
    assert total.cells[-1] == Money("CHF", 8_816_600)
    assert "demonstration_lines" in notes_of(report(), "financial_report")


def test_published_figures_that_differ_are_all_stated_with_their_sources():
    rows = rows_of(report(), "contradictions", "statements_differ")
    assert [(row["figure"], row["source"]) for row in rows] == [(70, "A"), (45, "B"), ("7 hours", "A"), ("4 hours", "B")]
    assert "disagreeing" in notes_of(report(), "key_facts")


def test_a_budget_that_is_not_the_allocation_is_a_contradiction():
    rows = rows_of(report(lines=LINES[:1]), "contradictions", "sums_differ")
    assert [row["figure"] for row in rows] == [Money("CHF", 8_816_600), Money("CHF", 286_050)]


def test_a_target_greater_than_all_targeted_people_is_a_contradiction():
    rows = rows_of(report(operation={"people_targeted": 5}), "contradictions", "sums_differ")
    assert [row["figure"] for row in rows] == [5, 10]


def test_time_to_assistance_counts_from_the_trigger():
    facts = facts_of(report(), "implementation.people_assisted")
    assert (facts["time_to_assistance"].value, facts["median_time"].value) == (7, 8)


def test_without_a_known_trigger_there_is_no_time_to_assistance():
    facts = facts_of(report(operation={"trigger_at": None}), "implementation.people_assisted")
    assert "first_handover" in facts and "time_to_assistance" not in facts


def test_a_hand_over_before_the_operations_start_stands_and_says_so():
    facts = facts_of(report(operation={"start_day": "2013-04-01"}), "implementation.people_assisted")
    assert "before" in facts["first_handover"].note


def test_a_silent_phone_makes_figures_at_least():
    document = report(completeness=silent())
    assert facts_of(document, "key_facts")["people_assisted"].at_least
    assert "more_may_come" in notes_of(document, "completeness")


def test_stock_adds_up():
    (row,) = rows_of(report(), "stock", "stock")
    assert row["received"] == row["given"] + row["on_hand"]


def test_provenance_names_ledger_position_head_signature_and_key():
    facts = facts_of(report(), "provenance")
    wanted = ("position", "head", "signature", "key_id", "plan_version")
    assert [facts[key].value for key in wanted] == [42, "ab" * 32, "cd" * 64, "key-1", 3]


def test_the_command_that_computes_it_anew_can_be_typed_as_it_stands():
    """Without an appeal code the operation goes by its working name, which may have blanks in it."""
    unnamed = report(operation={"appeal_code": None, "working_name": "Spring floods"})
    assert shlex.split(notes_of(unnamed, "provenance")["verify"])[-4:] == ["relief", "ledger", "verify", "Spring floods"]


def test_every_number_has_a_footnote():
    document = report()
    for _path, section in walk(document.sections):
        for block in section.blocks:
            if isinstance(block, Table):
                assert document.number_of(block.source)
            elif isinstance(block, Facts):
                assert all(document.number_of(fact.source) for fact in block.facts)
    assert [note.number for note in document.footnotes] == list(range(1, len(document.footnotes) + 1))


def test_places_and_days_sum_to_what_was_given():
    rows = rows_of(report(), "distribution", "places_and_days")
    assert sum(row[PARCEL] for row in rows) == 6 and sum(row[BLANKET] for row in rows) == 4
    assert TALK in rows[0]


def test_a_row_that_does_not_fit_its_table_is_refused():
    with pytest.raises(ValueError):
        Table("t", "T", (Column("a", "A"),), (Row("r", ("x", "y")),), "people")
