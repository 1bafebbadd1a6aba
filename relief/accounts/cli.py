"""Commands: `relief users add | list | link | disable | enable`. (`users role` needs operations: see `relief.web.cli`.)"""

from __future__ import annotations

import json

import click
from flask import current_app
from flask_babel import gettext as _

from relief.accounts import audit, queries, service
from relief.accounts.schemas import NewUserForm, read_form
from relief.commands import answers_json
from relief.db import db, unit_of_work
from relief.kernel import ids
from relief.kernel.errors import BadInput


@click.group("users")
def users() -> None:
    """The people who sign in: add them, give them links and roles, switch accounts off."""


@users.command("add")
@click.argument("email")
@click.option("--name", default="", help="As colleagues know her; she may change it.")
@click.option("--administrator", is_flag=True, help="May do everything in every operation.")
@answers_json
def add(email: str, name: str, administrator: bool, as_json: bool) -> None:
    """Add a user with the address EMAIL, and print her one-time link."""
    form, problems = read_form(NewUserForm(), {"email": email, "name": name or email, "is_administrator": administrator})
    if problems:
        where, sentence = next(iter(problems.items()))
        raise BadInput(sentence, where=where)
    now = _now()
    with unit_of_work() as session:
        user_id = service.add_user(session, **form, now=now)
        audit.note(session, audit.COMMAND_LINE, "user.added", now, subject=user_id)
        token = service.create_link(session, user_id, now, _link_hours())
    _print_link(user_id, token, as_json)


@users.command("link")
@click.argument("email")
@answers_json
def link(email: str, as_json: bool) -> None:
    """Print a new one-time link with which the user EMAIL sets a password. Older links stop working."""
    now = _now()
    with unit_of_work() as session:
        user = queries.get_user_by_email(session, email)
        token = service.create_link(session, user.id, now, _link_hours())
        audit.note(session, audit.COMMAND_LINE, "link.created", now, subject=user.id)
    _print_link(user.id, token, as_json)


@users.command("list")
@answers_json
@click.option("--page", default=1, type=click.IntRange(1, 1_000_000), help="Which page of 500.")
def list_users(as_json: bool, page: int) -> None:
    """List the users."""
    rows = queries.list_users(db.session, page, 500).rows
    if as_json:
        click.echo(json.dumps([_user(row) for row in rows], ensure_ascii=False))
        return
    if not rows:
        click.echo(_("Nobody is here yet. relief users add EMAIL adds somebody.") if page == 1 else _("This page is empty."))
    for row in rows:
        state = _("switched off") if row.disabled_at else "" if row.has_password else _("no password yet")
        click.echo(f"{row.email:<36} {row.name:<28} {_('administrator') if row.is_administrator else '':<14} {state}".rstrip())


@users.command("disable")
@click.argument("email")
@answers_json
def disable(email: str, as_json: bool) -> None:
    """Switch the account of EMAIL off: whoever is signed in with it is not any more."""
    now = _now()
    with unit_of_work() as session:
        user = queries.get_user_by_email(session, email)
        service.disable_user(session, user.id, now)
        audit.note(session, audit.COMMAND_LINE, "user.disabled", now, subject=user.id)
    click.echo(_switched(user.id, True) if as_json else _("Switched off."))


@users.command("enable")
@click.argument("email")
@answers_json
def enable(email: str, as_json: bool) -> None:
    """Switch the account of EMAIL on again."""
    now = _now()
    with unit_of_work() as session:
        user = queries.get_user_by_email(session, email)
        service.enable_user(session, user.id)
        audit.note(session, audit.COMMAND_LINE, "user.enabled", now, subject=user.id)
    click.echo(_switched(user.id, False) if as_json else _("Switched on."))


def _switched(user_id: bytes, disabled: bool) -> str:
    return json.dumps({"user": ids.to_text(user_id), "disabled": disabled})


def _print_link(user_id: bytes, token: str, as_json: bool) -> None:
    address, hours = service.link_address(token), _link_hours()
    if as_json:
        click.echo(json.dumps({"user": ids.to_text(user_id), "link": address, "expires_at": _now() + hours * 3600}))
    else:
        click.echo(_("One-time link, good for %(hours)s hours:", hours=hours))
        click.echo(f"  {address}")


def _user(row: queries.UserRow) -> dict[str, object]:
    return {"id": ids.to_text(row.id), "email": row.email, "name": row.name, "administrator": row.is_administrator,
            "disabled": row.disabled_at is not None, "has_password": row.has_password}  # fmt: skip


def _now() -> int:
    return current_app.extensions["relief_clock"].now()


def _link_hours() -> int:
    return current_app.extensions["relief_settings"].signin_link_hours


COMMANDS = [users]
