"""`relief households duplicates`: looking for households that may be one, and listing the pairs for a stated purpose."""

from __future__ import annotations

import json

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_babel import gettext as _
from flask_babel import ngettext

from relief.accounts import audit
from relief.accounts.purposes import own_words
from relief.commands import of_operation
from relief.db import unit_of_work
from relief.households.likeness import STRONG
from relief.households.suspicion_words import reason_words
from relief.kernel.errors import BadInput
from relief.kernel.ids import to_text
from relief.office.lists.cli import bar_on_terminal, households
from relief.office.lists.duplicate_search import search_now
from relief.operations.queries import get_operation

PAIRS_SHOWN = 50


@households.command("duplicates")
@of_operation
@click.option("--purpose", help="What the pairs are listed for; kept in the audit. Without it only their number is told.")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON; needs --purpose.")
@with_appcontext
def duplicates_command(code: str, purpose: str | None, as_json: bool) -> None:
    """Look for households that may be one; the pairs wait on the page of duplicates. No name is shown here.

    With --purpose the pairs are listed: by the ids of the households, with the reasons.
    """
    stated = " ".join((purpose or "").split())
    if as_json and not stated:
        raise BadInput(_("Say what the list is needed for: --purpose."), code="purpose_needed", where="purpose")
    now = int(current_app.extensions["relief_clock"].now())
    with unit_of_work() as session:
        operation = get_operation(session, code)
        action = "households.duplicates_listed" if stated else "households.duplicates_looked_for"
        audit.note(session, audit.COMMAND_LINE, action, now, operation_id=operation.id, purpose=own_words(stated))
    with bar_on_terminal(_("Comparing"), not as_json) as told:
        rows = search_now(operation.id, told)
    pairs = [{"one": to_text(low), "other": to_text(high), "strong": points >= STRONG, "reasons": reasons.split()}
             for _operation, low, high, points, reasons in rows]  # fmt: skip
    if as_json:
        click.echo(json.dumps({"operation": operation.code, "pairs": pairs}, indent=2))
        return
    words = reason_words()
    for pair in pairs[:PAIRS_SHOWN] if stated else ():
        why = "; ".join(words[reason] for reason in pair["reasons"])
        click.echo(f"{pair['one']}  {pair['other']}  {why}")
    click.echo(ngettext("%(num)s pair may be one household, %(strong)s very likely.",
                        "%(num)s pairs may be one household, %(strong)s of them very likely.", len(pairs),
                        strong=sum(pair["strong"] for pair in pairs)))  # fmt: skip
