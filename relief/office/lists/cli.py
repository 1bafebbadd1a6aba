"""`relief households import`: a list from a file, checked, compared, taken in."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_babel import gettext as _
from flask_babel import ngettext
from marshmallow import ValidationError

from relief.accounts import audit
from relief.accounts.service import get_desk_enrolment
from relief.commands import answers_json, of_operation
from relief.db import snapshot, unit_of_work
from relief.households.column_memory import find_choice, keep_choice
from relief.households.columns import Choice, header_signature
from relief.households.csv_text import ENCODINGS
from relief.households.household_file import HouseholdFile, guess_choice, read_households
from relief.households.naming import get_import_salt
from relief.households.problem_file import problem_file
from relief.households.schemas import HouseholdImportSchema, read_choice
from relief.households.sheets import LARGEST_BYTES
from relief.households.table import Table, read_table
from relief.households.words import problem_sentence
from relief.kernel.cells import safe_cell
from relief.kernel.errors import BadInput
from relief.ledger.keys import current_keys
from relief.office.command_line import say
from relief.office.devices import HOUSEHOLD_IMPORT, get_office_enrolment
from relief.office.lists.changes import Comparison, compare_list
from relief.office.lists.importing import Approved, approve_in_steps, batches, get_approver, get_author, import_in_steps
from relief.operations.queries import OperationRow, get_current_plan, get_operation

PROBLEMS_SHOWN = 50
PROBLEMS_FOUND = 2  # exit codes: the list has problems, nothing was imported
SOMEBODY_MUST_LOOK = 5  # some rows say something else than before, or were held


@click.group("households")
def households() -> None:
    """Household lists."""


@households.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@of_operation
@click.option("--members", "members", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="A second file, with a row for each member (an ODK repeat group).")  # fmt: skip
@click.option("--columns", "columns", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="Which column is which, and what codes mean, as JSON: docs/households-file.md.")  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Check the file; import nothing.")
@click.option("--changes", type=click.Choice(("ask", "take", "leave")), default="ask", show_default=True,
              help="What to do with households that say something else than before: import nothing, take, or leave them out.")
@click.option("--encoding", help=f"Recognised if not given; one of {', '.join(ENCODINGS)}.")
@click.option("--problems", type=click.Path(dir_okay=False, writable=True, path_type=Path),
              help="Write the list with its problems to a CSV file, to fix and bring again.")  # fmt: skip
@click.option("--imported-by", metavar="EMAIL", help="Who made the list.")
@click.option("--approve-list", metavar="NAME", help="Approve the households of the file as the list of this name.")
@click.option("--approved-by", metavar="EMAIL", help="Who approves it: a manager, and not its author.")
@answers_json
@with_appcontext
def import_command(file: Path, code: str, as_json: bool, members: Path | None, columns: Path | None, problems: Path | None,
                   **given: Any) -> None:  # fmt: skip
    """Register the households of FILE (CSV, XLSX, Kobo, ODK); the same file again adds nothing. See docs/households-file.md.

    Exit code 2: the file has problems, nothing was imported. 5: rows say something else than before; with --changes ask
    nothing was imported.
    """
    choices = _checked(given)
    table = read_table(_content(file), choices["encoding"], _content(members) if members else None)
    desk = _open_desk(code, choices)
    choice = _choose(table, desk, columns)
    read = _read(table, desk, choice)
    if problems is not None:
        problems.write_text(problem_file(table, read.problems, choice.columns), encoding="utf-8", newline="")
    unread_sheets = list(table.unread_sheets)
    del table  # its cells take as much memory as all that comes now
    done = _take_in(desk, read, choices, show_progress=not as_json) if not read.problems else _Done()
    answer = _answer(desk.operation, unread_sheets, read, done, choices["dry_run"])
    say(answer, _in_words(answer), as_json)
    if read.problems:
        raise click.exceptions.Exit(PROBLEMS_FOUND)
    if done.left_out or done.held or done.approved.held:
        raise click.exceptions.Exit(SOMEBODY_MUST_LOOK)


@dataclass(slots=True)
class _Desk:
    """Who imports, into what: ids of the import device, of author and approver and of the approver's desk."""

    operation: OperationRow
    enrolment_id: bytes
    salt: bytes
    author_id: bytes | None
    approver_id: bytes | None
    desk_id: bytes | None


