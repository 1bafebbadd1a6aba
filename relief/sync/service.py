"""One request of a phone: settle its records, remember what it says of itself."""

from __future__ import annotations

from sqlalchemy import Connection

from relief.ledger.keys import Keys
from relief.ledger.service import append
from relief.ledger.sets import run
from relief.ledger.verdicts import Verdict
from relief.sync.body import SyncBody
from relief.sync.record_schemas import explain


def receive(connection: Connection, operation_id: bytes, uploader_id: bytes, body: SyncBody, now: int,
            keys: Keys) -> list[Verdict]:  # fmt: skip
    """Return one verdict per record, in order; malformed ones say in words what is wrong."""
    verdicts = append(connection, operation_id, uploader_id, body.records, now, keys)
    run(connection, "UPDATE enrolment SET last_contact_at = ?, app_version = ?, made = ?, waiting = ?, held = ? "
        "WHERE operation_id = ? AND enrolment_id = ?", now, body.app_version, body.made, body.waiting, body.held, operation_id,
        uploader_id)  # fmt: skip
    return verdicts


def explain_malformed(body: SyncBody, verdicts: list[Verdict]) -> None:
    """Give every malformed record's verdict its reason in words."""
    for verdict in verdicts:
        if verdict.codes == ("malformed",):
            verdict.detail = explain(body.records[verdict.index])
