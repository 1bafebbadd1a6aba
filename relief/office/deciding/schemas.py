"""The JSON of what is to decide, and of deciding."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from marshmallow import Schema, ValidationError, fields, validate

from relief.kernel.ids import is_id_text
from relief.kernel.paging import LARGEST_PAGE, PAGE_SIZE
from relief.ledger.values import LARGEST_INTEGER, LONGEST_TEXT, is_text
from relief.office.deciding.deciding import ACTIONS
from relief.office.deciding.waiting import KINDS

MOST_IDS = 500


def _is_id(value: str) -> None:
    if not is_id_text(value):
        raise ValidationError(_("This is not an id."))


def _ids(text: str) -> fields.List:
    return fields.List(fields.String(validate=_is_id), load_default=(), validate=validate.Length(max=MOST_IDS),
                       metadata={"description": text})  # fmt: skip


def _is_text(value: str) -> None:
    if not is_text(value):
        raise ValidationError(_("This is not a text of at most %(count)s characters.", count=LONGEST_TEXT))


def _reason(**named: Any) -> fields.String:
    return fields.String(validate=_is_text, metadata={"description": "Kept with the decision."}, **named)


class ToDecideQuerySchema(Schema):
    kind = fields.String(load_default="cases", validate=validate.OneOf(KINDS))
    page = fields.Integer(load_default=1, validate=validate.Range(1, 1_000_000))
    size = fields.Integer(load_default=PAGE_SIZE, validate=validate.Range(1, LARGEST_PAGE))


class ToDecideSchema(Schema):
    """One page of one list of what waits for a person."""

    as_of = fields.Integer(required=True, metadata={"description": "UTC seconds."})
    counts = fields.Dict(required=True, metadata={"description": f"How many wait in each list: {', '.join(KINDS)}."})
    kind = fields.String(required=True)
    page = fields.Integer(required=True)
    pages = fields.Integer(required=True)
    total = fields.Integer(required=True)
    rows = fields.List(fields.Dict(), required=True)


class DecisionSchema(Schema):
    """A decision, and what was seen when it was made."""

    case = fields.String(required=True, validate=validate.Length(1, 64))
    action = fields.String(required=True, validate=validate.OneOf(ACTIONS))
    cites = _ids("The records of the case, all of them; with `end_grant` and `was_given` the one ask.")
    cause = fields.String(load_default=None, validate=_is_id, metadata={"description": "The round or site of a cause."})
    plan_version = fields.Integer(load_default=None, strict=True, validate=validate.Range(1, LARGEST_INTEGER))
    targets = _ids("With `void`: what to take back; needed where the case has several hand-overs.")
    goods_back = fields.Boolean(load_default=None, metadata={"description": "With `void`: whether the goods came back."})
    reason = _reason(load_default="")


class TakeUpSchema(Schema):
    """Why a held record is taken up."""

    reason = _reason(required=True)


class WrittenSchema(Schema):
    """What was written into the ledger: one verdict for each record, as phones get them."""

    verdicts = fields.List(fields.Dict(), required=True)


class HeldRecordSchema(Schema):
    """A held record and all that it says."""

    held = fields.Dict(required=True)
    record = fields.Raw(allow_none=True, metadata={"description": "As it was sent; null once its private part is erased."})
