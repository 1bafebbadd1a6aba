"""The audit: who did what, when and from where. Entries are only ever added."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import event, func, insert, select

from relief.accounts.models import AuditEntry
from relief.kernel import ids
from relief.kernel.paging import PAGE_SIZE, Page

SUBJECT_SIGNS, ADDRESS_SIGNS = 80, 45


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a user (None: the command line, or nobody yet), and the network address she comes from."""

    user_id: bytes | None = None
    address: str = ""


COMMAND_LINE = Actor(None, "command line")


def note(
    bind: Any, actor: Actor, action: str, now: int, *, operation_id: bytes | None = None, subject: bytes | str = "",
    purpose: str = "",
) -> None:  # fmt: skip
    """Write down one act, in the transaction of a session or a connection.

    `action` is a stable word pair such as `user.disabled`; `subject` an id or a plain kind of thing, never a name, code
    or secret. `purpose` is what people's data were looked at for, see `purposes.py`.
    """
    text = subject if isinstance(subject, str) else ids.to_text(subject)
    entry = {"id": ids.new_id(), "at": now, "user_id": actor.user_id, "operation_id": operation_id, "action": action,
             "subject": text[:SUBJECT_SIGNS], "address": actor.address[:ADDRESS_SIGNS], "purpose": purpose}  # fmt: skip
    bind.execute(insert(AuditEntry).values(**entry))


def list_entries(bind: Any, operation_id: bytes | None = None, number: int = 1) -> Page[Any]:
    """Return a page of the audit, the newest first: all of it, or one operation's."""
    table = AuditEntry.__table__
    wanted = select(table)
    if operation_id is not None:
        wanted = wanted.where(table.c.operation_id == operation_id)
    total = bind.execute(select(func.count()).select_from(wanted.subquery())).scalar_one()
    newest = wanted.order_by(table.c.at.desc(), table.c.id.desc())
    return Page(bind.execute(newest.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)).all(), number, PAGE_SIZE, total)


@event.listens_for(AuditEntry, "before_update")
@event.listens_for(AuditEntry, "before_delete")
def _never(_mapper: object, _connection: object, _entry: object) -> None:
    raise RuntimeError("audit entries are only ever added")
