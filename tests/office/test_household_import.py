"""`relief households import`: a list into the ledger, once; problems, changes, and the second pair of eyes."""

import json

import pytest
from sqlalchemy import func, select

from relief.accounts.service import get_desk_enrolment
from relief.db import db, unit_of_work, write
from relief.households.models import Household
from relief.kernel.errors import BadInput, NotAllowed, NotFound
from relief.kernel.ids import derived_id, to_text
from relief.ledger.desk import tell
from relief.ledger.documents import load_document
from relief.ledger.keys import current_keys
from relief.ledger.models import Entry, FoldGroup, Held
from relief.office.lists.cli import import_command
from relief.office.lists.importing import household_id

LIST = (
    "external_id;head_name;village;area;home_site;sex;age;disability;member_name\n"
    "H-1;Anna Demo;Vetka;Gomel region;School 3;f;34;no;Anna Demo\n"
    "H-1;;;;;m;5;;Ivan Demo\n"
    "H-2;Boris Demo;Dobrush;BY03;School 3;m;61;yes;Boris Demo\n"
)
APPROVAL = ("--imported-by", "clerk@example.org", "--approve-list", "list 1", "--approved-by", "manager@example.org")


@pytest.fixture
def take_in(app, setting, tmp_path):
    def run(text, *options, code=0):
        path = tmp_path / "list.csv"
        path.write_text(text, encoding="utf-8")
        result = app.test_cli_runner().invoke(import_command, [str(path), "--operation", "spring-floods", "--json", *options])
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == code, result.output
        db.session.rollback()
        return json.loads(result.output)

    return run


def count(model):
    return db.session.execute(select(func.count()).select_from(model)).scalar_one()


def states(setting):
    rows = db.session.execute(select(Household.household_id, Household.state, Household.size))
    named = {household_id(setting.salt(), name): name for name in ("H-1", "H-2")}
    return {named[bytes(row[0])]: (row[1], row[2]) for row in rows}


def test_a_list_registers_its_households_and_members(take_in, setting):
    answer = take_in(LIST)
    assert (answer["rows"], answer["households"], answer["people"], answer["added"]) == (3, 2, 3, 2)
    assert states(setting) == {"H-1": ("registered", 2), "H-2": ("registered", 1)}


def test_the_same_list_again_adds_nothing_even_on_another_day(take_in, clock):
    take_in(LIST)
    before = count(Entry)
    clock.moment += 86400
    answer = take_in(LIST)
    assert (answer["added"], answer["already_there"], answer["changed"]) == (0, 2, [])
    assert (count(Entry), count(Held)) == (before, 0)


def test_a_longer_list_adds_what_is_new(take_in):
    take_in(LIST)
    answer = take_in(LIST + "H-3;Maria Demo;Vetka;BY03;;f;70;;\n")
    assert (answer["added"], answer["already_there"]) == (1, 2)


def test_a_changed_list_shows_what_would_change_and_imports_nothing_until_somebody_decides(take_in, setting):
    take_in(LIST)
    before = count(Entry)
    longer = LIST.replace("m;61", "m;16") + "H-3;Maria Demo;Vetka;BY03;;f;70;;\n"
    answer = take_in(longer, code=5)
    assert (answer["changed"], answer["new"], answer["added"]) == (["H-2"], 1, 0)
    assert answer["changes"][0]["fields"] == ["members"]
    assert count(Entry) == before


def test_a_change_that_is_taken_corrects_the_household(take_in, setting):
    take_in(LIST)
    answer = take_in(LIST.replace("m;61", "m;16").replace("Dobrush", "Loev"), "--changes", "take")
    assert answer["changes_taken"] == 1
    (band,) = bands(setting, "H-2")
    assert band == "13-17"
    again = take_in(LIST.replace("m;61", "m;16").replace("Dobrush", "Loev"))
    assert (again["already_there"], again["changed"]) == (2, [])


def test_a_list_that_changes_back_is_taken_too_even_within_the_same_second(take_in, setting):
    for text in (LIST, LIST.replace("m;61", "m;16"), LIST, LIST.replace("m;61", "m;5")):
        take_in(text, "--changes", "take")
    assert bands(setting, "H-2") == ["2-5"]


def test_changes_that_are_left_keep_what_was_there_and_add_what_is_new(take_in, setting):
    take_in(LIST)
    answer = take_in(LIST.replace("m;61", "m;16") + "H-3;Maria Demo;Vetka;BY03;;f;70;;\n", "--changes", "leave", code=5)
    assert (answer["added"], answer["changes_taken"]) == (1, 0)
    assert bands(setting, "H-2") == ["60+"]
    assert count(Held) == 0


def test_a_household_that_is_not_in_the_list_any_more_stays(take_in, setting):
    take_in(LIST)
    answer = take_in("".join(LIST.splitlines(keepends=True)[:3]))
    assert answer["not_in_list"] == 1
    assert states(setting)["H-2"] == ("registered", 1)


def test_members_corrected_at_the_desk_are_left_to_the_desk(take_in, setting, clock):
    take_in(LIST)
    correct_at_the_desk(setting, "H-2", clock.now())
    assert take_in(LIST)["changed"] == []
    answer = take_in(LIST.replace("m;61", "m;16"), "--changes", "take", code=5)
    assert answer["changes"][0]["at_the_desk"] and answer["changes_taken"] == 0
    assert bands(setting, "H-2") == ["18-59"]


