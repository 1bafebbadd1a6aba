"""`relief paper`: tally sheets printed, counted and entered, and who has not come, from the command line."""

from __future__ import annotations

from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_babel import gettext as _

from relief.accounts import audit
from relief.accounts.devices import get_desk_enrolment
from relief.accounts.purposes import own_words
from relief.accounts.queries import find_user_by_email, list_roles
from relief.commands import answers_json
from relief.db import snapshot, unit_of_work, write
from relief.kernel.errors import BadInput, NotAllowed, NotFound
from relief.ledger.keys import current_keys
from relief.office.command_line import named_part, say
from relief.office.paper.drafts import Typed, open_sheet
from relief.office.paper.entry import enter_sheet, save_sheet
from relief.office.paper.file import read_lines
from relief.office.paper.missing import MissingList, Question, current_round, read_missing
from relief.office.paper.queries import STATES, Sheet, count_sheets, find_by_code
from relief.office.paper.sheets import BY_HAND, MOST_SHEETS, SheetOrder, add_sheets, count_and_note
from relief.office.paper.words import completeness_sentences, left_words, remark_words, title_of
from relief.operations.queries import OperationRow, get_current_plan, get_operation
from relief.operations.rules import Plan

TYPISTS = frozenset(("manager", "site_lead"))
OUT = click.Path(dir_okay=False, writable=True, path_type=Path)


@click.group("paper")
def paper() -> None:
    """Tally sheets, and lists of who has not come."""


@paper.command("print")
@click.argument("code")
@click.option("--site", required=True, help="Its name or id.")
@click.option("--round", "round_name", help="Its name or id; left out, the one that runs.")
@click.option("--item", "items", multiple=True, required=True, help="A column: the item's name or id. Give several.")
@click.option("--lane", help="A lane's number, or all: so many sheets for each.")
@click.option("--count", type=click.IntRange(1, MOST_SHEETS), default=1, show_default=True, help="How many sheets.")
@click.option("--out", type=OUT, required=True, help="The PDF to write.")
@answers_json
@with_appcontext
def print_command(code: str, site: str, round_name: str | None, items: tuple[str, ...], lane: str | None, count: int, out: Path,
                  as_json: bool) -> None:  # fmt: skip
    """Print numbered tally sheets of CODE as PDF."""
    operation, plan = _operation(code)
    number = None if lane == "all" else int(lane) if lane and lane.isdecimal() else 0 if lane is None else -1
    order = SheetOrder(named_part(plan.sites, site, "site"), _round(plan, round_name),
                       tuple(named_part(plan.items, each, "item") for each in items), count, number)  # fmt: skip
    now = _now()
    with out.open("wb") as file:  # before any number is spent
        sheets = write(partial(add_sheets, operation_id=operation.id, order=order, plan=plan, user_id=None, now=now))
        import_module("relief.office.paper.printing").print_sheets(file, operation, plan, sheets)
    _note(operation, "paper.printed", f"{sheets[0].number}-{sheets[-1].number}")
    say({"sheets": [each.code for each in sheets]}, " ".join(each.code for each in sheets), as_json)


@paper.command("count")
@click.argument("code")
@click.option("--sheet", help="A sheet's number or code, to say what became of it.")
@click.option("--state", type=click.Choice(BY_HAND), help="What became of it.")
@answers_json
@with_appcontext
def count_command(code: str, sheet: str | None, state: str | None, as_json: bool) -> None:
    """Say what became of a sheet of CODE, and show by site how many are out, back, entered or missing."""
    operation, plan = _operation(code)
    if bool(sheet) != bool(state):
        raise BadInput(_("Name both the sheet and what became of it."), where="sheet")
    if sheet and state:
        found = _find(operation, sheet)
        write(partial(count_and_note, actor=audit.COMMAND_LINE, operation_id=operation.id, sheet_id=found.id, state=state,
                      now=_now()))  # fmt: skip
    with snapshot() as connection:
        counts = count_sheets(connection, operation.id)
    named = {plan.site[site].name: states for site, states in counts.items()}
    lines = [f"{name}: " + ", ".join(f"{each} {states[each]}" for each in STATES) for name, states in named.items()]
    say({"sites": named}, "\n".join(lines) or _("No sheet was printed."), as_json)


@paper.command("enter")
@click.argument("code")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--sheet", required=True, help="The sheet's number or code.")
@click.option("--day", required=True, help="The day on the sheet, 2013-03-18.")
@click.option("--time", "about_time", required=True, help="About what time, 10:30.")
@click.option("--by", "email", required=True, metavar="EMAIL", help="Who enters it: a manager or site lead.")
@click.option("--dry-run", is_flag=True, help="Only keep what was typed and say what there is to say.")
@answers_json
@with_appcontext
def enter_command(code: str, file: Path, sheet: str, day: str, about_time: str, email: str, dry_run: bool, as_json: bool) -> None:
    """Enter a filled sheet of CODE from a CSV FILE: columns number, signs, one for each item by name, and line.

    Lines that cannot be read stay on the sheet: mend the file and enter it again. The same file again adds nothing. A column
    as_written with x enters a card that nobody knows. Exit code 8: some lines wait.
    """
    operation, plan = _operation(code)
    found, now, secrets = _find(operation, sheet), _now(), current_app.extensions["relief_secrets"]
    desk_id = _desk(operation, email, found, now)
    lines = read_lines(file.read_bytes(), found, plan)
    with snapshot() as connection:
        opened = open_sheet(connection, operation.id, found.id, secrets)
    typed = Typed(day, about_time, lines, opened.typed.control)
    summary = write(partial(save_sheet, operation_id=operation.id, sheet_id=found.id, version=found.version, typed=typed, now=now,
                            secrets=secrets))  # fmt: skip
    said = {place: [remark_words(each, plan) for each in line.remarks] for place, line in summary.lines.items() if line.remarks}
    answer: dict[str, Any] = {"sheet": found.code, "new": summary.new, "changed": summary.changed, "waiting": summary.waiting,
                              "taken_back": summary.taken_back, "lines": said}  # fmt: skip
    if not dry_run:
        done = write(partial(enter_sheet, operation_id=operation.id, sheet_id=found.id, version=summary.opened.sheet.version,
                             desk_id=desk_id, now=now, keys=current_keys(), secrets=secrets))  # fmt: skip
        flagged = {place: list(each) for place, each in done.flagged.items()}
        answer |= {"added": done.added, "voided": done.taken_back, "flagged": flagged}
    say(answer, "\n".join(_sentences(answer)), as_json)
    if summary.waiting:
        raise click.exceptions.Exit(8)


