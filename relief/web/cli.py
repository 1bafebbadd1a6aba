"""Commands: `relief serve`, `relief phones join-code | list | revoke`, `relief users role`."""

from __future__ import annotations

import json
import sys
from contextlib import nullcontext

import click
from flask import current_app
from flask_babel import gettext as _

from relief.accounts import audit, queries, service
from relief.accounts.cli import users
from relief.accounts.rules import ROLES
from relief.accounts.schemas import JoinCodeForm, read_form
from relief.commands import answers_json, begins_anew, of_operation
from relief.database_file import check_pages
from relief.database_memory import remember_database
from relief.db import db, is_sqlite, snapshot, unit_of_work
from relief.kernel import ids
from relief.kernel.clock import wall
from relief.kernel.errors import BadInput, BadSetting, NotFound, Unusable
from relief.ledger.anchors import find_lost_ends, list_gone_operations, remember_heads, say_gone
from relief.ledger.key_check import refuse_other_keys
from relief.office.erasing.erasing import replay_erasures
from relief.operations.queries import get_current_plan, get_operation
from relief.schema import check_schema, find_revision, upgrade_schema
from relief.settings import Settings, own_address
from relief.web import server


@click.command("serve")
@click.option("--host", help="Address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on.")
@click.option("--workers", type=click.IntRange(1, 64), help="Processes; SQLite has one. Default on PostgreSQL: 2.")
@begins_anew
def serve(host: str | None, port: int | None, workers: int | None) -> None:
    """Start the server, and say where to go and how to sign in. Ctrl-C stops it gracefully."""
    settings: Settings = current_app.extensions["relief_settings"]
    one_process = is_sqlite(db.engine)
    if one_process and workers not in (None, 1):
        raise BadInput(_("SQLite is served by one process: leave --workers out, or use PostgreSQL."), where="--workers")
    host, port = host or settings.host, port or settings.port
    with server.only_server(settings.instance) if one_process else nullcontext():
        server.check_address(host, port)
        _prepare_database()
        replay_erasures(settings.instance, current_app.extensions["relief_clock"].now)  # before anybody is let in
        _greet(settings, port)
        server.run(current_app._get_current_object(), settings, host, port, workers or (1 if one_process else 2))  # type: ignore[attr-defined]


def _prepare_database() -> None:
    """Make the tables of a new installation; an older one is upgraded only when somebody says so.

    Raises Unusable where a database is damaged, or missing where there was one.
    """
    with db.engine.connect() as connection:
        if is_sqlite(connection):
            check_pages(connection)
        is_new = find_revision(connection) is None
    if is_new:
        upgrade_schema()
    check_schema()
    remember_database(current_app.extensions["relief_settings"])  # one that an earlier version made
    _check_ends()
    remember_heads()


def _check_ends() -> None:
    """Refuse to go on from a ledger that lost its end: new entries would take the place of those that phones were told of."""
    settings: Settings = current_app.extensions["relief_settings"]
    with snapshot() as connection:
        refuse_other_keys(connection, current_app.extensions["relief_secrets"])
        lost, gone = next(find_lost_ends(connection, settings), None), list_gone_operations(connection, settings)
    if lost:
        raise BadSetting(_("The ledger of operation %(operation)s had come to position %(seen)s and ends at %(position)s: its "
                           "last records are lost. If relief.db-wal was removed, put it back. Else bring the last backup back "
                           "(relief db restore), or go on with what is here (relief db adopt): phones then send the rest again.",
                           operation=lost.operation_id, seen=lost.seen, position=lost.position), code="ledger_cut")  # fmt: skip
    if gone:
        raise Unusable(say_gone(gone), code="operation_gone")


def _greet(settings: Settings, port: int) -> None:
    address = settings.public_url.rstrip("/")
    if address == own_address(settings.port):
        address = own_address(port)
    now = current_app.extensions["relief_clock"].now()
    with unit_of_work() as session:
        token = service.create_first_administrator_link(session, now, settings.signin_link_hours)
    click.echo(_("relief is at %(address)s", address=address))
    if token:
        click.echo(_("Nobody can sign in yet. Open this once, within %(hours)s hours, to become the first administrator:",
                     hours=settings.signin_link_hours))  # fmt: skip
        click.echo(f"  {address}/link/{token}")
    else:
        click.echo(_("Sign in with your e-mail address and password. Forgotten? relief users link EMAIL makes a one-time link."))
    sys.stdout.flush()


@click.group("phones")
def phones() -> None:
    """The phones of an operation: join codes, what they last told, and taking access away."""


