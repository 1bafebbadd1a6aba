"""Requests and answers of the phones' API in marshmallow."""

from __future__ import annotations

from marshmallow import Schema, ValidationError, fields, validate

from relief.ledger import values
from relief.sync.record_schemas import RecordSchema
from relief.sync.self_report import STORAGES
from relief.sync.wire_fields import PackedBytes, Whole, text_field

LONGEST_PARCEL = 1 << 20


class CountsSchema(Schema):
    """What the phone counts: records made, waiting to be sent, and on its shelf because the server holds them."""

    made = Whole(0)
    waiting = Whole(0)
    held = Whole(0)


class DeviceClockSchema(Schema):
    at = text_field()
    uptime_ms = Whole(0)


class SelfReportSchema(Schema):
    """What the phone says of itself; all optional, and what cannot be read is left out."""

    list_at = fields.Raw(metadata={"type": "integer", "description": "`server_time` of the register it works with."})
    battery = fields.Raw(metadata={"type": "integer", "minimum": 0, "maximum": 100})
    lost = fields.Raw(metadata={"type": "integer", "description": "Records it knows to have lost before they were sent."})
    storage = fields.Raw(metadata={"type": "string", "enum": list(STORAGES)})
    language = fields.Raw(metadata={"type": "string", "description": "The language of its screens, such as `ru`."})
    lane = fields.Raw(metadata={"type": "object", "description": "The lanes it serves now: site id -> list of lanes."})


class RegisteringSchema(Schema):
    """What is asked of a family that this phone registers."""

    names = fields.Boolean(metadata={"description": "Names are written, sealed to the server, and not read back."})
    disability = fields.Boolean()
    notice = fields.String(metadata={"description": "Read out to the family first."})


class PhoneSchema(Schema):
    """What the desk has set for the phone."""

    label = fields.String()
    sites = fields.List(fields.String(), metadata={"description": "None: all."})
    lane = fields.Dict(keys=fields.String(), values=fields.List(fields.Integer()),
                       metadata={"description": "Site id -> its lanes; a site that is not named: all of them."})  # fmt: skip
    lane_at = fields.Integer(metadata={"description": "When the desk set the lanes, 0 for never."})
    site_lead = fields.Boolean()
    sensitive = fields.Boolean()
    help_desk = fields.String(metadata={"description": "The site whose help desk it is."})
    registers = fields.Nested(RegisteringSchema, metadata={"description": "There where it may register families."})


class ParentLedgerSchema(Schema):
    """The ledger that a restored one goes on from, and the last of its positions that is here."""

    id = fields.String()
    position = fields.Integer()


class LedgerHeadSchema(Schema):
    """Where the chain stands, signed."""

    id = fields.String()
    position = fields.Integer()
    head = fields.String()
    signature = fields.String()
    key_id = fields.String()
    parent = fields.Nested(ParentLedgerSchema)


class SyncRequestSchema(Schema):
    """One batch."""

    clock = fields.Nested(DeviceClockSchema)
    app_version = text_field()
    counts = fields.Nested(CountsSchema)
    ledger = fields.Nested(LedgerHeadSchema, metadata={"description": "The furthest head told, as it was told."})
    state = fields.Nested(SelfReportSchema)
    records = fields.List(fields.Nested(RecordSchema), required=True, metadata={"description": "At most 1,000."})


class VerdictSchema(Schema):
    """The answer to one record."""

    index = fields.Integer(required=True)
    id = fields.String(allow_none=True)
    verdict = fields.String(required=True, validate=validate.OneOf(("accepted", "already_there", "flagged", "refused", "held")))
    codes = fields.List(fields.String())
    mode = fields.String(metadata={"description": "`granted` for a granted ask"})
    detail = fields.Raw()


DecidedSchema = Schema.from_dict(
    {"id": fields.String(required=True), "as": fields.String(required=True, validate=validate.OneOf(("taken_up", "put_aside")))},
    name="DecidedSchema",
)


