"""`relief report CODE`: the final report as a file."""

from __future__ import annotations

from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_babel import gettext as _

from relief.db import snapshot
from relief.kernel.errors import BadInput
from relief.operations.queries import get_operation
from relief.reports.build import build_report
from relief.reports.queries import read_material
from relief.reports.writers import WRITERS


@click.command("report")
@click.argument("code")
@click.option("--format", "form", type=click.Choice(sorted(WRITERS)), default="html", show_default=True, help="Which file.")
@click.option("-o", "--output", type=click.Path(dir_okay=False), default="-", help="The file to write; - is the terminal.")
@with_appcontext
def report_command(code: str, form: str, output: str) -> None:
    """Write the final report of the operation CODE, internal edition: exact figures, not for publication."""
    if not output:
        raise BadInput(_("Name a file to write, or leave it out."), where="--output")
    now = current_app.extensions["relief_clock"].now()
    with snapshot() as connection:
        operation = get_operation(connection, code)
        material = read_material(connection, operation.id, now)
    content = WRITERS[form].write(build_report(material))
    try:
        whole = not Path(output).exists() or Path(output).is_file()  # a terminal or a device is written to, never replaced
        with click.open_file(output, "wb", atomic=output != "-" and whole) as file:
            file.write(content)
    except OSError as error:  # it names the spare file beside it, which nobody asked for
        raise OSError(error.errno, error.strerror, output) from error
    if output != "-":
        click.echo(_("Report written: %(path)s (%(size)s bytes).", path=output, size=f"{len(content):,}"), err=True)


COMMANDS = [report_command]
