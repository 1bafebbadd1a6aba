"""The command `relief`: its help, its errors, and the commands for people and phones."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from flask import Flask

from relief import cli
from relief.accounts import queries, service
from relief.db import db, unit_of_work
from relief.kernel.errors import BadInput, ReliefError
from relief.kernel.ids import to_text
from tests.accounts.people import make_operation, make_phone, make_user, now
from tests.conftest import only_sqlite

RELIEF = [sys.executable, "-c", "from relief.cli import main; main()"]


def run(*arguments: str) -> Result:
    """Run a command inside the test's app; an expected error is raised as itself."""
    db.session.rollback()
    result = CliRunner().invoke(cli.relief, arguments)
    if isinstance(result.exception, ReliefError):
        raise result.exception
    assert result.exception is None, result.output
    return result


def every_command(group: object = cli.relief, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    inner = getattr(group, "commands", {})
    return [path] + [found for name, command in inner.items() for found in every_command(command, (*path, name))]


@pytest.mark.parametrize("path", every_command(), ids=" ".join)
def test_every_command_says_what_it_is_for(path: tuple[str, ...]) -> None:
    told = CliRunner().invoke(cli.relief, [*path, "--help"])
    assert told.exit_code == 0
    command: object = cli.relief
    for name in path:
        command = command.commands[name]  # type: ignore[attr-defined]
    assert command.get_short_help_str(200).strip()  # type: ignore[attr-defined]


def test_help_touches_nothing(tmp_path: Path) -> None:
    environment = {"RELIEF_INSTANCE": str(tmp_path / "none")}
    done = subprocess.run([*RELIEF, "users", "list", "--help"], env=environment, capture_output=True, text=True)
    assert done.returncode == 0
    assert not (tmp_path / "none").exists()


def test_help_shows_commands_in_sections() -> None:
    told = CliRunner().invoke(cli.relief, ["--help"]).output
    assert told.index("Start:") < told.index("serve") < told.index("An operation:") < told.index("People and phones:")


def failing(error: Exception, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    def fail(*_arguments: object, **_named: object) -> None:
        raise error

    monkeypatch.setattr(cli.relief, "main", fail)
    monkeypatch.setattr(sys, "argv", ["relief", *arguments])
    with pytest.raises(SystemExit) as left:
        cli.main()
    return int(left.value.code or 0)


def test_an_error_is_one_sentence_and_an_exit_code(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert failing(BadInput("There is no such site.", where="--site"), monkeypatch) == 2
    assert capsys.readouterr().err == "--site: There is no such site.\n"


def test_for_a_program_it_is_json(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    failing(BadInput("No."), monkeypatch, "users", "list", "--json")
    assert json.loads(capsys.readouterr().err) == {"error": {"code": "bad_input", "message": "No."}}


@pytest.mark.parametrize("arguments", ["totals --json", "operation import nowhere.json --json", "users list --page 0 --json",
                                       "totals --jsn X --json"])  # fmt: skip
def test_what_was_typed_wrong_is_json_too(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
                                          arguments: str) -> None:  # fmt: skip
    monkeypatch.setattr(sys, "argv", ["relief", *arguments.split()])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert (ended.value.code, json.loads(capsys.readouterr().err)["error"]["code"]) == (2, "bad_input")


def test_a_bad_setting_is_told_before_anything_starts(tmp_path: Path) -> None:
    environment = {"RELIEF_INSTANCE": str(tmp_path), "RELIEF_PORT": "many"}
    done = subprocess.run([*RELIEF, "users", "list"], env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (7, "port must be a whole number from 1 to 65535, not 'many'.\n")


def on_its_own(folder: Path, *arguments: str, **environ: str) -> tuple[int, str, str]:
    """Run a command as a process on an instance folder; return exit code, output, and what went wrong in words."""
    environment = {"RELIEF_INSTANCE": str(folder), **environ}
    done = subprocess.run([*RELIEF, *arguments], env=environment, capture_output=True, text=True)
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize(
    "arguments",
    ["users list", "operation show X", "totals X", "report X", "db backup", "phones list X",
     "cards issue --operation X --purpose list", "ledger verify X", "users add a@example.org", "cases list X"],
)  # fmt: skip
def test_without_a_database_every_command_says_how_to_make_one(tmp_path: Path, arguments: str) -> None:
    assert on_its_own(tmp_path, *arguments.split()) == (7, "", "There is no database yet. Run: relief db upgrade\n")
    assert list(tmp_path.iterdir()) == []


def test_what_is_written_is_for_nobody_else_on_the_machine(tmp_path: Path) -> None:
    assert on_its_own(tmp_path, "db", "upgrade")[0] == 0
    assert {path.name for path in tmp_path.iterdir() if path.stat().st_mode & 0o077} == set()
    assert (tmp_path / "relief.db").exists()


def test_on_either_database_missing_tables_are_told(tmp_path: Path, empty_database_url: str) -> None:
    code, _told, wrong = on_its_own(tmp_path, "operation", "list", RELIEF_DATABASE_URL=empty_database_url)
    assert (code, wrong) == (7, "There is no database yet. Run: relief db upgrade\n")


def test_a_program_learns_from_the_code_that_there_is_no_database(tmp_path: Path) -> None:
    _code, _told, wrong = on_its_own(tmp_path, "totals", "X", "--json")
    assert json.loads(wrong)["error"]["code"] == "no_database"


def test_an_instance_folder_that_is_a_file_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    code, _told, wrong = on_its_own(tmp_path / "file", "users", "list")
    assert (code, wrong.count("\n")) == (7, 1) and str(tmp_path / "file") in wrong


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    on_its_own(tmp_path, "db", "upgrade")
    (tmp_path / "file").write_text("", encoding="utf-8")
    code, _told, wrong = on_its_own(tmp_path, "db", "backup", "--unencrypted", "-o", str(tmp_path / "file" / "copy.db"))
    assert (code, wrong.count("\n")) == (2, 1) and str(tmp_path / "file") in wrong


@pytest.mark.parametrize("content", ["soon", "", None])
def test_a_clock_file_that_tells_no_time_is_told(tmp_path: Path, content: str | None) -> None:
    on_its_own(tmp_path, "db", "upgrade")
    if content is not None:
        (tmp_path / "clock").write_text(content, encoding="ascii")
    code, _told, wrong = on_its_own(tmp_path, "users", "list", RELIEF_CLOCK_FILE=str(tmp_path / "clock"))
    assert (code, wrong.count("\n")) == (7, 1) and "whole seconds" in wrong


def test_a_database_that_is_none_is_told_in_a_sentence(tmp_path: Path) -> None:
    on_its_own(tmp_path, "db", "upgrade")
    (tmp_path / "relief.db").write_text("no database at all" * 100, encoding="utf-8")
    code, told, wrong = on_its_own(tmp_path, "users", "list")
    assert (code, told, wrong.count("\n")) == (7, "", 1) and "damaged" in wrong
    code, _told, wrong = on_its_own(tmp_path, "users", "list", RELIEF_DATABASE_URL="postgresql://me:secret@127.0.0.1:1/x")
    assert (code, wrong.count("\n")) == (6, 1) and "secret" not in wrong


@only_sqlite
def test_a_list_of_nothing_is_a_sentence(app: Flask) -> None:
    assert run("users", "list").output.startswith("Nobody is here yet.")
    assert run("operation", "list").output.startswith("No operation yet.")
    make_operation("Spring floods")
    assert run("phones", "list", "Spring floods").output.startswith("No phone has joined yet.")


@only_sqlite
def test_users_are_added_listed_and_switched_off(app: Flask) -> None:
    added = json.loads(run("users", "add", "Nina@Example.org", "--name", "Nina", "--json").output)
    assert app.test_client().get(added["link"].removeprefix("http://localhost:8000")).status_code == 200
    listed = json.loads(run("users", "list", "--json").output)
    assert [(row["email"], row["name"], row["has_password"]) for row in listed] == [("nina@example.org", "Nina", False)]
    run("users", "disable", "nina@example.org")
    db.session.rollback()
    assert queries.get_user_by_email(db.session, "nina@example.org").disabled_at == now()
    run("users", "enable", "nina@example.org")
    assert run("users", "link", "nina@example.org").output.strip().startswith("One-time link")


def commands(group: click.Group = cli.relief, path: str = "relief") -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        yield from commands(command, f"{path} {name}") if isinstance(command, click.Group) else [(f"{path} {name}", command)]


def test_a_program_can_read_what_every_command_answers_but_these() -> None:
    """`report` says by --form what it writes, JSON among them."""
    in_words = {path for path, command in commands() if not any("--json" in option.opts for option in command.params)}
    assert in_words == {"relief serve", "relief demo", "relief report", "relief db revision"}


@only_sqlite
@pytest.mark.parametrize(("arguments", "answer"), [
    ("users disable olga@example.org", {"user": "USER", "disabled": True}),
    ("users enable olga@example.org", {"user": "USER", "disabled": False}),
    ("users role olga@example.org finance --operation spring-floods",
     {"user": "USER", "operation": "OPERATION", "role": "finance", "granted": True}),
    ("users role olga@example.org finance --operation spring-floods --remove",
     {"user": "USER", "operation": "OPERATION", "role": "finance", "granted": False}),
    ("phones revoke spring-floods PHONE", {"enrolment": "PHONE", "revoked": True}),
    ("erase resume", {"erasures": 0}),
])  # fmt: skip
def test_what_was_done_is_told_to_programs(app: Flask, arguments: str, answer: dict[str, object]) -> None:
    operation_id, user_id = make_operation("spring-floods"), make_user()
    ids = {"USER": to_text(user_id), "OPERATION": to_text(operation_id), "PHONE": to_text(make_phone(operation_id)[0])}
    told = run(*[ids.get(word, word) for word in arguments.split()], "--json").output
    assert json.loads(told) == {name: ids.get(str(value), value) for name, value in answer.items()}


def test_what_was_made_is_told_to_programs(tmp_path: Path) -> None:
    made = json.loads(on_its_own(tmp_path, "db", "upgrade", "--json")[1])
    assert made["migration"].isdecimal() and made["kept"] == []
    keys = json.loads(on_its_own(tmp_path, "db", "backup-key", "-o", str(tmp_path / "key"), "--json")[1])
    assert keys["private_key_file"] == str(tmp_path / "key") and keys["backup_recipient"].startswith("age1")


@only_sqlite
def test_roles_are_given_and_taken_by_the_operations_code(app: Flask) -> None:
    operation_id, user_id = make_operation("Spring floods"), make_user()
    run("users", "role", "olga@example.org", "finance", "--operation", "Spring floods")
    db.session.rollback()
    assert queries.list_roles(db.session, operation_id, user_id) == {"finance"}
    run("users", "role", "olga@example.org", "finance", "--operation", "Spring floods", "--remove")
    db.session.rollback()
    assert queries.list_roles(db.session, operation_id, user_id) == frozenset()


@only_sqlite
def test_a_join_code_from_the_command_line_enrols_a_phone(app: Flask) -> None:
    make_operation("Spring floods")
    told = json.loads(run("phones", "join-code", "Spring floods", "--label", "school 3", "--sensitive", "--json").output)
    with unit_of_work() as session:
        enrolled = service.enrol(session, told["code"], "1", now())
    assert enrolled.enrolment.sensitive and told["expires_at"] == now() + 48 * 3600
    phones = json.loads(run("phones", "list", "Spring floods", "--json").output)
    assert [(phone["label"], phone["sites"], phone["revoked_at"]) for phone in phones] == [("school 3", [], None)]


@only_sqlite
def test_a_join_code_for_a_site_that_is_not_there_is_not_made(app: Flask) -> None:
    make_operation("Spring floods")
    with pytest.raises(BadInput):
        run("phones", "join-code", "Spring floods", "--label", "x", "--site", "nowhere")


@only_sqlite
@pytest.mark.parametrize("label", ["", "   ", "x" * 500, "a\nb"])
def test_a_label_that_a_list_cannot_show_is_refused(app: Flask, label: str) -> None:
    make_operation("Spring floods")
    with pytest.raises(BadInput) as told:
        run("phones", "join-code", "Spring floods", "--label", label)
    assert told.value.where == "label"


@pytest.mark.parametrize(
    "arguments", [("users", "list", "--page", "9" * 20), ("cases", "list", "X", "--page", "9" * 20), ("report", "X", "-o", "")]
)
def test_a_number_or_name_beyond_all_reason_is_bad_input(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    on_its_own(tmp_path, "db", "upgrade")
    code, told, _wrong = on_its_own(tmp_path, *arguments)
    assert (code, told) == (2, "")


def test_an_argument_that_is_no_text_is_bad_input(tmp_path: Path) -> None:
    on_its_own(tmp_path, "db", "upgrade")
    for arguments in ("operation show \udcff", "users link \udcff", "users add a@example.org --name \udcff"):
        assert on_its_own(tmp_path, *arguments.split())[0] == 2


@only_sqlite
def test_a_phone_is_revoked_from_the_command_line(app: Flask) -> None:
    operation_id = make_operation("Spring floods")
    enrolment_id, _token = make_phone(operation_id)
    run("phones", "revoke", "Spring floods", to_text(enrolment_id))
    db.session.rollback()
    assert queries.get_enrolment(db.session, operation_id, enrolment_id).revoked_at == now()
    assert "revoked" in run("phones", "list", "Spring floods").output
