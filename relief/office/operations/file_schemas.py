"""The fields of an operation file (docs/operation-file.md)."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from relief.budget.rules import ACCOUNT_GROUPS, ALLOCATION_KINDS, FUNDING_SOURCES, REPORTING_CURRENCY
from relief.kernel.ids import is_id_text
from relief.kernel.money import LARGEST_MINOR, parse_money
from relief.operations.rules import INDICATOR_SOURCES, INDICATOR_UNITS, REACHES, RULE_KINDS, SECTORS, STATUSES
from relief.operations.schemas import Day, IdentitySchema, Moment, OperationSchema, Text, Zone, count, word

FORMAT = "relief-operation"


def _key(**kwargs: Any) -> fields.String:
    form = validate.Regexp(r"\A[a-z0-9][a-z0-9_.-]{0,59}\Z", error=_l("A short key is expected, such as food-parcel."))
    return fields.String(validate=form, **kwargs)


def _number(least: int, most: int, **kwargs: Any) -> fields.Integer:
    return fields.Integer(strict=True, validate=validate.Range(least, most), **kwargs)


def _flag() -> fields.Boolean:
    return fields.Boolean(truthy={True}, falsy={False}, load_default=False)


def _check_id(value: str | None) -> None:
    if value is not None and not is_id_text(value):
        raise ValidationError(_("An id is expected."))


class FileOperationSchema(OperationSchema, IdentitySchema):
    """The operation itself; `id` only where the file gives it its permanent id."""

    id = fields.String(validate=_check_id, allow_none=True, load_default=None)
    demo = _flag()


class AreaSchema(Schema):
    key = _key(required=True)
    name = Text(required=True)
    p_code = Text(40, allow_none=True, load_default=None)
    areas = fields.List(fields.Nested(lambda: AreaSchema()), load_default=list)


class SiteSchema(Schema):
    key = _key(required=True)
    name = Text(required=True)
    area = _key(required=True)
    zone = Zone(required=True)
    first_day = Day(allow_none=True, load_default=None)
    last_day = Day(allow_none=True, load_default=None)
    lanes = fields.Integer(strict=True, load_default=0, validate=validate.Range(0, 99))


class ItemSchema(Schema):
    key = _key(required=True)
    name = Text(required=True)
    unit = Text(40, required=True)
    recipient = word(("household", "person"), required=True)
    reaches = word(REACHES, required=True)
    service = _flag()
    sensitive = _flag()
    sector = word(SECTORS, required=True)
    ifrc_code = Text(40, allow_none=True, load_default=None)
    covers_people = _number(1, 1000, allow_none=True, load_default=None)
    public_label = Text(allow_none=True, load_default=None)


class RuleSchema(Schema):
    key = _key(required=True)
    item = _key(required=True)
    kind = word(RULE_KINDS, required=True)
    valid_from = Moment(allow_none=True, load_default=None)
    quantity = _number(0, 10_000, load_default=1)
    people = _number(1, 1000, allow_none=True, load_default=None)
    minimum_interval_days = _number(1, 3660, allow_none=True, load_default=None)
    daily_maximum = _number(1, 10_000, allow_none=True, load_default=None)


class RoundSchema(Schema):
    key = _key(required=True)
    name = Text(required=True)
    first_day = Day(required=True)
    last_day = Day(required=True)


class IndicatorSchema(Schema):
    key = _key(required=True)
    title = Text(500, required=True)
    unit = word(INDICATOR_UNITS, required=True)
    source = word(INDICATOR_SOURCES, required=True)
    sector = word(SECTORS, required=True)
    target = count()
    items = fields.List(_key(), load_default=list)
    statement = Text(4000, allow_none=True, load_default=None)
    comment = Text(4000, allow_none=True, load_default=None)


class StatementSchema(Schema):
    """What a published source says of one thing; where two figures differ, the report says so."""

    about = Text(120, required=True)
    figure = fields.Raw(required=True, validate=lambda value: _check_figure(value))
    unit = Text(40, allow_none=True, load_default=None)
    statement = Text(2000, required=True)
    source = Text(200, required=True)


def _check_figure(value: object) -> None:
    whole = isinstance(value, int) and not isinstance(value, bool) and abs(value) <= LARGEST_MINOR
    if not whole and not (isinstance(value, str) and 0 < len(value.strip()) <= 120 and value.isprintable()):
        raise ValidationError(_("A whole number or a short text is expected."))


class _AmountSchema(Schema):
    """`amount` is decimal text in `currency`, such as "88166.00"; loaded as `amount_minor`."""

    key = _key(required=True)
    amount = fields.String(required=True)
    currency = fields.String(load_default=REPORTING_CURRENCY, validate=validate.Equal(REPORTING_CURRENCY,
                             error=_l("Allocations and budget lines are in CHF.")))  # fmt: skip

    @validates_schema
    def amount_in_currency(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if "amount" in data and "currency" in data:
            try:
                fits = 0 <= parse_money(data["amount"], data["currency"]).minor <= LARGEST_MINOR
            except ValueError:
                fits = False
            if not fits:
                raise ValidationError(_("An amount such as 88166.00 is expected."), "amount")


class AllocationSchema(_AmountSchema):
    kind = word(ALLOCATION_KINDS, required=True)
    granted_on = Day(allow_none=True, load_default=None)
    funding_source = word(FUNDING_SOURCES, required=True)
    note = Text(2000, 0, load_default="")


class BudgetLineSchema(_AmountSchema):
    sector = word(SECTORS, required=True)
    account_group = word(ACCOUNT_GROUPS, required=True)
    description = Text(2000, 0, load_default="")
    demonstration = _flag()


class OperationFileSchema(Schema):
    """The whole file."""

    format = fields.String(required=True, validate=validate.Equal(FORMAT))
    version = fields.Integer(required=True, strict=True, validate=validate.Equal(1))
    operation = fields.Nested(FileOperationSchema, required=True)
    status = word(STATUSES, load_default="draft")
    grants_undecided = _flag()
    areas = fields.List(fields.Nested(AreaSchema), load_default=list)
    sites = fields.List(fields.Nested(SiteSchema), load_default=list, validate=validate.Length(max=5000))
    items = fields.List(fields.Nested(ItemSchema), load_default=list, validate=validate.Length(max=500))
    rules = fields.List(fields.Nested(RuleSchema), load_default=list, validate=validate.Length(max=5000))
    rounds = fields.List(fields.Nested(RoundSchema), load_default=list, validate=validate.Length(max=500))
    indicators = fields.List(fields.Nested(IndicatorSchema), load_default=list, validate=validate.Length(max=500))
    statements = fields.List(fields.Nested(StatementSchema), load_default=list, validate=validate.Length(max=500))
    allocations = fields.List(fields.Nested(AllocationSchema), load_default=list, validate=validate.Length(max=100))
    budget_lines = fields.List(fields.Nested(BudgetLineSchema), load_default=list, validate=validate.Length(max=2000))
