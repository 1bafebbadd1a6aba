"""`make soak` says which bar was missed and ends so that nobody overlooks it; a mistyped name tries nothing silently."""

from __future__ import annotations

import sys

import pytest

from soak import __main__ as soak
from soak.measuring import measured
from soak.repeating import Repeated, repeated
from tests.faults.kills import Outcome


def ended(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr(sys, "argv", ["soak", *words])
    with pytest.raises(SystemExit) as told:
        soak.main()
    return told.value.code


def test_a_mistyped_name_is_refused_with_the_names_there_are(monkeypatch, capsys):
    assert ended(monkeypatch, "--only", "TYPO") == 2
    assert "kill -9 of the server, sqlite" in capsys.readouterr().err


@pytest.mark.parametrize(("seconds", "code"), [(4.9, 0), (5.0, 1)])
def test_a_restart_that_takes_five_seconds_misses_its_bar(monkeypatch, capsys, seconds, code):
    monkeypatch.setattr(soak, "runs", lambda _seed, _share: {"kill": lambda: Outcome(1, 9, 0, seconds)})
    assert ended(monkeypatch) == code
    assert ("NOT MET  kill: slowest start seconds 5.0, which must be under 5" in capsys.readouterr().out) is bool(code)


def test_a_run_that_fails_or_has_no_time_left_is_named_at_the_end(monkeypatch, capsys):
    def fail():
        raise AssertionError("two records are lost")

    monkeypatch.setattr(soak, "runs", lambda _seed, _share: {"first": fail})
    assert ended(monkeypatch) == 1
    assert "NOT MET  first: FAILED: AssertionError: two records are lost" in capsys.readouterr().out
    assert ended(monkeypatch, "--minutes", "0") == 1
    assert "NOT MET  first: not tried" in capsys.readouterr().out


def test_a_measurement_that_cannot_be_made_is_no_bar_that_was_met():
    with pytest.raises(AssertionError, match="No such measurement"):
        measured("typo")()


def test_faults_of_the_suite_are_repeated_and_counted_and_a_failed_one_is_told(tmp_path):
    (tmp_path / "test_two.py").write_text("def test_one():\n    pass\n\ndef test_other():\n    pass\n", encoding="utf-8")
    assert repeated(2, str(tmp_path / "test_two.py"))() == Repeated(4)
    (tmp_path / "test_bad.py").write_text("def test_bad():\n    assert 0, 'lost'\n", encoding="utf-8")
    with pytest.raises(AssertionError, match="lost"):
        repeated(1, str(tmp_path / "test_bad.py"))()
