"""`relief cards issue` and what happens to cards afterwards."""

import csv
import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from relief.accounts.audit import list_entries
from relief.cards.models import Card
from relief.cards.rules import card_key, check_code
from relief.db import db, unit_of_work, write
from relief.households.rules import HouseholdRow, MemberRow
from relief.kernel.errors import BadInput, NotFound, ReliefError
from relief.ledger import desk
from relief.ledger.keys import current_keys
from relief.ledger.models import Entry
from relief.office.cards import issuing as card_issue
from relief.office.cards.cli import card_list, issue_command
from relief.office.cards.issuing import IssuedCard, issue_blank_cards, issue_cards
from relief.office.devices import CARD_ISSUE, HOUSEHOLD_IMPORT, get_office_enrolment
from relief.office.lists.importing import approve_households, household_id, import_households

FOR_THE_SITES = ["--operation", "spring-floods", "--purpose", "for the sites"]


@pytest.fixture
def desk_id(setting, clock):
    with unit_of_work() as session:
        return get_office_enrolment(session, setting.operation_id, CARD_ISSUE, clock.now())


@pytest.fixture
def register(setting, clock):
    """Register households given as (external id, village, site or None); the approved ones are approved."""

    def run(*households, approved=True):
        operation_id, now, keys = setting.operation_id, clock.now(), current_keys()
        with unit_of_work() as session:
            importer = get_office_enrolment(session, operation_id, HOUSEHOLD_IMPORT, now)
        rows = [
            HouseholdRow(2, name, (MemberRow(1),), {"village": village}, home_site=site and setting.id(site))
            for name, village, site in households
        ]
        done = write(lambda connection: import_households(connection, operation_id, importer, rows, now, keys=keys))
        if approved:
            write(lambda connection: approve_households(
                connection, operation_id, importer, setting.manager_id, "1", done.households, now, keys))  # fmt: skip

    return run


@pytest.fixture
def issue(setting, desk_id, clock):
    def run(site=None):
        keys = current_keys()
        return write(lambda connection: issue_cards(connection, setting.operation_id, desk_id, clock.now(), site, keys))

    return run


@pytest.fixture
def issue_blank(setting, desk_id, clock):
    def run(count):
        keys = current_keys()
        return write(lambda connection: issue_blank_cards(connection, setting.operation_id, desk_id, count, clock.now(), keys))

    return run


@pytest.fixture
def tell(setting, desk_id, clock):
    def run(record):
        keys = current_keys()
        (verdict,) = write(lambda connection: desk.tell(
            connection, setting.operation_id, desk_id, [record], clock.now(), keys))  # fmt: skip
        return verdict

    return run


def states():
    rows = db.session.execute(select(Card.number, Card.state)).all()
    db.session.rollback()
    return dict(rows)


def test_every_approved_household_gets_one_card_that_leads_to_it(setting, register, issue):
    register(("H-1", "Vetka", "school"), ("H-2", "Vetka", "school"))
    cards = issue()
    assert all(check_code(card.code) and card_key(setting.operation_id, card.code) == card.key for card in cards)
    rows = db.session.execute(select(Card.card_key, Card.state, Card.household_id)).all()
    assert {bytes(row[0]): (row[1], bytes(row[2])) for row in rows} == {card.key: ("linked", card.household_id) for card in cards}
    assert {card.household_id for card in cards} == {household_id(setting.salt(), name) for name in ("H-1", "H-2")}


def test_numbers_run_in_the_order_of_site_village_and_external_id(register, issue):
    register(("H-10", "Vetka", "school"), ("H-2", "Vetka", "school"), ("H-3", "Dobrush", "school"), ("H-4", "A", None),
             ("H-5", "Z", "club"))  # fmt: skip
    assert [(card.number, card.external_id) for card in issue()] == [
        ("01-0001", "H-5"), ("01-0002", "H-3"), ("01-0003", "H-2"), ("01-0004", "H-10"), ("01-0005", "H-4"),
    ]  # fmt: skip


def test_issuing_again_issues_none_and_new_households_get_the_next_run(register, issue):
    register(("H-1", "Vetka", "school"))
    assert len(issue()) == 1
    assert issue() == []
    register(("H-2", "Vetka", "school"))
    assert [(card.number, card.external_id) for card in issue()] == [("02-0001", "H-2")]


def test_who_is_not_approved_gets_no_card(register, issue):
    register(("H-1", "Vetka", "school"), approved=False)
    assert issue() == []


def test_a_run_may_be_for_one_site(setting, register, issue):
    register(("H-1", "Vetka", "school"), ("H-2", "Vetka", "club"))
    site_id = bytes.fromhex(setting.id("club").replace("-", ""))
    assert [card.external_id for card in issue(site_id)] == ["H-2"]


def test_blank_stock_is_of_nobody_until_it_is_linked(setting, register, issue_blank, tell):
    register(("H-1", "Vetka", "school"))
    first, second = issue_blank(2)
    assert states() == {"01-0001": "blank", "01-0002": "blank"}
    household = household_id(setting.salt(), "H-1")
    assert tell(card_issue.link(second.key, household)).verdict == "accepted"
    assert states() == {first.number: "blank", second.number: "linked"}


@pytest.mark.parametrize("count", [0, -1, 10_001])
def test_blank_stock_has_a_limit(issue_blank, count):
    with pytest.raises(BadInput):
        issue_blank(count)


def test_a_replacement_leads_to_the_household_of_the_old_card(register, issue, issue_blank, tell):
    register(("H-1", "Vetka", "school"))
    (old,) = issue()
    (new,) = issue_blank(1)
    tell(card_issue.replace(old.key, new.key, "lost"))
    assert states() == {old.number: "replaced", new.number: "linked"}
    assert issue() == []


