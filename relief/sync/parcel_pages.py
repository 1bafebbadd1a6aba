"""The desk takes in what a phone packed: from its file, or from the codes on its screen, read by a hand scanner."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext
from werkzeug.wrappers import Response

from relief.accounts import audit, guards
from relief.accounts.devices import get_desk_enrolment
from relief.accounts.uploads import Upload, upload_of
from relief.db import db, unit_of_work, write
from relief.kernel.errors import BadInput, NotFound, ReliefError, TooLarge
from relief.kernel.ids import to_bytes
from relief.ledger.keys import current_keys
from relief.operations.queries import get_operation
from relief.sync.parcel_series import read_series, short_signs
from relief.sync.parcels import Parcel, Taken, open_parcel, take_in_parcel

blueprint = Blueprint("parcels", __name__)
LARGEST_BYTES = 4 << 20
PARCEL = Upload("parcels.show", LARGEST_BYTES, lazy_gettext("No phone packs so much: look for the file that ends on .relief."))


@blueprint.get("/operations/<operation_id>/phones/packed")
@guards.role("manager")
def show(operation_id: str) -> str:
    return _page(operation_id)


@blueprint.post("/operations/<operation_id>/phones/packed")
@guards.role("manager")
@upload_of(PARCEL)
def take_in(operation_id: str) -> str | Response | tuple[str, int]:
    secrets = current_app.extensions["relief_secrets"]
    try:
        series = read_series(_brought())
        parcels = [open_parcel(secrets, key_id, sealed) for key_id, sealed in series]
        taken = [_take_one(operation_id, parcel) for parcel in parcels]
    except (BadInput, NotFound, TooLarge) as error:
        return _page(operation_id, error), 422
    _say(taken, " ".join(short_signs(sealed) for _key_id, sealed in series))
    return redirect(url_for("parcels.show", operation_id=operation_id), 303)


def _brought() -> str:
    """Return the text of the uploaded file and of what was scanned; raises TooLarge."""
    file = request.files.get("file")
    content = file.stream.read(LARGEST_BYTES + 1) if file else b""
    if len(content) > LARGEST_BYTES:
        raise TooLarge(PARCEL.too_large(), limit=LARGEST_BYTES)
    return content.decode("ascii", "replace") + "\n" + request.form.get("codes", "")


def _take_one(operation_id: str, parcel: Parcel) -> Taken:
    now, keys, actor = current_app.extensions["relief_clock"].now(), current_keys(), guards.current_actor()
    user = guards.get_current_user()
    with unit_of_work() as session:
        operation = get_operation(session, to_bytes(operation_id)).id
        desk = get_desk_enrolment(session, operation, user.id, now).enrolment_id
        audit.note(session, actor, "parcel.taken_in", now, operation_id=operation)
    return write(lambda connection: take_in_parcel(connection, operation, desk, parcel, now, keys))


def _say(taken: list[Taken], signs: str) -> None:
    records, held = sum(each.records for each in taken), sum(each.held for each in taken)
    words = ngettext("%(num)s record taken in.", "%(num)s records taken in.", records)
    if held:
        words += " " + ngettext("%(num)s of them waits under To decide.", "%(num)s of them wait under To decide.", held)
    flash(f"{words} " + _("Tell the phone these signs: %(signs)s.", signs=signs))


def _page(operation_id: str, problem: ReliefError | None = None) -> str:
    operation: Any = get_operation(db.session(), to_bytes(operation_id))
    return render_template("sync/parcels.html", operation=operation, problem=problem, codes=request.form.get("codes", ""),
                           upload=PARCEL)  # fmt: skip
