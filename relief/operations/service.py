"""Registering operations, naming their appeal, storing plans."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import orjson
from flask_babel import gettext as _
from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from relief.kernel.errors import BadInput, Conflict, NotFound
from relief.kernel.ids import new_id, random_id
from relief.operations.models import Operation, PlanVersion
from relief.operations.plan_json import canonical_body, check_plan
from relief.operations.registration import APPEAL_CODE, GLIDE
from relief.operations.rules import Plan

_IDENTITY = {"appeal_code": APPEAL_CODE, "glide": GLIDE}


def register_operation(session: Session, fields: Mapping[str, Any], now: int) -> bytes:
    """Register an operation with its permanent id and return that id; raises Conflict when the working name is taken.

    `fields` are the columns of Operation as `schemas.OperationSchema` loads them (`statements`: a list); `id` only where
    a file gives the operation its permanent id.
    """
    values = dict(fields)
    values["statements"] = orjson.dumps(values.get("statements", []), option=orjson.OPT_SORT_KEYS)
    operation = Operation(**{"id": new_id(), **values}, ledger_id=random_id(), created_at=now, plan_version=0)
    _ensure_free(session, operation)
    try:
        with session.begin_nested():
            session.add(operation)
    except IntegrityError as error:  # somebody registered it between our look and our write
        raise _taken("working_name") from error
    return operation.id


def _ensure_free(session: Session, operation: Operation) -> None:
    """Raise Conflict where another operation has a name that reads the same, whatever its case: people say it aloud."""
    columns = Operation.__table__.c
    others = session.execute(select(columns.working_name, columns.appeal_code).where(columns.id != operation.id))
    taken = {name.casefold() for row in others for name in row if name}
    for name in ("working_name", "appeal_code"):
        if (getattr(operation, name) or "").casefold() in taken:
            raise _taken(name)


def _taken(name: str) -> Conflict:
    complaints = {"working_name": _("An operation of this working name exists."),
                  "appeal_code": _("Another operation has this appeal code.")}  # fmt: skip
    return Conflict(complaints[name], code="name_taken", where=name)


def edit_operation(session: Session, operation_id: bytes, fields: Mapping[str, Any]) -> list[str]:
    """Write changed fields (never the identity) and return the names of those that changed; raises NotFound, Conflict."""
    operation = _get(session, operation_id)
    values = {name: value for name, value in fields.items() if name not in ("id", *_IDENTITY)}
    if "statements" in values:
        values["statements"] = orjson.dumps(values["statements"], option=orjson.OPT_SORT_KEYS)
    changed = [name for name, value in values.items() if getattr(operation, name) != value]
    for name in changed:
        setattr(operation, name, values[name])
    _flush_named(session, operation, "working_name")
    return changed


def name_appeal(session: Session, operation_id: bytes, appeal_code: str | None = None, glide: str | None = None) -> bool:
    """Give the operation its appeal code and GLIDE, once, and return whether anything changed.

    Telling the same again changes nothing; raises BadInput (form), Conflict (another is set already, or the appeal code is
    another operation's) and NotFound.
    """
    operation = _get(session, operation_id)
    given = {name: value for name, value in (("appeal_code", appeal_code), ("glide", glide)) if value}
    for name, value in given.items():
        _check_identity(name, value, getattr(operation, name))
    changed = any(getattr(operation, name) != value for name, value in given.items())
    for name, value in given.items():
        setattr(operation, name, value)
    _flush_named(session, operation, "appeal_code")
    return changed


def _flush_named(session: Session, operation: Operation, name: str) -> None:
    with session.no_autoflush:
        _ensure_free(session, operation)
    try:
        session.flush()
    except IntegrityError as error:  # somebody else took the name meanwhile; the caller's transaction is over
        raise _taken(name) from error


def _check_identity(name: str, value: str, present: str | None) -> None:
    if not _IDENTITY[name].fullmatch(value):
        form = "MDRBY003" if name == "appeal_code" else "CW-2013-000010-BLR"
        raise BadInput(_("It should look like %(form)s.", form=form), where=name)
    if present not in (None, value):
        raise Conflict(_("It is already %(present)s and is given once only.", present=present), code="given_once", where=name)


def _get(session: Session, operation_id: bytes) -> Operation:
    operation = session.get(Operation, operation_id)
    if operation is None:
        raise NotFound(_("There is no such operation."))
    return operation


def store_plan(connection: Connection, operation_id: bytes, plan: Plan, saved_by: bytes | None, now: int) -> bytes:
    """Store the plan as the operation's next version, put it in force, and return the SHA-256 of its body.

    `plan.version` must be the version in force plus one: a plan that was edited from an older one is refused with
    Conflict (`stale_plan`), so that nobody's change is overwritten unseen. Raises BadInput when the parts do not fit.
    """
    operations, versions = Operation.__table__, PlanVersion.__table__
    query = select(operations.c.plan_version).where(operations.c.id == operation_id).with_for_update()
    current = connection.execute(query).scalar()
    if current is None:
        raise NotFound(_("There is no such operation."))
    if plan.version != current + 1:
        raise Conflict(_("The plan was changed by somebody else meanwhile."), code="stale_plan", current=current)
    if problems := check_plan(plan):
        raise BadInput(problems[0], where=problems[0].split(":")[0], problems=problems)
    body = canonical_body(plan)
    digest = hashlib.sha256(body).digest()
    connection.execute(insert(versions).values(operation_id=operation_id, version=plan.version, predecessor=current,
                                               body=body, digest=digest, saved_at=now, saved_by=saved_by))  # fmt: skip
    connection.execute(update(operations).where(operations.c.id == operation_id).values(plan_version=plan.version))
    return digest