@dataclass(slots=True)
class _Done:
    """What became of a list."""

    comparison: Comparison | None = None
    added: int = 0
    taken: int = 0
    left_out: int = 0
    held: int = 0
    approved: Approved = field(default_factory=Approved)


def _open_desk(code: str, choices: dict[str, Any]) -> _Desk:
    """Return who imports; the audit's line is written whether or not the list is taken: it was read."""
    now = _now()
    with unit_of_work() as session:
        operation = get_operation(session, code)
        author = get_author(session, choices["imported_by"]).id if choices["imported_by"] else None
        enrolment_id = get_office_enrolment(session, operation.id, HOUSEHOLD_IMPORT, now)
        approver = get_approver(session, operation.id, choices["approved_by"]).id if choices["approved_by"] else None
        desk_id = get_desk_enrolment(session, operation.id, approver, now).enrolment_id if approver else None
        salt = get_import_salt(session.connection(), operation.id)
        audit.note(session, audit.COMMAND_LINE, "households.imported", now, operation_id=operation.id)
    return _Desk(operation, enrolment_id, salt, author, approver, desk_id)


def _choose(table: Table, desk: _Desk, columns: Path | None) -> Choice:
    """Return which column is which: as told, as remembered from the page or from the last time, else as guessed."""
    signature = header_signature(table.header)
    if columns is None:
        with snapshot() as connection:
            return find_choice(connection, desk.operation.id, signature) or guess_choice(table)
    choice = read_choice(_content(columns), table.header, guess_choice(table))
    with unit_of_work() as session:
        keep_choice(session.connection(), desk.operation.id, signature, choice)
    return choice


def _read(table: Table, desk: _Desk, choice: Choice) -> HouseholdFile:
    with snapshot() as connection:
        plan = get_current_plan(connection, desk.operation.id)
    return read_households(table, plan, date.fromisoformat(desk.operation.start_day), choice)


def _take_in(desk: _Desk, read: HouseholdFile, choices: dict[str, Any], show_progress: bool) -> _Done:
    now, keys = _now(), current_keys()
    with snapshot() as connection:
        comparison = compare_list(connection, desk.operation.id, desk.enrolment_id, desk.salt, read.households, now,
                                  desk.author_id)  # fmt: skip
    done = _Done(comparison)
    taking = choices["changes"] == "take"
    done.left_out = len(comparison.changes) - (len(comparison.changed) if taking else 0)
    if choices["dry_run"] or (choices["changes"] == "ask" and comparison.changes):
        return done
    changed = comparison.changed if taking else []
    done.added, done.taken = len(comparison.new), len(changed)
    records = batches(chain(comparison.new_records(), changed))
    with _progress(done.added + done.taken, show_progress) as told:
        done.held = len(import_in_steps(desk.operation.id, desk.enrolment_id, records, now, keys, told))
    if desk.approver_id and desk.desk_id:
        left = set() if taking else {change.household for change in comparison.changes}
        approved = [each for each in comparison.households if each not in left]
        done.approved = approve_in_steps(desk.operation.id, desk.desk_id, desk.approver_id, choices["approve_list"], approved,
                                         now, keys)  # fmt: skip
    return done


@contextmanager
def _progress(total: int, shown: bool) -> Iterator[Callable[[int], None]]:
    """Draw a bar while records are told, on a terminal only."""
    with bar_on_terminal(_("Importing"), shown and bool(total)) as told:
        yield lambda done: told(done, total)


@contextmanager
def bar_on_terminal(label: str, shown: bool) -> Iterator[Callable[[int, int], None]]:
    """Draw a bar of what is done of how much, on a terminal only."""
    if not shown or not sys.stderr.isatty():
        yield lambda _done, _total: None
        return

    def draw(done: int, total: int) -> None:
        bar.length = total
        bar.update(done - bar.pos)

    with click.progressbar(length=1, label=label, file=sys.stderr) as bar:
        yield draw


