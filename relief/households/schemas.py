"""What may be said about an import of households, with its limits."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from relief.households.csv_text import ENCODINGS


class HouseholdImportSchema(Schema):
    """How to import a list: dry or not, who wrote it, and which list it becomes approved under, by whom else."""

    dry_run = fields.Boolean(load_default=False)
    encoding = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(ENCODINGS))
    imported_by = fields.Email(load_default=None, allow_none=True, validate=validate.Length(max=254))
    approve_list = fields.String(load_default=None, allow_none=True, validate=validate.Length(min=1, max=100))
    approved_by = fields.Email(load_default=None, allow_none=True, validate=validate.Length(max=254))

    @validates_schema
    def check_approval(self, data: dict[str, Any], **_options: Any) -> None:
        """A list is approved under a name, and by somebody other than its author."""
        if bool(data.get("approve_list")) != bool(data.get("approved_by")):
            raise ValidationError("An approval needs the list's name and who approves it.", "approved_by")
        if data.get("approved_by") and not data.get("imported_by"):
            raise ValidationError("An approval needs to know who made the list.", "imported_by")
        if data.get("approved_by") and data["approved_by"].casefold() == data["imported_by"].casefold():
            raise ValidationError("Somebody other than its author approves a list.", "approved_by")
