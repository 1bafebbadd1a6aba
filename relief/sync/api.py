"""What phones call: enrol, sync, register."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import orjson
from flask import Response, current_app, g, jsonify, request

from relief.accounts import devices
from relief.accounts.guards import phone, phone_handing_in, public
from relief.accounts.limits import typed_codes
from relief.accounts.registration import told_of_registering
from relief.db import snapshot, unit_of_work, write
from relief.kernel.ids import to_text
from relief.ledger.keys import current_keys
from relief.ledger.queries import HeadRow, get_head, get_position
from relief.ledger.witnesses import note_witness
from relief.operations.queries import get_current_plan, get_operation
from relief.sync.body import read_body
from relief.sync.json_arguments import Blueprint
from relief.sync.packing import packed
from relief.sync.paging import Place, contained_records, count_cards, ground_of, is_stale, read_cards, read_place, turn_of
from relief.sync.parcels import open_parcel, take_in_parcel
from relief.sync.register import CardRows, phone_part, plan_part, scope_of
from relief.sync.schemas import (
    EnrolAnswerSchema,
    EnrolRequestSchema,
    ParcelAnswerSchema,
    ParcelSchema,
    RegisterAnswerSchema,
    RegisterQuerySchema,
    SyncAnswerSchema,
    SyncRequestSchema,
)  # fmt: skip
from relief.sync.sealed_words import open_words
from relief.sync.server_key import seal_to
from relief.sync.service import explain_malformed, receive

blueprint = Blueprint("sync", __name__, url_prefix="/api/v1", description="Phones: enrol, sync, register")


def _now() -> int:
    return current_app.extensions["relief_clock"].now()


@blueprint.route("/enrol", methods=["POST"])
@public
@typed_codes
@blueprint.arguments(EnrolRequestSchema)
@blueprint.response(201, EnrolAnswerSchema)
def enrol(body: dict[str, str]) -> dict[str, Any]:
    """Spend a join code for a device token."""
    now = _now()
    with unit_of_work() as session:
        enrolled = devices.enrol(session, body["code"], body["app_version"], now, body["attempt"])
        operation = get_operation(session, enrolled.enrolment.operation_id)
        scope = scope_of(enrolled.enrolment)
        return {
            "enrolment": to_text(scope.enrolment_id), "token": enrolled.token, "sites": list(scope.site_ids),
            "operation": {"id": to_text(operation.id), "name": operation.working_name, "demo": operation.demo},
            "site_lead": enrolled.enrolment.site_lead, "sensitive": scope.sensitive, "server_time": now,
            "seal_to": seal_to(current_app.extensions["relief_secrets"]),
            "phone": phone_part(enrolled.enrolment, told_of_registering(session, enrolled.enrolment)),
        }  # fmt: skip


@blueprint.route("/sync", methods=["POST"])
@phone_handing_in
@blueprint.doc(requestBody={"required": True, "content": {"application/json": {"schema": SyncRequestSchema}}})
@blueprint.response(200, SyncAnswerSchema)
def sync() -> Response:
    """Settle a batch of records: one verdict each, by index and id. An HTTP error means that nothing was settled."""
    body = read_body(request.get_data(), request.headers)
    body = replace(body, records=open_words(current_app.extensions["relief_secrets"], body.records))
    operation_id, uploader, now, keys = g.enrolment.operation_id, g.enrolment.enrolment_id, _now(), current_keys()
    receipt = write(lambda connection: receive(connection, operation_id, uploader, body, now, keys))
    if body.told is not None and not receipt.told_is_here:
        told, secrets = body.told, current_app.extensions["relief_secrets"]
        if write(lambda connection: note_witness(connection, operation_id, uploader, told, secrets, now)):
            current_app.logger.warning("a phone knows a head at position %s that its ledger does not hold", told.position)
    explain_malformed(body, receipt.verdicts)
    g.verdicts = receipt.verdicts  # for who counts them (upkeep/counting)
    return _json({"server_time": now, "ledger": _head(receipt.head), "plan_version": receipt.plan_version,
                  "verdicts": [verdict.as_dict() for verdict in receipt.verdicts],
                  "phone": phone_part(g.enrolment, _registering()),
                  **({"decided": _decided(receipt.decided)} if receipt.decided else {}),
                  **({"revoked": True} if g.enrolment.revoked_at is not None else {})})  # fmt: skip


def _decided(decided: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"id": own_id, "as": became} for own_id, became in decided.items()]


def _registering() -> dict[str, Any]:
    if not g.enrolment.registers:  # most phones: nothing more is asked of the database
        return {}
    with snapshot() as connection:
        return told_of_registering(connection, g.enrolment)


@blueprint.route("/parcels", methods=["POST"])
@phone_handing_in
@blueprint.arguments(ParcelSchema)
@blueprint.response(200, ParcelAnswerSchema)
def take_parcel(body: dict[str, Any]) -> dict[str, int]:
    """Take another phone's sealed outbox from the phone that carried it here. What is in it only the server reads."""
    operation_id, carrier, now, keys = g.enrolment.operation_id, g.enrolment.enrolment_id, _now(), current_keys()
    parcel = open_parcel(current_app.extensions["relief_secrets"], body["key_id"], body["sealed"])
    taken = write(lambda connection: take_in_parcel(connection, operation_id, carrier, parcel, now, keys))
    return {"records": taken.records, "held": taken.held}


