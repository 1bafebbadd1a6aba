"""A column that says only *name*: whose it is depends on what stands in a row - a household, a member, or all of them."""

import json
from datetime import date

import pytest
from flask import Flask
from flask_babel import Babel

from relief.households.household_file import guess_choice, read_households
from relief.households.schemas import read_choice
from relief.households.table import read_table
from relief.operations.rules import Plan
from tests.households.list_files import KOBO_MAIN, KOBO_MEMBERS, csv, workbook


@pytest.fixture(autouse=True)
def words():
    app = Flask("words")
    Babel(app)
    with app.app_context():
        yield


def read(header, rows):
    return read_content(csv(header, rows, ";"))


def read_content(content):
    found = read_households(read_table(content), Plan(version=1), date(2013, 3, 4))
    assert not found.problems
    return {each.external_id: each for each in found.households}


@pytest.mark.parametrize(("header", "sex"), [
    (["№", "ФИО", "Пол", "Дата рождения", "Состав семьи"], "ж"),
    (["HH ID", "Name", "Sex", "Date of birth", "Family size"], "f"),
    (["N° ménage", "Nom", "Sexe", "Date de naissance", "Taille du ménage"], "femme"),
    (["Código del hogar", "Nombre", "Sexo", "Fecha de nacimiento", "Número de personas"], "mujer"),
    (["رقم الأسرة", "الاسم", "الجنس", "تاريخ الميلاد", "عدد الأفراد"], "أنثى"),
])  # fmt: skip
def test_a_bare_name_in_one_row_a_household_is_the_heads_and_so_are_sex_and_birth(header, sex):
    found = read(header, [["H-1", "Анна Демо", sex, "1975-03-18", "3"], ["H-2", "Olga Demo", sex, "1940-03-18", "1"]])
    assert found["H-1"].private["head"] == "Анна Демо"
    first, *others = found["H-1"].members
    assert (first.name, first.sex, first.age_band, first.born) == ("Анна Демо", "female", "18-59", "1975")
    assert [(each.name, each.sex, each.age_band) for each in others] == [("", "unknown", "unknown")] * 2


@pytest.mark.parametrize("header", [
    ["№ семьи", "ФИО", "Пол", "Возраст"], ["HH ID", "Name", "Sex", "Age"], ["N° ménage", "Nom", "Sexe", "Âge"],
    ["Código del hogar", "Nombre", "Sexo", "Edad"], ["رقم الأسرة", "الاسم", "الجنس", "العمر"],
])  # fmt: skip
def test_a_bare_name_in_one_row_a_member_is_the_members(header):
    found = read(header, [["H-1", "Anna Demo", "f", "34"], ["H-1", "Ivan Demo", "m", "5"], ["H-2", "Olga Demo", "f", "71"]])
    assert [each.name for each in found["H-1"].members] == ["Anna Demo", "Ivan Demo"]
    assert "head" not in found["H-1"].private


def test_a_bare_name_without_anybodys_sex_or_age_is_the_heads():
    found = read(["№ семьи", "Имя и фамилия", "Членов семьи"], [["H-1", "Анна Демо", "3"]])
    assert found["H-1"].private["head"] == "Анна Демо"


def test_a_household_told_twice_among_rows_with_sizes_is_a_problem_and_no_second_member():
    rows = [[f"H-{number % 19}", f"Name {number}", "f", "34", "2"] for number in range(20)]
    found = read_households(read_table(csv(["HH ID", "Name", "Sex", "Age", "Family size"], rows)), Plan(version=1),
                            date(2013, 3, 4))  # fmt: skip
    assert [(each.row, each.column, each.code) for each in found.problems] == [(21, "head_name", "differs")]


def test_beside_the_heads_own_column_a_bare_name_is_the_members():
    found = read(["HH ID", "Head of household", "Full name", "Sex", "Age"],
                 [["H-1", "Anna Demo", "Ivan Demo", "m", "5"], ["H-2", "Olga Demo", "Olga Demo", "f", "71"]])  # fmt: skip
    assert (found["H-1"].private["head"], found["H-1"].members[0].name) == ("Anna Demo", "Ivan Demo")


@pytest.mark.parametrize("header", [
    ["№ семьи", "Фамилия", "Имя", "Отчество", "Состав семьи"], ["HH ID", "Surname", "First name", "Patronymic", "Family size"],
    ["HH ID", "Surname of head", "First name of head", "Patronymic of head", "Family size"],
    ["N° ménage", "Nom", "Prénom", "Patronymic", "Taille"],
])  # fmt: skip
def test_a_name_in_parts_is_put_together(header):
    found = read(header, [["H-1", "Демо", "Анна", "Ивановна", "2"]])
    assert found["H-1"].private["head"] == "Демо Анна Ивановна"


def test_street_house_and_flat_make_one_address():
    found = read(["№ семьи", "ФИО", "Улица", "Дом", "Кв.", "Состав семьи"], [["H-1", "Анна Демо", "Садовая", "1", "12", "2"]])
    assert found["H-1"].private["address"] == "Садовая 1 12"


def test_the_name_of_who_filled_the_form_is_nobodys_of_the_household():
    found = read(["HH ID", "interviewer/name", "Head of household", "Family size"], [["H-1", "Vera", "Anna Demo", "2"]])
    assert found["H-1"].private["head"] == "Anna Demo"
    table = read_table(csv(["HH ID", "Enumerator name", "Family size"], [["H-1", "Vera", "2"]]))
    assert guess_choice(table).columns == ("external_id", "", "members")


