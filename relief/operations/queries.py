"""Reading operations and plans: rows are frozen dataclasses; `bind` is a Session or a Connection."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import orjson
from flask_babel import gettext as _
from sqlalchemy import Connection, Row, Select, or_, select
from sqlalchemy.orm import Session

from relief.kernel.errors import NotFound
from relief.kernel.ids import is_id_text, to_bytes
from relief.operations.models import Operation, PlanVersion
from relief.operations.plan_json import plan_from_json
from relief.operations.rules import Plan
from relief.statements import fetch

Bind = Session | Connection
operation_table, plan_table = Operation.__table__, PlanVersion.__table__
MOST_PLANS_KEPT = 256
_read: dict[tuple[bytes, int, bytes], Plan] = {}


@dataclass(frozen=True, slots=True)
class OperationRow:
    """One operation; the columns of the table, statements already read."""

    id: bytes
    working_name: str
    title: str
    appeal_code: str | None
    glide: str | None
    national_society: str
    country: str
    currency: str
    dref_type: str
    onset: str
    category: str
    hazard: str
    trigger_at: int | None
    start_day: str
    end_day: str
    people_affected: int | None
    people_in_need: int | None
    people_targeted: int | None
    objective: str
    selection_criteria: str
    statements: tuple[dict[str, Any], ...]
    plan_version: int
    ledger_id: bytes
    created_at: int
    demo: bool
    seals_names: bool = False

    @property
    def code(self) -> str:
        """The name people use for it: the appeal code once there is one."""
        return self.appeal_code or self.working_name


def _operation(row: Row[Any]) -> OperationRow:
    values = dict(row._mapping)
    return OperationRow(**{**values, "statements": tuple(orjson.loads(values["statements"]))})


def get_operation(bind: Bind, code_or_id: bytes | str) -> OperationRow:
    """Return the operation of an id (bytes or text), an appeal code or a working name, however written; raises NotFound."""
    found = bind.execute(_by_code_or_id(code_or_id)).first() or _find_by_name(bind, code_or_id)
    if found is None:
        raise NotFound(_("There is no such operation."))
    return _operation(found)


def _by_code_or_id(code_or_id: bytes | str) -> Select[Any]:
    columns = operation_table.c
    if isinstance(code_or_id, bytes):
        return select(operation_table).where(columns.id == code_or_id)
    if is_id_text(code_or_id):
        return select(operation_table).where(columns.id == to_bytes(code_or_id))
    named = or_(columns.appeal_code == code_or_id.upper(), columns.working_name == code_or_id)
    # A working name that reads like another's appeal code loses: codes are given by the IFRC, names by anybody.
    return select(operation_table).where(named).order_by(
        columns.appeal_code.is_distinct_from(code_or_id.upper()), columns.id
    )


def _find_by_name(bind: Bind, name: bytes | str) -> Row[Any] | None:
    """Compare working names without their case, in Python: SQLite knows the case of English letters only."""
    if isinstance(name, bytes):
        return None
    columns = operation_table.c
    named = bind.execute(select(columns.id, columns.working_name))
    same = [row.id for row in named if row.working_name.casefold() == name.strip().casefold()]
    return bind.execute(select(operation_table).where(columns.id == same[0])).first() if len(same) == 1 else None


def list_operations(bind: Bind, ids: Iterable[bytes] | None = None) -> list[OperationRow]:
    """Return the operations of these ids, or all, the latest start first."""
    columns = operation_table.c
    query = select(operation_table).order_by(columns.start_day.desc(), columns.working_name)
    if ids is not None:
        query = query.where(columns.id.in_(list(ids)))
    return [_operation(row) for row in bind.execute(query)]


def find_plan(bind: Bind, operation_id: bytes, version: int) -> Plan | None:
    """Return one version of the plan; version 0 is the empty draft every operation starts with, an unknown one is None."""
    if version == 0:
        return Plan(version=0)
    columns = plan_table.c
    wanted = (columns.operation_id == operation_id) & (columns.version == version)
    digest = bind.execute(select(columns.digest).where(wanted)).scalar()
    return None if digest is None else _plan(bind, operation_id, version, bytes(digest))


def get_current_plan(bind: Bind, operation_id: bytes) -> Plan:
    """Return the plan in force; raises NotFound when there is no such operation."""
    connection = bind if isinstance(bind, Connection) else bind.connection()
    found = fetch(connection, "SELECT operation.plan_version, plan_version.digest FROM operation LEFT JOIN plan_version "
                 "ON plan_version.operation_id = operation.id AND plan_version.version = operation.plan_version "
                 "WHERE operation.id = ?", operation_id)  # fmt: skip
    if not found:
        raise NotFound(_("There is no such operation."))
    version, digest = found[0]
    return Plan(version=0) if digest is None else _plan(bind, operation_id, version, bytes(digest))


def _plan(bind: Bind, operation_id: bytes, version: int, digest: bytes) -> Plan:
    # The digest is part of the key, so that a restored or second database never reads another one's plan.
    key = (operation_id, version, digest)
    plan = _read.get(key)
    if plan is None:
        columns = plan_table.c
        wanted = (columns.operation_id == operation_id) & (columns.version == version)
        plan = plan_from_json(orjson.loads(bind.execute(select(columns.body).where(wanted)).scalar_one()))
        if len(_read) >= MOST_PLANS_KEPT:
            _read.clear()
        _read[key] = plan
    return plan
