"""Taking an operation file in: register or edit the operation, its money, and a new version of its plan where it differs."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from relief.accounts import audit
from relief.accounts.devices import make_enrolment
from relief.budget.service import add_allocation, set_lines
from relief.households.models import Household
from relief.kernel.errors import BadInput, Conflict, NotFound
from relief.kernel.ids import to_bytes
from relief.office.operations.file import OperationFile, build_allocations, build_lines, build_plan, read_operation_file
from relief.office.operations.plan_saving import save_changed_plan
from relief.operations.queries import OperationRow, get_current_plan, get_operation
from relief.operations.service import edit_operation, name_appeal, register_operation


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did. `changed` names it: registered, identity, plan, allocations, budget_lines, or fields that changed."""

    operation_id: bytes
    plan_version: int
    changed: tuple[str, ...]


def import_operation(session: Session, raw: bytes, now: int, actor: audit.Actor = audit.COMMAND_LINE) -> Imported:
    """Take in an operation file (bytes) whole and return what changed: the same file again changes nothing.

    The operation is found by the file's id, else by its working name. Raises BadInput listing every problem, and Conflict
    where the file contradicts what is given once.
    """
    file = read_operation_file(raw)
    present = _find(session, file)
    if present is None:
        operation_id, changed = _register(session, file, now), ["registered"]
    else:
        check_sealing(session, present, file.operation.get("seals_names", present.seals_names))
        operation_id, changed = present.id, edit_operation(session, present.id, file.operation)
    identity = file.data["operation"]
    if name_appeal(session, operation_id, identity["appeal_code"], identity["glide"]):
        changed.append("identity")
    if sum(add_allocation(session, operation_id, row) for row in build_allocations(file, operation_id)):
        changed.append("allocations")
    if set_lines(session, operation_id, build_lines(file, operation_id)):
        changed.append("budget_lines")
    session.flush()
    plan = build_plan(file, operation_id, 0)
    if save_changed_plan(session, operation_id, plan, lambda: _device(session, operation_id, now), actor.user_id, now):
        changed.append("plan")
    if changed:
        audit.note(session, actor, "operation.imported", now, operation_id=operation_id)
    version = get_current_plan(session, operation_id).version
    return Imported(operation_id, version, tuple(changed))


def _find(session: Session, file: OperationFile) -> OperationRow | None:
    identity = file.data["operation"]
    try:
        found = get_operation(session, to_bytes(identity["id"]) if identity["id"] else identity["working_name"])
    except NotFound:
        return None
    name = identity["working_name"]
    if not identity["id"] and found.working_name.casefold() != name.casefold():  # it was found by its appeal code
        raise BadInput(_("%(name)s is the appeal code of an operation: give that one's working name or id, or another name.",
                         name=name), where="operation.working_name")  # fmt: skip
    return found


def _register(session: Session, file: OperationFile, now: int) -> bytes:
    given = file.data["operation"]["id"]
    return register_operation(session, {**file.operation, **({"id": to_bytes(given)} if given else {})}, now)


def _device(session: Session, operation_id: bytes, now: int) -> bytes:
    return make_enrolment(session, operation_id, "import", "operation file", now=now).enrolment_id


def check_sealing(session: Session, operation: OperationRow, seals_names: bool) -> None:
    """Hold that an operation says before its first household whether it seals names; raises Conflict (`households_entered`)."""
    table = Household.__table__.c
    entered = session.execute(select(table.household_id).where(table.operation_id == operation.id).limit(1)).first()
    if seals_names != operation.seals_names and entered is not None:
        raise Conflict(_("Whether names are sealed is chosen before the first household is entered."),
                       code="households_entered", where="seals_names")  # fmt: skip
