"""The JSON of what a lead's phone asks beside sync and register."""

from __future__ import annotations

from flask_babel import gettext as _
from marshmallow import Schema, ValidationError, fields, validate

from relief.kernel.clock import parse_day
from relief.kernel.ids import is_id_text
from relief.ledger.values import LARGEST_INTEGER

MOST_LOOK_UPS = 200


def _is_id(value: str) -> None:
    if not is_id_text(value):
        raise ValidationError(_("This is not an id."))


def _is_day(value: str) -> None:
    try:
        parse_day(value)
    except ValueError as error:
        raise ValidationError(_("This is not a day such as 2013-03-18.")) from error


class LeadDayQuerySchema(Schema):
    site = fields.String(required=True, validate=_is_id)
    day = fields.String(load_default="", validate=_is_day, metadata={"description": "ISO day; left out: today at the site."})


class SiteStockSchema(Schema):
    """Units of one item at the site; `given_that_day` on the day asked for, all else from the beginning."""

    item = fields.String()
    name = fields.String()
    received = fields.Integer()
    transferred_in = fields.Integer()
    transferred_out = fields.Integer()
    given = fields.Integer()
    given_that_day = fields.Integer()
    lost = fields.Integer()
    on_hand = fields.Integer()
    kept = fields.Boolean(metadata={"description": "False: nobody writes down stock of the item, so on_hand means nothing."})


class SitePhoneSchema(Schema):
    """A phone of the site, as it was when it was last heard; `missing` records in between have not come."""

    enrolment = fields.String(metadata={"description": "Its id, as it stands in the tally that it shows."})
    label = fields.String()
    lanes = fields.List(fields.Integer(), metadata={"description": "None: all lanes; 0: it serves no lane."})
    made = fields.Integer()
    waiting = fields.Integer()
    held = fields.Integer()
    missing = fields.Integer()
    last_contact_at = fields.Integer(allow_none=True)
    revoked = fields.Boolean()


class LeadDaySchema(Schema):
    as_of = fields.Integer()
    position = fields.Integer()
    site = fields.String()
    day = fields.String()
    stock = fields.List(fields.Nested(SiteStockSchema))
    phones = fields.List(fields.Nested(SitePhoneSchema))


class HelpDeskRequestSchema(Schema):
    site = fields.String(required=True, validate=_is_id)
    key = fields.String(required=True, validate=validate.Regexp(r"[A-Za-z0-9_-]{87}\Z"),
                        metadata={"description": "Its public key for this list: a P-256 point, 65 bytes, base64url."})


class HelpDeskAnswerSchema(Schema):
    list = fields.String()
    site = fields.String()
    made_at = fields.Integer()
    expires_at = fields.Integer()
    families = fields.Integer()
    sealed = fields.String(metadata={"description": "HPKE (RFC 9180): encapsulated key and ciphertext, base64url."})


class LookUpSchema(Schema):
    id = fields.String(required=True, validate=_is_id)
    at = fields.Integer(required=True, strict=True, validate=validate.Range(0, LARGEST_INTEGER))
    household = fields.String(validate=_is_id, metadata={"description": "Left out where nobody was found."})


class LookUpsSchema(Schema):
    look_ups = fields.List(fields.Nested(LookUpSchema), required=True, validate=validate.Length(1, MOST_LOOK_UPS))


class NotedSchema(Schema):
    noted = fields.Integer(metadata={"description": "How many were new."})


class JoinCodeRequestSchema(Schema):
    label = fields.String(required=True, validate=[validate.Length(1, 100), validate.Regexp(r"[^\x00-\x1f\ud800-\udfff]+\Z")])
    site = fields.String(load_default="", validate=_is_id, metadata={"description": "Left out: the lead's own sites."})
    lane = fields.Integer(load_default=0, strict=True, validate=validate.Range(0, 31), metadata={"description": "0: all lanes."})


class JoinCodeAnswerSchema(Schema):
    code = fields.String(metadata={"description": "shown this once"})
    link = fields.String(metadata={"description": "What the QR holds."})
    expires_at = fields.Integer()
