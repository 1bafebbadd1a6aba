"""The JSON of stock."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from marshmallow import Schema, fields

from relief.operations.rules import Plan
from relief.stock.queries import StockRow


def _units(text: str) -> fields.Integer:
    return fields.Integer(required=True, metadata={"description": text})


class CountSchema(Schema):
    """A count of what is really there."""

    record = fields.String(required=True)
    difference = _units("Counted minus expected.")


class StockRowSchema(Schema):
    """One item at one site, in the item's units.

    received + transferred_in + count_difference = on_hand + given + lost + transferred_out.
    """

    item = fields.String(required=True)
    item_name = fields.String(required=True)
    site = fields.String(required=True)
    site_name = fields.String(required=True)
    received = _units("Came from outside.")
    transferred_in = _units("Came from another site, or was returned.")
    count_difference = _units("Sum of all counts' differences.")
    on_hand = _units("What ought to be there.")
    given = _units("Hand-overs that stand.")
    lost = _units("Lost or damaged, or not back after a voided hand-over.")
    transferred_out = _units("Went to another site, or was dispatched.")
    counts = fields.List(fields.Nested(CountSchema), required=True)
    kept = fields.Boolean(required=True, metadata={"description": "False while nobody has written down any stock of the item."})


class StockSchema(Schema):
    """Stock of an operation."""

    as_of = fields.Integer(required=True, metadata={"description": "The moment of the figures, UTC seconds."})
    position = fields.Integer(required=True, metadata={"description": "The sealed ledger position."})
    rows = fields.List(fields.Nested(StockRowSchema), required=True)


def stock_as_json(rows: Iterable[StockRow], plan: Plan) -> list[dict[str, Any]]:
    """Return rows in the shape of StockRowSchema, with the names that `plan` shows."""
    return [
        {**asdict(row), "item_name": plan.item[row.item].name, "site_name": plan.site[row.site].name,
         "counts": [{"record": record, "difference": difference} for record, difference in row.counts]}
        for row in rows
    ]  # fmt: skip
