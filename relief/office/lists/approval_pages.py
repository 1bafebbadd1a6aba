"""Pages of approving: list versions, put together by one and approved by another, and families registered at a site."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from relief.accounts import audit, guards
from relief.accounts.purposes import purpose_asked, purpose_needed
from relief.accounts.schemas import PageQuery
from relief.accounts.service import get_desk_enrolment
from relief.db import db, snapshot, unit_of_work
from relief.kernel.errors import NotAllowed, NotFound, ReliefError
from relief.kernel.ids import is_id_text, to_bytes, to_text
from relief.ledger.keys import current_keys
from relief.ledger.register_reading import read_register
from relief.office.families import site_approvals
from relief.office.families.act_pages import tell_act
from relief.office.families.authorship import count_changed, list_changed
from relief.office.families.family import read_families
from relief.office.families.history import default_zone
from relief.office.families.pages import DESK, household_key, now
from relief.office.families.search import Wanted, search_households
from relief.office.families.words import said_after
from relief.office.lists import versions as list_versions
from relief.operations.queries import get_current_plan, get_operation

blueprint = Blueprint("approvals", __name__, url_prefix="/operations/<operation_id>/approvals")
Answer = str | Response | tuple[str, int]


@blueprint.get("")
@guards.role("manager")
def show_lists(operation_id: str) -> str:
    return _lists_page(operation_id, {}, {})


def _lists_page(operation_id: str, form: Any, problems: dict[str, str]) -> str:
    operation = to_bytes(operation_id)
    get_operation(db.session(), operation)
    read_register(operation)
    with snapshot() as connection:
        return render_template(
            "households/lists.html", operation=get_operation(connection, operation), form=form, problems=problems,
            plan=get_current_plan(connection, operation), undecided=list_versions.count_undecided(connection, operation),
            changed=count_changed(connection, operation),
            page=list_versions.list_versions(connection, operation, PageQuery().load(request.args)["page"]),
            leads=site_approvals.list_leads(connection, operation), states=version_states(),
            waiting=sum(site_approvals.count_by_site(connection, operation).values()),
        )  # fmt: skip


def version_states() -> dict[str, str]:
    """Return the state of a list version -> its words."""
    return {"open": _("Waits for approval"), "approving": _("Being approved"), "approved": _("Approved"),
            "returned": _("Not approved")}  # fmt: skip


@blueprint.post("")
@guards.role("manager")
def make(operation_id: str) -> Answer:
    """Put a new version together: everybody undecided, or those of an area or a site."""
    form, operation, user_id = request.form, to_bytes(operation_id), guards.get_current_user().id
    area, site = ((to_bytes(form[name]) if is_id_text(form.get(name, "")) else None) for name in ("area", "site"))
    try:
        with unit_of_work() as session:
            get_operation(session, operation)
            number = list_versions.make_version(session.connection(), operation, form.get("name", ""),
                                                Wanted(area=area, site=site), user_id, now())  # fmt: skip
            _note(session, operation, "list.made", str(number))
    except ReliefError as error:
        return _lists_page(operation_id, form, {error.where or "name": error.message}), error.status
    return _to_list(operation_id, str(number))


@blueprint.get("/<number>")
@guards.role("manager")
@purpose_needed("list.seen", subject="number")
def show_list(operation_id: str, number: str) -> str:
    get_operation(db.session(), to_bytes(operation_id))
    read_register(to_bytes(operation_id))
    return _list_page(operation_id, _number(number), {})


def _list_page(operation_id: str, number: int, problems: dict[str, str]) -> str:
    keys, operation, user_id = current_keys().words, to_bytes(operation_id), guards.get_current_user().id
    with snapshot() as connection:
        version = list_versions.get_version(connection, operation, number)
        page = list_versions.list_households(connection, operation, number, PageQuery().load(request.args)["page"])
        families = read_families(connection, operation, page.rows, keys)
        try:
            list_versions.check_approver(connection, operation, version, user_id)
            own = False
        except NotAllowed:
            own = True
        plan = get_current_plan(connection, operation)
        return render_template(
            "households/list_version.html", operation=get_operation(connection, operation), version=version, page=page, own=own,
            families=[families[each] for each in page.rows if each in families], problems=problems, form=request.form,
            states=version_states(), changed=list_changed(connection, operation, page.rows),
            seen=list_versions.mark_of(connection, operation, number), plan=plan, zone=default_zone(plan),
        )  # fmt: skip


@blueprint.post("/<number>/approve")
@guards.role("manager")
@purpose_needed("list.approved", subject="number")
def approve(operation_id: str, number: str) -> Answer:
    user_id, operation, keys = guards.get_current_user().id, to_bytes(operation_id), current_keys()
    seen = request.form.get("seen", "")
    with snapshot() as connection:  # a refusal makes no desk
        version = list_versions.get_approvable(connection, operation, _number(number), user_id, seen)
    with unit_of_work() as session:
        desk_id = get_desk_enrolment(session, operation, user_id, now()).enrolment_id
    count = list_versions.approve_version(operation, version.number, desk_id, user_id, seen, now(), keys)
    flash(ngettext("%(num)s household approved.", "%(num)s households approved.", count))
    return _to_list(operation_id, number)


@blueprint.post("/<number>/return")
@guards.role("manager")
def send_back(operation_id: str, number: str) -> Answer:
    """Do not approve the version; its households wait for another."""
    try:
        with unit_of_work() as session:
            list_versions.return_version(session.connection(), to_bytes(operation_id), _number(number),
                                         guards.get_current_user().id, request.form.get("reason", ""), now())  # fmt: skip
            _note(session, to_bytes(operation_id), "list.returned", number)
    except ReliefError as error:
        if error.where is None:
            raise
        return _list_page(operation_id, _number(number), {error.where: error.message}), error.status
    flash(_("Not approved. The households wait for another list."))
    return _to_list(operation_id, number)


@blueprint.post("/<number>/leave-out")
@guards.role("manager")
def leave_out(operation_id: str, number: str) -> Answer:
    """Take one household off the version."""
    with unit_of_work() as session:
        household = household_key(request.form.get("household", ""))
        list_versions.leave_out(session.connection(), to_bytes(operation_id), _number(number), household)
        _note(session, to_bytes(operation_id), "list.left_out", to_text(household))
    flash(_("Taken off this list. The household waits on."))
    return _to_list(operation_id, number)


@blueprint.post("/leads")
@guards.role("manager")
def name_lead(operation_id: str) -> Answer:
    """Name a lead who may approve families registered at the site, or end it."""
    operation, user = to_bytes(operation_id), request.form.get("user", "")
    user_id = to_bytes(user) if is_id_text(user) else b""
    with unit_of_work() as session:
        if request.form.get("action") == "end":
            site_approvals.unname_lead(session.connection(), operation, user_id)
            _note(session, operation, "lead.unnamed", user)
        else:
            site_approvals.name_lead(session.connection(), operation, user_id, guards.get_current_user().id, now())
            _note(session, operation, "lead.named", user)
    flash(_("Kept."))
    return redirect(url_for("approvals.show_lists", operation_id=operation_id), 303)


@blueprint.get("/on-site")
@guards.role(*DESK)
@purpose_needed("households.on_site_listed")
def show_on_site(operation_id: str) -> str:
    asked, keys, operation_key = request.args.get("site", ""), current_keys().words, to_bytes(operation_id)
    get_operation(db.session(), operation_key)
    read_register(operation_key)
    with snapshot() as connection:
        operation = get_operation(connection, operation_key)
        wanted = Wanted(state="registered", site=to_bytes(asked) if is_id_text(asked) else None, by_phone=True)
        found = search_households(connection, operation, wanted, keys, PageQuery().load(request.args)["page"])
        families = read_families(connection, operation.id, found.page.rows, keys)
        plan = get_current_plan(connection, operation.id)
        counts = {to_text(site): count for site, count in site_approvals.count_by_site(connection, operation.id).items() if site}
    return render_template("households/on_site.html", operation=operation, plan=plan, page=found.page, site=asked, counts=counts,
                           families=[families[each] for each in found.page.rows if each in families], zone=default_zone(plan),
                           may_decide=_may_decide_on_site(operation.id))  # fmt: skip


@blueprint.post("/on-site/<household_id>")
@guards.role(*DESK)
@purpose_asked
def decide_on_site(operation_id: str, household_id: str) -> Answer:
    """Approve, or not, one family that a phone registered."""
    action, user_id = request.form.get("action", ""), guards.get_current_user().id
    making = site_approvals.decide_at_site(action, request.form.get("reason", ""), user_id,
                                           _may_decide_on_site(to_bytes(operation_id)))  # fmt: skip
    tell_act(operation_id, household_id, "household.decided_on_site", making)
    flash(said_after(action))
    return redirect(url_for("approvals.show_on_site", operation_id=operation_id, site=request.args.get("site") or None), 303)


def _may_decide_on_site(operation_id: bytes) -> bool:
    if guards.has_role(db.session, operation_id, frozenset(("manager",))):
        return True
    return site_approvals.may_approve_at_site(db.session(), operation_id, guards.get_current_user().id)


def _note(session: Any, operation_id: bytes, action: str, subject: str) -> None:
    audit.note(session, guards.current_actor(), action, now(), operation_id=operation_id, subject=subject[:80])


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise NotFound(_("There is no such list."))
    return int(text)


def _to_list(operation_id: str, number: str) -> Response:
    return redirect(url_for("approvals.show_list", operation_id=operation_id, number=number), 303)
