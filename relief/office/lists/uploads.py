"""Lists on their way in: kept encrypted, worked on step by step, gone when they are in the ledger or after a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

import orjson
from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import Connection, CursorResult, delete, insert, select, update

from relief.db import write
from relief.households.models import ListUpload, ListUploadPart
from relief.kernel.errors import NotFound
from relief.kernel.ids import new_id
from relief.office.upload_sealing import seal, unseal
from relief.settings import Secrets

READING, COLUMNS, CHECKING, CHECKED = "reading", "columns", "checking", "checked"
IMPORTING, DONE, FAILED = "importing", "done", "failed"
AT_WORK = (READING, CHECKING, IMPORTING)
KEPT_SECONDS = 24 * 3600
STANDS_STILL_SECONDS = 120
FIRST_CHANGED_PART = 1_000_000
_upload = ListUpload.__table__
_part = ListUploadPart.__table__


@dataclass(frozen=True, slots=True)
class Upload:
    """A list on its way in; `findings` is what was found in it so far."""

    operation_id: bytes
    upload_id: bytes
    user_id: bytes
    state: str
    touched_at: int
    done: int
    total: int
    findings: dict[str, Any]

    def stands_still(self, now: int) -> bool:
        """Tell whether whoever worked on it was cut short."""
        return self.state in AT_WORK and self.touched_at + STANDS_STILL_SECONDS < now


@dataclass(frozen=True, slots=True)
class UploadedFile:
    """The bytes of a list and, if there is one, of its file of members; the encoding that somebody named."""

    content: bytes
    members: bytes | None = None
    encoding: str | None = None


def secrets() -> Secrets:
    """Return the installation's keys; call it before a job goes to the writer, which has no app of its own."""
    found: Secrets = current_app.extensions["relief_secrets"]
    return found


def add_upload(operation_id: bytes, user_id: bytes, file: UploadedFile, now: int) -> bytes:
    """Keep a file and return the id of its upload."""
    upload_id = new_id()
    content = seal(secrets(), upload_id, _pack(file))
    values = {"operation_id": operation_id, "upload_id": upload_id, "user_id": user_id, "state": READING, "made_at": now,
              "touched_at": now, "content": content}  # fmt: skip
    write(lambda connection: connection.execute(insert(ListUpload).values(**values)))
    return upload_id


def get_upload(connection: Connection, operation_id: bytes, upload_id: bytes) -> Upload:
    """Return an upload; raises NotFound when there is none (any more)."""
    row = connection.execute(select(_upload).where(*_is(operation_id, upload_id))).one_or_none()
    if row is None:
        raise NotFound(_("This upload is gone: lists are kept for a day, and deleted when they are in. Upload the file again."))
    findings = orjson.loads(unseal(secrets(), upload_id, row.findings)) if row.findings else {}
    return Upload(bytes(row.operation_id), bytes(row.upload_id), bytes(row.user_id), row.state, row.touched_at, row.done,
                  row.total, findings)  # fmt: skip


def get_file(connection: Connection, operation_id: bytes, upload_id: bytes) -> UploadedFile:
    """Return the uploaded bytes; raises NotFound once they are deleted."""
    sealed = connection.execute(select(_upload.c.content).where(*_is(operation_id, upload_id))).scalar()
    if sealed is None:
        raise NotFound(_("This file is deleted already. Upload it again."))
    return _unpack(unseal(secrets(), upload_id, sealed))


def list_uploads(connection: Connection, operation_id: bytes) -> list[Any]:
    """Return (upload id, state, made at) of what is under way in an operation, the newest first."""
    wanted = select(_upload.c.upload_id, _upload.c.state, _upload.c.made_at).where(
        _upload.c.operation_id == operation_id, _upload.c.state.not_in((DONE, FAILED))
    )
    return list(connection.execute(wanted.order_by(_upload.c.made_at.desc())))


def change_upload(operation_id: bytes, upload_id: bytes, now: int, findings: dict[str, Any] | None = None, **values: Any) -> None:
    """Write down where an upload stands, and what was found."""
    if findings is not None:
        values["findings"] = seal(secrets(), upload_id, orjson.dumps(findings))
    values["touched_at"] = now
    write(lambda connection: connection.execute(update(ListUpload).where(*_is(operation_id, upload_id)).values(**values)))


