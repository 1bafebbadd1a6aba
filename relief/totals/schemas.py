"""The JSON of the totals: figures as in `figures.py`, field by field, and where they stand."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields

from relief.kernel.clock import wall
from relief.kernel.ids import to_text
from relief.totals.queries import Totals


def _described(text: str, kind: type[fields.Field] = fields.Dict, **named: Any) -> fields.Field:
    return kind(required=True, metadata={"description": text}, **named)


class LedgerMarkSchema(Schema):
    """The ledger's head at which the figures stand."""

    id = fields.String(required=True)
    position = fields.Integer(required=True)
    head = fields.String(required=True)
    signature = fields.String(required=True)
    key_id = fields.String(required=True)


class TotalsSchema(Schema):
    """All totals of an operation. People and households are different units and never mixed."""

    operation_id = fields.String(required=True)
    code = fields.String(required=True)
    demo = fields.Boolean(required=True)
    as_of = _described("The moment of the figures, UTC seconds.", fields.Integer)
    as_of_text = _described("The same with the offset of the operation's zone.", fields.String)
    ledger = fields.Nested(LedgerMarkSchema, required=True)
    plan_version = fields.Integer(required=True)
    complete = _described("False while something may still come in: then figures read `at least`.", fields.Boolean)
    completeness = _described("Silent phones, records known to wait, gaps.")
    to_decide = _described(
        "How many wait in each list of `to-decide`: cases, causes, grants, held. Its lists of stock and "
        "of numbers used twice are counted only there."
    )
    people_assisted = _described("Distinct people with at least one hand-over that stands: the union.", fields.Integer)
    figures = _described("Every breakdown: people, people_by_item, items, sites, areas, days, contacts, indicators ...")


def totals_as_json(totals: Totals) -> dict[str, Any]:
    """Return the totals in the shape of TotalsSchema: plain values and dataclasses, as orjson writes them."""
    return {
        "operation_id": to_text(totals.operation.id),
        "code": totals.operation.code,
        "demo": totals.operation.demo,
        "as_of": totals.as_of,
        "as_of_text": wall(totals.as_of, totals.zone),
        "ledger": {"id": totals.ledger_id, "position": totals.position, "head": totals.head,
                   "signature": totals.signature, "key_id": totals.key_id},
        "plan_version": totals.plan.version,
        "complete": totals.completeness.complete,
        "completeness": totals.completeness,
        "to_decide": totals.to_decide,
        "people_assisted": totals.figures.people.people,
        "figures": totals.figures,
    }  # fmt: skip