def test_a_cancelled_card_is_made_good_by_the_next_run(clock, register, issue, tell):
    register(("H-1", "Vetka", "school"))
    (old,) = issue()
    tell(card_issue.hand_out(old.key))
    clock.moment += 60
    tell(card_issue.cancel(old.key, "torn"))
    assert states() == {old.number: "cancelled"}
    assert [card.external_id for card in issue()] == ["H-1"]


def test_the_code_stands_in_the_private_part_alone(register, issue):
    register(("H-1", "Vetka", "school"))
    (card,) = issue()
    rows = db.session.execute(select(Entry.facts, Entry.private).where(Entry.kind == "card")).all()
    assert [card.code.encode() in private for _facts, private in rows] == [True]
    assert all(card.code.encode() not in facts and card.key.hex().encode() not in facts for facts, _private in rows)


def test_the_command_lists_numbers_and_last_signs_but_no_code(app, setting, register, tmp_path):
    register(("H-1", "Vetka", "school"))
    path = tmp_path / "cards.csv"
    result = app.test_cli_runner().invoke(issue_command, [*FOR_THE_SITES, "--json", "--csv", str(path)])
    assert result.exit_code == 0, result.output
    (card,) = json.loads(result.output)["cards"]
    assert (card["number"], card["external_id"], card["site"], len(card["last_four"])) == ("01-0001", "H-1", "School 3", 4)
    rows = list(csv.reader(path.read_text(encoding="utf-8").splitlines()))
    assert rows == [["number", "last_four", "external_id", "site"], ["01-0001", card["last_four"], "H-1", "School 3"]]


@pytest.mark.parametrize("purpose", [[], ["--purpose", " "]])
def test_no_list_of_who_gets_which_card_without_a_purpose(app, setting, register, tmp_path, purpose):
    register(("H-1", "Vetka", "school"))
    path = tmp_path / "cards.csv"
    result = app.test_cli_runner().invoke(issue_command, ["--operation", "spring-floods", "--csv", str(path), *purpose])
    assert result.exception.code == "purpose_needed"
    assert (result.output, path.exists(), states()) == ("", False, {})


def test_the_purpose_of_the_list_of_issued_cards_is_noted(app, setting, register):
    register(("H-1", "Vetka", "school"))
    app.test_cli_runner().invoke(issue_command, FOR_THE_SITES)
    noted = [row.purpose for row in list_entries(db.session, setting.operation_id).rows if row.action == "cards.issued"]
    assert noted == ["other: for the sites"]


def test_no_card_is_issued_for_a_list_that_cannot_be_written(app, setting, register, tmp_path):
    register(("H-1", "Vetka", "school"))
    result = app.test_cli_runner().invoke(
        issue_command, [*FOR_THE_SITES, "--csv", str(tmp_path / "none" / "cards.csv")]
    )
    assert isinstance(result.exception, FileNotFoundError)
    assert states() == {}


def test_cards_that_are_not_issued_leave_no_list_and_take_none_away(app, setting, tmp_path):
    earlier = tmp_path / "earlier.csv"
    earlier.write_text("kept", encoding="utf-8")
    for path in (tmp_path / "cards.csv", earlier):
        result = app.test_cli_runner().invoke(issue_command, ["--operation", "nowhere", "--purpose", "x", "--csv", str(path)])
        assert isinstance(result.exception, NotFound)
    assert [path.name for path in tmp_path.iterdir()] == ["earlier.csv"] and earlier.read_text(encoding="utf-8") == "kept"


def test_a_new_list_takes_the_place_of_an_earlier_longer_one(app, setting, register, tmp_path):
    path = tmp_path / "cards.csv"
    path.write_text("earlier\r\n" * 100, encoding="utf-8")
    register(("H-1", "Vetka", "school"))
    result = app.test_cli_runner().invoke(issue_command, [*FOR_THE_SITES, "--csv", str(path)])
    assert result.output == f"Issued 1 card; the list is in {path}.\n"
    assert "earlier" not in path.read_text(encoding="utf-8") and "H-1" in path.read_text(encoding="utf-8")


def test_the_list_of_issued_cards_goes_to_the_terminal_when_the_disk_is_full(app, setting, register):
    register(("H-1", "Vetka", "school"))
    result = app.test_cli_runner().invoke(issue_command, [*FOR_THE_SITES, "--csv", "/dev/full"])
    assert isinstance(result.exception, ReliefError) and "keep the list above" in result.exception.message
    assert '"H-1"' in result.output and len(states()) == 1


def test_the_command_issues_blank_stock(app, setting):
    result = app.test_cli_runner().invoke(issue_command, ["--operation", "spring-floods", "--blank", "3"])
    assert result.exit_code == 0, result.output
    assert sorted(states()) == ["01-0001", "01-0002", "01-0003"]


def test_no_cell_of_the_list_starts_a_formula():
    text = card_list([IssuedCard("01-0001", "0" * 16, bytes(16), external_id="=1+1", site="@home")])
    assert text.splitlines()[1] == '"01-0001","0000","\'=1+1","\'@home"'


def test_two_who_issue_at_once_give_no_household_two_cards(app, setting, desk_id, clock, register):
    register(*((f"H-{number}", "Vetka", "school") for number in range(20)))
    keys = current_keys()

    def issue_in_a_thread(_number):
        with app.app_context():
            return write(lambda connection: issue_cards(connection, setting.operation_id, desk_id, clock.now(), None, keys))

    with ThreadPoolExecutor(4) as pool:
        runs = list(pool.map(issue_in_a_thread, range(4)))
    assert sorted(map(len, runs)) == [0, 0, 0, 20]
    assert len(states()) == 20
