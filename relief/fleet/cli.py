"""Command: `relief demo`."""

from __future__ import annotations

import os
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import click
from flask import Flask
from flask_babel import gettext as _

from relief.fleet import demo, demo_folder


class DemoCommand(click.Command):
    """A command that makes its app itself, because the folder that the app opens is not there yet."""

    def invoke(self, ctx: click.Context) -> Any:
        demo_folder.check_environment(os.environ)
        folder = demo_folder.folder_of(os.environ)
        found = demo_folder.find_complete(folder)
        os.environ["RELIEF_INSTANCE"] = str(folder)
        make_app = import_module("relief").create_app  # by name: the app is made two floors up, and imports run downward
        if found is None:
            _load(folder, make_app)
        else:
            click.echo(_("The demonstration is in %(folder)s already.", folder=str(folder)))
        _say_how_to_go_on(folder, make_app())


def _load(folder: Path, make_app: Callable[[], Flask]) -> None:
    click.echo(_("Loading the demonstration into %(folder)s: about a minute.", folder=str(folder)))
    with click.progressbar(length=demo.count_days(), label=_("Playing 2013"), item_show_func=lambda day: day or "") as bar:
        checks = demo.load_demo(folder, make_app, demo.Show(lambda step: None, lambda day: bar.update(1, day)))
    for check in checks:
        click.echo(f"  {check.what:<22} {check.counted:>7,}   {_('as published')}")


def _say_how_to_go_on(folder: Path, app: Flask) -> None:
    shown = folder.relative_to(Path.cwd()) if folder.is_relative_to(Path.cwd()) else folder
    with app.app_context():
        links = demo.make_links()
        address = app.extensions["relief_settings"].public_url
        click.echo("\n" + _("Go on with:  RELIEF_INSTANCE=%(folder)s relief serve  and open %(address)s",
                            folder=shown, address=address))  # fmt: skip
        click.echo(_("The server prints a link for the administrator. One-time links for the others:"))
        for email, link in links.items():
            click.echo(f"  {email:<22} {link}")
        if not links:
            click.echo("  " + _("none: they have their passwords. relief users link EMAIL makes a new one."))


COMMANDS = [
    DemoCommand("demo", help="""Load the demonstration, Belarus 2013, into the folder that RELIEF_INSTANCE names (default:
    instance/demo). The folder must be empty, or a demonstration already.

    Two real operations are played again, hand-over by hand-over, by phones without screens over HTTP. Names, targets,
    budget lines and who got what are made up; the totals come out at the published figures."""),
]
