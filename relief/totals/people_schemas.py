"""The query and the JSON of freely filtered people."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from relief.kernel.clock import wall
from relief.kernel.ids import is_id_text, to_text
from relief.operations.rules import AGE_BANDS, DISABILITIES, SEXES
from relief.totals.people_filter import PeopleFilter
from relief.totals.people_reading import FilteredPeople
from relief.totals.schemas import LedgerMarkSchema

MOST_VALUES = 200


def _several(text: str, check: Any) -> fields.Field:
    return fields.List(fields.String(validate=check), load_default=list, validate=validate.Length(max=MOST_VALUES),
                       metadata={"description": f"{text}; several times for several, none for all."})  # fmt: skip


def _id(text: str) -> None:
    if is_id_text(text) is None:
        raise ValidationError("Not an id.")


def _id_or_empty(text: str) -> None:
    if text:
        _id(text)


class PeopleQuerySchema(Schema):
    """Items, sites and days choose hand-overs; areas, sexes, age bands and disabilities choose people."""

    item = _several("Item ids", _id)
    site = _several("Ids of the sites of the hand-overs", _id)
    area = _several("Ids of the households' areas, with all areas below them; empty: nobody wrote it down", _id_or_empty)
    sex = _several("Sexes", validate.OneOf(SEXES))
    age_band = _several("Age bands", validate.OneOf(AGE_BANDS))
    disability = _several("Disability", validate.OneOf(DISABILITIES))
    first_day = fields.Date(load_default=None, data_key="from", metadata={"description": "First local day of the hand-overs."})
    last_day = fields.Date(load_default=None, data_key="to", metadata={"description": "Last local day, included."})

    @validates_schema
    def _in_order(self, data: dict[str, Any], **_more: Any) -> None:
        if data.get("first_day") and data.get("last_day") and data["first_day"] > data["last_day"]:
            raise ValidationError("The last day is before the first.", "to")

    @post_load
    def _filter(self, data: dict[str, Any], **_more: Any) -> PeopleFilter:
        first, last = (data[name].isoformat() if data[name] else None for name in ("first_day", "last_day"))
        return PeopleFilter(
            items=frozenset(data["item"]), sites=frozenset(data["site"]), first_day=first, last_day=last,
            areas=frozenset(data["area"]), sexes=frozenset(data["sex"]), age_bands=frozenset(data["age_band"]),
            disabilities=frozenset(data["disability"]),
        )  # fmt: skip


class FilteredPeopleSchema(Schema):
    """Distinct people: each counted once, however often and wherever reached."""

    operation_id = fields.String(required=True)
    as_of = fields.Integer(required=True, metadata={"description": "The moment of the figures, UTC seconds."})
    as_of_text = fields.String(required=True)
    ledger = fields.Nested(LedgerMarkSchema, required=True)
    plan_version = fields.Integer(required=True)
    unsealed = fields.Boolean(required=True, metadata={
        "description": "True while the figures also hold what came within a second and has no position yet."})  # fmt: skip
    complete = fields.Boolean(required=True, metadata={"description": "False while something may still come in."})
    filter = fields.Dict(required=True, metadata={"description": "What was asked for; an empty list stands for all."})
    people = fields.Integer(required=True)
    households = fields.Integer(required=True, metadata={"description": "With at least one of these people."})
    figures = fields.Dict(required=True, metadata={"description": "Breakdowns of these people; each sums to `people`."})


def people_as_json(found: FilteredPeople, operation_id: bytes) -> dict[str, Any]:
    """Return filtered people as plain JSON values in the shape of FilteredPeopleSchema."""
    head = found.head
    figures = asdict(found.people)
    asked = {name: sorted(each) if isinstance(each, frozenset) else each for name, each in asdict(found.wanted).items()}
    return {
        "operation_id": to_text(operation_id), "as_of": found.as_of, "as_of_text": wall(found.as_of, found.zone),
        "ledger": {"id": to_text(head.ledger_id), "position": head.position, "head": head.hash.hex(),
                   "signature": head.signature.hex(), "key_id": head.key_id},
        "plan_version": found.plan.version, "unsealed": found.unsealed, "complete": found.complete,
        "filter": asked,
        "people": found.people.people, "households": found.households,
        "figures": {name: figures[name] for name in figures if name.startswith("by_")},
    }  # fmt: skip
