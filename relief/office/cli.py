"""Commands: `relief households import` and `relief cards issue`."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import IO, Any

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_babel import gettext as _
from marshmallow import ValidationError

from relief.accounts import audit
from relief.accounts.service import get_desk_enrolment
from relief.db import snapshot, unit_of_work, write
from relief.households.csv_text import ENCODINGS
from relief.households.household_file import HouseholdFile, read_household_file
from relief.households.schemas import HouseholdImportSchema
from relief.households.sheets import LARGEST_BYTES
from relief.households.words import problem_sentence
from relief.kernel.cells import safe_cell
from relief.kernel.errors import BadInput, ReliefError
from relief.kernel.ids import to_bytes, to_text
from relief.ledger.keys import current_keys
from relief.office.card_issue import IssuedCard, issue_blank_cards, issue_cards
from relief.office.devices import CARD_ISSUE, HOUSEHOLD_IMPORT, get_office_enrolment
from relief.office.household_import import Approved, Imported, approve_households, get_approver, get_author, import_households
from relief.operations.queries import OperationRow, get_current_plan, get_operation
from relief.operations.rules import Plan

PROBLEMS_SHOWN = 50
PROBLEMS_FOUND = 2  # exit codes: the list has problems, nothing was imported
SOMEBODY_MUST_LOOK = 5  # imported, but some rows say something else than before or were held


@click.group("households")
def households() -> None:
    """Household lists."""


@click.group("cards")
def cards() -> None:
    """Beneficiary cards."""


@households.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--operation", "code", required=True, help="Appeal code or working name.")
@click.option("--dry-run", is_flag=True, help="Check the file; import nothing.")
@click.option("--encoding", help=f"Recognised if not given; one of {', '.join(ENCODINGS)}.")
@click.option("--imported-by", metavar="EMAIL", help="Who made the list.")
@click.option("--approve-list", metavar="NAME", help="Approve the households of the file as the list of this name.")
@click.option("--approved-by", metavar="EMAIL", help="Who approves it: a manager, and not its author.")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
@with_appcontext
def import_command(file: Path, code: str, as_json: bool, **given: Any) -> None:
    """Register the households of the CSV FILE; the same file again adds nothing. Columns: docs/households-file.md.

    Exit code 2: the file has problems, nothing was imported. 5: imported, but somebody must look at changed rows.
    """
    choices = _checked(given)
    with snapshot() as connection:
        operation = get_operation(connection, code)
        plan = get_current_plan(connection, operation.id)
    read = read_household_file(_content(file), plan, date.fromisoformat(operation.start_day), choices["encoding"])
    imported, approved = Imported(), Approved()
    if not read.problems and not choices["dry_run"]:
        imported, approved = _take_in(operation, read, choices)
    answer = _import_answer(operation, read, imported, approved, choices["dry_run"])
    click.echo(json.dumps(answer, ensure_ascii=False, indent=2) if as_json else _import_words(answer))
    if read.problems:
        raise click.exceptions.Exit(PROBLEMS_FOUND)
    if imported.changed or imported.held or approved.held:
        raise click.exceptions.Exit(SOMEBODY_MUST_LOOK)


@cards.command("issue")
@click.option("--operation", "code", required=True, help="Appeal code or working name.")
@click.option("--site", help="Only households whose home site this is: its name or id.")
@click.option("--blank", type=click.IntRange(1), help="Issue so many cards of nobody yet instead.")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
@click.option("--csv", "path", type=click.Path(dir_okay=False, writable=True, path_type=Path), help="Write the list to a file.")
@with_appcontext
def issue_command(code: str, site: str | None, blank: int | None, as_json: bool, path: Path | None) -> None:
    """Issue a card to every approved household that has none, or blank stock.

    Lists running number, last four signs and external id; the codes themselves stay in the ledger.
    """
    if site and blank:
        raise BadInput(_("Blank cards belong to no site."), where="site")
    with _list_file(path) as file:
        issued = _issue(code, site, blank)
        _show_cards(issued, as_json, file)


@contextmanager
def _list_file(path: Path | None) -> Iterator[IO[str] | None]:
    """Open the file of the list before any card is issued: a list that nobody could write would be lost."""
    if path is None:
        yield None
        return
    is_new = not path.exists()
    file = path.open("a", encoding="utf-8", newline="")
    try:
        yield file
    except BaseException:
        if is_new:
            path.unlink(missing_ok=True)
        raise
    finally:
        with suppress(OSError):  # what could not be written was told already
            file.close()


def _issue(code: str, site: str | None, blank: int | None) -> Sequence[IssuedCard]:
    now = current_app.extensions["relief_clock"].now()
    with unit_of_work() as session:
        operation = get_operation(session, code)
        site_id = _site_id(get_current_plan(session, operation.id), site) if site else None
        enrolment_id = get_office_enrolment(session, operation.id, CARD_ISSUE, now)
        audit.note(session, audit.COMMAND_LINE, "cards.issued", now, operation_id=operation.id)
    keys = current_keys()
    if blank:
        return write(lambda connection: issue_blank_cards(connection, operation.id, enrolment_id, blank, now, keys))
    return write(lambda connection: issue_cards(connection, operation.id, enrolment_id, now, site_id, keys))


def _checked(given: dict[str, Any]) -> dict[str, Any]:
    try:
        return dict(HouseholdImportSchema().load(given))
    except ValidationError as error:
        where, sentences = next(iter(error.normalized_messages().items()))
        raise BadInput(str(sentences[0]), where=str(where)) from error


def _content(file: Path) -> bytes:
    with file.open("rb") as stream:
        return stream.read(LARGEST_BYTES + 1)


def _take_in(operation: OperationRow, read: HouseholdFile, choices: dict[str, Any]) -> tuple[Imported, Approved]:
    """Import and approve in one transaction; devices and the audit's line in one before it."""
    now = current_app.extensions["relief_clock"].now()
    with unit_of_work() as session:
        author = get_author(session, choices["imported_by"]).id if choices["imported_by"] else None
        enrolment_id = get_office_enrolment(session, operation.id, HOUSEHOLD_IMPORT, now)
        approver = get_approver(session, operation.id, choices["approved_by"]).id if choices["approved_by"] else None
        desk_id = get_desk_enrolment(session, operation.id, approver, now).enrolment_id if approver else None
        audit.note(session, audit.COMMAND_LINE, "households.imported", now, operation_id=operation.id)
    keys = current_keys()

    def work(connection: Any) -> tuple[Imported, Approved]:
        imported = import_households(connection, operation.id, enrolment_id, read.households, now, author, keys)
        if approver is None or desk_id is None:
            return imported, Approved()
        return imported, approve_households(
            connection, operation.id, desk_id, approver, choices["approve_list"], imported.households, now, keys
        )

    return write(work)


