"""Forms of the card pages: fields, types and limits."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from marshmallow import EXCLUDE, Schema, ValidationError, fields, pre_load, validate

from relief.accounts.schemas import FormSchema, readable
from relief.kernel.ids import is_id_text
from relief.office.cards.printing import ARRANGEMENTS
from relief.office.cards.queries import LAST_PLACE
from relief.operations.schemas import without_blanks


def _line(longest: int) -> fields.String:
    return fields.String(load_default="", validate=[validate.Length(max=longest), readable])


class DesignForm(FormSchema):
    """What is printed on the cards; the logo comes beside it as a file."""

    society = _line(80)
    valid_until = _line(40)
    hotline = _line(40)
    drop_logo = fields.Boolean(load_default=False)


class IssueForm(FormSchema):
    """For whom cards are issued."""

    whom = fields.String(load_default="all", validate=validate.OneOf(("all", "site", "one", "blank")))
    site = fields.String(load_default="", validate=validate.Length(max=40))
    household = _line(100)
    count = fields.Integer(load_default=0)

    @pre_load
    def leave_out_blanks(self, data: Any, **_kwargs: Any) -> Any:
        """Pass over what the browser sends of the other choices: the form has one field for each of them."""
        return without_blanks(dict(data))


class _Query(Schema):
    class Meta:
        unknown = EXCLUDE


class BlankCountForm(FormSchema):
    """What somebody counted of blank cards at a place."""

    place = fields.String(required=True, validate=validate.Length(max=40))
    counted = fields.Integer(required=True, validate=validate.Range(0, 100_000))


def _is_id(text: str | None) -> None:
    if text is not None and not is_id_text(text):
        raise ValidationError(_("This is no id."))


class PrintQuery(_Query):
    """Which cards of a run go on which sheets; places count from 1."""

    arrangement = fields.String(load_default="a4", validate=validate.OneOf(ARRANGEMENTS))
    first = fields.Integer(load_default=1, validate=validate.Range(1, LAST_PLACE))
    last = fields.Integer(load_default=LAST_PLACE, validate=validate.Range(1, LAST_PLACE))
    site = fields.String(load_default=None, validate=_is_id)


class PageQuery(_Query):
    """Which page of a list."""

    page = fields.Integer(load_default=1, validate=validate.Range(1, 1_000_000))


class UncollectedQuery(PageQuery):
    """Which page of which site's cards that wait in the office."""

    site = fields.String(load_default=None, validate=_is_id)


def chosen(query: type[_Query], arguments: Any) -> dict[str, Any]:
    """Return what a page's address asks for; raises ValidationError, which becomes 422."""
    return dict(query().load({name: value for name, value in arguments.items() if value != ""}))
