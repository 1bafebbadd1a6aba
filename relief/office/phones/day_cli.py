"""`relief days`: how sites closed their days, and volunteers' hours, from the command line."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import click
from flask.cli import with_appcontext

from relief.commands import answers_json
from relief.db import snapshot
from relief.office.command_line import say
from relief.office.phones.day_queries import DayPage, Days, read_days
from relief.office.phones.day_words import days_csv, hours_csv
from relief.operations.queries import get_current_plan, get_operation
from relief.operations.rules import Plan


@click.group("days")
def days() -> None:
    """Days that leads opened and closed at their sites, and volunteers' hours."""


@days.command("list")
@click.argument("code")
@answers_json
@with_appcontext
def list_command(code: str, as_json: bool) -> None:
    """Tell how the sites of CODE opened and closed their days, as CSV: a row an item."""
    found, plan = _read(code)
    rows = [_row(page, found) for page in found.pages]
    say({"days": rows}, days_csv(found, plan).strip(), as_json)


@days.command("hours")
@click.argument("code")
@answers_json
@with_appcontext
def hours_command(code: str, as_json: bool) -> None:
    """Tell the hours that volunteers of CODE kept on their phones, as CSV: a row a volunteer and day."""
    found, plan = _read(code)
    say({"hours": [asdict(each) for each in found.hours]}, hours_csv(found, plan).strip(), as_json)


def _row(page: DayPage, found: Days) -> dict[str, Any]:
    lines = [{**asdict(line), "difference": line.difference} for line in page.lines]
    return {**asdict(page), "lead": found.names.get(page.by or "", ""), "lines": lines}


def _read(code: str) -> tuple[Days, Plan]:
    with snapshot() as connection:
        operation = get_operation(connection, code)
        return read_days(connection, operation.id), get_current_plan(connection, operation.id)


COMMANDS = [days]