def bands(setting, external_id):
    group = db.session.get(FoldGroup, (setting.operation_id, household_id(setting.salt(), external_id)))
    return [member["age_band"] for member in load_document(group.document, group.basis).basis.composition().now()]


def correct_at_the_desk(setting, external_id, now):
    household = to_text(household_id(setting.salt(), external_id))
    member = to_text(derived_id(setting.salt(), f"member:{len(external_id)}:{external_id}:1"))
    record = {"kind": "composition", "household": household, "change": "correction", "members": [
        {"id": member, "number": 1, "sex": "male", "age_band": "18-59", "disability": "yes"}]}  # fmt: skip
    with unit_of_work() as session:
        desk_id = get_desk_enrolment(session, setting.operation_id, setting.manager_id, now).enrolment_id
    keys = current_keys()
    write(lambda connection: tell(connection, setting.operation_id, desk_id, [record], now, keys))


def test_a_dry_run_imports_nothing(take_in):
    before = count(Entry)
    answer = take_in(LIST, "--dry-run")
    assert (answer["households"], answer["added"]) == (2, 0)
    assert count(Entry) == before


def test_one_problem_in_the_file_keeps_all_of_it_out(take_in):
    before = count(Entry)
    answer = take_in(LIST + "H-3;Maria Demo;Vetka;Atlantis;;x;70;;\n", code=2)
    assert [(each["row"], each["column"], each["code"]) for each in answer["problems"]] == [
        (5, "sex", "not_a_sex"), (5, "area", "unknown_area"),
    ]  # fmt: skip
    assert count(Entry) == before


def test_a_list_is_approved_by_somebody_else_and_only_once(take_in, setting):
    assert take_in(LIST, *APPROVAL)["approved"] == 2
    assert states(setting) == {"H-1": ("approved", 2), "H-2": ("approved", 1)}
    again = take_in(LIST, *APPROVAL)
    assert (again["approved"], again["already_approved"]) == (0, 2)


def test_a_changed_row_is_not_approved(take_in, setting):
    take_in(LIST)
    answer = take_in(LIST.replace("m;61", "m;16"), "--changes", "leave", *APPROVAL, code=5)
    assert answer["approved"] == 1
    assert states(setting)["H-2"][0] == "registered"


def test_nobody_approves_her_own_list(take_in):
    with pytest.raises(BadInput) as caught:
        take_in(LIST, "--imported-by", "manager@example.org", "--approve-list", "1", "--approved-by", "Manager@example.org")
    assert caught.value.where == "approved_by"


def test_nobody_approves_her_own_list_under_another_name_either(take_in, setting):
    take_in(LIST, "--imported-by", "manager@example.org")
    with pytest.raises(NotAllowed) as caught:
        take_in(LIST, *APPROVAL)
    assert caught.value.code == "own_list"
    assert states(setting)["H-1"][0] == "registered"


def test_only_a_manager_approves(take_in):
    options = ("--imported-by", "manager@example.org", "--approve-list", "1", "--approved-by", "clerk@example.org")
    with pytest.raises(NotAllowed):
        take_in(LIST, *options)
    with pytest.raises(NotFound):
        take_in(LIST, *options[:-1], "nobody@example.org")


def test_an_approval_needs_a_name_and_an_author(take_in):
    by = ("--approved-by", "manager@example.org")
    for options in (("--approve-list", "1"), by, APPROVAL[2:], ("--imported-by", "no address")):
        with pytest.raises(BadInput):
            take_in(LIST, *options)


def test_names_stand_in_the_private_part_alone(take_in):
    take_in(LIST)
    rows = db.session.execute(select(Entry.facts, Entry.private).where(Entry.kind == "registration")).all()
    assert all(b"Demo" not in facts and b"Vetka" not in facts and b"H-1" not in facts for facts, _private in rows)
    assert any(b"Anna Demo" in private for _facts, private in rows)


def test_an_unknown_operation_is_said(app, setting, tmp_path):
    path = tmp_path / "list.csv"
    path.write_text(LIST, encoding="utf-8")
    result = app.test_cli_runner().invoke(import_command, [str(path), "--operation", "MDRXX999"])
    assert isinstance(result.exception, NotFound)


def test_words_for_people_name_row_and_column(app, setting, tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("external_id,sex,Colour\nH-1,x,f\n", encoding="utf-8")
    result = app.test_cli_runner().invoke(import_command, [str(path), "--operation", "spring-floods"])
    assert result.exit_code == 2
    assert "Row 2, sex" in result.output and "Colour" in result.output and "Nothing was imported" in result.output


def test_the_id_of_a_listed_household_cannot_be_guessed_from_its_name(take_in, setting):
    take_in(LIST)
    stored = {bytes(each) for each in db.session.execute(select(Household.household_id)).scalars()}
    assert stored == {household_id(setting.salt(), name) for name in ("H-1", "H-2")}
    assert stored.isdisjoint(household_id(setting.operation_id, name) for name in ("H-1", "H-2"))