def _answer(operation: OperationRow, unread_sheets: list[str], read: HouseholdFile, done: _Done, dry_run: bool) -> dict[str, Any]:
    comparison = done.comparison or Comparison()
    return {
        "operation": operation.code, "dry_run": dry_run, "rows": read.rows, "households": len(read.households),
        "people": read.people, "new": len(comparison.new), "added": done.added, "already_there": comparison.same,
        "changed": [each.external_id for each in comparison.changes], "changes_taken": done.taken,
        "changes": [{"external_id": each.external_id, "row": each.row, "at_the_desk": each.at_the_desk,
                     "fields": sorted({change.field for change in each.fields})} for each in comparison.changes],
        "not_in_list": comparison.not_in_list, "held": done.held, "approved": done.approved.approved,
        "already_approved": done.approved.already_approved, "ignored_columns": list(read.ignored_columns),
        "unread_sheets": unread_sheets,
        "questions": [{"column": each.column, "value": each.value, "rows": each.rows, "answers": list(each.answers)}
                      for each in read.questions],
        "problems": [{"sheet": each.sheet, "row": each.row, "column": each.column, "code": each.code, "value": each.value,
                      "message": problem_sentence(each)} for each in read.problems],
    }  # fmt: skip


def _in_words(answer: dict[str, Any]) -> str:
    counted = _only(answer, "rows", "households", "people")
    lines = [_("Rows: %(rows)s, households: %(households)s, people: %(people)s.", **counted)]
    if answer["ignored_columns"]:
        lines.append(_("Columns nobody reads: %(names)s.", names=", ".join(map(safe_cell, answer["ignored_columns"]))))
    if answer["unread_sheets"]:
        lines.append(_("Sheets nobody reads: %(names)s.", names=", ".join(map(safe_cell, answer["unread_sheets"]))))
    for each in answer["problems"][:PROBLEMS_SHOWN]:
        words = _only(each, "row", "column", "message", "value")
        place = _("Row %(row)s, %(column)s: %(message)s %(value)s", **words) if each["column"] else \
                _("Row %(row)s: %(message)s", **_only(each, "row", "message"))  # fmt: skip
        lines.append(place.strip())
    if answer["problems"]:
        lines.append(ngettext("%(num)s problem. Nothing was imported.", "%(num)s problems. Nothing was imported.",
                              len(answer["problems"])))  # fmt: skip
        return "\n".join(lines)
    lines += _change_words(answer)
    if answer["dry_run"]:
        lines.append(_("No problems: %(new)s new, %(already_there)s there already. Nothing was imported: this was a dry run.",
                       **_only(answer, "new", "already_there")))  # fmt: skip
    else:
        lines.append(_("Added %(added)s, there already %(already_there)s, changed %(changes_taken)s, approved %(approved)s.",
                       **_only(answer, "added", "already_there", "changes_taken", "approved")))  # fmt: skip
    if answer["held"]:
        lines.append(_("Not understood, kept for review: %(count)s.", count=answer["held"]))
    return "\n".join(lines)


def _change_words(answer: dict[str, Any]) -> Iterable[str]:
    """Say which fields would change, and never what stands in them: a terminal's output is kept in many places."""
    for each in answer["changes"][:PROBLEMS_SHOWN]:
        words = {"name": safe_cell(each["external_id"]), "row": each["row"], "fields": ", ".join(each["fields"])}
        yield _("Row %(row)s, %(name)s: changed %(fields)s.", **words)
    if answer["changes"] and not answer["changes_taken"]:
        yield _("%(count)s households say something else than before. Look at them, then decide with --changes take or leave.",
                count=len(answer["changes"]))  # fmt: skip
    if answer["not_in_list"]:
        yield _("%(count)s households of earlier lists are not in this one; they stay.", count=answer["not_in_list"])


def _checked(given: dict[str, Any]) -> dict[str, Any]:
    try:
        return dict(HouseholdImportSchema().load(given))
    except ValidationError as error:
        where, sentences = next(iter(error.normalized_messages().items()))
        raise BadInput(str(sentences[0]), where=str(where)) from error


def _content(file: Path) -> bytes:
    with file.open("rb") as stream:
        return stream.read(LARGEST_BYTES + 1)


def _only(values: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: values[name] for name in names}


def _now() -> int:
    return int(current_app.extensions["relief_clock"].now())


COMMANDS = [households]
