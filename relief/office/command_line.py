"""What the office's commands share: acting under the office's own device, noted in the audit, and answering in words or JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

import click
from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import Connection

from relief.accounts import audit
from relief.db import unit_of_work
from relief.kernel.errors import BadInput
from relief.ledger.keys import current_keys
from relief.office.acting import Desk
from relief.office.devices import get_office_enrolment
from relief.office.noted_writing import Act, write_noted
from relief.operations.queries import get_operation


def act_by_command(code: str, device: tuple[str, str], action: str, do: Callable[[Connection, Desk], Any],
                   subject_of: Callable[[Any], str] = lambda _done: "") -> Any:  # fmt: skip
    """Do something in the operation CODE under a device of the office (see `devices`), noted as done from the command line."""
    now, keys = current_app.extensions["relief_clock"].now(), current_keys()
    with unit_of_work() as session:
        operation = get_operation(session, code)
        enrolment_id = get_office_enrolment(session, operation.id, device, now)
    acting = Desk(operation.id, enrolment_id, None, now, keys)
    act = Act(audit.COMMAND_LINE, action, operation.id, "", now)
    return write_noted(act, lambda connection: do(connection, acting), subject_of)


def say(answer: Any, words: str, as_json: bool) -> None:
    """Print an answer as JSON, or its words."""
    click.echo(json.dumps(answer, ensure_ascii=False, indent=2) if as_json else words)


def named_part(parts: Sequence[Any], name: str, where: str) -> str:
    """Return the id of the one part of the plan that is called so, or has this id; raises BadInput."""
    found = [each.id for each in parts if name == each.id or name.casefold() == each.name.casefold()]
    if len(found) != 1:
        raise BadInput(_("The plan has no %(what)s of this name, or more than one.", what=where), where=where)
    return str(found[0])
