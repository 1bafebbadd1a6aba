"""`relief doctor`: what is wrong, in plain words, and what to do."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

import click
from flask_babel import gettext as _

from relief.commands import answers_json, opens_itself
from relief.upkeep.doctor import examine
from relief.upkeep.finding import BROKEN, LOOK


@click.command("doctor")
@answers_json
@click.option("--quick", is_flag=True, help="Without verifying the ledgers entry by entry (about a minute a million).")
@opens_itself
def doctor(as_json: bool, quick: bool) -> None:
    """Say what is wrong with this installation, and what to do about it. Nothing is changed.

    Each line is ok, look (not wrong, but to be looked at) or broken. Exit code 0: nothing is broken. 1: something is.
    """
    found = []
    for each in examine(quick):
        found.append(each)
        if not as_json:
            click.echo(f"{each.state:<7} {each.about:<9} {each.says}")
            for line in (each.cure, each.run):
                if line:
                    click.echo(f"{'':<17} {'->' if line is each.cure else ' $'} {line}")
    broken = sum(each.state == BROKEN for each in found)
    if as_json:
        click.echo(json.dumps({"good": not broken, "findings": [asdict(each) for each in found]}))
    else:
        looks = sum(each.state == LOOK for each in found)
        click.echo(_("%(broken)s broken, %(looks)s to look at.", broken=broken, looks=looks))
    if broken:
        sys.exit(1)


COMMANDS = [doctor]
