"""A household list as a file: one row a household, one row a member, and what is wrong with it."""

from datetime import date
from pathlib import Path

import pytest

from relief.households.columns import KNOWN_COLUMNS
from relief.households.household_file import read_household_file
from relief.households.rules import MemberRow, Problem
from relief.households.sheets import LARGEST_BYTES, MOST_ROWS
from relief.households.words import problem_sentence
from relief.kernel.errors import BadInput, TooLarge
from relief.kernel.ids import derived_id, to_text
from relief.operations.rules import Area, Plan, Site

GOMEL, BREST, TWIN, SCHOOL = (to_text(derived_id(bytes(16), name)) for name in ("gomel", "brest", "twin", "school"))
PLAN = Plan(
    version=1,
    areas=(Area(GOMEL, "Gomel region", p_code="BY03"), Area(BREST, "Brest region"), Area(TWIN, "Brest  Region", p_code="BY99")),
    sites=(Site(SCHOOL, "School 3", GOMEL, "Europe/Minsk"),),
)
START = date(2013, 3, 4)


def read(text, encoding=None):
    return read_household_file(text if isinstance(text, bytes) else text.encode(), PLAN, START, encoding)


def problems(text):
    found = read(text).problems
    assert all(problem_sentence(each) for each in found)
    return [(each.row, each.column, each.code) for each in found]


def test_one_row_a_household_counts_its_members():
    (household,) = read("external_id,members,female_18_59,male_60_plus,female_2_5\nH-1,4,1,1,1\n").households
    assert household.members == (
        MemberRow(1, "female", "2-5"), MemberRow(2, "female", "18-59"), MemberRow(3, "male", "60+"), MemberRow(4),
    )  # fmt: skip


def test_members_alone_makes_people_of_whom_nothing_is_known():
    (household,) = read("external_id,members\nH-1,3\n").households
    assert household.members == (MemberRow(1), MemberRow(2), MemberRow(3))


def test_one_row_a_member_gathers_a_household_even_when_its_rows_are_apart():
    file = read(
        "external_id,head_name,sex,age,disability,member_name\n"
        "H-1,Anna Demo,f,34,no,Anna Demo\nH-2,Boris Demo,m,61,yes,Boris Demo\nH-1,,m,5,,Ivan Demo\n"
    )
    assert [each.external_id for each in file.households] == ["H-1", "H-2"]
    assert file.households[0].members == (
        MemberRow(1, "female", "18-59", "no", "Anna Demo"), MemberRow(2, "male", "2-5", "unknown", "Ivan Demo"),
    )  # fmt: skip
    assert file.households[0].private == {"head": "Anna Demo"}
    assert file.people == 3 and file.rows == 3 and file.problems == ()


def test_a_described_head_and_a_size_leave_the_others_unknown():
    (household,) = read("external_id,members,sex,age\nH-1,3,f,70\n").households
    assert household.members == (MemberRow(1, "female", "60+"), MemberRow(2), MemberRow(3))


def test_given_numbers_stay_with_their_members():
    (household,) = read("external_id,member_number,sex,members\nH-1,3,m,4\nH-1,1,f,\n").households
    assert [(each.number, each.sex) for each in household.members] == [(1, "female"), (3, "male"), (2, "unknown"), (4, "unknown")]


def test_an_empty_cell_never_becomes_a_sex_or_an_age():
    (household,) = read("external_id,sex,age,age_band,birth_year,disability\nH-1,,,,,\n").households
    assert household.members == (MemberRow(1, "unknown", "unknown", "unknown"),)


