"""The work on an uploaded list, in a thread of its own: reading, checking, importing. Where it stands is in the database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from functools import partial
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import Connection

from relief.db import snapshot, unit_of_work, write
from relief.households.column_guessing import guess_columns
from relief.households.column_memory import find_choice, keep_choice
from relief.households.columns import Choice, header_signature
from relief.households.household_file import HouseholdFile, read_households
from relief.households.naming import get_import_salt
from relief.households.table import Table, read_table
from relief.households.words import problem_sentence
from relief.kernel.errors import ReliefError
from relief.ledger.keys import Keys, current_keys
from relief.office.devices import HOUSEHOLD_IMPORT, get_office_enrolment
from relief.office.in_background import run_job
from relief.office.lists.changes import Comparison, compare_list
from relief.office.lists.importing import batches, tell_records
from relief.office.lists.uploads import (
    CHECKED,
    CHECKING,
    COLUMNS,
    DONE,
    FAILED,
    FIRST_CHANGED_PART,
    IMPORTING,
    READING,
    Upload,
    change_upload,
    drop_parts,
    find_part,
    finish_part,
    get_file,
    get_upload,
    keep_parts,
)
from relief.operations.queries import get_current_plan, get_operation

SHOWN = 200
SAMPLES = 3


def start_reading(operation_id: bytes, upload_id: bytes) -> None:
    run_job(partial(_guarded, read_upload, operation_id, upload_id))


def start_checking(operation_id: bytes, upload_id: bytes) -> None:
    run_job(partial(_guarded, check_upload, operation_id, upload_id))


def start_importing(operation_id: bytes, upload_id: bytes) -> None:
    run_job(partial(_kept_going, operation_id, upload_id))


def _guarded(work: Callable[[bytes, bytes], None], operation_id: bytes, upload_id: bytes) -> None:
    """Do one step; what a person can mend is written down for her, anything else goes to the log without the list's words."""
    try:
        work(operation_id, upload_id)
    except ReliefError as error:
        _give_up(operation_id, upload_id, {"message": error.message, "code": error.code, "where": error.where or ""})
    except Exception as error:
        current_app.logger.error("a list could not be read: %s", type(error).__name__)  # a trace may show its cells
        words = _("Something went wrong here. Nothing was imported; try again.")
        _give_up(operation_id, upload_id, {"message": words, "code": "internal", "where": ""})


def _give_up(operation_id: bytes, upload_id: bytes, findings: dict[str, Any]) -> None:
    change_upload(operation_id, upload_id, _now(), findings, state=FAILED, content=None)
    drop_parts(operation_id, upload_id)


def _kept_going(operation_id: bytes, upload_id: bytes) -> None:
    """Import; what stops halfway stays where it is, to go on: half a list must not be thrown away."""
    try:
        import_upload(operation_id, upload_id)
    except Exception as error:
        current_app.logger.error("the import of a list stopped: %s", type(error).__name__)
        change_upload(operation_id, upload_id, 0)


def read_upload(operation_id: bytes, upload_id: bytes) -> None:
    """Read an uploaded file and guess its columns; when its header is known, go on checking."""
    table = _table(operation_id, upload_id)
    with snapshot() as connection:
        remembered = find_choice(connection, operation_id, header_signature(table.header))
    choice = remembered or Choice(tuple(guess_columns(table.header, table.rows, table.member_start)))
    findings = _about(table, choice) | {"remembered": remembered is not None}
    change_upload(operation_id, upload_id, _now(), findings, state=CHECKING if remembered else COLUMNS)
    if remembered:
        check_upload(operation_id, upload_id)


def _about(table: Table, choice: Choice) -> dict[str, Any]:
    samples = [[cells[place][:40] if place < len(cells) else "" for _row, cells in table.rows[:SAMPLES]]
               for place in range(len(table.header))]  # fmt: skip
    return {"header": list(table.header), "samples": samples, "rows": len(table.rows), "sheet": table.sheet,
            "unread_sheets": list(table.unread_sheets), "columns": list(choice.columns),
            "meanings": {column: dict(codes) for column, codes in choice.meanings.items()}, "questions": []}  # fmt: skip