@phones.command("join-code")
@click.argument("code")
@click.option("--label", required=True, help="Whose phone it is, for the list of phones: a number or place, better than a name.")
@click.option("--site", "sites", multiple=True, help="Name or id of a site it serves; several times for several. None: all.")
@click.option("--site-lead", is_flag=True, help="It opens and closes the day, and decides.")
@click.option("--sensitive", is_flag=True, help="It may see sensitive items.")
@answers_json
def join_code(code: str, label: str, sites: tuple[str, ...], site_lead: bool, sensitive: bool, as_json: bool) -> None:
    """Make a code with which one phone joins the operation CODE, once."""
    form, problems = read_form(JoinCodeForm(), {"label": label, "site_lead": site_lead, "sensitive": sensitive, "site_ids": []})
    if problems:
        where, sentence = next(iter(problems.items()))
        raise BadInput(sentence, where=where)
    now, hours = current_app.extensions["relief_clock"].now(), current_app.extensions["relief_settings"].join_code_hours
    with unit_of_work() as session:
        operation = get_operation(session, code)
        site_ids = _site_ids(get_current_plan(session, operation.id).sites, sites)
        made = service.create_join_code(session, operation.id, **{**form, "site_ids": site_ids}, now=now, hours=hours)
        audit.note(session, audit.COMMAND_LINE, "join_code.created", now, operation_id=operation.id)
    if as_json:
        click.echo(json.dumps({"code": made, "expires_at": now + hours * 3600}))
    else:
        click.echo(_("Join code: %(code)s   good once, for %(hours)s hours", code=made, hours=hours))


def _site_ids(known: tuple, wanted: tuple[str, ...]) -> list[str]:  # type: ignore[type-arg]
    named = {name: site.id for site in known for name in (site.id, site.name)}
    unknown = [name for name in wanted if name not in named]
    if unknown:
        raise BadInput(_("There is no such site: %(name)s.", name=unknown[0]), where="--site")
    return sorted({named[name] for name in wanted})


@phones.command("list")
@click.argument("code")
@answers_json
def list_phones(code: str, as_json: bool) -> None:
    """List the phones of the operation CODE."""
    rows = queries.list_enrolments(db.session, get_operation(db.session(), code).id)
    if as_json:
        click.echo(json.dumps([_phone(row) for row in rows]))
        return
    if not rows:
        click.echo(_("No phone has joined yet. relief phones join-code makes a code for one."))
    for row in rows:
        heard = wall(row.last_contact_at) if row.last_contact_at else _("never")
        state = _("revoked") if row.revoked_at else _("waiting: %(count)s", count=row.waiting)
        click.echo(f"{ids.to_text(row.enrolment_id)}  {row.label:<24} {_('last heard')} {heard}  {state}")


def _phone(row: queries.EnrolmentRow) -> dict[str, object]:
    return {
        "enrolment": ids.to_text(row.enrolment_id), "label": row.label, "sites": json.loads(row.site_ids),
        "site_lead": row.site_lead, "sensitive": row.sensitive, "enrolled_at": row.enrolled_at,
        "revoked_at": row.revoked_at, "last_contact_at": row.last_contact_at, "app_version": row.app_version,
        "made": row.made, "waiting": row.waiting, "held": row.held,
    }  # fmt: skip


@phones.command("revoke")
@click.argument("code")
@click.argument("enrolment")
@answers_json
def revoke(code: str, enrolment: str, as_json: bool) -> None:
    """Take the access of a phone, ENROLMENT, to the operation CODE away. It may still hand in: that is held for a decision."""
    now = current_app.extensions["relief_clock"].now()
    try:
        enrolment_id = ids.to_bytes(enrolment)
    except ValueError:
        raise NotFound(_("There is no such device.")) from None
    with unit_of_work() as session:
        operation = get_operation(session, code)
        service.revoke_enrolment(session, operation.id, enrolment_id, now)
        audit.note(session, audit.COMMAND_LINE, "phone.revoked", now, operation_id=operation.id, subject=enrolment_id)
    answer = {"enrolment": ids.to_text(enrolment_id), "revoked": True}
    click.echo(json.dumps(answer) if as_json else _("Access taken away."))


@users.command("role")
@click.argument("email")
@click.argument("role", type=click.Choice(ROLES))
@of_operation
@click.option("--remove", is_flag=True, help="Take the role away instead.")
@answers_json
def role(email: str, role: str, code: str, remove: bool, as_json: bool) -> None:
    """Give the user EMAIL a ROLE in one operation, or take it away."""
    now = current_app.extensions["relief_clock"].now()
    with unit_of_work() as session:
        operation, user = get_operation(session, code), queries.get_user_by_email(session, email)
        (service.withdraw_role if remove else service.grant_role)(session, operation.id, user.id, role)
        act = f"role.{'withdrawn' if remove else 'granted'}.{role}"
        audit.note(session, audit.COMMAND_LINE, act, now, operation_id=operation.id, subject=user.id)
    answer = {"user": ids.to_text(user.id), "operation": ids.to_text(operation.id), "role": role, "granted": not remove}
    click.echo(json.dumps(answer) if as_json else _("Taken away.") if remove else _("Given."))


COMMANDS = [serve, phones]
