"""Operation files: everything checked at once, the same file again changes nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from relief.accounts.queries import list_enrolments
from relief.budget.queries import get_budget, list_allocations, list_lines
from relief.db import db, unit_of_work
from relief.kernel.errors import BadInput, Conflict, TooLarge
from relief.kernel.ids import new_id, to_text
from relief.ledger.models import Entry
from relief.office.operations.cli import operation as command
from relief.office.operations.file import LARGEST_FILE, file_id, read_operation_file
from relief.office.operations.service import Imported, import_operation
from relief.operations.queries import get_current_plan, get_operation, list_operations
from tests.office.examples import EXAMPLE, changed

NOW = 1772500000
AREAS_TOO_DEEP: list[object] = []
for number in range(14):
    AREAS_TOO_DEEP = [{"key": f"a{number}", "name": f"Area {number}", "areas": AREAS_TOO_DEEP}]


def take_in(raw: bytes, now: int = NOW) -> Imported:
    with unit_of_work() as session:
        return import_operation(session, raw, now)


def test_a_file_registers_an_operation_whole(app: Flask) -> None:
    imported = take_in(EXAMPLE)
    found, plan = get_operation(db.session, "Example floods"), get_current_plan(db.session, imported.operation_id)
    assert (found.id, found.people_targeted, len(found.statements)) == (imported.operation_id, 2000, 2)
    assert (plan.version, plan.status, len(plan.areas), len(plan.indicators)) == (1, "draft", 2, 4)
    assert plan.areas[1].parent == plan.areas[0].id
    assert [item.sensitive for item in plan.items] == [False, False, True, False]
    assert plan.items[0].id == to_text(file_id(imported.operation_id, "item", "food"))
    assert [row.amount_minor for row in list_allocations(db.session, imported.operation_id)] == [88_166_00]
    assert len(list_lines(db.session, imported.operation_id)) == 4


def test_the_same_file_again_changes_nothing(app: Flask) -> None:
    first, again = take_in(EXAMPLE), take_in(EXAMPLE, NOW + 60)
    assert "registered" in first.changed
    assert again == Imported(first.operation_id, 1, ())
    assert len(list_enrolments(db.session, first.operation_id, "import")) == 1


def test_a_changed_plan_makes_a_new_version(app: Flask) -> None:
    first = take_in(EXAMPLE)
    second = take_in(changed("sites", 0, "name", to="School 4"))
    assert (second.operation_id, second.plan_version, second.changed) == (first.operation_id, 2, ("plan",))
    assert get_current_plan(db.session, first.operation_id).sites[0].name == "School 4"


def test_every_plan_version_is_an_entry_of_the_ledger(app: Flask) -> None:
    operation_id = take_in(EXAMPLE).operation_id
    take_in(changed("sites", 0, "name", to="School 4"), NOW + 60)
    kinds = db.session.execute(select(Entry.kind).where(Entry.operation_id == operation_id)).scalars().all()
    assert kinds == ["plan_version", "plan_version"]


def test_a_plan_does_not_lose_what_a_hand_over_may_name(app: Flask) -> None:
    take_in(EXAMPLE)
    with pytest.raises(Conflict) as caught:
        take_in(changed("rounds", 1, to=None))
    assert caught.value.code == "plan_loses"


def test_changed_money_and_facts_are_told_and_the_plan_stays(app: Flask) -> None:
    first = take_in(EXAMPLE)
    assert take_in(changed("operation", "people_targeted", to=2500)).changed == ("people_targeted",)
    assert take_in(changed("budget_lines", to=[])).changed == ("people_targeted", "budget_lines")
    assert (get_budget(db.session, first.operation_id).budgeted, get_current_plan(db.session, first.operation_id).version) == (
        0,
        1,
    )


def test_an_appeal_code_may_come_with_a_later_file_once(app: Flask) -> None:
    take_in(EXAMPLE)
    assert take_in(changed("operation", "appeal_code", to="MDRBY003")).changed == ("identity",)
    assert take_in(EXAMPLE).changed == ()
    with pytest.raises(Conflict) as caught:
        take_in(changed("operation", "appeal_code", to="MDRBY004"))
    assert caught.value.code == "given_once"


def test_a_file_may_give_the_operation_its_permanent_id(app: Flask) -> None:
    wanted = new_id()
    raw = changed("operation", "id", to=to_text(wanted))
    assert take_in(raw).operation_id == wanted
    assert take_in(raw).changed == ()


def test_an_allocation_is_not_rewritten_by_a_file(app: Flask) -> None:
    take_in(EXAMPLE)
    with pytest.raises(Conflict) as caught:
        take_in(changed("allocations", 0, "amount", to="1.00"))
    assert caught.value.code == "given_once"


def test_a_status_goes_its_way_step_by_step(app: Flask) -> None:
    take_in(EXAMPLE)
    with pytest.raises(Conflict) as caught:
        take_in(changed("status", to="closed"))
    assert caught.value.code == "status_order"
    assert take_in(changed("status", to="active")).plan_version == 2


def test_an_operation_of_the_past_may_come_in_closed(app: Flask) -> None:
    imported = take_in(changed("status", to="closed"))
    assert get_current_plan(db.session, imported.operation_id).status == "closed"


WRONG = {
    "an unknown zone": (("sites", 0, "zone"), "Mars/Olympus", "sites[0].zone"),
    "an area inside": (("areas", 0, "areas", 0, "key"), "NOT A KEY", "areas[0].areas[0].key"),
    "an area key twice": (("areas", 0, "areas", 0, "key"), "gomel", "areas[0].areas[0].key"),
    "an area of no such key": (("sites", 0, "area"), "brest", "sites[0].area"),
    "an item of no such key": (("rules", 0, "item"), "tent", "items[0]"),
    "an indicator of no item": (("indicators", 0, "items"), ["tent"], "indicators[0].items[0]"),
    "overlapping rounds": (("rounds", 1, "first_day"), "2026-03-31", "rounds[1].first_day"),
    "a negative amount": (("allocations", 0, "amount"), "-1.00", "allocations[0].amount"),
    "an amount with a third decimal": (("allocations", 0, "amount"), "1.005", "allocations[0].amount"),
    "an amount as a number": (("allocations", 0, "amount"), 88166, "allocations[0].amount"),
    "an unknown sector": (("budget_lines", 0, "sector"), "fishing", "budget_lines[0].sector"),
    "a key twice": (("budget_lines", 1, "key"), "food", "budget_lines[1].key"),
    "a field nobody knows": (("operation", "colour"), "blue", "operation.colour"),
    "a list that is an object": (("sites",), {}, "sites"),
    "an entry that is a number": (("items", 0), 7, "items[0]"),
    "a fraction of a person": (("operation", "people_targeted"), 1.5, "operation.people_targeted"),
    "true for a number": (("operation", "people_targeted"), True, "operation.people_targeted"),
    "a NUL": (("operation", "title"), "a\0b", "operation.title"),
    "year 0": (("operation", "start_day"), "0000-01-01", "operation.start_day"),
    "another format": (("format",), "something-else", "format"),
    "a later version": (("version",), 2, "version"),
    "an id that is none": (("operation", "id"), "MDRBY003", "operation.id"),
    "an appeal code that is none": (("operation", "appeal_code"), "bad!", "operation.appeal_code"),
    "a GLIDE that is none": (("operation", "glide"), "flood", "operation.glide"),
    "an allocation in euro": (("allocations", 0, "currency"), "EUR", "allocations[0].currency"),
    "a figure that is a list": (("statements", 0, "figure"), [1], "statements[0].figure"),
    "no rounds name": (("rounds", 0, "name"), None, "rounds[0].name"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_problem_is_told_at_its_place(case: str) -> None:
    path, value, where = WRONG[case]
    with pytest.raises(BadInput) as caught:
        read_operation_file(changed(*path, to=value))
    told = [problem["message"] for problem in caught.value.extra["problems"] if problem["where"] == where]
    assert len(told) == 1 and len(told[0].split()) > 1, "a sentence, not its letters"


def test_all_problems_are_told_at_once_and_nothing_is_stored(app: Flask) -> None:
    raw = EXAMPLE.replace(b"Europe/Minsk", b"Mars/Olympus").replace(b'"unit": "parcel", ', b"").replace(b"88166.00", b"much")
    with pytest.raises(BadInput) as caught:
        take_in(raw)
    places = [problem["where"] for problem in caught.value.extra["problems"]]
    assert sorted(places) == ["allocations[0].amount", "items[0].unit", "sites[0].zone"]
    assert list_operations(db.session) == []


@pytest.mark.parametrize(
    "raw", [b"", b"{", b"[]", b"null", b'{"format": "\\ud800"}', b"\xff\xfe", b'{"areas": 5}', b"NaN", b"[" * 5000]
)
def test_what_is_no_operation_file_is_refused(raw: bytes) -> None:
    with pytest.raises(BadInput):
        read_operation_file(raw)


def test_a_name_that_comes_twice_is_told_and_neither_is_taken() -> None:
    twice = EXAMPLE.replace(b'"status":', b'"status": "closed", "status":', 1)
    assert twice != EXAMPLE
    with pytest.raises(BadInput, match="says status twice"):
        read_operation_file(twice)


def test_another_operations_appeal_code_is_no_working_name_and_its_operation_stays(app: Flask) -> None:
    take_in(changed("operation", "appeal_code", to="MDRBY003"))
    before = list_operations(db.session)
    with pytest.raises(BadInput, match="is the appeal code of an operation"):
        take_in(changed("operation", "working_name", to="mdrby003"))
    assert list_operations(db.session) == before


def test_areas_nested_without_end_are_refused() -> None:
    with pytest.raises(BadInput):
        read_operation_file(changed("areas", to=AREAS_TOO_DEEP))


def test_a_file_too_large_is_refused_unread() -> None:
    with pytest.raises(TooLarge):
        read_operation_file(b" " * (LARGEST_FILE + 1))


def test_the_command_imports_lists_and_shows(app: Flask, tmp_path: Path) -> None:
    file, run = tmp_path / "operation.json", app.test_cli_runner()
    file.write_bytes(EXAMPLE)
    first = run.invoke(command, ["import", str(file), "--json"])
    assert (first.exit_code, json.loads(first.output)["plan_version"]) == (0, 1)
    assert "nothing changed" in run.invoke(command, ["import", str(file)]).output
    assert [row["working_name"] for row in json.loads(run.invoke(command, ["list", "--json"]).output)] == ["Example floods"]
    shown = json.loads(run.invoke(command, ["show", "Example floods", "--json"]).output)
    assert shown["operation"]["id"] == json.loads(first.output)["operation"]
    assert "1 parcel for every 5 people" in run.invoke(command, ["show", "Example floods"]).output
