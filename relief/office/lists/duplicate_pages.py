"""Pages of households that may be one: the list, two side by side with why, and the decision."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from relief.accounts import audit, guards
from relief.accounts.purposes import purpose_needed
from relief.accounts.schemas import PageQuery
from relief.db import db, snapshot, unit_of_work, write
from relief.households.suspicion_words import reason_words
from relief.kernel.errors import BadInput, Conflict, NotFound
from relief.kernel.ids import is_id_text, to_bytes, to_text
from relief.office.acting import signed_in_desk
from relief.office.families.history import default_zone
from relief.office.families.words import state_names
from relief.office.lists import duplicate_search
from relief.office.lists import duplicates as duplicates_room
from relief.office.lists.duplicates import Pair
from relief.operations.queries import get_current_plan, get_operation
from relief.totals.words import label

blueprint = Blueprint("duplicates", __name__, url_prefix="/operations/<operation_id>/households/duplicates")


@blueprint.get("")
@guards.role("manager")
@purpose_needed("households.duplicates_listed")
def show_list(operation_id: str) -> str:
    number = PageQuery().load(request.args)["page"]
    with snapshot() as connection:
        operation = get_operation(connection, to_bytes(operation_id))
        page = duplicates_room.list_pairs(connection, operation.id, number)
        wanted = [each for pair in page.rows for each in (pair.low, pair.high)]
        known = duplicates_room.list_known(connection, operation.id, wanted)
        last = duplicate_search.find_search(connection, operation.id)
        zone = default_zone(get_current_plan(connection, operation.id))
    return render_template("households/duplicates.html", operation=operation, page=page, known=known, words=reason_words(),
                           last=last, zone=zone)  # fmt: skip


@blueprint.post("")
@guards.role("manager")
def look(operation_id: str) -> Response:
    """Begin to look through all households anew, and show how far it is."""
    operation = get_operation(db.session(), to_bytes(operation_id))
    if duplicate_search.start_search(operation.id):
        _note(operation.id, "households.duplicates_looked_for")
    return redirect(url_for("duplicates.show_progress", operation_id=operation_id), 303)


@blueprint.get("/progress")
@guards.role("manager")
def show_progress(operation_id: str) -> str | Response:
    with snapshot() as connection:
        operation = get_operation(connection, to_bytes(operation_id))
        search = duplicate_search.find_search(connection, operation.id)
    if search is None or not search.is_at_work:
        return redirect(url_for("duplicates.show_list", operation_id=operation_id), 303)
    still = search.stands_still(_now())
    return render_template("households/looking.html", operation=operation, search=search, stands_still=still)


@blueprint.get("/<low>/<high>")
@guards.role("manager")
@purpose_needed("households.compared")
def show_pair(operation_id: str, low: str, high: str) -> str | Response:
    try:
        return _pair_page(operation_id, low, high, {})
    except Conflict as error:
        return _decided(operation_id, error)


def _decided(operation_id: str, error: Conflict) -> Response:
    """Say that there is nothing left to decide here, and go on with the next pair."""
    return _next(operation_id, error.message, "warn")


def _pair_page(operation_id: str, low: str, high: str, problems: dict[str, str]) -> str:
    with snapshot() as connection:
        operation = get_operation(connection, to_bytes(operation_id))
        pair = _get(connection, operation.id, low, high)
        known = duplicates_room.list_known(connection, operation.id, (pair.low, pair.high))
    if len(known) < 2:
        raise NotFound(_("Nobody has registered who lives in one of these households: there is nothing to compare."))
    guess = duplicates_room.guess_same_members(known[pair.low], known[pair.high])
    return render_template("households/pair.html", operation=operation, pair=pair, one=known[pair.low], other=known[pair.high],
                           guess=guess, words=reason_words(), problems=problems,
                           labels=label, states=state_names())  # fmt: skip


@blueprint.post("/<low>/<high>")
@guards.role("manager")
def decide(operation_id: str, low: str, high: str) -> Response | tuple[str, int]:
    """Merge, keep apart, or decide later: as the button says that was pressed."""
    action, acting = request.form.get("action", ""), signed_in_desk(operation_id)
    try:
        with snapshot() as connection:
            pair = _get(connection, acting.operation_id, low, high)
        if request.form.get("suspected") and not pair.points:  # kept apart meanwhile: nobody undoes that unseen
            raise duplicates_room.pair_decided()
    except Conflict as error:
        return _decided(operation_id, error)
    if action == "later":
        write(partial(duplicates_room.put_off, operation_id=acting.operation_id, pair=pair, now=acting.now))
        return _next(operation_id, _("Put off: it waits behind the others."))
    actor, user = guards.current_actor(), guards.get_current_user()
    deciding = partial(duplicates_room.decide_pair, operation_id=acting.operation_id, desk_id=acting.enrolment_id, pair=pair,
                       action=action, user_id=user.id, now=acting.now, keys=acting.keys,
                       reason=request.form.get("reason", "")[:500], same_members=_same_members())  # fmt: skip

    def decide_and_note(connection: Connection) -> None:
        deciding(connection)
        audit.note(connection, actor, f"households.{action}", acting.now, operation_id=acting.operation_id)

    try:
        write(decide_and_note)
    except BadInput as error:
        return _pair_page(operation_id, low, high, {error.where or "reason": error.message}), error.status
    merged = action == duplicates_room.MERGED
    return _next(operation_id, _("They are one family now.") if merged else _("They stay two families."))


def _same_members() -> list[tuple[str, str]]:
    chosen = ((name.removeprefix("member-"), value) for name, value in request.form.items() if name.startswith("member-"))
    return [(one, other) for one, other in chosen if is_id_text(one) and is_id_text(other)]


def _next(operation_id: str, done: str, kind: str = "message") -> Response:
    """Say what was done, and go to the next pair: an hour's work is a row of decisions; back to the list where none is left."""
    with snapshot() as connection:
        pairs = duplicates_room.list_pairs(connection, to_bytes(operation_id), size=1).rows
    if pairs and not pairs[0].later:
        flash(_("%(done)s This is the next pair.", done=done), kind)
        return redirect(url_for("duplicates.show_pair", operation_id=operation_id, low=to_text(pairs[0].low),
                                high=to_text(pairs[0].high)), 303)  # fmt: skip
    flash(done, kind)
    return redirect(url_for("duplicates.show_list", operation_id=operation_id), 303)


def _get(connection: Connection, operation_id: bytes, low: str, high: str) -> Pair:
    if not is_id_text(low) or not is_id_text(high):
        raise NotFound(_("There is no such pair."))
    return duplicates_room.find_pair(connection, operation_id, to_bytes(low), to_bytes(high))


def _note(operation_id: bytes, action: str) -> None:
    with unit_of_work() as session:
        audit.note(session, guards.current_actor(), action, _now(), operation_id=operation_id)


def _now() -> int:
    return int(current_app.extensions["relief_clock"].now())
