"""Lists as they really come: what must come out of each, and bombs that must not go off."""

import io
import zipfile
from datetime import date

import pytest
from flask import Flask
from flask_babel import Babel

from relief.households.household_file import guess_choice, read_households
from relief.households.problem_file import problem_file
from relief.households.table import read_table
from relief.kernel.errors import ReliefError
from relief.operations.rules import Plan
from tests.households.list_files import FILES, GOOD, HEADER, csv, with_part

START = date(2013, 3, 4)
PLAN = Plan(version=1)


@pytest.fixture(autouse=True)
def words():
    app = Flask("words")
    Babel(app)
    with app.app_context():
        yield


def read(file):
    table = read_table(file.content, members=file.members)
    return table, read_households(table, PLAN, START)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_what_comes_out_of_a_list(file):
    if file.error:
        with pytest.raises(ReliefError) as caught:
            read(file)
        assert caught.value.code == file.error
        return
    _table, found = read(file)
    assert {each.external_id: ", ".join(f"{member.sex} {member.age_band}" for member in each.members)
            for each in found.households} == file.households  # fmt: skip
    assert tuple((each.row, each.column, each.code) for each in found.problems) == file.problems
    assert {(each.column, each.value) for each in found.questions} == file.questions
    assert {each.external_id: each.private.get("village") for each in found.households
            if each.external_id in file.private} == file.private  # fmt: skip


def test_there_are_at_least_thirty_files():
    assert len(FILES) >= 30


@pytest.mark.parametrize("file", [file for file in FILES if file.problems], ids=lambda file: file.name)
def test_the_file_to_fix_holds_every_row_and_comes_back_with_the_same_problems(file):
    table, found = read(file)
    text = problem_file(table, found.problems, guess_choice(table).columns)
    again = read_table(text.encode())
    assert len(again.rows) == len(table.rows)
    assert again.header[0] == "problem"
    assert sum(bool(cells[0]) for _row, cells in again.rows) == len({each.row for each in found.problems})
    back = read_households(again, PLAN, START)
    assert [each.code for each in back.problems] == [each.code for each in found.problems] or table.places


def test_no_cell_of_the_file_to_fix_can_start_a_formula():
    table = read_table(csv([*HEADER, "=cmd|' /C calc'!A0"], [["H-1", "+A", "x", "@5", "-1"]]))
    found = read_households(table, PLAN, START)
    lines = problem_file(table, found.problems, guess_choice(table).columns).splitlines()
    assert all(not cell.startswith(("=", "+", "-", "@")) for line in lines for cell in line.strip('"').split('","'))


def bomb(megabytes):
    """A workbook whose one sheet unpacks to so many megabytes of blanks."""
    return with_part(GOOD, "xl/worksheets/sheet1.xml", b" " * (megabytes << 20))


def test_a_bomb_is_refused_by_its_directory():
    with pytest.raises(ReliefError) as caught:
        read_table(bomb(101))
    assert caught.value.code == "too_large"


def test_a_bomb_that_lies_about_its_size_is_refused_while_it_unpacks():
    content = bytearray(bomb(101))
    with zipfile.ZipFile(io.BytesIO(bytes(content))) as package:
        true_size = package.getinfo("xl/worksheets/sheet1.xml").file_size.to_bytes(4, "little")
    start = 0
    while (start := content.find(true_size, start)) >= 0:
        content[start : start + 4] = (1000).to_bytes(4, "little")
        start += 4
    with pytest.raises(ReliefError) as caught:
        read_table(bytes(content))
    assert caught.value.code in ("too_large", "damaged")


def test_a_row_far_down_is_read_and_a_sheet_may_say_what_it_likes_of_its_size():
    sheet = (b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
             b'<dimension ref="A1:XFD1048576"/><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>external_id</t></is></c>'
             b'<c r="B1" t="inlineStr"><is><t>members</t></is></c></row>'
             b'<row r="1048576"><c r="A1048576"><v>5</v></c></row></sheetData></worksheet>')  # fmt: skip
    table = read_table(with_part(GOOD, "xl/worksheets/sheet1.xml", sheet))
    assert table.header == ("external_id", "members")
    assert table.rows == ((1048576, ("5",)),)


def test_a_formula_that_gives_an_empty_text_has_a_value():
    sheet = (b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
             b'<row r="1"><c r="A1" t="inlineStr"><is><t>external_id</t></is></c>'
             b'<c r="B1" t="inlineStr"><is><t>phone</t></is></c></row><row r="2"><c r="A2"><v>5</v></c>'
             b'<c r="B2" t="str"><f>IF(1,"","")</f><v></v></c></row></sheetData></worksheet>')  # fmt: skip
    assert read_table(with_part(GOOD, "xl/worksheets/sheet1.xml", sheet)).rows == ((2, ("5", "")),)


def test_cells_far_right_are_refused():
    sheet = (b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
             b'<row r="1"><c r="XFD1"><v>1</v></c></row></sheetData></worksheet>')  # fmt: skip
    with pytest.raises(ReliefError) as caught:
        read_table(with_part(GOOD, "xl/worksheets/sheet1.xml", sheet))
    assert caught.value.code == "too_large"
