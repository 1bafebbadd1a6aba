"""Command: `relief simulate`."""

from __future__ import annotations

import json
import secrets
from importlib import import_module
from pathlib import Path

import click
from flask.cli import with_appcontext
from flask_babel import gettext as _

from relief.fleet.simulation.describing import Words, as_json, describe_history, describe_result
from relief.fleet.simulation.playing import Wish
from relief.fleet.simulation.running import Outcome, Place, simulate
from relief.settings import load_settings

NOT_EQUAL = 10  # exit code


@click.command("simulate")
@click.argument("code")
@click.option("--phones", type=click.IntRange(1, 500), default=10, show_default=True, help="So many phones.")
@click.option("--hours", type=click.IntRange(1, 1000), default=8, show_default=True, help="So many hours of work.")
@click.option("--seed", help="Text or number that decides all chance; the same again is the same again. Default: a new one.")
@click.option("--rate", type=click.FloatRange(0, 10_000, min_open=True), help="At most so many records a second.")
@click.option("--server", metavar="URL", help="Play on the running server of this demonstration, for all to see.")
@click.option("--keep", type=click.Path(file_okay=False, path_type=Path), metavar="FOLDER",
              help="Keep the installation of the simulation in this empty folder.")  # fmt: skip
@click.option("--database-url", metavar="URL", help="An empty database for the simulation; default: a file of its own.")
@click.option("--shrink-seconds", type=click.IntRange(1, 3600), default=60, show_default=True,
              help="Look so long for the shortest history of a difference.")  # fmt: skip
@click.option("--json", "as_json_", is_flag=True, help="Answer as JSON.")
@with_appcontext
def simulate_command(code: str, phones: int, hours: int, seed: str | None, rate: float | None, server: str | None,
                     keep: Path | None, database_url: str | None, shrink_seconds: int, as_json_: bool) -> None:  # fmt: skip
    """Let a fleet of phones work through hours of distribution with the plan of the operation CODE, and check the server.

    The phones speak to a real server over HTTP, in an installation of its own that is thrown away: nothing that is
    simulated can land in CODE. They go offline, lose answers, send twice and in any order, with wrong clocks and old
    copies. At the end everything the server says is compared with a plain model that was written apart from it; a
    difference is shown with the shortest history that leads to it.

    --server plays on a running server instead, in a new operation beside CODE; only where this installation, or CODE, is
    a demonstration. With --rate a board fills before one's eyes.

    Exit code 10: the server and the model differ.
    """
    wish = Wish(phones, hours, seed or secrets.token_hex(4), rate)
    database_url = str(load_settings({"RELIEF_DATABASE_URL": database_url}).database_url) if database_url else None
    make_app = import_module("relief").create_app  # by name: the app is made two floors up, and imports run downward
    place = Place(make_app, keep.resolve() if keep else None, database_url, server, shrink_seconds)
    outcome = simulate(code, wish, place, lambda name: _begin(name, wish))
    if as_json_:
        answer = {"operation": outcome.name, "seed": wish.seed, "phones": phones, "hours": hours,
                  **as_json(outcome.result, outcome.history)}  # fmt: skip
        click.echo(json.dumps(answer, ensure_ascii=False, indent=2))
    else:
        _tell(outcome)
    if not outcome.result.equal:
        raise click.exceptions.Exit(NOT_EQUAL)


def _begin(name: str, wish: Wish) -> None:
    click.echo(_("%(name)s: %(phones)s phones, %(hours)s hours, --seed %(seed)s", name=name, phones=wish.phones,
                 hours=wish.hours, seed=wish.seed), err=True)  # fmt: skip


def _tell(outcome: Outcome) -> None:
    words = Words(outcome.fleet.world.plan, outcome.fleet.book)
    for line in describe_result(outcome.result, words):
        click.echo(line)
    if outcome.history is not None:
        for line in describe_history(outcome.history, outcome.tried, words):
            click.echo(line)


COMMANDS = [simulate_command]
