"""Putting a held record aside: somebody looked and decided that it tells nothing to be counted. It is kept, and waits no more."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import Connection, select, update

from relief.kernel.errors import BadInput, Conflict, NotFound
from relief.kernel.ids import to_text
from relief.ledger.desk import tell
from relief.ledger.keys import Keys
from relief.ledger.models import Held
from relief.ledger.values import LONGEST_TEXT


def put_aside(connection: Connection, operation_id: bytes, held_id: bytes, *, desk_enrolment_id: bytes, reason: str, now: int,
              by: bytes, keys: Keys | None = None) -> None:  # fmt: skip
    """Note with a decision of the desk why a held record does not count; it can still be taken up later.

    Raises NotFound, BadInput without a reason, Conflict (`case_changed`) when it was decided already.
    """
    if not reason.strip():
        raise BadInput(_("Say why, in a few words."), where="reason")
    held = Held.__table__.c
    here = (held.operation_id == operation_id, held.held_id == held_id)
    row = connection.execute(select(held.code, held.record_id, held.taken_up_at, held.put_aside_at).where(*here)).one_or_none()
    if row is None:
        raise NotFound(_("There is no such record."))
    if row.taken_up_at is not None or row.put_aside_at is not None:
        raise Conflict(_("This was decided already. Look again."), code="case_changed")
    connection.execute(update(Held).where(*here).values(put_aside_at=now))
    decision = {"kind": "decision", "case": row.code, "cites": [to_text(bytes(row.record_id or held_id))], "action": "accept",
                "by": to_text(by), "reason": reason.strip()[:LONGEST_TEXT]}  # fmt: skip
    tell(connection, operation_id, desk_enrolment_id, [decision], now, keys)
