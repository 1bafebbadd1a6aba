"""The records of the wire form in marshmallow: they describe the API, and explain what is wrong with a malformed record.

The fast check of `ledger.wire` decides; these schemas are asked only about records that it did not take. A test holds that
both agree on random records.
"""

from __future__ import annotations

from typing import Any

from marshmallow import INCLUDE, Schema, ValidationError, fields, validate, validates_schema

from relief.ledger import values, wire
from relief.operations.rules import AGE_BANDS, DISABILITIES, SEXES
from relief.sync.wire_fields import Checked, Listed, Whole, card_field, id_field, one_of, plain_field, text_field


class MemberSchema(Schema):
    """One member of a household."""

    id = id_field(required=True)
    number = Whole(1, 1000, required=True)
    sex = one_of(*SEXES, required=True)
    age_band = one_of(*AGE_BANDS, required=True)
    disability = one_of(*DISABILITIES, required=True)


class PeopleSchema(Schema):
    """A row of people in a contact."""

    sex = one_of(*SEXES, required=True)
    age_band = one_of(*AGE_BANDS, required=True)
    count = Whole(1, 100_000, required=True)


def _members() -> Listed:
    return Listed(fields.Nested(MemberSchema), required=True, validate=[validate.Length(1, 50), _different_ids])


def _different_ids(members: list[dict[str, Any]]) -> None:
    if len({each["id"] for each in members}) != len(members):
        raise ValidationError("The same id stands twice.")


class RecordSchema(Schema):
    """The envelope of every record."""

    class Meta:
        unknown = INCLUDE

    v = Whole(1, required=True)
    id = id_field(required=True)
    kind = one_of(*wire.KINDS, required=True)
    mode = one_of("ask", "tell", metadata={"description": "ask: may I? tell (default): it happened"})
    enrolment = id_field(required=True)
    seq = Whole(1, required=True)
    session = id_field(required=True)
    at = Checked(values.is_wall, "a time with offset such as 2013-03-18T09:12:30+03:00", required=True)
    uptime_ms = Whole(0, required=True)
    visit = id_field()
    by = id_field()
    site = id_field()
    round = id_field()
    about = Whole(0, 1)

    @validates_schema(pass_original=True, skip_on_field_errors=False)
    def _whole_record(self, _data: Any, original_data: Any, **_more: Any) -> None:
        self._unknown_fields(original_data)
        if original_data.get("mode") == "ask" and original_data.get("kind") != "handover":
            raise ValidationError("Only a handover can be asked for.", "mode")

    def _unknown_fields(self, original: dict[str, Any]) -> None:
        known = {each.data_key or name for name, each in self.fields.items()}
        for name in original.keys() - known:
            if not (values.is_plain({name: 0}) and values.is_plain(original[name])):
                raise ValidationError("Must be whole numbers, texts, and lists and objects of these.", name)


class HandoverSchema(RecordSchema):
    card = card_field(required=True)
    item = id_field(required=True)
    quantity = Whole(1, 10_000, required=True)
    site = id_field(required=True)
    round = id_field(required=True)
    members = Listed(id_field(), validate=validate.Length(1, 50))
    ask = id_field()
    collector = text_field()
    reason = text_field()


class ContactSchema(RecordSchema):
    item = id_field(required=True)
    site = id_field(required=True)
    people = Listed(fields.Nested(PeopleSchema), required=True, validate=validate.Length(1, 50))
    quantity = Whole(1, 10_000)
    place = text_field()


class VoidSchema(RecordSchema):
    target = id_field(required=True)
    cause = one_of("mistake", "returned", "not_given", "other", required=True)
    goods_back = Whole(0, 1)
    card = card_field()
    reason = text_field()

    @validates_schema(pass_original=True)
    def _place(self, _data: Any, original_data: Any, **_more: Any) -> None:
        if "card" not in original_data and "site" not in original_data:
            raise ValidationError("The target's card or site is needed.", "card")


class NotServedSchema(RecordSchema):
    cause = one_of("already_received", "absent", "refused", "ineligible", "unknown_card", "run_out", required=True)
    site = id_field(required=True)
    item = id_field()
    card = card_field()
    reason = text_field()


class RegistrationSchema(RecordSchema):
    household = id_field(required=True)
    members = _members()
    area = id_field()
    home_site = id_field()
    card = card_field()
    private = plain_field()


class CompositionSchema(RecordSchema):
    household = id_field(required=True)
    change = one_of("change", "correction", required=True)
    from_ = Checked(values.is_day, "a date such as 2013-03-18", data_key="from")
    corrects = id_field()
    members = _members()
    reason = text_field()
    private = plain_field()

    @validates_schema(pass_original=True)
    def _start(self, _data: Any, original_data: Any, **_more: Any) -> None:
        if ("from" in original_data) != (original_data.get("change") == "change"):
            raise ValidationError("A change has a date; a correction has none.", "from")


class CardSchema(RecordSchema):
    action = one_of("issued", "linked", "handed_out", "not_handed_out", "replaced", "cancelled", required=True)
    card = card_field(required=True)
    new_card = card_field()
    household = id_field()
    number = Checked(wire.KINDS["card"].facts["number"], "letters, digits and dashes, at most 20")
    reason = text_field()
    code = text_field()

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
    household = id_field(required=True)
    action = one_of("approved", "not_approved", "withdrawn", "merged", "kept_apart", "override", required=True)
    other = id_field()
    pairs = Listed(Listed(id_field(), validate=validate.Length(equal=2)), validate=validate.Length(0, 50))
    item = id_field()
    quantity = Whole(0, 10_000)
    list_version = text_field()
    reason = text_field()

    @validates_schema(pass_original=True)
    def _needed_by_action(self, _data: Any, original_data: Any, **_more: Any) -> None:
        action = original_data.get("action")
        if action in ("merged", "kept_apart") and original_data.get("other") in (None, original_data.get("household")):
            raise ValidationError("Another household is needed.", "other")
        if action == "override" and not {"item", "round", "quantity"} <= original_data.keys():
            raise ValidationError("Item, round and quantity are needed.", "quantity")


class StockSchema(RecordSchema):
    action = one_of("received", "dispatched", "returned", "transferred", "lost", "damaged", "counted", required=True)
    item = id_field(required=True)
    site = id_field(required=True)
    quantity = Whole(0, 10_000_000, required=True)
    to_site = id_field()
    source = one_of("dref", "own_funds", "in_kind")
    waybill = text_field()
    reason = text_field()
    names = plain_field()

    @validates_schema(pass_original=True)
    def _destination(self, _data: Any, original_data: Any, **_more: Any) -> None:
        if ("to_site" in original_data) != (original_data.get("action") == "transferred"):
            raise ValidationError("A transfer, and only a transfer, names the site it goes to.", "to_site")


class DecisionSchema(RecordSchema):
    case = Checked(wire.KINDS["decision"].facts["case"], "a code such as old_card", required=True)
    action = one_of("accept", "void", "take_up", required=True)
    cites = Listed(id_field(), validate=validate.Length(1, 500))
    group = id_field()
    cause = Checked(wire.KINDS["decision"].facts["cause"], "a code and ids, at most 100 signs")
    plan_version = Whole(1)
    reason = text_field()


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
    return _with_short_names(problems)


def _with_short_names(problems: Any) -> Any:
    """Return messages whose keys are texts (marshmallow numbers rows), and never a megabyte that somebody sent as a name."""
    if type(problems) is not dict:
        return problems
    return {str(name)[:64]: _with_short_names(each) for name, each in problems.items()}
