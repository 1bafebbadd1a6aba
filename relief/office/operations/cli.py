"""Commands: `relief operation import | list | show`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask_babel import gettext as _

from relief.commands import answers_json
from relief.db import snapshot, unit_of_work
from relief.kernel.ids import to_text
from relief.office.operations.file import LARGEST_FILE
from relief.office.operations.in_json import operation_to_json, whole_operation_to_json
from relief.office.operations.service import Imported, import_operation
from relief.operations.deadlines import final_report_due
from relief.operations.labels import STATUSES, entitlement_words
from relief.operations.queries import get_current_plan, get_operation, list_operations


@click.group("operation")
def operation() -> None:
    """Take in and show operations."""


@operation.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@answers_json
def import_command(file: Path, as_json: bool) -> None:
    """Register an operation from FILE, or bring it up to date; the same file again changes nothing."""
    with file.open("rb") as stream:
        raw = stream.read(LARGEST_FILE + 1)
    with unit_of_work() as session:
        imported = import_operation(session, raw, current_app.extensions["relief_clock"].now())
        code = get_operation(session, imported.operation_id).code
    click.echo(_as_json(_result(imported, code)) if as_json else _sentence(imported, code))


@operation.command("list")
@answers_json
def list_command(as_json: bool) -> None:
    """List the operations, the latest first."""
    with snapshot() as connection:
        rows = list_operations(connection)
    if as_json:
        click.echo(_as_json([operation_to_json(row) for row in rows]))
        return
    if not rows:
        click.echo(_("No operation yet. relief operation import FILE registers one."))
    for row in rows:
        click.echo(f"{row.code:<12} {row.start_day} - {row.end_day}  {row.title}")


@operation.command("show")
@click.argument("code")
@answers_json
def show_command(code: str, as_json: bool) -> None:
    """Show the operation CODE: its appeal code, working name or id."""
    with snapshot() as connection:
        row = get_operation(connection, code)
        plan = get_current_plan(connection, row.id)
        whole = whole_operation_to_json(connection, row, plan)
    if as_json:
        click.echo(_as_json(whole))
        return
    click.echo(f"{row.code}  {row.title}, {row.national_society} ({row.country})")
    click.echo(_("%(status)s, %(first)s to %(last)s, final report due %(due)s", status=STATUSES[plan.status],
                 first=row.start_day, last=row.end_day, due=final_report_due(row.end_day)))  # fmt: skip
    for granted in whole["allocations"]:
        click.echo(f"{granted['currency']} {granted['amount']}  {granted['funding_source']}  {granted['granted_on'] or ''}")
    for item in plan.items:
        rules = plan.rules_of.get(item.id, ())
        click.echo(f"  {item.name}: {entitlement_words(item, rules[0] if rules else None)}")


def _result(imported: Imported, code: str) -> dict[str, Any]:
    return {"operation": to_text(imported.operation_id), "code": code, "plan_version": imported.plan_version,
            "changed": list(imported.changed)}  # fmt: skip


def _sentence(imported: Imported, code: str) -> str:
    if not imported.changed:
        return _("%(code)s: nothing changed.", code=code)
    if "registered" in imported.changed:
        return _("%(code)s: registered, with plan version %(version)s.", code=code, version=imported.plan_version)
    return _("%(code)s: changed %(changed)s; plan version %(version)s.", code=code, changed=", ".join(imported.changed),
             version=imported.plan_version)  # fmt: skip


def _as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


COMMANDS = [operation]
