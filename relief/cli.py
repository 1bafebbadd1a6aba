"""The command `relief`: the commands of all rooms under one roof."""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.util import find_spec

import click
from flask.cli import FlaskGroup

from relief import ROOMS, create_app
from relief.kernel.errors import ReliefError

PLACES = tuple(f"relief.{room}.cli" for room in (*ROOMS, "fleet")) + ("relief.database_cli", "relief.office.operation_import")


@click.group(cls=FlaskGroup, create_app=create_app, add_default_commands=False, add_version_option=False)
def relief() -> None:
    """Track the distributions of a DREF operation, from the card to the final report."""


def collect() -> None:
    """Take in the commands of every room."""
    for name in PLACES:
        if find_spec(name.rpartition(".")[0]) and find_spec(name):
            for command in getattr(import_module(name), "COMMANDS", ()):
                relief.add_command(command)


def main() -> None:
    """Run the command line."""
    collect()
    try:
        relief.main(standalone_mode=False)
    except ReliefError as error:
        click.echo(error.message, err=True)
        sys.exit(error.exit_code)
