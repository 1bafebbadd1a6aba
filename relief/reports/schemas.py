"""The shape of the report as the API answers it."""

from __future__ import annotations

from marshmallow import Schema, fields


class ReportLedgerSchema(Schema):
    """The sealed head of the ledger at which the figures stand."""

    id = fields.String(required=True)
    position = fields.Integer(required=True)
    head = fields.String(required=True)
    signature = fields.String(required=True)
    key_id = fields.String(required=True)


class ReportFootnoteSchema(Schema):
    """Where numbers come from."""

    number = fields.Integer(required=True)
    key = fields.String(required=True)
    query = fields.String(required=True)
    says = fields.String(required=True)
    as_of = fields.String(required=True)
    ledger = fields.Dict(allow_none=True, required=True)


class ReportSchema(Schema):
    """The final report, internal edition, section by section in IFRC GO's order. Keys are stable, titles are for people."""

    version = fields.Integer(required=True)
    title = fields.String(required=True)
    code = fields.String(required=True)
    operation_id = fields.String(required=True)
    operation_title = fields.String(required=True)
    national_society = fields.String(required=True)
    edition = fields.String(required=True)
    demo = fields.Boolean(required=True)
    as_of = fields.Integer(required=True, metadata={"description": "When the ledger reached this position, UTC seconds."})
    as_of_text = fields.String(required=True)
    made_at = fields.Integer(required=True, metadata={"description": "When the report was made, UTC seconds."})
    made_at_text = fields.String(required=True)
    ledger = fields.Nested(ReportLedgerSchema, required=True)
    plan_version = fields.Integer(required=True)
    sections = fields.List(fields.Dict(), required=True, metadata={
        "description": "Each with key, title, blocks (table, facts, note, paragraph) and sections of its own. Every value "
                       "has its unit; amounts are decimal text; null is not known."})  # fmt: skip
    footnotes = fields.List(fields.Nested(ReportFootnoteSchema), required=True)
