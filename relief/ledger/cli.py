"""`relief ledger`: verify that nothing was changed, rebuild what follows from the facts."""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from dataclasses import asdict
from functools import partial

import click
from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import Connection

from relief.commands import answers_json, goes_with_any_keys
from relief.db import snapshot, unit_of_work
from relief.kernel.errors import Conflict, NotFound
from relief.ledger.anchors import anchor_problems, list_gone_operations, remember_heads, say_gone
from relief.ledger.erasure_journal import list_orders
from relief.ledger.erasure_orders import count_orders, journal_problems
from relief.ledger.keys import current_keys
from relief.ledger.problem_words import describe, describe_checks, describe_erased, describe_given_up
from relief.ledger.problems import MOST_OF_A_CODE, Verified
from relief.ledger.progress import progress_bar
from relief.ledger.queries import count_entries
from relief.ledger.rebuilding import rebuild
from relief.ledger.sealer import seal_all
from relief.ledger.verification import verify
from relief.operations.queries import OperationRow, get_operation


@click.group()
def ledger() -> None:
    """Verify the ledger, or rebuild what follows from it."""


@ledger.command("verify")
@click.argument("code")
@answers_json
@goes_with_any_keys
def verify_command(code: str, as_json: bool) -> None:
    """Check CODE's chain, signatures, held records, and every total against the entries.

    It lists what was checked; what could not be compared is a problem too. Of each kind of problem the first 20 are shown, with
    --json all. Exit code 0: all is as the entries say. 5: something differs, and what is named.
    """
    settings, marks = current_app.extensions["relief_settings"], current_keys().orders
    journal = list_orders(settings.instance)
    with snapshot() as connection:
        operation = _operation(connection, code)
        entries = count_entries(connection, operation.id)
        with progress_bar(_("Verifying"), 2 * entries) as progress:
            result = verify(connection, operation.id, current_app.extensions["relief_secrets"], progress=progress,
                            most_of_a_code=None if as_json else MOST_OF_A_CODE,
                            beside={
                                "anchors": partial(anchor_problems, connection, operation.id, settings),
                                "journal": partial(journal_problems, connection, operation.id, marks, journal),
                            })  # fmt: skip
        orders = count_orders(connection, operation.id, marks, journal)
    if result.good:
        with suppress(OSError):  # somebody who may only read verifies all the same
            remember_heads()
    if as_json:
        click.echo(json.dumps({"good": result.good, **asdict(result), "erasures": orders}))
        sys.exit(0 if result.good else Conflict.exit_code)
    _tell(result, orders)
    if not result.good:
        raise Conflict(_("The ledger of %(code)s differs from its entries.", code=code), code="ledger_differs")
    click.echo(_("All is as the entries say. Head: %(head)s", head=result.head or "-"))


def _operation(connection: Connection, code: str) -> OperationRow:
    """Return the operation; raises NotFound, or Conflict where one was taken away: it may have been this."""
    try:
        return get_operation(connection, code)
    except NotFound:
        gone = list_gone_operations(connection, current_app.extensions["relief_settings"])
        if not gone:
            raise
        raise Conflict(say_gone(gone), code="operation_gone") from None


def _tell(result: Verified, orders: int) -> None:
    click.echo(_("%(entries)s entries, %(groups)s groups, sealed to position %(position)s.", entries=result.entries,
                 groups=result.groups, position=result.position))  # fmt: skip
    click.echo(describe_checks(result))
    for line in (*describe(result), *describe_given_up(result)):
        click.echo(line)
    if note := describe_erased(result, orders):
        click.echo(note)


@ledger.command("rebuild")
@click.argument("code")
@answers_json
def rebuild_command(code: str, as_json: bool) -> None:
    """Compute all of CODE's totals, standings and cases anew from its entries."""
    now, keys = current_app.extensions["relief_clock"].now(), current_keys()
    with unit_of_work() as session:
        operation = get_operation(session, code)
        with progress_bar(_("Rebuilding"), 2 * count_entries(session, operation.id)) as progress:
            groups = rebuild(session.connection(), operation.id, lambda: seal_all(now, keys), progress)
    click.echo(json.dumps({"groups": groups}) if as_json else _("%(groups)s groups rebuilt.", groups=groups))


COMMANDS = [ledger]
