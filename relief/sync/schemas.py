"""The wire form in marshmallow: it describes the API, and explains in words what is wrong with a malformed record.

The fast check of `ledger.wire` decides; these schemas are asked only about records that it did not take. A test holds that
both agree on random records.
"""

from __future__ import annotations

from typing import Any

from marshmallow import INCLUDE, Schema, ValidationError, fields, validate, validates_schema

from relief.ledger import wire
from relief.operations.rules import AGE_BANDS, DISABILITIES, SEXES


class Whole(fields.Field[int]):
    """A whole number; never a fraction, text or yes/no."""

    def __init__(self, low: int = -wire.LARGEST_INTEGER, high: int = wire.LARGEST_INTEGER, **more: Any) -> None:
        more.setdefault("metadata", {"type": "integer", "minimum": low, "maximum": high})
        super().__init__(**more)
        self.low, self.high = low, high

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> int:
        if type(value) is not int:
            raise ValidationError("Must be a whole number.")
        if not self.low <= value <= self.high:
            raise ValidationError(f"Must be a whole number from {self.low} to {self.high}.")
        return value


class Checked(fields.Field[Any]):
    """A value that passes one of the wire's checks; `words` say what it must be."""

    def __init__(self, check: wire.Check, words: str, **more: Any) -> None:
        more.setdefault("metadata", {"type": "string", "description": words})
        super().__init__(**more)
        self.check, self.words = check, words

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Any:
        if not self.check(value):
            raise ValidationError(f"Must be {self.words}.")
        return value


def _id(**more: Any) -> Checked:
    return Checked(wire.is_id, "an id (UUID, lower case, with dashes)", **more)


def _text(**more: Any) -> Checked:
    return Checked(wire.is_text, f"text of at most {wire.LONGEST_TEXT} characters without NUL or lone surrogates", **more)


def _card(**more: Any) -> Checked:
    return Checked(wire.is_card_key, "a card key (32 hexadecimal digits)", **more)


def _one_of(*words: str, **more: Any) -> fields.String:
    return fields.String(validate=validate.OneOf(words), **more)


def _plain(**more: Any) -> Checked:
    return Checked(wire.is_plain, "whole numbers, texts, and lists and objects of these", metadata={"type": "object"}, **more)


class MemberSchema(Schema):
    """One member of a household."""

    id = _id(required=True)
    number = Whole(1, 1000, required=True)
    sex = _one_of(*SEXES, required=True)
    age_band = _one_of(*AGE_BANDS, required=True)
    disability = _one_of(*DISABILITIES, required=True)


class PeopleSchema(Schema):
    """A row of people in a contact."""

    sex = _one_of(*SEXES, required=True)
    age_band = _one_of(*AGE_BANDS, required=True)
    count = Whole(1, 100_000, required=True)


def _members() -> fields.List:
    return fields.List(fields.Nested(MemberSchema), required=True, validate=[validate.Length(1, 50), _different_ids])


def _different_ids(members: list[dict[str, Any]]) -> None:
    if len({each["id"] for each in members}) != len(members):
        raise ValidationError("The same id stands twice.")


class RecordSchema(Schema):
    """The envelope of every record."""

    class Meta:
        unknown = INCLUDE

    v = Whole(1, required=True)
    id = _id(required=True)
    kind = _one_of(*wire.KINDS, required=True)
    mode = _one_of("ask", "tell", metadata={"description": "ask: may I? tell (default): it happened"})
    enrolment = _id(required=True)
    seq = Whole(1, required=True)
    session = _id(required=True)
    at = Checked(wire.is_wall, "a time with offset such as 2013-03-18T09:12:30+03:00", required=True)
    uptime_ms = Whole(0, required=True)
    visit = _id()
    by = _id()
    site = _id()
    round = _id()

    @validates_schema(pass_original=True, skip_on_field_errors=False)
    def _whole_record(self, _data: Any, original_data: Any, **_more: Any) -> None:
        self._unknown_fields(original_data)
        if original_data.get("mode") == "ask" and original_data.get("kind") != "handover":
            raise ValidationError("Only a handover can be asked for.", "mode")

    def _unknown_fields(self, original: dict[str, Any]) -> None:
        for name, value in original.items():
            if name not in self.fields and not (wire.is_plain({name: value})):
                raise ValidationError("Must be whole numbers, texts, and lists and objects of these.", str(name))