def _import_answer(
    operation: OperationRow, read: HouseholdFile, imported: Imported, approved: Approved, dry_run: bool
) -> dict[str, Any]:
    return {
        "operation": operation.code, "dry_run": dry_run, "rows": read.rows, "households": len(read.households),
        "people": read.people, "added": imported.added, "already_there": imported.already_there,
        "changed": imported.changed, "held": imported.held, "approved": approved.approved,
        "already_approved": approved.already_approved, "ignored_columns": list(read.ignored_columns),
        "problems": [{"row": each.row, "column": each.column, "code": each.code, "value": each.value,
                      "message": problem_sentence(each)} for each in read.problems],
    }  # fmt: skip


def _import_words(answer: dict[str, Any]) -> str:
    lines = [_("%(rows)s rows: %(households)s households, %(people)s people.", **_only(answer, "rows", "households", "people"))]
    if answer["ignored_columns"]:
        lines.append(_("Columns nobody reads: %(names)s.", names=", ".join(map(safe_cell, answer["ignored_columns"]))))
    for each in answer["problems"][:PROBLEMS_SHOWN]:
        words = _only(each, "row", "column", "message", "value")
        lines.append(_("Row %(row)s, %(column)s: %(message)s %(value)s", **words).strip())
    if answer["problems"]:
        lines.append(_("%(count)s problems. Nothing was imported.", count=len(answer["problems"])))
    elif answer["dry_run"]:
        lines.append(_("No problems. Nothing was imported, because this was a dry run."))
    else:
        lines.append(_("Added %(added)s, there already %(already_there)s, approved %(approved)s.",
                       **_only(answer, "added", "already_there", "approved")))  # fmt: skip
    if answer["changed"]:
        lines.append(_("Changed since they were registered, kept for review: %(names)s.", names=", ".join(answer["changed"])))
    if answer["held"]:
        lines.append(_("Not understood, kept for review: %(names)s.", names=", ".join(answer["held"])))
    return "\n".join(lines)


def _only(values: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: values[name] for name in names}


def _site_id(plan: Plan, name: str) -> bytes:
    found = [site.id for site in plan.sites if name == site.id or name.casefold() == site.name.casefold()]
    if len(found) != 1:
        raise BadInput(_("The plan has no such site, or more than one."), where="site")
    return to_bytes(found[0])


def _show_cards(issued: Sequence[IssuedCard], as_json: bool, file: IO[str] | None) -> None:
    if file:
        _write_list(card_list(issued), file)
    if as_json:
        rows = [{"number": card.number, "last_four": card.last_four, "external_id": card.external_id,
                 "household": to_text(card.household_id) if card.household_id else None, "site": card.site}
                for card in issued]  # fmt: skip
        click.echo(json.dumps({"issued": len(issued), "cards": rows}, ensure_ascii=False, indent=2))
    elif file:
        click.echo(_("Issued %(count)s cards; the list is in %(path)s.", count=len(issued), path=file.name))
    else:
        click.echo(card_list(issued), nl=False)


def _write_list(text: str, file: IO[str]) -> None:
    try:
        if file.seekable():
            file.truncate(0)
        file.write(text)
        file.flush()
    except OSError as error:  # the cards are issued by now: their list must not be lost
        click.echo(text, nl=False)
        raise ReliefError(_("The cards are issued, but %(path)s cannot be written (%(reason)s): keep the list above.",
                            path=file.name, reason=error.strerror), code="file_unusable") from error  # fmt: skip


def card_list(issued: Sequence[IssuedCard]) -> str:
    """Return the cards of a run as CSV: every text quoted, none able to start a formula."""
    stream = io.StringIO()
    writer = csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(("number", "last_four", "external_id", "site"))
    for card in issued:
        writer.writerow([safe_cell(text) for text in (card.number, card.last_four, card.external_id, card.site)])
    return stream.getvalue()


COMMANDS = [households, cards]
