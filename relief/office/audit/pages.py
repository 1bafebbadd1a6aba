"""The page of who saw and did what in an operation, for its managers."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from marshmallow import fields, validate

from relief.accounts import guards
from relief.accounts.audit_reading import list_looks
from relief.accounts.labels import purpose_names
from relief.accounts.schemas import FormSchema
from relief.db import snapshot
from relief.kernel.ids import to_bytes
from relief.office.audit.words import act_words
from relief.office.families.history import default_zone
from relief.operations.queries import get_current_plan, get_operation

blueprint = Blueprint("audit", __name__)


class AuditQuery(FormSchema):
    """Only looks at people, or everything; and which page."""

    what = fields.String(load_default="looks", validate=validate.OneOf(("looks", "all")))
    page = fields.Integer(load_default=1, validate=validate.Range(1, 1_000_000))


@blueprint.get("/operations/<operation_id>/audit")
@guards.role("manager", "auditor", "protection")
def show(operation_id: str) -> str:
    asked = AuditQuery().load(request.args)
    with snapshot() as connection:
        operation = get_operation(connection, to_bytes(operation_id))
        page = list_looks(connection, operation.id, everything=asked["what"] == "all", number=asked["page"])
        zone = default_zone(get_current_plan(connection, operation.id))
    return render_template("office/audit.html", operation=operation, page=page, what=asked["what"], zone=zone, words_of=act_words,
                           purposes=purpose_names())  # fmt: skip