class HandoverSchema(RecordSchema):
    card = _card(required=True)
    item = _id(required=True)
    quantity = Whole(1, 10_000, required=True)
    site = _id(required=True)
    round = _id(required=True)
    members = fields.List(_id(), validate=validate.Length(1, 50))
    ask = _id()
    collector = _text()
    reason = _text()


class ContactSchema(RecordSchema):
    item = _id(required=True)
    site = _id(required=True)
    people = fields.List(fields.Nested(PeopleSchema), required=True, validate=validate.Length(1, 50))
    quantity = Whole(1, 10_000)
    place = _text()


class VoidSchema(RecordSchema):
    target = _id(required=True)
    cause = _one_of("mistake", "returned", "not_given", "other", required=True)
    goods_back = Whole(0, 1)
    card = _card()
    reason = _text()

    @validates_schema(pass_original=True)
    def _place(self, _data: Any, original_data: Any, **_more: Any) -> None:
        if "card" not in original_data and "site" not in original_data:
            raise ValidationError("The target's card or site is needed.", "card")


class NotServedSchema(RecordSchema):
    cause = _one_of("already_received", "absent", "refused", "ineligible", "unknown_card", "run_out", required=True)
    site = _id(required=True)
    item = _id()
    card = _card()
    reason = _text()


class RegistrationSchema(RecordSchema):
    household = _id(required=True)
    members = _members()
    area = _id()
    home_site = _id()
    card = _card()
    private = _plain()


class CompositionSchema(RecordSchema):
    household = _id(required=True)
    change = _one_of("change", "correction", required=True)
    from_ = Checked(wire.is_day, "a date such as 2013-03-18", data_key="from")
    corrects = _id()
    members = _members()
    reason = _text()
    private = _plain()

    @validates_schema(pass_original=True)
    def _start(self, _data: Any, original_data: Any, **_more: Any) -> None:
        if ("from" in original_data) != (original_data.get("change") == "change"):
            raise ValidationError("A change has a date; a correction has none.", "from")


class CardSchema(RecordSchema):
    action = _one_of("issued", "linked", "handed_out", "replaced", "cancelled", required=True)
    card = _card(required=True)
    new_card = _card()
    household = _id()
    number = Checked(wire.KINDS["card"].facts["number"], "letters, digits and dashes, at most 20")
    reason = _text()
    code = _text()

    @validates_schema(pass_original=True)
    def _needed_by_action(self, _data: Any, original_data: Any, **_more: Any) -> None:
        action = original_data.get("action")
        if (action == "replaced") != ("new_card" in original_data):
            raise ValidationError("The new card is named when a card is replaced, and only then.", "new_card")
        if "new_card" in original_data and original_data["new_card"] == original_data.get("card"):
            raise ValidationError("Must be another card.", "new_card")
        if action == "linked" and "household" not in original_data:
            raise ValidationError("The household is needed.", "household")


class HouseholdSchema(RecordSchema):
    household = _id(required=True)
    action = _one_of("approved", "not_approved", "withdrawn", "merged", "kept_apart", "override", required=True)
    other = _id()
    pairs = fields.List(fields.List(_id(), validate=validate.Length(equal=2)), validate=validate.Length(0, 50))
    item = _id()
    quantity = Whole(0, 10_000)
    list_version = _text()
    reason = _text()

    @validates_schema(pass_original=True)
    def _needed_by_action(self, _data: Any, original_data: Any, **_more: Any) -> None:
        action = original_data.get("action")
        if action in ("merged", "kept_apart") and original_data.get("other") in (None, original_data.get("household")):
            raise ValidationError("Another household is needed.", "other")
        if action == "override" and not {"item", "round", "quantity"} <= original_data.keys():
            raise ValidationError("Item, round and quantity are needed.", "quantity")


class StockSchema(RecordSchema):
    action = _one_of("received", "dispatched", "returned", "transferred", "lost", "damaged", "counted", required=True)
    item = _id(required=True)
    site = _id(required=True)
    quantity = Whole(0, 10_000_000, required=True)
    to_site = _id()
    source = _text()
    waybill = _text()
    reason = _text()
    names = _plain()

    @validates_schema(pass_original=True)
    def _destination(self, _data: Any, original_data: Any, **_more: Any) -> None:
        if ("to_site" in original_data) != (original_data.get("action") == "transferred"):
            raise ValidationError("A transfer, and only a transfer, names the site it goes to.", "to_site")