def check_upload(operation_id: bytes, upload_id: bytes) -> None:
    """Check a list by its chosen columns, compare it with the ledger and keep the records it would make."""
    with snapshot() as connection:
        upload = get_upload(connection, operation_id, upload_id)
    table, read = read_again(upload)
    findings = upload.findings | _checked_words(read)
    drop_parts(operation_id, upload_id)
    if not read.problems:
        findings |= _compared_words(upload, read)
    change_upload(operation_id, upload_id, _now(), findings, state=CHECKED, done=0, total=findings.get("new", 0))
    with unit_of_work() as session:
        keep_choice(session.connection(), operation_id, header_signature(table.header), _choice(upload))


def read_again(upload: Upload) -> tuple[Table, HouseholdFile]:
    """Return the table of an upload and what its chosen columns make of it."""
    table = _table(upload.operation_id, upload.upload_id)
    with snapshot() as connection:
        operation, plan = get_operation(connection, upload.operation_id), get_current_plan(connection, upload.operation_id)
    return table, read_households(table, plan, date.fromisoformat(operation.start_day), _choice(upload))


def _choice(upload: Upload) -> Choice:
    return Choice(tuple(upload.findings["columns"]), upload.findings["meanings"])


def _table(operation_id: bytes, upload_id: bytes) -> Table:
    with snapshot() as connection:
        file = get_file(connection, operation_id, upload_id)
    return read_table(file.content, file.encoding, file.members)


def _checked_words(read: HouseholdFile) -> dict[str, Any]:
    return {
        "rows": read.rows, "households": len(read.households), "people": read.people, "ignored": list(read.ignored_columns),
        "questions": [asdict(each) for each in read.questions], "problem_count": len(read.problems),
        "problems": [asdict(each) | {"message": problem_sentence(each)} for each in read.problems[:SHOWN]],
    }  # fmt: skip


def _compared_words(upload: Upload, read: HouseholdFile) -> dict[str, Any]:
    with unit_of_work() as session:
        enrolment_id = get_office_enrolment(session, upload.operation_id, HOUSEHOLD_IMPORT, _now())
        salt = get_import_salt(session.connection(), upload.operation_id)
    with snapshot() as connection:
        comparison = compare_list(connection, upload.operation_id, enrolment_id, salt, read.households, _now(), upload.user_id)
    keep_parts(upload.operation_id, upload.upload_id, 0, batches(comparison.new_records()))
    keep_parts(upload.operation_id, upload.upload_id, FIRST_CHANGED_PART, batches(comparison.changed))
    return _comparison_words(comparison)


def _comparison_words(comparison: Comparison) -> dict[str, Any]:
    shown = [{"external_id": each.external_id, "row": each.row, "at_the_desk": each.at_the_desk,
              "fields": [asdict(change) for change in each.fields]} for each in comparison.changes[:SHOWN]]  # fmt: skip
    return {"new": len(comparison.new), "same": comparison.same, "not_in_list": comparison.not_in_list,
            "changed": len(comparison.changed), "change_count": len(comparison.changes), "changes": shown}  # fmt: skip


def import_upload(operation_id: bytes, upload_id: bytes) -> None:
    """Tell the ledger what was checked, part by part; cut short, it goes on where it stood. The file is deleted at the end."""
    keys = current_keys()
    with unit_of_work() as session:
        enrolment_id = get_office_enrolment(session, operation_id, HOUSEHOLD_IMPORT, _now())
    while True:
        with snapshot() as connection:
            part = find_part(connection, operation_id, upload_id)
        if part is None:
            break
        write(partial(_tell_part, operation_id=operation_id, upload_id=upload_id, enrolment_id=enrolment_id, part=part,
                      now=_now(), keys=keys))  # fmt: skip
    with snapshot() as connection:
        upload = get_upload(connection, operation_id, upload_id)
    kept = {name: upload.findings.get(name, 0) for name in ("rows", "households", "people", "new", "same", "changed", "taken")}
    change_upload(operation_id, upload_id, _now(), kept, state=DONE, content=None)


def _tell_part(connection: Connection, operation_id: bytes, upload_id: bytes, enrolment_id: bytes,
               part: tuple[int, list[dict[str, Any]]], now: int, keys: Keys) -> None:  # fmt: skip
    number, records = part
    tell_records(connection, operation_id, enrolment_id, records, now, keys)
    finish_part(connection, operation_id, upload_id, number, len(records), now)


def _now() -> int:
    return int(current_app.extensions["relief_clock"].now())


RESUME = {READING: start_reading, CHECKING: start_checking, IMPORTING: start_importing}