def _json(answer: dict[str, Any]) -> Response:
    try:
        return Response(orjson.dumps(answer), mimetype="application/json")
    except TypeError:  # a malformed record's field name may hold what UTF-8 cannot: the slower way escapes it
        return jsonify(answer)


@blueprint.route("/register")
@phone
@blueprint.arguments(RegisterQuerySchema, location="query")
@blueprint.response(200, RegisterAnswerSchema)
def register(query: dict[str, Any]) -> Response:
    """Return cards with what is left for them: all at first, then what changed since the cursor; page by page with `limit`."""
    now, scope, operation_id, since = _now(), scope_of(g.enrolment), g.enrolment.operation_id, query["since"]
    with snapshot() as connection:
        ledger_id, position = get_position(connection, operation_id)
        if query["ledger"] not in (None, to_text(ledger_id)) or since > position:
            since = 0  # a cursor of the ledger from before a restore, or of an end that this one has lost
        plan = get_current_plan(connection, operation_id)
        turn, phone_told = turn_of(plan, scope, now), phone_part(g.enrolment, told_of_registering(connection, g.enrolment))
        ground = ground_of(ledger_id, plan, turn)
        mark = f"{ground}-{position}-{since}-{query['limit']}-{query['after']}-{to_text(scope.enrolment_id)}-{_mark(phone_told)}"
        if request.if_none_match.contains(mark):
            return _marked(Response(status=304), mark)
        place = read_place(query["after"]) if query["after"] else None
        if place is None or place.ground != ground:
            stale = since and is_stale(connection, operation_id, plan, scope, since, query["turn"], now)
            place = Place(position, 0 if stale else since, ground)
        closed = plan.status == "closed"  # then phones forget everybody
        place = Place(position, 0, ground) if closed else place
        rows = CardRows(plan, scope, now)
        cards, more = ([], None) if closed else read_cards(connection, operation_id, place, scope, rows, query["limit"])
        counted = query["limit"] and place.since == 0 and not place.group_id
        contained = () if place.group_id else contained_records(connection, operation_id, scope.enrolment_id, place.since)
        answer = {
            "cursor": place.cursor, "turn": turn, "first": not place.group_id, "complete": place.since == 0,
            "plan_version": plan.version,
            "server_time": now, "ledger": _head(get_head(connection, operation_id)), **plan_part(plan, scope, now),
            "seal_to": seal_to(current_app.extensions["relief_secrets"]),
            "phone": phone_told, "cards": cards, "contained": contained,
            **({"total": 0 if closed else count_cards(connection, operation_id, scope)} if counted else {}),
        }  # fmt: skip
    return _marked(packed(_json(answer | ({"more": more} if more else {}))), mark)


def _mark(told: dict[str, Any]) -> str:
    return hashlib.sha256(orjson.dumps(told)).hexdigest()[:8]


def _marked(response: Response, mark: str) -> Response:
    response.set_etag(mark)
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _head(head: HeadRow) -> dict[str, Any]:
    told = {"id": to_text(head.ledger_id), "position": head.position, "head": head.hash.hex(),
            "signature": head.signature.hex(), "key_id": head.key_id}  # fmt: skip
    if head.parent_id is not None:
        told["parent"] = {"id": to_text(head.parent_id), "position": head.parent_position}
    return told
