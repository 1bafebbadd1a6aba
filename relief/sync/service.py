"""One request of a phone: settle its records, remember what it says of itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection

from relief.ledger.holding import decided_of
from relief.ledger.keys import Keys
from relief.ledger.queries import HeadRow, get_head
from relief.ledger.service import append
from relief.ledger.verdicts import Verdict
from relief.statements import change, fetch
from relief.sync.body import SyncBody
from relief.sync.record_schemas import explain
from relief.sync.self_report import keep_self_report


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a request is answered: one verdict per record, in order, the ledger's head and the plan in force.

    `told_is_here`: the ledger holds the head that the phone was told before. `decided`: what became of its held records, by id.
    """

    verdicts: list[Verdict]
    head: HeadRow
    plan_version: int
    told_is_here: bool = True
    decided: Mapping[str, str] = field(default_factory=dict)


def receive(connection: Connection, operation_id: bytes, uploader_id: bytes, body: SyncBody, now: int, keys: Keys) -> Receipt:
    """Settle a request's records and remember what the phone says of itself."""
    verdicts = append(connection, operation_id, uploader_id, body.records, now, keys)
    change(connection, "UPDATE enrolment SET last_contact_at = ?, app_version = ?, made = ?, waiting = ?, held = ? "
           "WHERE operation_id = ? AND enrolment_id = ?", now, body.app_version, body.made, body.waiting, body.held, operation_id,
           uploader_id)  # fmt: skip
    if body.state is not None:
        keep_self_report(connection, operation_id, uploader_id, body.state)
    told = body.told
    [(version, hash_there)] = fetch(
        connection, "SELECT plan_version, (SELECT hash FROM seal WHERE operation_id = operation.id AND position = ?) "
        "FROM operation WHERE id = ?", told.position if told else 0, operation_id)  # fmt: skip
    decided = decided_of(connection, operation_id, uploader_id) if body.held else {}
    return Receipt(verdicts, get_head(connection, operation_id), version, told is None or told.hash == hash_there, decided)


def explain_malformed(body: SyncBody, verdicts: list[Verdict]) -> None:
    """Give every malformed record's verdict its reason in words."""
    for verdict in verdicts:
        if verdict.codes == ("malformed",):
            verdict.detail = explain(body.records[verdict.index])