def test_counts_of_everybody_go_before_the_sex_of_the_head():
    found = read(["№", "ФИО", "Пол", "Женщин 18-59", "Девочек 2-5", "Мужчин 18-59"], [["H-1", "Анна Демо", "ж", "1", "2", "0"]])
    assert [each.age_band for each in found["H-1"].members] == ["2-5", "2-5", "18-59"]
    assert found["H-1"].private["head"] == "Анна Демо"


def test_the_sex_of_the_head_on_the_first_sheet_is_not_that_of_the_members_on_the_second():
    main = [[*KOBO_MAIN[0], "sex"], *([*row, "male"] for row in KOBO_MAIN[1:])]
    found = read_content(workbook(("form", main), ("members", KOBO_MEMBERS)))
    assert [each.sex for each in found["aa-1"].members] == ["female", "male"]
    assert [each.name for each in found["aa-1"].members] == ["Anna Demo", "Ivan Demo"]
    assert found["aa-1"].private["head"] == "Anna Demo"


WIDE = [
    ["HH ID", "Head of household", "Member 1 name", "Member 1 sex", "Member 1 age",
     "Member 2 name", "Member 2 sex", "Member 2 age"],
    ["household_id", "hh/head_name", "name_1", "sex_1", "age_1", "name_2", "sex_2", "age_2"],
    ["_uuid", "head_name", "members[1]/name", "members[1]/sex", "members[1]/age",
     "members[2]/name", "members[2]/sex", "members[2]/age"],
    ["№ семьи", "ФИО", "ФИО члена семьи 1", "Пол 1", "Возраст 1", "ФИО члена семьи 2", "Пол 2", "Возраст 2"],
]  # fmt: skip


@pytest.mark.parametrize("header", WIDE)
def test_members_side_by_side_are_members_of_their_household(header):
    found = read(header, [["H-1", "Anna Demo", "Anna Demo", "f", "34", "Ivan Demo", "m", "5"],
                          ["H-2", "Olga Demo", "Olga Demo", "f", "71", "", "", ""]])  # fmt: skip
    assert [(each.name, each.sex, each.age_band) for each in found["H-1"].members] == [
        ("Anna Demo", "female", "18-59"), ("Ivan Demo", "male", "2-5")]  # fmt: skip
    assert len(found["H-2"].members) == 1
    assert {each.private["head"] for each in found.values()} == {"Anna Demo", "Olga Demo"}


def test_the_size_of_a_household_whose_members_are_not_written_out_still_counts():
    found = read([*WIDE[0], "Family size"], [["H-1", "Anna Demo", *[""] * 6, "3"]])
    assert [each.sex for each in found["H-1"].members] == ["unknown"] * 3


def test_a_problem_in_members_side_by_side_is_shown_on_their_row():
    table = read_table(csv(WIDE[0], [["H-1", "A", "A", "f", "34", "B", "m", "five"]]))
    found = read_households(table, Plan(version=1), date(2013, 3, 4))
    assert [(each.row, each.column, each.value) for each in found.problems] == [(2, "age", "five")]


def test_numbered_columns_that_describe_nobody_are_left_alone():
    found = read(["HH ID", "Name", "Phone 1", "Phone 2", "Women 18-59", "Girls 2-5"], [["H-1", "Anna Demo", "1", "2", "1", "1"]])
    assert len(found["H-1"].members) == 2


@pytest.mark.parametrize("header", [
    ["№ семьи", "ФИО", "Пол", "Возраст", "ФИО 2", "Пол 2", "Возраст 2", "ФИО 3", "Пол 3", "Возраст 3"],
    ["HH ID", "Head of household", "Sex of head", "Age of head", "Member 1 name", "Member 1 sex", "Member 1 age",
     "Member 2 name", "Member 2 sex", "Member 2 age"],
])  # fmt: skip
def test_a_head_described_in_columns_of_her_own_is_the_first_member_and_counted_once(header):
    found = read(header, [["H-1", "Anna Demo", "f", "34", "Ivan Demo", "m", "5", "", "", ""],
                          ["H-2", "Olga Demo", "f", "71", "Olga Demo", "f", "71", "Petr Demo", "m", "70"]])  # fmt: skip
    assert [(each.name, each.sex) for each in found["H-1"].members] == [("Anna Demo", "female"), ("Ivan Demo", "male")]
    assert [each.name for each in found["H-2"].members] == ["Olga Demo", "Petr Demo"]
    assert found["H-1"].private["head"] == "Anna Demo"


def test_the_sex_of_the_head_is_the_heads_in_one_row_a_household_and_nobodys_in_one_row_a_member():
    found = read(["№", "ФИО", "Пол главы семьи", "Возраст главы", "Состав семьи"], [["H-1", "Анна Демо", "ж", "34", "2"]])
    assert [(each.sex, each.age_band) for each in found["H-1"].members] == [("female", "18-59"), ("unknown", "unknown")]
    found = read(["HH ID", "Name", "Sex of head", "Age"], [["H-1", "Anna Demo", "f", "34"], ["H-1", "Ivan Demo", "f", "5"]])
    assert [each.sex for each in found["H-1"].members] == ["unknown", "unknown"]


def test_a_file_of_columns_may_name_several_for_one():
    table = read_table(csv(["HH", "A", "B", "Size"], [["H-1", "Demo", "Anna", "2"]]))
    told = json.dumps({"columns": {"external_id": "HH", "head_name": ["A", "B"], "members": "Size"}}).encode()
    choice = read_choice(told, table.header, guess_choice(table))
    assert choice.columns == ("external_id", "head_name", "head_name", "members")
    (household,) = read_households(table, Plan(version=1), date(2013, 3, 4), choice).households
    assert household.private["head"] == "Demo Anna"