def test_an_area_is_found_by_name_or_p_code_and_a_site_by_name():
    file = read("external_id,members,area,home_site\nH-1,1,gomel REGION,school 3\nH-2,1,BY03,\n")
    assert [(each.area, each.home_site) for each in file.households] == [(GOMEL, SCHOOL), (GOMEL, None)]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("bom", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_comma_semicolon_and_tab_with_or_without_bom(delimiter, bom, end):
    rows = (["external_id", "members", "village"], ["H-1", "2", '"A, b; c"'])
    (household,) = read(bom + "".join(delimiter.join(row) + end for row in rows)).households
    assert household.private == {"village": "A, b; c"}


def test_a_separator_line_of_a_spreadsheet_is_understood():
    assert problems("sep=;\nexternal_id;members\nH-1;2\n;3\n") == [(4, "external_id", "missing")]


def test_the_encoding_is_recognised_and_one_that_is_named_holds():
    content = "external_id,members,village\nH-1,2,Ветка\n".encode("windows-1251")
    for encoding in (None, "windows-1251"):
        assert read(content, encoding).households[0].private == {"village": "Ветка"}
    with pytest.raises(BadInput):
        read(content, "utf-8")


def test_the_apostrophe_of_our_exports_is_taken_off():
    (household,) = read("external_id,members,phone\nH-1,2,'+375 29 000\n").households
    assert household.private == {"phone": "+375 29 000"}


def test_blank_rows_and_blanks_around_cells_do_not_matter():
    file = read("external_id, members\n\n  H-1 ,\t2 \n,,\n")
    assert [each.external_id for each in file.households] == ["H-1"] and file.problems == ()


def test_columns_nobody_reads_are_told():
    assert read("external_id,members,Colour\nH-1,2,f\n").ignored_columns == ("Colour",)


def test_a_survey_export_is_read_by_its_last_group_name():
    (household,) = read("_uuid,hh/Area,hh/members\nabc,BY03,2\n").households
    assert (household.external_id, household.area) == ("abc", GOMEL)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("external_id,members\n,2\n", [(2, "external_id", "missing")]),
        ("external_id,members\nH-1,\n", [(2, "members", "missing")]),
        ("external_id,members\nH-1,0\n", [(2, "members", "nobody")]),
        ("external_id,members\nH-1,-1\n", [(2, "members", "not_a_count")]),
        ("external_id,members\nH-1,2\nH-1,2\n", [(3, "external_id", "repeated")]),
        ("external_id,members,female_18_59\nH-1,1,2\n", [(2, "members", "fewer_than_described")]),
        ("external_id,members\nH-1,51\nH-2,2.5\n", [(2, "members", "not_a_count"), (3, "members", "not_a_count")]),
        ("external_id,female_18_59,male_18_59\nH-1,30,30\n", [(2, "members", "too_many_members")]),
        ("external_id,members\nH-1,2,9\n", [(2, "", "too_many_cells")]),
        ("external_id,members,area\nH-1,2,Atlantis\n", [(2, "area", "unknown_area")]),
        ("external_id,members,area\nH-1,2,Brest region\n", [(2, "area", "ambiguous_area")]),
        ("external_id,members,home_site\nH-1,2,School 4\n", [(2, "home_site", "unknown_site")]),
        ("external_id,sex\nH-1,x\n", [(2, "sex", "not_a_sex")]),
        ("external_id,sex,age\nH-1,f,200\nH-2,f,3\nH-3,q,\n", [(2, "age", "not_an_age"), (4, "sex", "not_a_sex")]),
        ("external_id,age,age_band\nH-1,34,60+\n", [(2, "age", "ages_differ")]),
        ("external_id,age_band\nH-1,06.Dec\n", [(2, "age_band", "not_an_age_band")]),
        ("external_id,sex,village\nH-1,f,Vetka\nH-1,m,Dobrush\n", [(3, "village", "differs")]),
        ("external_id,member_number,sex\nH-1,1,f\nH-1,,m\n", [(3, "member_number", "bad_number")]),
        ("external_id,member_number,sex\nH-1,2,f\nH-1,2,m\n", [(3, "member_number", "bad_number")]),
        ("external_id,members,village\nH-1,2,a\x00b\n", [(2, "village", "bad_signs")]),
        ("external_id,members,village\nH-1,2," + "a" * 501 + "\n", [(2, "village", "too_long")]),
    ],
)
def test_what_is_wrong_is_listed_by_row_and_column(text, found):
    assert problems(text) == found


def test_a_household_with_a_problem_is_left_out_and_the_others_are_read():
    file = read("external_id,sex\nH-1,f\nH-2,x\nH-2,f\n")
    assert [each.external_id for each in file.households] == ["H-1"]


def test_the_list_of_problems_shows_no_private_cell():
    (problem,) = read("external_id,sex,head_name\nH-1,f,Anna\nH-1,f,Maria\n").problems
    assert problem == Problem(3, "head_name", "differs", "")


@pytest.mark.parametrize(
    "text",
    ["", "\n\n", "name,members\nA,2\n", "external_id,members,members\nH-1,2,2\n", "external_id,sex,female_18_59\nH-1,f,1\n",
     'external_id,members\n"H-1,2\n', b"\xff\xfee\x00x\x00", b"PK\x03\x04\x00\x00\xff\xfe"],
)  # fmt: skip
def test_a_file_that_is_no_household_list_is_refused_as_a_whole(text):
    with pytest.raises(BadInput):
        read(text)


def test_too_many_bytes_or_rows_are_refused():
    with pytest.raises(TooLarge):
        read(b"x" * (LARGEST_BYTES + 1))
    with pytest.raises(TooLarge):
        read("external_id,members\n" + "H,1\n" * (MOST_ROWS + 1))


def test_every_column_is_documented():
    text = (Path(__file__).parent.parent.parent / "docs" / "households-file.md").read_text(encoding=None)
    for column in KNOWN_COLUMNS:
        assert column in text or column.startswith(("male_", "unknown_"))
