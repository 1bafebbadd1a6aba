"""The fields of an allocation as a form sends them."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from marshmallow import EXCLUDE, Schema, ValidationError, fields, pre_load, validate

from relief.budget.rules import ALLOCATION_KINDS, FUNDING_SOURCES, REPORTING_CURRENCY
from relief.kernel.money import LARGEST_MINOR, parse_money
from relief.operations.schemas import Day, Text, without_blanks


class Amount(fields.String):
    """Decimal text such as 88166.00 in CHF, loaded as minor units (centimes)."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:  # type: ignore[override]
        text = super()._deserialize(value, attr, data, **kwargs)
        try:
            minor = parse_money(text, REPORTING_CURRENCY).minor
        except ValueError:
            minor = -1
        if not 0 < minor <= LARGEST_MINOR:
            raise ValidationError(_("An amount such as 88166.00 is expected."))
        return minor


class AllocationFormSchema(Schema):
    """One allocation from a form; an empty field says nothing."""

    class Meta:
        unknown = EXCLUDE

    kind = fields.String(required=True, validate=validate.OneOf(ALLOCATION_KINDS))
    amount = Amount(required=True)
    granted_on = Day(load_default=None)
    funding_source = fields.String(required=True, validate=validate.OneOf(FUNDING_SOURCES))
    note = Text(2000, 0, load_default="")

    @pre_load
    def leave_out_blanks(self, data: Any, **_kwargs: Any) -> Any:
        return without_blanks(data)
