"""Whom a help desk looked up: told by its phone, or by what it had packed, and put into the audit once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Connection, insert, select

from relief.accounts import audit
from relief.accounts.help_desk_models import HelpDeskList, HelpDeskLookUp
from relief.kernel.errors import NotFound
from relief.kernel.ids import is_id_text, to_bytes, to_text

_list, _look = HelpDeskList.__table__.c, HelpDeskLookUp.__table__.c


def note_look_ups(connection: Connection, phone: Any, list_id: str, looks: Sequence[dict[str, Any]], now: int,
                  address: str = "") -> int:  # fmt: skip
    """Put looks into a list into the audit; return how many were new. Telling them again adds nothing. Raises NotFound."""
    operation_id = bytes(phone.operation_id)
    given = connection.execute(select(_list.made_at).where(
        _list.operation_id == operation_id, _list.list_id == (to_bytes(list_id) if is_id_text(list_id) else b""),
        _list.enrolment_id == bytes(phone.enrolment_id)).with_for_update()).scalar()  # fmt: skip
    if given is None:
        raise NotFound(_("This phone was given no such list."))
    here = (_look.operation_id == operation_id, _look.list_id == to_bytes(list_id))
    known = {to_text(bytes(each)) for each in connection.execute(select(_look.look_up_id).where(*here)).scalars()}
    fresh = {each["id"]: each for each in looks if each["id"] not in known}
    for each in fresh.values():
        household, at = each.get("household"), min(max(each["at"], given), now)
        connection.execute(insert(HelpDeskLookUp).values(
            operation_id=operation_id, list_id=to_bytes(list_id), look_up_id=to_bytes(each["id"]), at=at, told_at=now,
            household_id=to_bytes(household) if household else None))  # fmt: skip
        note_of_help_desk(connection, phone, "help_desk.looked_up", household or "", at, address)
    return len(fresh)


def note_of_help_desk(connection: Connection, phone: Any, action: str, subject: str, at: int, address: str) -> None:
    """Put what a help desk's phone did into the audit, in the phone's name."""
    audit.note(connection, audit.Actor(None, address), action, at, operation_id=bytes(phone.operation_id), subject=subject,
               purpose=f"household_asks: {phone.label}"[:240])  # fmt: skip
