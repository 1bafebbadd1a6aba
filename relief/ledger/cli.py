"""`relief ledger`: verify that nothing was changed, rebuild what follows from the facts."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

import click
from flask import current_app
from flask_babel import gettext as _

from relief.db import snapshot, unit_of_work
from relief.kernel.errors import Conflict
from relief.ledger.keys import current_keys
from relief.ledger.rebuilding import rebuild
from relief.ledger.sealer import seal_all
from relief.ledger.verification import verify
from relief.operations.queries import get_operation


@click.group()
def ledger() -> None:
    """Verify the ledger, or rebuild what follows from it."""


@ledger.command("verify")
@click.argument("code")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def verify_command(code: str, as_json: bool) -> None:
    """Check CODE's chain, signatures, and every total against the entries.

    Exit code 0: all is as the entries say. 5: something differs, and what is named.
    """
    with snapshot() as connection:
        operation = get_operation(connection, code)
        result = verify(connection, operation.id, current_app.extensions["relief_secrets"])
    if as_json:
        click.echo(json.dumps({"good": result.good, **asdict(result)}))
    else:
        click.echo(_("%(entries)s entries, %(groups)s groups, sealed to position %(position)s.", entries=result.entries,
                     groups=result.groups, position=result.position))  # fmt: skip
        for problem in result.problems:
            click.echo(f"  {problem.code}: {problem.where}")
    if not result.good:
        if as_json:
            sys.exit(Conflict.exit_code)
        raise Conflict(_("The ledger of %(code)s differs from its entries. Keep this database as it is, and restore the last "
                         "backup that verifies beside it; if only projections differ, run: relief ledger rebuild %(code)s",
                         code=code), code="ledger_differs")  # fmt: skip
    if not as_json:
        click.echo(_("All is as the entries say. Head: %(head)s", head=result.head or "-"))


@ledger.command("rebuild")
@click.argument("code")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def rebuild_command(code: str, as_json: bool) -> None:
    """Compute all of CODE's totals, standings and cases anew from its entries."""
    now, keys = current_app.extensions["relief_clock"].now(), current_keys()
    with unit_of_work() as session:
        operation = get_operation(session, code)
        groups = rebuild(session.connection(), operation.id, lambda: seal_all(now, keys))
    click.echo(json.dumps({"groups": groups}) if as_json else _("%(groups)s groups rebuilt.", groups=groups))


COMMANDS = [ledger]
