"""Pages of a household list on its way in: upload, which column is which, what is wrong, what would change, done."""

from __future__ import annotations

from collections import Counter
from typing import Any

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response as Answer

from relief.accounts import audit, guards
from relief.accounts.purposes import purpose_needed
from relief.accounts.uploads import MOST_TOGETHER, Upload, upload_of
from relief.db import snapshot, unit_of_work
from relief.households.columns import JOINED_COLUMNS, KNOWN_COLUMNS, check_columns
from relief.households.csv_text import ENCODINGS
from relief.households.labels import answer_words, column_labels
from relief.households.meanings import ANSWERS
from relief.households.problem_file import problem_file
from relief.households.sheets import LARGEST_BYTES
from relief.kernel.errors import BadInput, Conflict, NotFound, ReliefError, TooLarge
from relief.kernel.ids import is_id_text, to_bytes, to_text
from relief.office.lists import uploads
from relief.office.lists.jobs import RESUME, read_again, start_checking, start_importing, start_reading
from relief.operations.queries import get_current_plan, get_operation

blueprint = Blueprint("lists", __name__, url_prefix="/operations/<operation_id>/households/import")
EDITABLE = (uploads.COLUMNS, uploads.CHECKED)
LARGER = lazy_gettext("Save it as XLSX, which is smaller, leave out columns that nobody needs, or bring it in parts.")
LIST = Upload("lists.start", LARGEST_BYTES, LARGER, MOST_TOGETHER)


@blueprint.get("")
@guards.role("manager")
def start(operation_id: str) -> str:
    return _start(operation_id, {})


def _start(operation_id: str, problems: dict[str, str]) -> str:
    uploads.drop_old_uploads(_now())
    with snapshot() as connection:
        operation = get_operation(connection, to_bytes(operation_id))
        waiting = uploads.list_uploads(connection, operation.id)
    return render_template("households/import.html", operation=operation, waiting=waiting, problems=problems, encodings=ENCODINGS,
                           upload=LIST)  # fmt: skip


@blueprint.post("")
@guards.role("manager")
@upload_of(LIST)
def upload(operation_id: str) -> Answer | tuple[str, int]:
    """Keep the file, begin to read it, and show where it stands."""
    try:
        file = uploads.UploadedFile(_file("file") or _missing(), _file("members"), _encoding())
        if len(file.content) + len(file.members or b"") > MOST_TOGETHER:
            raise TooLarge(LIST.too_large_together(), where="file", limit=MOST_TOGETHER)
    except ReliefError as error:
        return _start(operation_id, {error.where or "file": error.message}), error.status
    with unit_of_work() as session:
        operation = get_operation(session, to_bytes(operation_id))
        audit.note(session, guards.current_actor(), "households.uploaded", _now(), operation_id=operation.id)
    upload_id = uploads.add_upload(operation.id, guards.get_current_user().id, file, _now())
    start_reading(operation.id, upload_id)
    return _to(operation_id, to_text(upload_id))


@blueprint.get("/<upload_id>")
@guards.role("manager")
def show(operation_id: str, upload_id: str) -> str | Answer:
    """Show where a list stands. Only what shows cells of it, or of the register, needs a purpose: not how far the work is."""
    found = _get(operation_id, upload_id)
    if found.state == uploads.COLUMNS:
        return redirect(url_for("lists.columns", operation_id=operation_id, upload_id=upload_id), 303)
    if found.state == uploads.CHECKED and (found.findings.get("changes") or found.findings["problems"]):
        return _show_cells(operation_id=operation_id, upload_id=upload_id)
    pages = {uploads.CHECKED: "check", uploads.DONE: "done", uploads.FAILED: "failed"}
    return _page(pages.get(found.state, "progress"), found)


@purpose_needed("households.list_seen")
def _show_cells(operation_id: str, upload_id: str) -> str:
    return _page("check", _get(operation_id, upload_id))


@blueprint.get("/<upload_id>/columns")
@guards.role("manager")
def columns(operation_id: str, upload_id: str) -> str | Answer:
    found = _get(operation_id, upload_id)
    if found.state not in EDITABLE:
        return _to(operation_id, upload_id)
    return _columns(found, "")


@blueprint.post("/<upload_id>/columns")
@guards.role("manager")
def choose_columns(operation_id: str, upload_id: str) -> Answer | tuple[str, int]:
    """Take the columns and meanings of the form, remember them for this header, and check the list by them."""
    found = _get(operation_id, upload_id)
    chosen = [name if name in KNOWN_COLUMNS else "" for name in
              (request.form.get(f"column-{place}", "") for place in range(len(found.findings.get("header", ()))))]  # fmt: skip
    findings = found.findings | {"columns": chosen, "meanings": _meanings(found)}
    try:
        check_columns(chosen)
    except BadInput as error:
        return _columns(_with(found, findings), error.message), error.status
    if not uploads.claim_upload(found.operation_id, found.upload_id, EDITABLE, uploads.CHECKING, _now()):
        return _to(operation_id, upload_id)
    uploads.change_upload(found.operation_id, found.upload_id, _now(), findings)
    start_checking(found.operation_id, found.upload_id)
    return _to(operation_id, upload_id)