class SyncAnswerSchema(Schema):
    server_time = fields.Integer(metadata={"description": "UTC seconds"})
    ledger = fields.Nested(LedgerHeadSchema)
    plan_version = fields.Integer()
    verdicts = fields.List(fields.Nested(VerdictSchema))
    phone = fields.Nested(PhoneSchema)
    decided = fields.List(fields.Nested(DecidedSchema), metadata={"description": "Its held records that the desk has looked at."})
    revoked = fields.Boolean(metadata={"description": "There, and true, when it was signed off: hand all in, then forget all."})


def _printable(text: str) -> None:
    if not text.isprintable():  # NUL and lone surrogates: not every database takes them
        raise ValidationError("Must be printable text.")


class EnrolRequestSchema(Schema):
    """A join code, spent by this call."""

    code = fields.String(required=True, validate=[validate.Length(1, 40), _printable])
    app_version = fields.String(load_default="", validate=[validate.Length(0, 40), _printable])
    attempt = fields.String(load_default="", validate=[validate.Length(16, 64), _printable],
                            metadata={"description": "Random; the same in every try of one phone with one code."})  # fmt: skip


class SealToSchema(Schema):
    """The server's public key, for what only the server may read: HPKE with P-256 (docs/protocol.md, *Parcels*)."""

    key_id = fields.String()
    public = fields.String(metadata={"description": "the uncompressed point, 65 bytes, base64url"})


class EnrolledOperationSchema(Schema):
    id = fields.String()
    name = fields.String()
    demo = fields.Boolean()


class EnrolAnswerSchema(Schema):
    enrolment = fields.String()
    token = fields.String(metadata={"description": "shown this once"})
    operation = fields.Nested(EnrolledOperationSchema)
    sites = fields.List(fields.String())
    site_lead = fields.Boolean()
    sensitive = fields.Boolean()
    server_time = fields.Integer()
    seal_to = fields.Nested(SealToSchema)
    phone = fields.Nested(PhoneSchema)


class ParcelSchema(Schema):
    """A phone's outbox, sealed to the server's key."""

    key_id = fields.String(required=True, validate=[validate.Length(1, 64), _printable])
    sealed = PackedBytes(LONGEST_PARCEL, required=True)


class ParcelAnswerSchema(Schema):
    records = fields.Integer(metadata={"description": "How many were in it; there is no telling whose or what."})
    held = fields.Integer(metadata={"description": "How many of them somebody has to look at."})


MOST_CARDS_A_PAGE = 5000


class RegisterQuerySchema(Schema):
    since = fields.Integer(load_default=0, validate=validate.Range(0, values.LARGEST_INTEGER))
    turn = fields.String(load_default=None, validate=validate.Length(max=40),
                         metadata={"description": "As told with the cursor."})  # fmt: skip
    limit = fields.Integer(load_default=None, validate=validate.Range(1, MOST_CARDS_A_PAGE),
                           metadata={"description": "Cards a page; without it all come in one answer."})  # fmt: skip
    after = fields.String(load_default=None, validate=validate.Length(max=200),
                          metadata={"description": "What the page before said under `more`."})  # fmt: skip
    ledger = fields.String(load_default=None, validate=[validate.Length(36, 36), _printable],
                           metadata={"description": "the ledger that the cursor belongs to"})  # fmt: skip


class RegisterAnswerSchema(Schema):
    """Cards with what is left, complete at first, then changes."""

    cursor = fields.Integer()
    turn = fields.String(metadata={"description": "Goes back with the cursor: what changes by time alone."})
    first = fields.Boolean(metadata={"description": "False on the pages after the first."})
    more = fields.String(metadata={"description": "There are further cards: ask again with this as `after`."})
    complete = fields.Boolean()
    total = fields.Integer(metadata={"description": "With `limit`, on the first page of a complete register: how many cards."})
    plan_version = fields.Integer()
    server_time = fields.Integer()
    ledger = fields.Nested(LedgerHeadSchema)
    sites = fields.List(fields.Dict())
    areas = fields.List(fields.Dict())
    items = fields.List(fields.Dict())
    rounds = fields.List(fields.Dict())
    grants_undecided = fields.Integer()
    status = fields.String(metadata={"description": "Of the operation; a closed one has no cards any more."})
    seal_to = fields.Nested(SealToSchema)
    phone = fields.Nested(PhoneSchema)
    cards = fields.List(fields.Dict())
    contained = fields.List(fields.String())