def claim_upload(operation_id: bytes, upload_id: bytes, states: Iterable[str], state: str, now: int) -> bool:
    """Move an upload on to `state`, if it stands in one of `states` or was cut short in `state`; tell whether we did."""
    still = (_upload.c.state == state) & (_upload.c.touched_at < now - STANDS_STILL_SECONDS)
    statement = update(ListUpload).where(*_is(operation_id, upload_id), _upload.c.state.in_(tuple(states)) | still)

    def claim(connection: Connection) -> bool:
        result: CursorResult[Any] = connection.execute(statement.values(state=state, touched_at=now))
        return result.rowcount == 1

    return write(claim)


def keep_parts(operation_id: bytes, upload_id: bytes, first: int, steps: Iterable[list[dict[str, Any]]]) -> None:
    """Keep the records of a checked list, one part for each step of its import."""
    for number, records in enumerate(steps, first):
        sealed = seal(secrets(), upload_id, orjson.dumps(records))
        statement = insert(ListUploadPart).values(operation_id=operation_id, upload_id=upload_id, number=number, records=sealed)
        write(partial(Connection.execute, statement=statement))


def drop_parts(operation_id: bytes, upload_id: bytes, first: int = 0) -> None:
    """Delete the parts from number `first` on."""
    parts = (_part.c.operation_id == operation_id, _part.c.upload_id == upload_id, _part.c.number >= first)
    write(lambda connection: connection.execute(delete(ListUploadPart).where(*parts)))


def find_part(connection: Connection, operation_id: bytes, upload_id: bytes) -> tuple[int, list[dict[str, Any]]] | None:
    """Return the number and records of the next part, None when all are in the ledger."""
    wanted = select(_part.c.number, _part.c.records).where(_part.c.operation_id == operation_id, _part.c.upload_id == upload_id)
    row = connection.execute(wanted.order_by(_part.c.number).limit(1)).one_or_none()
    return (row.number, orjson.loads(unseal(secrets(), upload_id, row.records))) if row else None


def finish_part(connection: Connection, operation_id: bytes, upload_id: bytes, number: int, records: int, now: int) -> None:
    """Delete a part whose records were told in this very transaction, and count them."""
    told = (_part.c.operation_id == operation_id, _part.c.upload_id == upload_id, _part.c.number == number)
    connection.execute(delete(ListUploadPart).where(*told))
    counted = update(ListUpload).where(*_is(operation_id, upload_id)).values(done=_upload.c.done + records, touched_at=now)
    connection.execute(counted)


def drop_upload(operation_id: bytes, upload_id: bytes) -> None:
    """Delete an upload with all that was found in it."""
    drop_parts(operation_id, upload_id)
    write(lambda connection: connection.execute(delete(ListUpload).where(*_is(operation_id, upload_id))))


def drop_old_uploads(now: int) -> None:
    """Delete what has been kept for a day, of every operation."""
    old = select(_upload.c.upload_id).where(_upload.c.made_at < now - KEPT_SECONDS)

    def drop(connection: Connection) -> None:
        connection.execute(delete(ListUploadPart).where(_part.c.upload_id.in_(old)))
        connection.execute(delete(ListUpload).where(_upload.c.made_at < now - KEPT_SECONDS))

    write(drop)


def _is(operation_id: bytes, upload_id: bytes) -> tuple[Any, Any]:
    return _upload.c.operation_id == operation_id, _upload.c.upload_id == upload_id


def _pack(file: UploadedFile) -> bytes:
    about = orjson.dumps({"size": len(file.content), "encoding": file.encoding})
    return about + b"\n" + file.content + (file.members or b"")


def _unpack(packed: bytes) -> UploadedFile:
    line, _end, rest = packed.partition(b"\n")
    about = orjson.loads(line)
    return UploadedFile(rest[: about["size"]], rest[about["size"] :] or None, about["encoding"])
