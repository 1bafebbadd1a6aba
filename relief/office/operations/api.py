"""The operation as JSON."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify
from flask_smorest import Blueprint
from marshmallow import RAISE, Schema, fields

from relief.accounts.guards import role
from relief.accounts.rules import ROLES
from relief.db import snapshot
from relief.kernel.ids import to_bytes
from relief.office.operations.in_json import whole_operation_to_json
from relief.office.operations.reading import plan_for_reader
from relief.operations.queries import get_operation

blueprint = Blueprint("operations_api", __name__, url_prefix="/api/v1", description="Operations")


class WholeOperationSchema(Schema):
    """An operation with its plan in force and its money."""

    operation = fields.Dict(metadata={"description": "The operation's own fields; null where not known."})
    plan = fields.Dict(metadata={"description": "The plan in force; sensitive items under their public label for most."})
    allocations = fields.List(fields.Dict(), metadata={"description": "Money granted; amounts are decimal text."})
    budget_lines = fields.List(fields.Dict(), metadata={"description": "Sector x account group; amounts are decimal text."})
    budget = fields.Dict(metadata={"description": "Sums in minor units of CHF."})


@blueprint.route("/operations/<operation_id>")
@role(*ROLES)
@blueprint.arguments(Schema, location="query", unknown=RAISE, as_kwargs=True)
@blueprint.response(200, WholeOperationSchema)
def get_one(operation_id: str) -> Response:
    """Return the operation, its plan in force, its allocations and budget lines."""
    with snapshot() as connection:
        operation = get_operation(connection, to_bytes(operation_id))
        answer: dict[str, Any] = whole_operation_to_json(connection, operation, plan_for_reader(connection, operation.id))
    return jsonify(answer)
