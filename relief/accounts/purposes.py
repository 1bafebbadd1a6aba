"""Why somebody looks at people's data: asked once a sign-in and operation, and written into the audit with every look.

A page or a file that shows people one by one stands behind both its role and its purpose:

    @blueprint.get("/operations/<operation_id>/households/<household_id>")
    @guards.role("manager", "site_lead")
    @purpose_needed("household.seen", subject="household_id")

Whoever has not said why is asked first (a program gets 403 `purpose_needed`). What was shown is noted; what was refused is not.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import current_app, request
from flask_babel import gettext as _
from sqlalchemy import select

from relief.accounts import audit, guards
from relief.accounts.models import Purpose
from relief.accounts.rules import PURPOSES
from relief.accounts.sessions import current_sign_in_id
from relief.db import db, unit_of_work
from relief.kernel import ids
from relief.kernel.errors import BadInput, PurposeNeeded

View = TypeVar("View", bound=Callable[..., Any])
LONGEST_NOTE = 200


def purpose_needed(action: str, subject: str = "") -> Callable[[View], View]:
    """Ask why before the view runs, and note `action` (such as `household.seen`) with the purpose after it has answered.

    Stands under a `role` guard, whose `operation_id` it is about; `subject` is the name of the view's argument that says
    which person or list was seen.
    """

    def mark(view: View) -> View:
        @wraps(view)
        def asked_view(*args: Any, **kwargs: Any) -> Any:
            given = request.view_args or {}
            operation_id = ids.to_bytes(given["operation_id"])
            purpose = _get_purpose(operation_id)
            response = current_app.make_response(current_app.ensure_sync(view)(*args, **kwargs))
            if response.status_code < 400:
                _note(operation_id, action, str(given.get(subject, "")), purpose)
            return response

        return asked_view  # type: ignore[return-value]

    return mark


def purpose_asked(view: View) -> View:
    """Ask why before the view runs; it notes what it does itself, with `current_purpose`, in the transaction of its act."""

    @wraps(view)
    def asked_view(*args: Any, **kwargs: Any) -> Any:
        _get_purpose(ids.to_bytes((request.view_args or {})["operation_id"]))
        return current_app.ensure_sync(view)(*args, **kwargs)

    return asked_view  # type: ignore[return-value]


def _get_purpose(operation_id: bytes) -> str:
    purpose = find_purpose(db.session, current_sign_in_id(), operation_id)
    if purpose is None:
        raise PurposeNeeded(_("Say first what you need people's data for."))
    return purpose


def current_purpose(operation_id: bytes) -> str:
    """Return what the signed-in user said she needs people's data of the operation for, `key` or `key: her words`; else ''."""
    return find_purpose(db.session, current_sign_in_id(), operation_id) or ""


def find_purpose(bind: Any, sign_in_id: bytes, operation_id: bytes) -> str | None:
    """Return what was told in this sign-in for an operation, as the audit keeps it: `key` or `key: her words`."""
    wanted = select(Purpose.purpose, Purpose.note).where(Purpose.sign_in_id == sign_in_id, Purpose.operation_id == operation_id)
    row = bind.execute(wanted).first()
    return f"{row.purpose}: {row.note}" if row and row.note else row.purpose if row else None


def own_words(stated: str | None) -> str:
    """Return what a command was told that people's data is needed for, as the audit keeps it; '' where nothing was."""
    note = (stated or "").strip()[:LONGEST_NOTE]
    return f"other: {note}" if note else ""


def tell_purpose(session: Any, sign_in_id: bytes, operation_id: bytes, purpose: str, note: str, now: int) -> None:
    """Keep what somebody needs people's data for until she signs out. Raises BadInput; `other` needs a note."""
    if purpose not in PURPOSES:
        raise BadInput(_("Choose one of these."), where="purpose")
    if purpose == "other" and not note.strip():
        raise BadInput(_("Say it in a few words."), where="note")
    session.merge(Purpose(sign_in_id=sign_in_id, operation_id=operation_id, purpose=purpose, note=note.strip()[:LONGEST_NOTE],
                          told_at=now))  # fmt: skip
    session.flush()


def _note(operation_id: bytes, action: str, subject: str, purpose: str) -> None:
    now = current_app.extensions["relief_clock"].now()
    with unit_of_work() as session:
        audit.note(session, guards.current_actor(), action, now, operation_id=operation_id, subject=subject[:80], purpose=purpose)
