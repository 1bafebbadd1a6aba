"""Pages of one tally sheet: typed in line by line, its photo beside it, a second look, and into the ledger."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Blueprint, Response, current_app, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext
from werkzeug.wrappers import Response as Answer

from relief.accounts import audit, guards
from relief.accounts.purposes import purpose_asked, purpose_needed
from relief.accounts.uploads import Upload, upload_of
from relief.db import snapshot, unit_of_work, write
from relief.kernel.clock import local_day
from relief.kernel.errors import BadInput, Conflict, TooLarge
from relief.kernel.ids import to_bytes
from relief.office.acting import signed_in_act, signed_in_desk
from relief.office.noted_writing import write_noted
from relief.office.operations.reading import plan_for_reader
from relief.office.paper.drafts import Typed
from relief.office.paper.entry import Entered, Summary, enter_sheet, save_sheet, sum_up
from relief.office.paper.lines import Line
from relief.office.paper.pages import ROLES
from relief.office.paper.photos import LARGEST_BYTES, draw_anew, drop_photo, get_photo, keep_photo
from relief.office.paper.queries import get_sheet
from relief.office.paper.words import code_words, remark_words, state_names
from relief.operations.queries import get_operation
from relief.operations.rules import Plan
from relief.settings import Secrets

blueprint = Blueprint("paper_entry", __name__, url_prefix="/operations/<operation_id>/paper/<sheet_id>")
Page = str | Answer | tuple[str, int]
PHOTO = Upload("paper_entry.show", LARGEST_BYTES, lazy_gettext("Take the photo with fewer pixels, or save it smaller."))


@blueprint.get("")
@guards.role(*ROLES)
@purpose_needed("paper.sheet_opened", subject="sheet_id")
def show(operation_id: str, sheet_id: str) -> str:
    return _page("paper/sheet.html", operation_id, sheet_id)


def _page(template: str, operation_id: str, sheet_id: str, problems: dict[str, str] | None = None) -> str:
    with snapshot() as connection:
        operation = get_operation(connection, to_bytes(operation_id))
        plan = plan_for_reader(connection, operation.id)
        summary = sum_up(connection, operation.id, sheet_id, _secrets())
        sheet = get_sheet(connection, operation.id, sheet_id)
    remarks = {place: shown_line(summary, place, plan) for place in range(1, sheet.lines + 1)}
    return render_template(template, operation=operation, plan=plan, summary=summary, sheet=sheet, typed=summary.opened.typed,
                           items=[plan.item[each] for each in sheet.items if each in plan.item], remarks=remarks,
                           problems=problems or {}, form=request.form if problems else {}, states=state_names(),
                           begin_at=_begin_at(summary, remarks), upload=PHOTO,
                           today=local_day(_now(), plan.site[sheet.site].zone))  # fmt: skip


def _begin_at(summary: Summary, remarks: dict[int, dict[str, Any]]) -> int:
    """Return the line where typing goes on: the first that waits or is empty; 0 where the day comes first."""
    open_lines = [place for place, line in remarks.items() if line["state"] in ("waiting", "empty")]
    return (open_lines or [1])[0] if summary.is_dated else 0


@blueprint.post("")
@guards.role(*ROLES)
@purpose_needed("paper.sheet_typed", subject="sheet_id")
def save(operation_id: str, sheet_id: str) -> Page | Response:
    """Keep what is typed, and say of each line what there is to say; a script asks for that alone."""
    wants_json = request.accept_mimetypes.best == "application/json"
    try:
        summary = write(partial(save_sheet, operation_id=to_bytes(operation_id), sheet_id=sheet_id, version=_version(),
                                typed=_typed(operation_id, sheet_id), now=_now(), secrets=_secrets()))  # fmt: skip
    except BadInput as error:
        if wants_json:
            return jsonify(error.as_dict()), error.status  # type: ignore[return-value]
        return _page("paper/sheet.html", operation_id, sheet_id, {error.where or "day": error.message}), error.status
    except Conflict as error:
        if wants_json:
            return jsonify(error.as_dict()), error.status  # type: ignore[return-value]
        raise
    if wants_json:
        with snapshot() as connection:
            plan = plan_for_reader(connection, to_bytes(operation_id))
        lines = {place: shown_line(summary, place, plan) for place in range(1, summary.opened.sheet.lines + 1)}
        return jsonify(version=summary.opened.sheet.version, lines=lines)
    where = "paper_entry.look" if request.form.get("then") == "look" else "paper_entry.show"
    return redirect(url_for(where, operation_id=operation_id, sheet_id=sheet_id), 303)


def shown_line(summary: Summary, place: int, plan: Plan) -> dict[str, Any]:
    """Return a line as it is typed, with its remarks in words; `state` is entered, waiting, ready or empty."""
    checked = summary.lines.get(place)
    if checked is None:
        return {"number": "", "signs": "", "given": {}, "remarks": [], "sure": False, "ask": False,
                "state": "taken_back" if place in summary.taken_back else "empty"}  # fmt: skip
    line = checked.line
    state = ("waiting" if place in summary.waiting else "ready" if place in summary.new
             else "changed" if place in summary.changed else "entered")  # fmt: skip
    return {"number": line.number, "signs": line.signs, "given": dict(line.given), "sure": line.as_written,
            "ask": checked.may_be_as_written, "state": state,
            "remarks": [{"words": remark_words(each, plan), "stops": each.stops} for each in checked.remarks]}  # fmt: skip


@blueprint.get("/look")
@guards.role(*ROLES)
@purpose_needed("paper.sheet_looked_at", subject="sheet_id")
def look(operation_id: str, sheet_id: str) -> str:
    """Show the sheet once more before it enters the ledger."""
    return _page("paper/look.html", operation_id, sheet_id)


@blueprint.post("/look")
@guards.role(*ROLES)
@purpose_asked
def enter(operation_id: str, sheet_id: str) -> Page:
    """Enter what is ready; what waits stays on the sheet."""
    desk = signed_in_desk(operation_id)
    work = partial(enter_sheet, operation_id=desk.operation_id, sheet_id=sheet_id, version=_version(), desk_id=desk.enrolment_id,
                   now=desk.now, keys=desk.keys, secrets=_secrets(),
                   counted_otherwise=request.form.get("counted_otherwise") == "true")  # fmt: skip
    try:
        done = write_noted(signed_in_act(desk, "paper.sheet_entered", sheet_id, about_people=True), work)
    except BadInput as error:
        return _page("paper/look.html", operation_id, sheet_id, {error.where or "day": error.message}), error.status
    _flash_entered(done)
    return redirect(url_for("paper_entry.show", operation_id=operation_id, sheet_id=sheet_id), 303)


def _flash_entered(done: Entered) -> None:
    flash(ngettext("%(num)s hand-over entered.", "%(num)s hand-overs entered.", done.added))
    if done.taken_back:
        flash(ngettext("%(num)s hand-over taken back.", "%(num)s hand-overs taken back.", done.taken_back))
    for place, codes in sorted(done.flagged.items()):
        words = ", ".join(code_words(code) for code in codes)
        flash(_("Line %(line)s is entered and waits under To decide: %(why)s.", line=place, why=words), "warn")
    if done.waiting:
        flash(_("These lines wait for you: %(lines)s.", lines=", ".join(map(str, done.waiting))), "warn")


@blueprint.get("/photo.jpg")
@guards.role(*ROLES)
@purpose_needed("paper.photo_seen", subject="sheet_id")
def photo(operation_id: str, sheet_id: str) -> Response:
    with snapshot() as connection:
        sheet = get_sheet(connection, to_bytes(operation_id), sheet_id)
        return Response(get_photo(connection, sheet, _secrets()), mimetype="image/jpeg")


@blueprint.post("/photo")
@guards.role(*ROLES)
@upload_of(PHOTO)
@purpose_needed("paper.photo_added", subject="sheet_id")
def add_photo(operation_id: str, sheet_id: str) -> Page:
    """Keep a photo of the sheet, drawn anew."""
    given = request.files.get("photo")
    try:
        drawn = draw_anew(given.stream.read(LARGEST_BYTES + 1) if given else b"")
    except (BadInput, TooLarge) as error:
        said = PHOTO.too_large() if error.code == "too_large" and error.extra["limit"] == LARGEST_BYTES else error.message
        return _page("paper/sheet.html", operation_id, sheet_id, {"photo": said}), error.status
    with unit_of_work() as session:
        sheet = get_sheet(session.connection(), to_bytes(operation_id), sheet_id)
        keep_photo(session.connection(), sheet, drawn, guards.get_current_user().id, _now(), _secrets())
    flash(_("The photo is kept, encrypted."))
    return redirect(url_for("paper_entry.show", operation_id=operation_id, sheet_id=sheet_id), 303)


@blueprint.post("/photo/remove")
@guards.role(*ROLES)
def remove_photo(operation_id: str, sheet_id: str) -> Answer:
    with unit_of_work() as session:
        sheet = get_sheet(session.connection(), to_bytes(operation_id), sheet_id)
        drop_photo(session.connection(), sheet)
        audit.note(session, guards.current_actor(), "paper.photo_removed", _now(), operation_id=sheet.operation_id,
                   subject=sheet.sheet_id)  # fmt: skip
    flash(_("The photo is deleted."))
    return redirect(url_for("paper_entry.show", operation_id=operation_id, sheet_id=sheet_id), 303)


def _typed(operation_id: str, sheet_id: str) -> Typed:
    with snapshot() as connection:
        sheet = get_sheet(connection, to_bytes(operation_id), sheet_id)
    form = request.form

    def line(place: int) -> Line:
        given = {item: form.get(f"item-{place}-{column}", "") for column, item in enumerate(sheet.items)}
        given = {item: text for item, text in given.items() if text.strip()}
        return Line(form.get(f"number-{place}", ""), form.get(f"signs-{place}", ""), given, form.get(f"sure-{place}") == "true")

    control = {item: form.get(f"control-{column}", "")[:9] for column, item in enumerate(sheet.items)}
    lines = {place: line(place) for place in range(1, sheet.lines + 1)}
    return Typed(form.get("day", "")[:10], form.get("about_time", "")[:8], lines, control)


def _version() -> int:
    return request.form.get("version", -1, type=int)


def _secrets() -> Secrets:
    found: Secrets = current_app.extensions["relief_secrets"]
    return found


def _now() -> int:
    return int(current_app.extensions["relief_clock"].now())
