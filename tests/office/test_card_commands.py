"""`relief cards print|handed-out|uncollected|replace|cancel|stock`."""

import json

import pytest

from relief.kernel.errors import BadInput, Conflict, ReliefError
from relief.kernel.ids import to_text
from relief.office.cards.cli import issue_command
from relief.office.cards.print_cli import (
    cancel_command,
    handed_out_command,
    link_command,
    print_command,
    replace_command,
    uncollected_command,
)
from relief.office.cards.stock_cli import count_command, lose_command, move_command, show_command
from tests.office.card_town import acts, cards, codes, read

OPERATION = ("--operation", "spring-floods", "--json")


@pytest.fixture
def run(app, families):
    """Run a command after cards were issued to all; return what it answered."""

    def run_command(command, *arguments):
        done = app.test_cli_runner().invoke(command, [*OPERATION, *arguments])
        if done.exception:
            raise done.exception
        return json.loads(done.output)

    run_command(issue_command, "--purpose", "distribution")
    return run_command


def test_cards_go_into_a_file_that_only_their_printer_can_read(run, setting, tmp_path):
    path = tmp_path / "cards.pdf"
    assert run(print_command, "--run", "1", "--purpose", "distribution", "--to", str(path))["printed"] == 3
    assert read(path.read_bytes()) == set(codes(setting).values())
    assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(("words", "action"), [((), "cards.printed"), (("--list",), "cards.list_printed")])
def test_what_a_print_was_for_is_noted_as_it_is_shown_to_who_asks_who_saw_what(run, manager, setting, tmp_path, words, action):
    run(print_command, "--run", "1", *words, "--purpose", "school on Monday", "--to", str(tmp_path / "cards.pdf"))
    assert (action, "1", "other: school on Monday") in acts(setting)
    shown = manager.get(f"/operations/{to_text(setting.operation_id)}/audit").text
    assert "school on Monday" in shown


def test_nothing_is_printed_without_a_purpose_but_practice_cards(run, tmp_path):
    path = tmp_path / "cards.pdf"
    with pytest.raises(BadInput) as refused:
        run(print_command, "--to", str(path))
    assert refused.value.code == "purpose_needed" and not path.exists()
    assert run(print_command, "--practice", "School 3", "--to", str(path))["printed"] == 10


def test_what_was_handed_out_waits_no_more_until_it_is_taken_back(run):
    assert run(handed_out_command, "01-0002", "01-0003") == {"changed": 2, "cards": 2}
    assert run(uncollected_command)["numbers"] == ["01-0001"]
    assert run(handed_out_command, "01-0002", "--undo")["changed"] == 1
    assert run(uncollected_command)["numbers"] == ["01-0001", "01-0002"]


def test_of_several_cards_all_are_handed_out_or_none(run):
    with pytest.raises(ReliefError):
        run(handed_out_command, "01-0001", "01-0099")
    assert run(uncollected_command)["uncollected"] == 3


def test_cards_are_replaced_and_cancelled(run, setting):
    run(issue_command, "--blank", "1")
    assert run(replace_command, "01-0001", "--with", "02-0001", "--reason", "lost")["new"] == "02-0001"
    assert run(replace_command, "01-0002", "--reason", "torn")["new"] == "03-0001"
    run(cancel_command, "01-0003", "--reason", "stolen")
    assert {card.number: card.state for card in cards(setting)} == {
        "01-0001": "replaced", "01-0002": "replaced", "01-0003": "cancelled", "02-0001": "linked", "03-0001": "linked",
    }  # fmt: skip


def test_blank_cards_are_moved_counted_and_lost_from_the_command_line(run, setting):
    run(issue_command, "--blank", "5")
    assert run(move_command, "--first", "02-0001", "--last", "02-0003", "--to", "School 3") == {"moved": 3}
    assert run(move_command, "--first", "02-0003", "--to", "office") == {"moved": 1}
    assert run(count_command, "--at", "School 3", "1") == {"counted": 1, "expected": 2, "difference": -1}
    assert run(lose_command, "--first", "02-0002", "--reason", "wet") == {"cancelled": 1}
    office, school = run(show_command)["places"]
    assert (office["name"], office["left"], office["last_count"]) == ("office", 3, None)
    assert (school["name"], school["got"], school["left"], school["dead"]) == ("School 3", 2, 1, 1)
    assert (school["last_count"]["counted"], school["last_count"]["expected"]) == (1, 2)
    assert {"blank_cards.moved", "blank_cards.counted", "blank_cards.lost"} <= {action for action, *_rest in acts(setting)}
    with pytest.raises(BadInput):
        run(move_command, "--first", "02-0001", "--to", "School 99")


def test_blank_stock_is_told_in_words(app, run):
    run(issue_command, "--blank", "2")
    run(count_command, "--at", "office", "2")
    said = app.test_cli_runner().invoke(show_command, ["--operation", "spring-floods"]).output
    assert said == "office: 2 left of 2, 0 used, 0 cancelled; counted 2 where 2 were due\n"


def test_a_card_that_is_nobodys_is_given_to_a_family(run, setting):
    run(issue_command, "--blank", "1")
    blank = next(card for card in cards(setting) if card.number == "02-0001")
    done = run(link_command, "02-0001", "--household", "H-1")
    assert done["linked"] == to_text(blank.card_id)
    linked = next(card for card in cards(setting) if card.number == "02-0001")
    assert (linked.state, to_text(linked.household_id)) == ("linked", done["household"])
    for again in ("02-0001", done["linked"]):
        with pytest.raises(Conflict) as refused:
            run(link_command, again, "--household", "H-1")
        assert refused.value.code == "card_not_free"