class DecisionSchema(RecordSchema):
    case = _text(required=True)
    action = _one_of("accept", "void", "take_up", required=True)
    cites = fields.List(_id(), validate=validate.Length(1, 500))
    group = _id()
    cause = _text()
    plan_version = Whole(1)
    reason = _text()


class PlanVersionSchema(RecordSchema):
    version = Whole(1, required=True)
    digest = Checked(wire.KINDS["plan_version"].facts["digest"], "64 hexadecimal digits", required=True)
    predecessor = Whole(0)


class ClockSchema(RecordSchema):
    server_time = Whole(-62_135_596_800, 253_402_300_799, required=True)
    round_trip_ms = Whole(0, required=True)


class DayClosedSchema(RecordSchema):
    """The envelope; everything else is kept as it is."""


class FeedbackSchema(RecordSchema):
    """The envelope; everything else is kept as it is."""


SCHEMAS: dict[str, type[RecordSchema]] = {
    "handover": HandoverSchema, "contact": ContactSchema, "void": VoidSchema, "not_served": NotServedSchema,
    "registration": RegistrationSchema, "composition": CompositionSchema, "card": CardSchema, "household": HouseholdSchema,
    "stock": StockSchema, "decision": DecisionSchema, "plan_version": PlanVersionSchema, "clock": ClockSchema,
    "day_closed": DayClosedSchema, "feedback": FeedbackSchema,
}  # fmt: skip


def explain(record: Any) -> dict[str, Any]:
    """Return what is wrong with a record, by field: `{"quantity": ["Must be ..."]}`; empty when nothing is."""
    if type(record) is not dict:
        return {"_record": ["Must be a JSON object without repeated keys."]}
    kind = record.get("kind")
    schema = SCHEMAS.get(kind, RecordSchema) if type(kind) is str else RecordSchema
    try:
        problems = schema().validate(record)
    except (TypeError, AttributeError):
        return {"_record": ["Cannot be read."]}
    return {str(name): messages for name, messages in problems.items()}


class CountsSchema(Schema):
    """What the phone counts: records made, waiting to be sent, and on its shelf because the server holds them."""

    made = Whole(0)
    waiting = Whole(0)
    held = Whole(0)


class DeviceClockSchema(Schema):
    at = _text()
    uptime_ms = Whole(0)


class SyncRequestSchema(Schema):
    """One batch."""

    clock = fields.Nested(DeviceClockSchema)
    app_version = _text()
    counts = fields.Nested(CountsSchema)
    records = fields.List(fields.Nested(RecordSchema), required=True, metadata={"description": "At most 1,000."})


class VerdictSchema(Schema):
    """The answer to one record."""

    index = fields.Integer(required=True)
    id = fields.String(allow_none=True)
    verdict = fields.String(required=True, validate=validate.OneOf(("accepted", "already_there", "flagged", "refused", "held")))
    codes = fields.List(fields.String())
    mode = fields.String(metadata={"description": "`granted` for a granted ask"})
    detail = fields.Raw()


class LedgerHeadSchema(Schema):
    """Where the chain stands, signed."""

    id = fields.String()
    position = fields.Integer()
    head = fields.String()
    signature = fields.String()
    key_id = fields.String()


class SyncAnswerSchema(Schema):
    server_time = fields.Integer(metadata={"description": "UTC seconds"})
    ledger = fields.Nested(LedgerHeadSchema)
    plan_version = fields.Integer()
    verdicts = fields.List(fields.Nested(VerdictSchema))


class EnrolRequestSchema(Schema):
    """A join code, spent by this call."""

    code = fields.String(required=True, validate=validate.Length(1, 40))
    app_version = fields.String(load_default="", validate=validate.Length(0, 40))


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


class RegisterQuerySchema(Schema):
    since = fields.Integer(load_default=0, validate=validate.Range(0, wire.LARGEST_INTEGER))


class RegisterAnswerSchema(Schema):
    """Cards with what is left, complete at first, then changes."""

    cursor = fields.Integer()
    complete = fields.Boolean()
    plan_version = fields.Integer()
    server_time = fields.Integer()
    ledger = fields.Nested(LedgerHeadSchema)
    sites = fields.List(fields.Dict())
    items = fields.List(fields.Dict())
    rounds = fields.List(fields.Dict())
    cards = fields.List(fields.Dict())
    contained = fields.List(fields.String())
