"""The fields of an operation as forms, files and the API send them."""

from __future__ import annotations

import re
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from marshmallow import EXCLUDE, Schema, ValidationError, fields, pre_load, validate, validates_schema

from relief.kernel.clock import parse_day, parse_wall
from relief.operations.plan_json import LARGEST_NUMBER, is_plain_text, is_zone
from relief.operations.registration import APPEAL_CODE, CATEGORIES, DREF_TYPES, GLIDE, ONSETS

FIRST_YEAR, LAST_YEAR = 1900, 2200  # of an operation's days: another year is a slip of the finger


class Text(fields.String):
    """Text that every database can hold, its outer blanks taken off; `most` signs at most, `least` at least."""

    def __init__(self, most: int = 200, least: int = 1, **kwargs: Any) -> None:
        super().__init__(validate=validate.Length(least, most), **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs).strip()
        if not is_plain_text(text):
            raise ValidationError(_("This text holds signs that cannot be stored."))
        return text


class Day(fields.String):
    """An ISO day such as 2013-03-18 in a year that an operation can have, kept as text."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        try:
            day = parse_day(text)
        except ValueError:
            raise ValidationError(_("A day such as 2013-03-18 is expected.")) from None
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise ValidationError(_("The year must lie between %(first)s and %(last)s.", first=FIRST_YEAR, last=LAST_YEAR))
        return day.isoformat()


class Moment(fields.String):
    """A wall time with offset such as 2013-03-18T09:12:30+03:00, loaded as UTC seconds."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:  # type: ignore[override]
        text = super()._deserialize(value, attr, data, **kwargs)
        try:
            moment = parse_wall(text)
        except ValueError:
            raise ValidationError(_("A time such as 2013-03-18T09:12:30+03:00 is expected.")) from None
        if not FIRST_YEAR <= int(text[:4]) <= LAST_YEAR:
            raise ValidationError(_("The year must lie between %(first)s and %(last)s.", first=FIRST_YEAR, last=LAST_YEAR))
        return moment


class Zone(fields.String):
    """The name of an IANA time zone."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        name = super()._deserialize(value, attr, data, **kwargs)
        if len(name) > 64 or not is_zone(name):
            raise ValidationError(_("There is no such time zone."))
        return name


def count(**kwargs: Any) -> fields.Integer:
    """Return a field for a number of people or things; None where it is not known."""
    return fields.Integer(strict=True, validate=validate.Range(0, LARGEST_NUMBER), allow_none=True, load_default=None, **kwargs)


def word(words: tuple[str, ...], **kwargs: Any) -> fields.String:
    """Return a field for one of these words."""
    return fields.String(validate=validate.OneOf(words), **kwargs)


def _form(pattern: re.Pattern[str], example: str) -> Any:
    def check(value: str | None) -> None:
        if value is not None and not pattern.fullmatch(value):
            raise ValidationError(_("It should look like %(form)s.", form=example))

    return check


class IdentitySchema(Schema):
    """What is given once: appeal code and GLIDE."""

    appeal_code = fields.String(allow_none=True, load_default=None, validate=_form(APPEAL_CODE, "MDRBY003"))
    glide = fields.String(allow_none=True, load_default=None, validate=_form(GLIDE, "CW-2013-000010-BLR"))

    @pre_load
    def leave_out_blanks(self, data: Any, **_kwargs: Any) -> Any:
        return without_blanks(data)


class IdentityFormSchema(IdentitySchema):
    """The same from a form."""

    class Meta:
        unknown = EXCLUDE


class OperationSchema(Schema):
    """An operation as it is registered."""

    working_name = Text(120, required=True)
    title = Text(200, required=True)
    national_society = Text(200, required=True)
    country = fields.String(required=True, validate=validate.Regexp(r"\A[A-Z]{3}\Z", error=_l("Three capital letters, as BLR.")))
    currency = fields.String(required=True, validate=validate.Regexp(r"\A[A-Z]{3}\Z", error=_l("Three capital letters, as BYR.")))
    dref_type = word(DREF_TYPES, required=True)
    onset = word(ONSETS, required=True)
    category = word(CATEGORIES, load_default="not_classified")
    hazard = Text(80, required=True)
    trigger_at = Moment(allow_none=True, load_default=None)
    start_day = Day(required=True)
    end_day = Day(required=True)
    people_affected = count()
    people_in_need = count()
    people_targeted = count()
    objective = Text(4000, 0, load_default="")
    selection_criteria = Text(4000, 0, load_default="")
    seals_names = fields.Boolean()  # left out: as it was

    @validates_schema
    def days_in_order(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if data.get("start_day") and data.get("end_day") and data["end_day"] < data["start_day"]:
            raise ValidationError(_("The end is before the start."), "end_day")


class OperationFormSchema(OperationSchema):
    """The same from a form: everything is text, and an empty field says nothing."""

    class Meta:
        unknown = EXCLUDE

    people_affected = fields.Integer(validate=validate.Range(0, LARGEST_NUMBER), load_default=None)
    people_in_need = fields.Integer(validate=validate.Range(0, LARGEST_NUMBER), load_default=None)
    people_targeted = fields.Integer(validate=validate.Range(0, LARGEST_NUMBER), load_default=None)

    @pre_load
    def leave_out_blanks(self, data: Any, **_kwargs: Any) -> Any:
        return without_blanks(data)


def without_blanks(data: Any) -> Any:
    """Return a form's fields without those left empty."""
    if not isinstance(data, dict):
        return data
    return {name: value for name, value in data.items() if not (isinstance(value, str) and not value.strip())}
