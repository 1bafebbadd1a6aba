"""Forms of the accounts pages: fields, types and limits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from marshmallow import EXCLUDE, Schema, ValidationError, fields, pre_load, validate

from relief.accounts.rules import LONGEST_PASSWORD


class FormSchema(Schema):
    """A form's fields: blanks around are taken off, the form token and buttons are left out."""

    class Meta:
        unknown = EXCLUDE

    kept_as_typed: tuple[str, ...] = ("password",)

    @pre_load
    def strip(self, data: Mapping[str, Any], **_named: Any) -> dict[str, Any]:
        return {
            name: value if name in self.kept_as_typed or not isinstance(value, str) else value.strip()
            for name, value in data.items()
        }


def required(longest: int, shortest: int = 1) -> fields.String:
    """Return a text field that must be filled in."""
    message = lazy_gettext("Fill this in, please.")
    return fields.String(
        required=True,
        error_messages={"required": message},
        validate=[validate.Length(min=shortest, error=message), validate.Length(max=longest), readable],
    )


def readable(text: str) -> None:
    """Refuse what a database or a page cannot carry."""
    if any(sign < " " or "\ud800" <= sign <= "\udfff" for sign in text):
        raise ValidationError(_("There are signs in it that cannot be stored."))


def email_field() -> fields.String:
    """Return a field for an e-mail address, which must be filled in."""
    message = lazy_gettext("This does not look like an e-mail address.")
    return fields.String(required=True, error_messages={"required": message},
                         validate=[validate.Length(max=254, error=message), readable, validate.Email(error=message)])  # fmt: skip


class SignInForm(FormSchema):
    """What the sign-in page asks."""

    email = required(254)
    password = required(LONGEST_PASSWORD * 4)


class LinkForm(FormSchema):
    """What the page behind a one-time link asks."""

    name = required(200)
    password = required(LONGEST_PASSWORD * 4)


class FirstLinkForm(LinkForm):
    """The same for the first administrator, whose address nobody knows yet."""

    email = email_field()


class NewUserForm(FormSchema):
    """A colleague to add."""

    email = email_field()
    name = required(200)
    is_administrator = fields.Boolean(load_default=False)


class JoinCodeForm(FormSchema):
    """A phone that is to join."""

    label = required(100)
    site_ids = fields.List(fields.String(), load_default=list)
    site_lead = fields.Boolean(load_default=False)
    sensitive = fields.Boolean(load_default=False)


class PageQuery(Schema):
    """Which page of a list."""

    class Meta:
        unknown = EXCLUDE

    page = fields.Integer(load_default=1, validate=validate.Range(min=1, max=10**6))


def read_form(schema: Schema, form: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the form's values, and one sentence for each field that will not do."""
    try:
        return schema.load(form), {}
    except ValidationError as error:
        problems = error.normalized_messages()
        return {}, {name: str(_first(messages)) for name, messages in problems.items()}


def _first(messages: Any) -> Any:
    while isinstance(messages, dict | list):
        messages = next(iter(messages.values() if isinstance(messages, dict) else messages))
    return messages
