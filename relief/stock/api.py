"""Stock as JSON."""

from __future__ import annotations

from typing import Any

from flask import current_app
from flask_smorest import Blueprint
from marshmallow import RAISE, Schema

from relief.accounts.guards import role
from relief.db import snapshot
from relief.kernel.ids import to_bytes
from relief.ledger.queries import get_position
from relief.operations.discretion import discreet_plan
from relief.operations.queries import get_current_plan
from relief.stock.queries import list_stock
from relief.stock.schemas import StockSchema, stock_as_json

blueprint = Blueprint("stock_api", __name__, url_prefix="/api/v1", description="Stock of an operation")


@blueprint.route("/operations/<operation_id>/stock")
@role("manager", "site_lead", "finance", "auditor")
@blueprint.arguments(Schema, location="query", unknown=RAISE, as_kwargs=True)
@blueprint.response(200, StockSchema)
def get_stock(operation_id: str) -> dict[str, Any]:
    """Return what came to every site, what left it and what ought to be there, per item.

    Sensitive items go by their public label.
    """
    operation = to_bytes(operation_id)
    with snapshot() as connection:
        plan = discreet_plan(get_current_plan(connection, operation))
        rows = stock_as_json(list_stock(connection, operation), plan)
        _ledger_id, position = get_position(connection, operation)
    return {"as_of": current_app.extensions["relief_clock"].now(), "position": position, "rows": rows}
