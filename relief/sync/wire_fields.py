"""Fields of the wire form in marshmallow: as strict as `ledger.wire`, and able to say in words what is wrong."""

from __future__ import annotations

from base64 import b64decode
from typing import Any

from marshmallow import ValidationError, fields, validate

from relief.ledger import values


class Whole(fields.Field[int]):
    """A whole number; never a fraction, text or yes/no."""

    def __init__(self, low: int = -values.LARGEST_INTEGER, high: int = values.LARGEST_INTEGER, **more: Any) -> None:
        more.setdefault("metadata", {"type": "integer", "minimum": low, "maximum": high})
        super().__init__(**more)
        self.low, self.high = low, high

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> int:
        if type(value) is not int:
            raise ValidationError("Must be a whole number.")
        if not self.low <= value <= self.high:
            raise ValidationError(f"Must be a whole number from {self.low} to {self.high}.")
        return value


class PackedBytes(fields.Field[bytes]):
    """Bytes in base64url, with padding or without; `most` is the limit of the text."""

    def __init__(self, most: int, **more: Any) -> None:
        more.setdefault("metadata", {"type": "string", "maxLength": most, "description": "bytes in base64url"})
        super().__init__(**more)
        self.most = most

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> bytes:
        if type(value) is not str or len(value) > self.most or not value.isascii():
            raise ValidationError(f"Must be base64url text of at most {self.most} signs.")
        try:
            return b64decode(value + "=" * (-len(value) % 4), altchars=b"-_", validate=True)
        except ValueError as error:
            raise ValidationError("Must be base64url text.") from error


class Checked(fields.Field[Any]):
    """A value that passes one of the wire's checks; `words` say what it must be."""

    def __init__(self, check: values.Check, words: str, **more: Any) -> None:
        more.setdefault("metadata", {"type": "string", "description": words})
        super().__init__(**more)
        self.check, self.words = check, words

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Any:
        if not self.check(value):
            raise ValidationError(f"Must be {self.words}.")
        return value


class Listed(fields.List):
    """A JSON list. (Marshmallow's own takes an object for the list of its keys.)"""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> list[Any]:
        if type(value) is not list:
            raise self.make_error("invalid")
        return super()._deserialize(value, attr, data, **more)


def id_field(**more: Any) -> Checked:
    return Checked(values.is_id, "an id (UUID, lower case, with dashes)", **more)


def text_field(**more: Any) -> Checked:
    return Checked(values.is_text, f"text of at most {values.LONGEST_TEXT} characters without NUL or lone surrogates", **more)


def card_field(**more: Any) -> Checked:
    return Checked(values.is_card_key, "a card key (32 hexadecimal digits)", **more)


def one_of(*words: str, **more: Any) -> fields.String:
    return fields.String(validate=validate.OneOf(words), **more)


def plain_field(**more: Any) -> Checked:
    return Checked(values.is_plain, "whole numbers, texts, and lists and objects of these", metadata={"type": "object"}, **more)
