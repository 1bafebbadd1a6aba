"""A report from hand-overs in the ledger to the file, on both databases, and who may have it."""

from __future__ import annotations

import json
import os
from concurrent.futures import ThreadPoolExecutor

import pytest
from click.testing import CliRunner

from relief.kernel.ids import to_text
from relief.reports.cli import report_command
from tests.accounts.people import browser_of, make_user
from tests.conftest import only_sqlite
from tests.ledger.field import Field
from tests.model.plan import id_of


@pytest.fixture
def field(app, clock) -> Field:
    field = Field(app, clock)
    field.household("h1", members=4)
    phone = field.phone()
    phone.send(phone.handover("h1"), phone.handover("h1", item="bl", quantity=1, members=[id_of("h1-1")]))
    field.seal()
    return field


def address(field: Field, ending: str = "") -> str:
    return f"/operations/{to_text(field.operation_id)}/report{ending}"


def manager(app, field: Field):
    return browser_of(app, make_user("manager@example.org", roles=((field.operation_id, "manager"),)))


def test_a_hand_over_comes_out_in_the_report(app, field):
    answer = manager(app, field).get("/api/v1" + address(field)).json
    facts = {fact["key"]: fact["value"] for fact in answer["sections"][0]["blocks"][0]["facts"]}
    assert (facts["people_assisted"], facts["households_assisted"]) == (4, 1)
    assert answer["ledger"]["position"] > 0 and answer["ledger"]["head"]


def test_the_csv_of_one_position_is_the_same_file_whenever_it_is_made(app, field, clock):
    user = make_user("manager@example.org", roles=((field.operation_id, "manager"),))
    first = browser_of(app, user).get(address(field, ".csv"))
    clock.moment += 3 * 86_400
    assert first.status_code == 200 and browser_of(app, user).get(address(field, ".csv")).data == first.data


@only_sqlite
def test_the_page_offers_the_files(app, field):
    browser = manager(app, field)
    page = browser.get(address(field)).text
    for form, media_type in (("html", "text/html"), ("csv", "text/csv"), ("json", "application/json")):
        assert address(field, f".{form}") in page
        answer = browser.get(address(field, f".{form}"))
        assert answer.status_code == 200 and answer.mimetype == media_type
        assert answer.headers["Content-Type"].count("charset") == (0 if form == "json" else 1)
        assert "attachment" in answer.headers["Content-Disposition"] and answer.headers["Cache-Control"] == "no-store"


@only_sqlite
def test_another_kind_of_file_is_not_found(app, field):
    assert manager(app, field).get(address(field, ".exe")).status_code == 404


@only_sqlite
@pytest.mark.parametrize(
    ("role", "status"), [("manager", 200), ("finance", 200), ("auditor", 200), ("volunteer", 403), ("site_lead", 403)]
)
@pytest.mark.parametrize("ending", ["", ".csv", "api"])
def test_managers_finance_and_auditors_may_read_it(app, field, role: str, status: int, ending: str):
    browser = browser_of(app, make_user("somebody@example.org", roles=((field.operation_id, role),)))
    where = "/api/v1" + address(field) if ending == "api" else address(field, ending)
    assert browser.get(where).status_code == status


@only_sqlite
def test_somebody_from_elsewhere_learns_nothing(app, field):
    assert browser_of(app, make_user("other@example.org")).get(address(field)).status_code == 404


@only_sqlite
def test_the_command_writes_a_file_or_to_the_terminal(app, field, tmp_path):
    path = tmp_path / "report.json"
    done = CliRunner().invoke(report_command, ["spring-floods", "--format", "json", "-o", str(path)], catch_exceptions=False)
    assert done.exit_code == 0 and json.loads(path.read_bytes())["code"] == "spring-floods"
    assert str(path) in done.stderr and done.stdout == ""
    missing = str(tmp_path / "none" / "report.html")
    failed = CliRunner().invoke(report_command, ["spring-floods", "-o", missing]).exception
    assert isinstance(failed, OSError) and failed.filename == missing
    done = CliRunner().invoke(report_command, ["spring-floods", "--format", "csv"], catch_exceptions=False)
    assert done.stdout_bytes.startswith(b'"version","appeal_code"')


@only_sqlite
def test_the_command_writes_to_a_device_or_pipe_and_does_not_put_a_file_in_its_place(field, tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with ThreadPoolExecutor(1) as reader:
        told = reader.submit(pipe.read_bytes)
        CliRunner().invoke(report_command, ["spring-floods", "--format", "json", "-o", str(pipe)], catch_exceptions=False)
        assert json.loads(told.result(60))["code"] == "spring-floods"
    assert pipe.is_fifo()
