"""The desk and each import are devices like a phone: this makes their envelopes and appends.

A record whose id is there already with the same fields of its own kind is `already_there`, whatever the envelope: the same
file imported again adds nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson
from sqlalchemy import Connection, select

from relief.accounts.models import Enrolment
from relief.kernel.clock import wall
from relief.kernel.ids import derived_id, new_id, to_bytes, to_text
from relief.ledger.devices import lock_operation
from relief.ledger.keys import Keys
from relief.ledger.service import Deltas, append
from relief.ledger.sets import rows_where_in
from relief.ledger.verdicts import Verdict

_ENVELOPE = ("v", "enrolment", "seq", "session", "at", "uptime_ms", "by", "visit")


def tell(connection: Connection, operation_id: bytes, enrolment_id: bytes, records: Sequence[dict[str, Any]], now: int,
         keys: Keys | None = None, more_deltas: Deltas = ()) -> list[Verdict]:  # fmt: skip
    """Append records given as `{kind, id?, at?, ...fields}`; return one verdict each, in order."""
    # before the device's own row, in everybody's order; alone as `append` will ask for it
    lock_operation(connection, operation_id, alone=any(record["kind"] == "decision" for record in records))
    known = _envelopes(connection, operation_id, [record["id"] for record in records if "id" in record])
    seq = _last_seq(connection, operation_id, enrolment_id)
    session = to_text(derived_id(enrolment_id, "desk"))
    complete = []
    for record in records:
        envelope = known.get(record.get("id", ""))
        if envelope is None:
            seq += 1
            envelope = {"v": 1, "enrolment": to_text(enrolment_id), "seq": seq, "session": session, "at": wall(now),
                        "uptime_ms": 0}  # fmt: skip
        complete.append({"id": to_text(new_id()), **envelope, **record})
    return append(connection, operation_id, enrolment_id, complete, now, keys, more_deltas)


def _envelopes(connection: Connection, operation_id: bytes, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    rows = rows_where_in(connection, "SELECT facts FROM entry", operation_id, "id", [to_bytes(each) for each in ids])
    stored = (orjson.loads(row[0]) for row in rows)
    return {facts["id"]: {name: facts[name] for name in _ENVELOPE if name in facts} for facts in stored}


def _last_seq(connection: Connection, operation_id: bytes, enrolment_id: bytes) -> int:
    table = Enrolment.__table__.c
    return connection.execute(
        select(table.max_seq).where(table.operation_id == operation_id, table.enrolment_id == enrolment_id).with_for_update()
    ).scalar_one()
