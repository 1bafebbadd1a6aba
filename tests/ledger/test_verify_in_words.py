"""What `relief ledger verify` tells a person: each kind of problem in a sentence, limited, with what to do."""

from __future__ import annotations

import io
import json
import re
import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import text

from relief.cli import relief
from relief.db import unit_of_work
from relief.ledger.erasing import Order
from relief.ledger.erasure_journal import write_order
from relief.ledger.problem_words import WORDS
from relief.ledger.problems import MOST_OF_A_CODE
from relief.ledger.progress import progress_bar, stage_lines
from tests.ledger.field import take_guards_away

LEDGER = Path(__file__).parents[2] / "relief" / "ledger"
NAMED = re.compile(r'(?:Problem|entry_problem|_compare)\(\s*"([a-z_]+)"')
ONE_OF = re.compile(r'"([a-z_]+)" if')


@pytest.fixture
def told(field):
    """Say what a command said: (exit code, output)."""
    field.household("h1")
    phone = field.phone()
    phone.send(*(phone.handover("h1") for _each in range(MOST_OF_A_CODE + 5)))
    field.seal()

    def run(*arguments):
        runner = field.app.test_cli_runner()
        done = runner.invoke(relief, ["ledger", *arguments])
        return done.exit_code, done.output, done.exception

    return run


def meddle(sql):
    with unit_of_work() as session:
        take_guards_away(session.connection())
        session.execute(text(sql))


def test_every_problem_that_is_ever_noted_has_words():
    source = "".join(path.read_text(encoding="utf-8") for path in LEDGER.glob("*.py"))
    checks = "".join(path.read_text(encoding="utf-8") for path in LEDGER.glob("*_check.py"))
    codes = set(NAMED.findall(source)) | {code for code in ONE_OF.findall(checks) if f'"{code}"' in checks and "_" in code}
    assert codes <= WORDS.keys()
    assert WORDS.keys() - set(re.findall(r'"([a-z_]+)"', source.replace("problem_words", ""))) == set()
    assert len(codes) > 20


def test_a_good_ledger_is_told_with_its_head(told):
    code, output, _error = told("verify", "spring-floods")
    assert code == 0
    assert re.search(r"Head: [0-9a-f]{64}", output)


def test_of_many_problems_the_first_are_shown_with_what_to_do_and_json_has_all(told):
    meddle("UPDATE standing SET entitled = entitled + 1")
    _code, output, error = told("verify", "spring-floods")
    assert error.code == "ledger_differs"
    assert f"standing_differs ({MOST_OF_A_CODE + 5})" in output
    assert "and 5 more" in output
    assert "relief ledger rebuild" in output
    code, output, _error = told("verify", "spring-floods", "--json")
    found = json.loads(output)
    assert code == 5
    assert found["wrong"] == {"standing_differs": MOST_OF_A_CODE + 5}
    assert len(found["problems"]) == MOST_OF_A_CODE + 5


def test_a_changed_entry_is_told_with_its_place_and_the_last_whole_head(told, field):
    before = field.app.extensions["relief_clock"].moment
    field.clock.moment = before + 3600
    phone = field.phone("late")
    late = phone.handover("h1")
    phone.send(late)
    meddle("UPDATE entry SET private_digest = facts_salt WHERE position = (SELECT max(position) FROM entry)")
    _code, output, _error = told("verify", "spring-floods")
    assert late["id"] in output
    assert "The last signed head before that: position" in output
    assert "06:00:00" in output.split("The last signed head")[1]  # an hour earlier, in UTC


def test_erased_private_parts_are_a_note_and_without_an_order_something_to_look_at(told, field):
    meddle("UPDATE entry SET private = NULL, private_salt = NULL WHERE kind = 'handover'")
    code, output, _error = told("verify", "spring-floods")
    assert code == 0
    assert f"Look: {MOST_OF_A_CODE + 5} entries" in output
    write_order(field.app.extensions["relief_settings"].instance, Order(field.operation_id, (), b"e" * 16, "over", 1))
    _code, output, error = told("verify", "spring-floods")
    assert error.code == "ledger_differs"
    assert "erasure_missing (1)" in output  # the database does not know it yet
    assert "erasures ordered: 1" in output
    assert "Look:" not in output


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True

    def wait_for(self, words: str) -> None:
        until = time.monotonic() + 20
        while words not in self.getvalue():
            assert time.monotonic() < until, self.getvalue()
            threading.Event().wait(0.01)


@pytest.mark.parametrize(("out", "patience", "drawn"), [
    (Terminal(), -1, True), (Terminal(), 60, False), (io.StringIO(), -1, False),
])  # fmt: skip
def test_a_bar_is_drawn_on_a_terminal_once_patience_ends(out, patience, drawn):
    with progress_bar("Verifying", 10, out, patience) as progress:
        progress(4)
        progress(6)
    assert ("Verifying" in out.getvalue()) is drawn
    assert ("100%" in out.getvalue()) is drawn


def test_stages_are_told_to_a_terminal_for_as_long_as_they_last():
    out = Terminal()
    with stage_lines({"copy": "Copying", "verify": "Verifying"}, out, patience=0.01) as tell:
        tell("copy", 0, 0)
        out.wait_for("Copying ...")
        tell("verify", 1, 4)
        out.wait_for("Verifying 25 %")
