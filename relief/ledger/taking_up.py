"""Taking up what was held: the desk enters a record as it came, once it can be read and what it names exists."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Connection, select, update

from relief.kernel.errors import Conflict, NotFound
from relief.kernel.ids import derived_id, to_text
from relief.ledger.desk import tell
from relief.ledger.devices import lock_operation
from relief.ledger.keys import Keys
from relief.ledger.models import Held
from relief.ledger.service import append
from relief.ledger.values import LONGEST_TEXT
from relief.ledger.verdicts import ALREADY_THERE, HELD, Verdict
from relief.ledger.waiting import read_raw

_UNREAD = frozenset(("malformed", "unknown_version", "unknown_kind"))


def take_up(connection: Connection, operation_id: bytes, held_id: bytes, *, desk_enrolment_id: bytes, reason: str, now: int,
            by: bytes | None = None, keys: Keys | None = None) -> Verdict:  # fmt: skip
    """Enter a held record unchanged, as told by its own device, with a `take_up` decision of the desk beside it.

    Where another record has its id it enters under a new one and names the old in `taken_from`; the decision cites both.
    A second time is `already_there`. Raises NotFound, and Conflict (its code says why) for what still cannot enter: then
    nothing is written, so the caller rolls back.
    """
    lock_operation(connection, operation_id, alone=True)  # as its decision will ask for it
    held = Held.__table__.c
    here = (held.operation_id == operation_id, held.held_id == held_id)
    row = connection.execute(select(held.code, held.raw, held.taken_up_at).where(*here).with_for_update()).one_or_none()
    if row is None:
        raise NotFound(_("There is no such record."))
    record = read_raw(row.raw)
    if row.taken_up_at is not None:
        return Verdict(0, _id_of(record), ALREADY_THERE)
    verdict, cites = _enter(connection, operation_id, held_id, desk_enrolment_id, row.code, record, now, keys)
    connection.execute(update(Held).where(*here).values(taken_up_at=now))
    decision: dict[str, Any] = {"kind": "decision", "case": row.code, "cites": cites, "action": "take_up"}
    if reason:
        decision["reason"] = reason[:LONGEST_TEXT]
    if by is not None:
        decision["by"] = to_text(by)
    tell(connection, operation_id, desk_enrolment_id, [decision], now, keys)
    return verdict


def _enter(connection: Connection, operation_id: bytes, held_id: bytes, desk_id: bytes, code: str, record: Any, now: int,
           keys: Keys | None) -> tuple[Verdict, list[str]]:  # fmt: skip
    """Append the record, under a new id where its own is taken; return its verdict and the ids that the decision cites."""
    if isinstance(record, dict) and record.get("mode") == "ask":
        raise Conflict(_("This is a question that a phone asked, not something that was given. Whoever asked it has gone on."),
                       code="only_asked")  # fmt: skip
    if code in _UNREAD and _has_strange(record):
        raise _still_held("malformed")
    if code != "conflict":
        with connection.begin_nested() as attempt:
            (verdict,) = append(connection, operation_id, desk_id, [record], now, keys, taken_up=True)
            if verdict.verdict == HELD:
                attempt.rollback()
        if verdict.verdict != HELD:
            return verdict, [verdict.id or ""]
        if verdict.codes != ("conflict",):
            raise _still_held(verdict.codes[0], verdict.detail)
    new_id = to_text(derived_id(held_id, "taken up"))
    renamed = {**record, "id": new_id, "taken_from": record["id"]}
    (verdict,) = append(connection, operation_id, desk_id, [renamed], now, keys, taken_up=True)
    if verdict.verdict == HELD:
        raise _still_held(verdict.codes[0], verdict.detail)
    return verdict, sorted((new_id, record["id"]))


def _has_strange(value: Any) -> bool:
    """Tell whether a JSON value that no record may hold was put away as `{"strange": ...}`: it can no more enter unchanged."""
    if isinstance(value, dict):
        return value.keys() == {"strange"} or any(map(_has_strange, value.values()))
    return isinstance(value, list) and any(map(_has_strange, value))


def _still_held(code: str, name: Any = None) -> Conflict:
    words = {
        "malformed": _("It is not well formed: no program can tell what it means. Enter by hand what happened."),
        "unknown_version": _("It was written by a newer app. Upgrade this server, then take it up."),
        "unknown_kind": _("This server does not know records of its kind. Upgrade it, then take it up."),
        "unknown_enrolment": _("Its phone does not belong to this operation."),
        "unknown_reference": _("It names something that the plan does not have: %(name)s. Add it to the plan, then take it up.",
                               name=name or "?"),
        "not_for_this_device": _("A phone may not tell this. Enter it at the desk if it is right."),
    }  # fmt: skip
    return Conflict(words.get(code, _("It cannot be taken up as it is.")), code=code, where=str(name) if name else None)


def _id_of(record: Any) -> str | None:
    found = record.get("id") if isinstance(record, dict) else None
    return found if isinstance(found, str) else None
