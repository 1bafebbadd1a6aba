"""`relief cases`: what waits for a person, and deciding it, from the command line."""

from __future__ import annotations

import json
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_babel import gettext as _

from relief.accounts import audit
from relief.accounts.devices import get_desk_enrolment
from relief.accounts.queries import find_user_by_email, list_roles
from relief.commands import answers_json
from relief.db import snapshot, unit_of_work
from relief.kernel.errors import NotAllowed, NotFound
from relief.kernel.ids import is_id_text, to_bytes
from relief.ledger.keys import current_keys
from relief.ledger.taking_up import take_up
from relief.ledger.verdicts import Verdict
from relief.office.command_line import say
from relief.office.deciding.deciding import ACTIONS, Decision, decide
from relief.office.deciding.waiting import KINDS, count_waiting, list_waiting
from relief.office.noted_writing import Act, write_noted
from relief.operations.queries import get_operation

MOST_PAGES = 1_000_000
DECIDERS = frozenset(("manager", "site_lead"))


class IdText(click.ParamType):
    """An id as dashed lower-case text."""

    name = "id"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if not is_id_text(value):
            self.fail(_("This is not an id."), param, ctx)
        return str(value)


ID = IdText()


@click.group("cases")
def cases() -> None:
    """What waits for a person to decide."""


@cases.command("list")
@click.argument("code")
@click.option("--kind", type=click.Choice(KINDS), default="cases", show_default=True, help="Which list.")
@click.option("--page", type=click.IntRange(1, MOST_PAGES), default=1, show_default=True)
@answers_json
@with_appcontext
def list_command(code: str, kind: str, page: int, as_json: bool) -> None:
    """List what is to decide in CODE, a page at a time, and how many wait in every list."""
    now = current_app.extensions["relief_clock"].now()
    with snapshot() as connection:
        operation = get_operation(connection, code)
        rows = list_waiting(connection, operation.id, kind, now, page)
        counts = count_waiting(connection, operation.id, now)
    answer = {"as_of": now, "counts": counts, "kind": kind, "page": rows.number, "pages": rows.pages, "total": rows.total,
              "rows": rows.rows}  # fmt: skip
    say(answer, _words(answer), as_json)


@cases.command("decide")
@click.argument("code")
@click.argument("case")
@click.option("--action", type=click.Choice(ACTIONS), required=True,
              help="Leave it, take hand-overs back, or say of a grant that it was given or not.")  # fmt: skip
@click.option("--cites", type=ID, multiple=True, help="A record of the case; name every one.")
@click.option("--cause", type=ID, help="The round or site, for a case of a cause.")
@click.option("--plan-version", type=click.IntRange(1, 1_000_000), help="The plan version under which the cause was seen.")
@click.option("--target", "targets", type=ID, multiple=True, help="What to take back, where the case has several hand-overs.")
@click.option("--goods-back/--goods-lost", default=None, help="Whether the goods came back.")
@click.option("--reason", default="", help="Why.")
@click.option("--by", "email", required=True, metavar="EMAIL", help="Who decides: a manager or site lead.")
@answers_json
@with_appcontext
def decide_command(code: str, case: str, email: str, as_json: bool, **given: Any) -> None:
    """Decide a CASE (its code, such as already_received) of CODE.

    Exit code 5: the case is no longer what was seen.
    """
    now, keys = current_app.extensions["relief_clock"].now(), current_keys()
    operation_id, user_id, desk_id = _desk(code, email, now)
    decision, act = Decision(case=case, **given), Act(_actor(user_id), "case.decided", operation_id, case, now)
    verdicts = write_noted(act, lambda connection: decide(connection, operation_id, desk_id, decision, user_id, now, keys))
    _show(verdicts, as_json)


@cases.command("take-up")
@click.argument("code")
@click.argument("held_id", type=ID)
@click.option("--reason", required=True, help="Why.")
@click.option("--by", "email", required=True, metavar="EMAIL", help="Who takes it up: a manager or site lead.")
@answers_json
@with_appcontext
def take_up_command(code: str, held_id: str, reason: str, email: str, as_json: bool) -> None:
    """Enter a held record of CODE unchanged.

    Exit code 5: it still cannot be entered, and why.
    """
    now, keys, held = current_app.extensions["relief_clock"].now(), current_keys(), to_bytes(held_id)
    operation_id, user_id, desk_id = _desk(code, email, now)
    act = Act(_actor(user_id), "held.taken_up", operation_id, held, now)
    verdict = write_noted(act, lambda connection: take_up(connection, operation_id, held, desk_enrolment_id=desk_id,
                                                          reason=reason, now=now, by=user_id, keys=keys))  # fmt: skip
    _show([verdict], as_json)


def _actor(user_id: bytes) -> audit.Actor:
    return audit.Actor(user_id, audit.COMMAND_LINE.address)


def _desk(code: str, email: str, now: int) -> tuple[bytes, bytes, bytes]:
    """Return (operation id, user id, enrolment id of her desk); raises NotFound, NotAllowed."""
    with unit_of_work() as session:
        operation = get_operation(session, code)
        user = find_user_by_email(session, email)
        if user is None or user.disabled_at is not None:
            raise NotFound(_("There is no such user."), where="by")
        if not user.is_administrator and not DECIDERS & list_roles(session, operation.id, user.id):
            raise NotAllowed(_("Only a manager or site lead of the operation decides."), where="by")
        return operation.id, user.id, get_desk_enrolment(session, operation.id, user.id, now).enrolment_id


def _words(answer: dict[str, Any]) -> str:
    lines = [_("To decide: %(counts)s", counts=", ".join(f"{kind} {count}" for kind, count in answer["counts"].items()))]
    lines += [json.dumps(row, ensure_ascii=False) for row in answer["rows"]]
    if answer["pages"] > 1:
        lines.append(_("Page %(page)s of %(pages)s.", page=answer["page"], pages=answer["pages"]))
    return "\n".join(lines)


def _show(verdicts: list[Verdict], as_json: bool) -> None:
    told = [verdict.as_dict() for verdict in verdicts]
    if as_json:
        click.echo(json.dumps({"verdicts": told}, ensure_ascii=False, indent=2))
    else:
        for each in told:
            click.echo(" ".join((each["id"] or "-", each["verdict"], *each["codes"])))


COMMANDS = [cases]
