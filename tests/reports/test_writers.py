"""The files: JSON with stable keys, CSV to the byte, HTML that stands alone."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest

from relief.reports.csv_ import COLUMNS, write_csv
from relief.reports.document import walk
from relief.reports.html import write_html
from relief.reports.json_ import write_json
from tests.conftest import only_sqlite
from tests.house.pages_check import page_problems
from tests.reports.samples import NOW, report, silent


def figures(document=None) -> dict[tuple[str, ...], str]:
    """Return {(section, table, row, column): value} of the CSV."""
    rows = csv.DictReader(io.StringIO(write_csv(document or report()).decode(), newline=""))
    return {(row["section"], row["table"], row["row"], row["column"]): row["value"] for row in rows}


def test_csv_starts_with_the_frozen_columns_and_a_version():
    head, first, *_rest = write_csv(report()).decode().split("\r\n")
    assert head == ",".join(f'"{column}"' for column in COLUMNS)
    assert COLUMNS == ("version", "appeal_code", "section", "table", "row", "column", "value", "unit", "as_of", "position")
    assert first == '1,"MDRBY003","key_facts","key_facts","appeal_code","value","MDRBY003","","2013-03-20T18:00:00+03:00",42'


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ('"key_facts","total_allocation","value",88166.00,"CHF"', "a point, no grouping"),
        ('"key_facts","people_affected","value",,"people"', "nothing is not known"),
        ('"key_facts","glide","value",,""', "nothing is not known"),
        ('"financial_report","money","dref_additional","value",0.00,"CHF"', "zero is zero"),
        ('"operational_strategy","objective","","text","\'=HYPERLINK(1)\nHelp.",""', "no formula starts"),
        ('"key_facts","operation_start","value","2013-03-04",""', "ISO days"),
    ],
)
def test_csv_writes(line: str, why: str):
    assert line in write_csv(report()).decode(), why


def test_csv_has_the_appeal_code_on_every_row():
    rows = list(csv.DictReader(io.StringIO(write_csv(report()).decode(), newline="")))
    assert {row["appeal_code"] for row in rows} == {"MDRBY003"}
    assert len(figures()) == len(rows)  # no two rows are the same figure


def test_csv_is_the_same_later_and_with_silent_phones():
    assert write_csv(report()) == write_csv(report(now=NOW + 86_400, completeness=silent()))


def test_csv_has_the_figures():
    found = figures()
    assert found["key_facts", "key_facts", "people_assisted", "value"] == "10"
    assert found["implementation.livelihoods_and_basic_needs", "items", "parcel", "given"] == "6"
    assert found["contradictions", "statements_differ", "4", "figure"] == "4 hours"


def test_json_has_stable_keys_and_units():
    answer = json.loads(write_json(report()))
    assert set(answer) == {"version", "title", "code", "operation_id", "operation_title", "national_society", "edition", "demo",
                           "as_of", "as_of_text", "made_at", "made_at_text", "ledger", "plan_version", "sections",
                           "footnotes"}  # fmt: skip
    facts = {fact["key"]: fact for fact in answer["sections"][0]["blocks"][0]["facts"]}
    assert facts["total_allocation"]["value"] == "88166.00" and facts["total_allocation"]["unit"] == "CHF"
    assert facts["people_affected"]["value"] is None
    assert (facts["people_assisted"]["value"], facts["people_assisted"]["unit"]) == (10, "people")


def test_json_traces_numbers_to_query_moment_and_head():
    answer = json.loads(write_json(report()))
    fact = next(fact for fact in answer["sections"][0]["blocks"][0]["facts"] if fact["key"] == "people_assisted")
    note = answer["footnotes"][fact["footnote"] - 1]
    assert note["query"].startswith("totals.queries.read_totals")
    assert note["ledger"] == {"id": answer["ledger"]["id"], "position": 42, "head": "ab" * 32}
    assert note["as_of"] == "2013-03-20T18:00:00+03:00"


@pytest.fixture
def page(app) -> str:
    return write_html(report(operation={"title": "<b>Floods</b>"})).decode()


@only_sqlite
def test_html_stands_alone_and_is_a_good_page(page: str):
    assert page_problems(page) == []
    assert "<style>" in page and "<script" not in page and "<link" not in page
    assert not re.findall(r'(?:src|href)="(?!#)', page)


@only_sqlite
def test_html_escapes_what_people_wrote(page: str):
    assert "<b>Floods</b>" not in page and "&lt;b&gt;Floods&lt;/b&gt;" in page


@only_sqlite
def test_html_tables_have_captions_and_scopes(page: str):
    tables = re.findall(r"<table.*?</table>", page, flags=re.S)
    assert tables
    for table in tables:
        assert "<caption" in table
        assert not re.findall(r"<th(?![^>]*scope=)[ >]", table)


@only_sqlite
def test_html_links_lead_somewhere(page: str):
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(re.findall(r'id="([^"]+)"', page))


@only_sqlite
def test_html_says_what_it_is(page: str):
    for words in ("Internal edition", "Not for publication", "Demonstration data", "ledger position 42", "200", "88,166.00"):
        assert words in page
    assert all(section.title in page.replace("&#39;", "'") for _path, section in walk(report().sections))


@only_sqlite
def test_html_says_at_least_while_a_phone_is_silent(app):
    assert "at least" in write_html(report(completeness=silent())).decode()
