"""`relief erase`: a household's or a whole operation's private parts, with a dry run that says what goes and what stays."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from functools import wraps
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_babel import gettext as _

from relief.accounts import audit
from relief.accounts.queries import find_user_by_email, list_roles
from relief.commands import answers_json
from relief.db import snapshot
from relief.kernel.errors import BadInput, NotAllowed, NotFound
from relief.laid_aside import list_laid_aside
from relief.ledger.erasing import REASONS
from relief.office.erasing.erasing import erase, plan_erasure, replay_erasures
from relief.office.erasing.words import what_happens, who_still_holds
from relief.office.register_queries import find_household_named
from relief.operations.queries import OperationRow, get_operation

PATIENCE_SECONDS = 2
ERASERS = {"household": frozenset(("manager", "protection")), "operation": frozenset(("manager",))}


@click.group("erase")
def erasing() -> None:
    """Erase private parts for good: names, documents, free text, codes of cards. Figures, report and chain stay as they are."""


def _common(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options that both ways of erasing take."""
    for option in (
        answers_json,
        click.option("--yes", is_flag=True, help="Do not ask to type the code again."),
        click.option("--dry-run", is_flag=True, help="Only say what would go and what would stay."),
        click.option("--by", "email", required=True, metavar="EMAIL", help="Who decides it."),
        click.option("--reason", type=click.Choice(REASONS), required=True,
                     help="asked: the family asked; over: it is no longer needed; mistake: it should not be here."),
    ):  # fmt: skip
        command = option(command)
    return wraps(command)(with_appcontext(command))


@erasing.command("household")
@click.argument("code")
@click.argument("household")
@_common
def household_command(code: str, household: str, **choices: Any) -> None:
    """Erase what the records say of one HOUSEHOLD: its id, a card's number, or its external id. Merged ones go with it.

    Its cards go on to work. --by: a manager or the protection focal point.
    """
    with snapshot() as connection:
        operation = get_operation(connection, code)
        household_id = find_household_named(connection, operation.id, household)
    _run(operation, household_id, **choices)


@erasing.command("operation")
@click.argument("code")
@_common
def operation_command(code: str, **choices: Any) -> None:
    """Erase everything private of CODE, which must be closed; afterwards its cards are unknown. --by: a manager."""
    with snapshot() as connection:
        operation = get_operation(connection, code)
    _run(operation, None, **choices)


@erasing.command("resume")
@answers_json
@with_appcontext
def resume_command(as_json: bool) -> None:
    """Finish erasures that were interrupted, and repeat those a restored backup lacks. `relief serve` does it by itself."""
    clock, instance = current_app.extensions["relief_clock"], current_app.extensions["relief_settings"].instance
    count = replay_erasures(instance, clock.now, _progress())
    click.echo(json.dumps({"erasures": count}) if as_json else _("%(count)s erasures carried out.", count=count))


def _run(operation: OperationRow, household_id: bytes | None, *, reason: str, email: str, dry_run: bool, yes: bool,
         as_json: bool) -> None:  # fmt: skip
    clock, instance = current_app.extensions["relief_clock"], current_app.extensions["relief_settings"].instance
    user_id = _allowed(operation, email, "household" if household_id else "operation")
    order, found = plan_erasure(operation.id, household_id, reason, clock.now(), user_id)
    answer = {"operation": operation.code, "households": len(order.households), "records": len(found.entries),
              "held": len(found.held), "card_keys": len(found.cards), "erased": not dry_run}  # fmt: skip
    if not as_json:
        click.echo("\n".join(what_happens(order, found)))
    if not dry_run:
        if not yes and click.prompt(_("This cannot be undone. Type %(code)s to go on", code=operation.code)) != operation.code:
            raise BadInput(_("That is not the code. Nothing was erased."), where="code")
        erase(order, audit.Actor(user_id, "command line"), instance, clock.now, _progress())
    if as_json:
        click.echo(json.dumps(answer, ensure_ascii=False))
    elif not dry_run:
        click.echo(_("Erased. Nothing of it is left in this database; backups made before still hold it."))
        for line in who_still_holds(list_laid_aside(current_app.extensions["relief_settings"])):
            click.echo(line)


def _allowed(operation: OperationRow, email: str, what: str) -> bytes:
    """Return the id of who may erase this; raises NotFound, NotAllowed."""
    with snapshot() as connection:
        user = find_user_by_email(connection, email)
        if user is None or user.disabled_at is not None:
            raise NotFound(_("There is no such user."), where="by")
        if not user.is_administrator and not ERASERS[what] & list_roles(connection, operation.id, user.id):
            raise NotAllowed(_("Only a manager of the operation, or for a household its protection focal point, may erase."),
                             where="by")  # fmt: skip
        return user.id


def _progress() -> Callable[[str, int, int], None]:
    """Return what shows progress on the error stream, once it takes longer than people like to wait in the dark."""
    begun = time.monotonic()

    def tell(stage: str, done: int, everything: int) -> None:
        if time.monotonic() - begun > PATIENCE_SECONDS:
            if stage == "records":
                click.echo(_("Erasing: %(done)s of %(all)s", done=done, all=everything), err=True)
            elif not done:
                click.echo(_("Writing the database's files anew ..."), err=True)

    return tell


COMMANDS = [erasing]
