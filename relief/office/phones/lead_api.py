"""What a lead's phone asks beside sync and register: her site's day, the help desk's list, a join code for a new volunteer."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import current_app, g, request
from flask_babel import gettext as _

from relief.accounts import audit
from relief.accounts.guards import phone, phone_handing_in
from relief.accounts.join_codes import create_join_code, list_open_codes
from relief.accounts.lanes import Lanes
from relief.accounts.look_ups import note_look_ups
from relief.db import snapshot, unit_of_work, write
from relief.kernel.clock import local_day
from relief.kernel.errors import TooMany
from relief.ledger.keys import current_keys
from relief.office.phones.acts import lanes_of_sites
from relief.office.phones.help_desk import Asked, make_list
from relief.office.phones.lead_day import check_lead, read_day
from relief.office.phones.lead_schemas import (
    HelpDeskAnswerSchema,
    HelpDeskRequestSchema,
    JoinCodeAnswerSchema,
    JoinCodeRequestSchema,
    LeadDayQuerySchema,
    LeadDaySchema,
    LookUpsSchema,
    NotedSchema,
)  # fmt: skip
from relief.office.phones.links import join_link, public_address
from relief.operations.queries import get_current_plan
from relief.sync.json_arguments import Blueprint
from relief.sync.register import scope_of

blueprint = Blueprint("lead", __name__, url_prefix="/api/v1/lead", description="The lead's phone: her site's day, the help desk")
MOST_OPEN_CODES = 200


@blueprint.route("/day")
@phone
@blueprint.arguments(LeadDayQuerySchema, location="query")
@blueprint.response(200, LeadDaySchema)
def day(query: dict[str, str]) -> dict[str, Any]:
    """Return a site's stock and phones on a day, for the lead who opens or closes it; 403 `not_for_this_device` to others."""
    now, site = _now(), query["site"]
    with snapshot() as connection:
        plan = get_current_plan(connection, g.enrolment.operation_id)
        check_lead(g.enrolment, site, plan)
        return read_day(connection, g.enrolment, plan, site, query["day"] or local_day(now, plan.site[site].zone), now)


@blueprint.route("/help-desk", methods=["POST"])
@phone
@blueprint.arguments(HelpDeskRequestSchema)
@blueprint.response(201, HelpDeskAnswerSchema)
def help_desk(body: dict[str, str]) -> dict[str, Any]:
    """Give the site's help desk a list of names, sealed to the key that the phone made for it; good for 24 hours."""
    asked = Asked(g.enrolment, body["site"], body["key"], _now(), request.remote_addr or "")
    with snapshot() as connection:
        plan = get_current_plan(connection, asked.operation_id)
    return write(partial(make_list, asked=asked, plan=plan, words=current_keys().words))


@blueprint.route("/help-desk/<list_id>/look-ups", methods=["POST"])
@phone_handing_in
@blueprint.arguments(LookUpsSchema)
@blueprint.response(200, NotedSchema)
def look_ups(body: dict[str, Any], list_id: str) -> dict[str, int]:
    """Note who was looked up in a list; to tell it again adds nothing. Also a phone that was signed off tells it."""
    noted = write(partial(note_look_ups, phone=g.enrolment, list_id=list_id, looks=body["look_ups"], now=_now(),
                          address=request.remote_addr or ""))  # fmt: skip
    return {"noted": noted}


@blueprint.route("/join-codes", methods=["POST"])
@phone
@blueprint.arguments(JoinCodeRequestSchema)
@blueprint.response(201, JoinCodeAnswerSchema)
def join_code(body: dict[str, Any]) -> dict[str, Any]:
    """Make a code with which an ordinary phone joins at the lead's own sites."""
    settings, now, lead = current_app.extensions["relief_settings"], _now(), g.enrolment
    with unit_of_work() as session:
        plan = get_current_plan(session, lead.operation_id)
        sites = [body["site"]] if body["site"] else list(scope_of(lead).site_ids)
        for site in sites or [plan.sites[0].id if plan.sites else ""]:
            check_lead(lead, site, plan)
        if len(list_open_codes(session, lead.operation_id, now)) >= MOST_OPEN_CODES:
            raise TooMany(_("Too many join codes are open. Take some back at the desk."), retry_after_seconds=3600)
        lanes: Lanes = {site.id: [body["lane"]] for site in plan.sites if body["lane"]}
        code = create_join_code(session, lead.operation_id, label=body["label"], site_ids=sites, now=now,
                                hours=settings.join_code_hours, lanes=lanes_of_sites(lanes, sites, plan))  # fmt: skip
        audit.note(session, audit.Actor(None, request.remote_addr or ""), "join_code.created", now,
                   operation_id=lead.operation_id, subject=lead.enrolment_id)  # fmt: skip
    return {"code": code, "link": join_link(public_address(settings, request.host_url), code),
            "expires_at": now + settings.join_code_hours * 3600}  # fmt: skip


def _now() -> int:
    return int(current_app.extensions["relief_clock"].now())
