"""The page of who saw and did what in an operation, for its managers."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask_babel import gettext as _
from marshmallow import fields, validate

from relief.accounts import guards
from relief.accounts.audit_reading import list_looks
from relief.accounts.labels import purpose_names
from relief.accounts.schemas import FormSchema
from relief.db import snapshot
from relief.kernel.ids import to_bytes
from relief.office.family_history import default_zone
from relief.operations.queries import get_current_plan, get_operation

blueprint = Blueprint("audit", __name__)


class AuditQuery(FormSchema):
    """Only looks at people, or everything; and which page."""

    what = fields.String(load_default="looks", validate=validate.OneOf(("looks", "all")))
    page = fields.Integer(load_default=1, validate=validate.Range(1, 1_000_000))


@blueprint.get("/operations/<operation_id>/audit")
@guards.role("manager", "auditor", "protection")
def show(operation_id: str) -> str:
    asked = AuditQuery().load(request.args)
    with snapshot() as connection:
        operation = get_operation(connection, to_bytes(operation_id))
        page = list_looks(connection, operation.id, everything=asked["what"] == "all", number=asked["page"])
        zone = default_zone(get_current_plan(connection, operation.id))
    return render_template("office/audit.html", operation=operation, page=page, what=asked["what"], zone=zone, acts=act_names(),
                           purposes=purpose_names())  # fmt: skip


def act_names() -> dict[str, str]:
    """Return the acts that the audit notes of an operation -> their words; others are shown by their code."""
    return {
        "household.seen": _("Saw a household"), "households.listed": _("Looked through the households"),
        "household.decided": _("Decided about a household"), "household.separated": _("Made one household two again"),
        "household.taken_back": _("Took a hand-over back"), "household.card_handled": _("Handled a household's card"),
        "household.recomposed": _("Changed who lives in a household"), "list.seen": _("Saw a list to approve"),
        "list.made": _("Put a list together"), "list.approved": _("Approved a list"),
        "list.returned": _("Did not approve a list"),
        "list.left_out": _("Took a household off a list"), "lead.named": _("Named a lead to approve"),
        "lead.unnamed": _("Ended that a lead may approve"), "households.on_site_listed": _("Saw whom phones registered"),
        "household.decided_on_site": _("Decided about a family at the site"),
        "to_decide.listed": _("Saw what is to decide"),
        "case.decided": _("Decided a question"), "held.seen": _("Saw a record set aside"),
        "held.decided": _("Decided about a record set aside"), "held.taken_up": _("Took up a record set aside"),
        "purpose.told": _("Said what personal data is needed for"),
        "households.duplicates_listed": _("Saw who may be listed twice"),
        "households.compared": _("Compared two households"), "households.merged": _("Found two households to be one"),
        "households.kept_apart": _("Found two households to be two"), "households.uploaded": _("Brought a list"),
        "households.imported": _("Imported a list"), "households.list_taken_out": _("Took a list with its problems out"),
        "household.erasure_seen": _("Saw what erasing a household would take"),
        "cards.printed": _("Printed cards"), "card.reprinted": _("Printed a card again"),
        "cards.list_printed": _("Printed a hand-out list"),
        "paper.missing_listed": _("Saw who has not come"), "paper.missing_printed": _("Printed who has not come"),
        "paper.sheet_opened": _("Opened a tally sheet"), "paper.sheet_typed": _("Typed in a tally sheet"),
        "paper.sheet_looked_at": _("Looked a tally sheet over"), "paper.sheet_entered": _("Entered a tally sheet"),
        "paper.photo_added": _("Put a photo beside a tally sheet"), "paper.photo_seen": _("Saw the photo of a tally sheet"),
    }  # fmt: skip
