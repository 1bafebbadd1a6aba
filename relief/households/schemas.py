"""What may be said about an import of households, with its limits."""

from __future__ import annotations

import json
from collections.abc import Sequence
from types import NoneType
from typing import Any

from flask_babel import gettext as _
from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from relief.households.columns import KNOWN_COLUMNS, Choice
from relief.households.csv_text import ENCODINGS
from relief.households.meanings import ANSWERS
from relief.kernel.errors import BadInput


class HouseholdImportSchema(Schema):
    """How to import a list: dry or not, who wrote it, and which list it becomes approved under, by whom else."""

    dry_run = fields.Boolean(load_default=False)
    encoding = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(ENCODINGS))
    changes = fields.String(load_default="ask", validate=validate.OneOf(("ask", "take", "leave")))
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


def _is_cell_or_cells(value: Any) -> None:
    if not isinstance(value, (str, NoneType)) and not (isinstance(value, list) and all(isinstance(each, str) for each in value)):
        raise ValidationError("Write the header of a column, or a list of them.")


class ChoiceSchema(Schema):
    """A choice of columns: ours -> the header's cell or cells, '' for none; and what codes mean: column -> code -> our word."""

    columns = fields.Dict(
        keys=fields.String(validate=validate.OneOf(KNOWN_COLUMNS)),
        values=fields.Raw(allow_none=True, validate=_is_cell_or_cells), load_default=dict,
    )  # fmt: skip
    meanings = fields.Dict(
        keys=fields.String(validate=validate.OneOf(tuple(ANSWERS))),
        values=fields.Dict(keys=fields.String(validate=validate.Length(max=100)), values=fields.String()), load_default=dict,
    )  # fmt: skip

    @validates_schema
    def check_answers(self, data: dict[str, Any], **_options: Any) -> None:
        """A code means one of the words that its column knows."""
        for column, codes in data.get("meanings", {}).items():
            for code, word in codes.items():
                if word not in ANSWERS[column]:
                    raise ValidationError(f"{code} of {column} must mean one of {', '.join(ANSWERS[column])}.", "meanings")


def read_choice(content: bytes, header: Sequence[str], guess: Choice) -> Choice:
    """Return the choice of columns that a JSON file tells; columns it does not name stay as guessed. Raises BadInput."""
    try:
        told = ChoiceSchema().load(json.loads(content))
    except ValidationError as error:
        raise BadInput(_("The file of columns cannot be used: %(why)s", why=json.dumps(error.normalized_messages())),
                       where="columns") from error  # fmt: skip
    except (ValueError, RecursionError) as error:
        raise BadInput(_("The file of columns is not JSON."), where="columns") from error
    columns = list(guess.columns)
    for name, cell in told["columns"].items():
        columns = ["" if each == name else each for each in columns]
        for each in cell if isinstance(cell, list) else [cell] if cell else []:
            columns[_place(header, each)] = name
    return Choice(tuple(columns), told["meanings"])


def _place(header: Sequence[str], cell: str) -> int:
    found = [place for place, given in enumerate(header) if given.casefold() == " ".join(cell.split()).casefold()]
    if len(found) != 1:
        raise BadInput(_("The file has no column %(name)s, or more than one.", name=cell), where="columns")
    return found[0]
