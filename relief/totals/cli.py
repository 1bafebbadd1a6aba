"""`relief totals CODE`: the totals in a terminal, or as JSON for a program."""

from __future__ import annotations

import click
import orjson
from flask import current_app
from flask.cli import with_appcontext
from flask_babel import gettext as _

from relief.db import snapshot
from relief.operations.queries import get_operation
from relief.totals import words
from relief.totals.figures import IndicatorFigures
from relief.totals.queries import Totals, read_totals
from relief.totals.schemas import totals_as_json


@click.command("totals")
@click.argument("code")
@click.option("--json", "as_json", is_flag=True, help="Answer JSON, the same as the API's.")
@with_appcontext
def totals_command(code: str, as_json: bool) -> None:
    """Show the live totals of the operation CODE (appeal code or working name)."""
    with snapshot() as connection:
        operation = get_operation(connection, code)
        totals = read_totals(connection, operation.id, current_app.extensions["relief_clock"].now())
    if as_json:
        click.echo(orjson.dumps(totals_as_json(totals), option=orjson.OPT_INDENT_2).decode())
        return
    for line in describe(totals):
        click.echo(line)


def describe(totals: Totals) -> list[str]:
    """Return the totals as lines of text."""
    state, figures = totals.completeness, totals.figures
    lines = [
        f"{totals.operation.code}  {totals.operation.title}",
        _("As of %(moment)s, ledger position %(position)s, plan version %(version)s",
          moment=words.moment_text(totals.as_of, totals.zone), position=totals.position, version=totals.plan.version),
        "",
        _("People assisted: %(count)s", count=words.at_least(figures.people.people, state)),
        *words.missing(state, totals.zone, totals.as_of),
        _("Households served: %(count)s", count=words.number(figures.households)),
        _("To decide: %(list)s", list="; ".join(words.to_decide(totals.to_decide)) or _("nothing")),
        "",
    ]  # fmt: skip
    lines += [_("%(item)s: %(given)s given (%(unit)s), %(people)s people, %(households)s households",
                item=words.item_name(row.label), given=words.number(row.quantity.given), unit=row.unit,
                people=words.number(row.people), households=words.number(row.households)) for row in figures.items]  # fmt: skip
    lines += [_("%(item)s, contacts counted apart: %(people)s people", item=words.item_name(row.label),
                people=words.number(row.people)) for row in figures.contacts]  # fmt: skip
    lines += ["", *(_target_line(row) for row in figures.indicators if row.actual is not None)]
    return lines


def _target_line(row: IndicatorFigures) -> str:
    unit = words.label(row.unit)
    if row.target is None:
        return _("%(title)s: %(actual)s %(unit)s, no target set", title=row.title, actual=words.number(row.actual), unit=unit)
    return _("%(title)s: %(actual)s of %(target)s %(unit)s, %(percent)s %%", title=row.title, actual=words.number(row.actual),
             target=words.number(row.target), unit=unit, percent=row.percent)  # fmt: skip


COMMANDS = [totals_command]