def _sentences(answer: dict[str, Any]) -> list[str]:
    told = [_("Line %(line)s: %(words)s", line=place, words=" ".join(words)) for place, words in answer["lines"].items()]
    if "added" in answer:
        told.append(_("%(added)s hand-overs entered, %(voided)s taken back, %(waiting)s lines wait.", added=answer["added"],
                      voided=answer["voided"], waiting=len(answer["waiting"])))  # fmt: skip
    return told


@paper.command("missing")
@click.argument("code")
@click.option("--round", "round_name", help="Its name or id; left out, the one that runs.")
@click.option("--item", help="Only who lacks this: the item's name or id.")
@click.option("--site", help="Only households of this home site: its name or id.")
@click.option("--area", help="Only households of this area and what is in it: its name or id.")
@click.option("--purpose", required=True, help="What the list is needed for: it is written into the audit.")
@click.option("--out", type=OUT, help="Write the list as PDF.")
@answers_json
@with_appcontext
def missing_command(code: str, round_name: str | None, item: str | None, site: str | None, area: str | None, purpose: str,
                    out: Path | None, as_json: bool) -> None:  # fmt: skip
    """List the households of CODE that something is still due to, by village; names stand in it."""
    operation, plan = _operation(code)
    if not purpose.strip():
        raise BadInput(_("Say what the list is needed for."), where="purpose")
    question = Question(
        _round(plan, round_name), (named_part(plan.items, item, "item"),) if item else (),
        named_part(plan.sites, site, "site") if site else "", named_part(plan.areas, area, "area") if area else "",
    )  # fmt: skip
    _note(operation, "paper.missing_printed" if out else "paper.missing_listed", "", own_words(purpose))
    with snapshot() as connection:
        found = read_missing(connection, operation.id, plan, question, _now())
    if out:
        with out.open("wb") as file:
            printer = import_module("relief.office.paper.missing_printing")
            printer.print_missing(file, operation, plan, found, title_of(plan, question))
    say(_missing_json(found), "\n".join(_missing_lines(found, plan, quiet=out is not None)), as_json)


def _missing_json(found: MissingList) -> dict[str, Any]:
    rows = [{"cards": each.numbers, "head": each.head, "village": each.village, "street": each.street, "people": each.people,
             "left": each.left, "came": each.came} for each in found.rows]  # fmt: skip
    return {"as_of": found.as_of, "position": found.position, "complete": found.completeness.complete,
            "sheets_out": found.sheets_out, "households": rows}  # fmt: skip


def _missing_lines(found: MissingList, plan: Plan, quiet: bool) -> list[str]:
    zone = plan.sites[0].zone if plan.sites else "UTC"
    rows = [(", ".join(row.numbers) or "-", row.village, row.street, row.head, left_words(row.left, plan)) for row in found.rows]
    return [*([] if quiet else ["  ".join(row) for row in rows]), _("%(count)s families.", count=len(rows)),
            *completeness_sentences(found, zone)]  # fmt: skip


def _operation(code: str) -> tuple[OperationRow, Plan]:
    with snapshot() as connection:
        operation = get_operation(connection, code)
        return operation, get_current_plan(connection, operation.id)


def _find(operation: OperationRow, sheet: str) -> Sheet:
    with snapshot() as connection:
        return find_by_code(connection, operation.id, sheet)


def _round(plan: Plan, name: str | None) -> str:
    return named_part(plan.rounds, name, "round") if name else current_round(plan, _now())


def _desk(operation: OperationRow, email: str, sheet: Sheet, now: int) -> bytes:
    with unit_of_work() as session:
        user = find_user_by_email(session, email)
        if user is None or user.disabled_at is not None:
            raise NotFound(_("There is no such user."), where="by")
        if not user.is_administrator and not TYPISTS & list_roles(session, operation.id, user.id):
            raise NotAllowed(_("Only a manager or site lead of the operation enters sheets."), where="by")
        audit.note(session, audit.Actor(user.id, "command line"), "paper.sheet_entered", now, operation_id=operation.id,
                   subject=sheet.sheet_id)  # fmt: skip
        enrolment_id: bytes = get_desk_enrolment(session, operation.id, user.id, now).enrolment_id
        return enrolment_id


def _note(operation: OperationRow, action: str, subject: str, purpose: str = "") -> None:
    with unit_of_work() as session:
        audit.note(session, audit.COMMAND_LINE, action, _now(), operation_id=operation.id, subject=subject, purpose=purpose)


def _now() -> int:
    return int(current_app.extensions["relief_clock"].now())


COMMANDS = [paper]
