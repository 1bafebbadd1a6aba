"""`relief paper` does what the pages do."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from relief.accounts.models import AuditEntry
from relief.db import db, snapshot, unit_of_work
from relief.kernel.errors import BadInput
from relief.office.paper.cli import paper
from relief.office.paper.queries import get_sheet
from tests.cards.printed import texts
from tests.conftest import only_sqlite
from tests.office.conftest import CODE
from tests.office.paper_town import DAY, TIME, Town, build_town


@pytest.fixture
def town(setting) -> Town:
    return build_town(setting.operation_id, setting.manager_id)


@pytest.fixture
def run(app):
    def call(*words, code=0):
        result = app.test_cli_runner().invoke(paper, [*map(str, words)])
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == code, result.output
        return json.loads(result.output) if "--json" in words else result.output

    return call


@pytest.fixture
def filled(town, tmp_path):
    path = tmp_path / "sheet.csv"
    rows = [f"{town.cards[place].number};{town.cards[place].last_four};x" for place in (0, 1)]
    path.write_text("\n".join(["number;signs;Food parcel", *rows, "99-0001;;1"]), encoding="utf-8")
    return path


def test_sheets_are_printed_from_the_command_line(run, town, tmp_path):
    out = tmp_path / "sheets.pdf"
    told = run("print", CODE, "--site", "School 3", "--item", "food parcel", "--lane", "all", "--out", out, "--json")
    assert len(told["sheets"]) == 2
    assert ["Lane 1 of 2" in page for page in texts(out.read_bytes())] == [True, False]
    assert run("count", CODE, "--sheet", "2", "--state", "missing", "--json")["sites"]["School 3"]["missing"] == 1


@only_sqlite
def test_what_becomes_of_a_sheet_is_noted_in_the_same_transaction(run, town):
    (sheet,) = town.print()
    refuse = "CREATE TRIGGER full BEFORE INSERT ON audit_entry BEGIN SELECT RAISE(ABORT, 'full'); END"
    with unit_of_work() as session:
        session.execute(text(refuse))
    with pytest.raises(DatabaseError):
        run("count", CODE, "--sheet", "1", "--state", "missing")
    with snapshot() as connection:
        assert get_sheet(connection, town.operation_id, sheet.id).state == "printed"


def test_a_file_is_entered_once_and_what_waits_is_said(run, town, filled):
    town.print()
    words = ("enter", CODE, filled, "--sheet", "1", "--day", DAY, "--time", TIME, "--by", "manager@example.org", "--json")
    dry = run(*words, "--dry-run", code=8)
    assert "added" not in dry and dry["new"] == [1, 2]
    told = run(*words, code=8)
    assert (told["added"], told["waiting"], list(told["lines"])) == (2, [3], ["3"])
    assert run(*words, code=8)["added"] == 0
    filled.write_text(filled.read_text(encoding="utf-8").replace("99-0001", town.cards[2].number), encoding="utf-8")
    assert run(*words)["added"] == 1


def test_a_column_that_the_sheet_does_not_have_is_named(run, town, filled):
    town.print("blanket")
    with pytest.raises(BadInput) as refused:
        run("enter", CODE, filled, "--sheet", "1", "--day", DAY, "--time", TIME, "--by", "manager@example.org")
    assert refused.value.where == "column 3"


def test_who_has_not_come_is_listed_with_a_purpose_in_the_audit(run, town, tmp_path):
    told = run("missing", CODE, "--area", "Brest region", "--purpose", "home visits", "--json")
    assert [each["head"] for each in told["households"]] == ["Kovaleva Olga"]
    run("missing", CODE, "--purpose", "home visits", "--out", tmp_path / "who.pdf")
    assert "Borki" in texts((tmp_path / "who.pdf").read_bytes())[0]
    found = db.session.execute(select(AuditEntry.action, AuditEntry.purpose)).all()
    assert ("paper.missing_listed", "other: home visits") in [tuple(each) for each in found]