@blueprint.post("/<upload_id>/take")
@guards.role("manager")
def take(operation_id: str, upload_id: str) -> Answer:
    """Import what was checked: the new households, and the changed ones where the form says so."""
    found = _get(operation_id, upload_id)
    if found.state == uploads.CHECKED and found.findings.get("problem_count"):
        raise Conflict(_("The list still has problems. Nothing was imported."), code="list_has_problems")
    if uploads.claim_upload(found.operation_id, found.upload_id, (uploads.CHECKED,), uploads.IMPORTING, _now()):
        taking = request.form.get("changes") == "take"
        taken = found.findings["changed"] if taking else 0
        if not taking:
            uploads.drop_parts(found.operation_id, found.upload_id, uploads.FIRST_CHANGED_PART)
        uploads.change_upload(found.operation_id, found.upload_id, _now(), found.findings | {"taken": taken},
                              total=found.findings["new"] + taken)  # fmt: skip
        with unit_of_work() as session:
            audit.note(session, guards.current_actor(), "households.imported", _now(), operation_id=found.operation_id)
        start_importing(found.operation_id, found.upload_id)
    return _to(operation_id, upload_id)


@blueprint.post("/<upload_id>/go-on")
@guards.role("manager")
def go_on(operation_id: str, upload_id: str) -> Answer:
    """Go on with what was cut short."""
    found = _get(operation_id, upload_id)
    if found.state in RESUME and uploads.claim_upload(found.operation_id, found.upload_id, (), found.state, _now()):
        RESUME[found.state](found.operation_id, found.upload_id)
    return _to(operation_id, upload_id)


@blueprint.post("/<upload_id>/discard")
@guards.role("manager")
def discard(operation_id: str, upload_id: str) -> Answer:
    found = _get(operation_id, upload_id)
    if found.state == uploads.IMPORTING:
        raise Conflict(_("This list is being imported; let it finish."), code="being_imported")
    uploads.drop_upload(found.operation_id, found.upload_id)
    flash(_("The uploaded list is deleted. Nothing of it was imported."))
    return redirect(url_for("lists.start", operation_id=operation_id), 303)


@blueprint.get("/<upload_id>/problems.csv")
@guards.role("manager")
@purpose_needed("households.list_taken_out")
def problems(operation_id: str, upload_id: str) -> Response:
    """Answer the list itself with its problems in the first column, to fix and bring again."""
    found = _get(operation_id, upload_id)
    if found.state != uploads.CHECKED:
        raise NotFound(_("There is no list to fix here."))
    table, read = read_again(found)
    text = problem_file(table, read.problems, found.findings["columns"])
    answer = Response(text, mimetype="text/csv")
    answer.headers["Content-Disposition"] = "attachment; filename=list-to-fix.csv"
    return answer


def _page(name: str, found: uploads.Upload) -> str:
    with snapshot() as connection:
        operation = get_operation(connection, found.operation_id)
        plan = get_current_plan(connection, found.operation_id)
    place_names = {area.id: area.name for area in plan.areas} | {site.id: site.name for site in plan.sites}
    return render_template(f"households/{name}.html", operation=operation, upload=found, findings=found.findings,
                           place_names=place_names, labels=column_labels(), stands_still=found.stands_still(_now()))  # fmt: skip


@purpose_needed("households.columns_seen")  # the first cells of each column stand there
def _columns(found: uploads.Upload, problem: str) -> str:
    with snapshot() as connection:
        operation = get_operation(connection, found.operation_id)
    chosen = Counter(name for name in found.findings["columns"] if name and name not in JOINED_COLUMNS)
    return render_template("households/columns.html", operation=operation, upload=found, findings=found.findings, problem=problem,
                           labels=column_labels(), answer_words=answer_words(),
                           twice={name for name, times in chosen.items() if times > 1})  # fmt: skip


def _meanings(found: uploads.Upload) -> dict[str, dict[str, str]]:
    """Return what the form says of the codes that were asked about; a code without an answer stays a problem."""
    meanings: dict[str, dict[str, str]] = {}
    for number, question in enumerate(found.findings.get("questions", ())):
        answer = request.form.get(f"meaning-{number}", "")
        if answer in ANSWERS[question["column"]]:
            meanings.setdefault(question["column"], {})[question["value"]] = answer
    return meanings


def _with(found: uploads.Upload, findings: dict[str, Any]) -> uploads.Upload:
    return uploads.Upload(found.operation_id, found.upload_id, found.user_id, found.state, found.touched_at, found.done,
                          found.total, findings)  # fmt: skip


def _get(operation_id: str, upload_id: str) -> uploads.Upload:
    if not is_id_text(upload_id):
        raise NotFound(_("There is no such upload."))
    with snapshot() as connection:
        return uploads.get_upload(connection, to_bytes(operation_id), to_bytes(upload_id))


def _file(name: str) -> bytes | None:
    given = request.files.get(name)
    if given is None or not given.filename:
        return None
    content = given.stream.read(LARGEST_BYTES + 1)
    given.close()  # else its temporary file would live on for a while
    if len(content) > LARGEST_BYTES:
        raise TooLarge(LIST.too_large(), where=name, limit=LARGEST_BYTES)
    return content


def _missing() -> bytes:
    raise BadInput(_("Choose a file."), where="file")


def _encoding() -> str | None:
    named = request.form.get("encoding", "")
    return named if named in ENCODINGS else None


def _to(operation_id: str, upload_id: str) -> Answer:
    return redirect(url_for("lists.show", operation_id=operation_id, upload_id=upload_id), 303)


def _now() -> int:
    return int(current_app.extensions["relief_clock"].now())
