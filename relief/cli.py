"""The command `relief`: the commands of all rooms under one roof."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

import click
from flask import current_app, has_app_context
from sqlalchemy.exc import DatabaseError, DataError, IntegrityError

from relief import create_app, rooms
from relief.commands import is_opened, may_begin, needs_right_keys
from relief.database_trouble import find_trouble
from relief.db import db, snapshot
from relief.kernel.errors import BadInput, Busy, ReliefError
from relief.kernel.garbage import collect_garbage_seldom
from relief.ledger.key_check import refuse_other_keys
from relief.ledger.keys import current_keys
from relief.ledger.sealer import seal_all
from relief.schema import check_schema, refuse_if_none
from relief.settings import load_settings

SECTIONS = {
    "Start": ("serve", "demo", "simulate", "doctor"),
    "An operation": ("operation", "households", "cards", "stock", "paper", "cases", "totals", "report", "ledger"),
    "People and phones": ("users", "phones", "days", "erase"),
    "Upkeep": ("db",),
}


class House(click.Group):
    """A group whose help shows the commands in sections, in the order in which one meets them."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        known = {name for names in SECTIONS.values() for name in names}
        sections = {**SECTIONS, "More": tuple(name for name in self.list_commands(ctx) if name not in known)}
        for title, names in sections.items():
            rows = [(name, self.commands[name].get_short_help_str(160)) for name in names if name in self.commands]
            if rows:
                with formatter.section(title):
                    formatter.write_dl(rows)


@click.group(cls=House, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="relief", message="%(version)s")
def relief() -> None:
    """Track the distributions of a DREF operation, from the card to the final report.

    RELIEF_INSTANCE names the folder that holds database, secrets and settings (default: instance). CODE is an
    operation's appeal code or working name. --json answers in JSON where a program reads it.

    Exit codes: 0 done, 1 failed, 2 bad input, 3 not allowed, 4 no such thing, 5 collides with what is there, 6 busy: try
    again, 7 a setting or the installation is wrong, 8 and above: said by the command.
    """


def main() -> None:
    """Run the command line; every expected error is one sentence and an exit code."""
    collect_garbage_seldom()
    os.umask(0o077)  # what it writes is about people: for nobody else on this machine
    try:
        code = relief.main(standalone_mode=False)
        sys.exit(code if isinstance(code, int) else 0)
    except ReliefError as error:
        _fail(error)
    except (IntegrityError, DataError):
        raise  # a mistake of ours: whoever mends it needs the trace
    except DatabaseError as error:
        _fail(_explained(error))
    except UnicodeEncodeError:  # the shell hands bytes on as they are
        _fail(BadInput("An argument, or a file's name, is not UTF-8 text."))
    except OSError as error:  # a file or folder that somebody named
        named = f"{error.filename}: " if error.filename else ""
        _fail(ReliefError(f"{named}{error.strerror or str(error) or type(error).__name__}.", code="file_unusable"))
    except click.ClickException as error:
        if isinstance(error, click.UsageError) and "--json" in sys.argv:
            _fail(BadInput(error.format_message()))
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped.", err=True)
        sys.exit(130)


def _explained(error: DatabaseError) -> ReliefError:
    trouble = find_trouble(error)
    if trouble is not None:
        return trouble
    reason, *_rest = [*str(error.orig).strip().splitlines(), type(error.orig).__name__]
    return Busy(f"The database does not answer as it should: {reason.rstrip('.')}.", code="database_unreachable")


def _fail(error: ReliefError) -> None:
    if "--json" in sys.argv:
        click.echo(json.dumps(error.as_dict(), ensure_ascii=False), err=True)
    else:
        click.echo(f"{error.where}: {error.message}" if error.where else error.message, err=True)
    sys.exit(error.exit_code)


def _in_app(run: Callable[..., Any]) -> Callable[..., Any]:
    """Open the app when the command really runs, so that `--help` touches nothing."""

    @wraps(run)
    def opened(*args: Any, **named: Any) -> Any:
        if has_app_context():
            return run(*args, **named)
        settings = load_settings()
        if not may_begin(run):
            refuse_if_none(settings)
        with create_app(settings).app_context():
            try:
                if needs_right_keys(run) and not may_begin(run):  # those that may begin look themselves, once there are tables
                    _refuse_other_keys()
                result = run(*args, **named)
                if needs_right_keys(run):  # a command is over before a sealer thread would come round
                    seal_all(current_app.extensions["relief_clock"].now(), current_keys())
            except DatabaseError as error:
                if _lacks_a_table(error):
                    check_schema()  # says which, and what to do
                raise
            finally:
                db.session.remove()
                db.engine.dispose()
            return result

    return opened


def _refuse_other_keys() -> None:
    with snapshot() as connection:
        refuse_other_keys(connection, current_app.extensions["relief_secrets"])


def _lacks_a_table(error: DatabaseError) -> bool:
    told = str(error.orig)
    return told.startswith(("no such table", "no such column")) or getattr(error.orig, "sqlstate", "") in ("42P01", "42703")


def _leaves(command: click.Command) -> Iterator[click.Command]:
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            yield from _leaves(inner)
    else:
        yield command


def _collect() -> None:
    for module in rooms.modules("cli"):
        for command in getattr(module, "COMMANDS", ()):
            relief.add_command(command)
    for leaf in _leaves(relief):
        if leaf.callback is not None and is_opened(leaf.callback):
            leaf.callback = _in_app(leaf.callback)


_collect()
