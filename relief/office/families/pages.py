"""Pages of the households of an operation: looking one up, and one family with all that is known of it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask_babel import gettext as _
from marshmallow import fields, validate
from werkzeug.wrappers import Response

from relief.accounts import guards
from relief.accounts.purposes import purpose_needed
from relief.accounts.schemas import FormSchema
from relief.db import db, snapshot
from relief.kernel.errors import NotFound
from relief.kernel.ids import is_id_text, to_bytes, to_text
from relief.kernel.paging import PAGE_SIZE, Page
from relief.ledger.keys import current_keys
from relief.ledger.register_reading import read_register
from relief.office.cards.finding import get_free_card
from relief.office.families.acts import authors_of
from relief.office.families.authorship import list_changed
from relief.office.families.family import get_family, read_families
from relief.office.families.history import default_zone, history_of
from relief.office.families.kept_searches import find_search, keep_search
from relief.office.families.search import LONGEST_QUERY, STATES, Found, Wanted, search_households
from relief.office.families.words import state_names
from relief.office.operations.reading import plan_for_reader
from relief.operations.queries import get_operation
from relief.totals.words import label

blueprint = Blueprint("households", __name__, url_prefix="/operations/<operation_id>/households")
DESK = ("manager", "site_lead")
NOBODY = Found(Page([], 1, PAGE_SIZE, 0))


class SearchQuery(FormSchema):
    """What an address of the list says: `find` names what was typed, which stands in no address (see `kept_searches`).

    `beside` is a household that the one found is to be compared with, `card` a card whose family is looked for.
    """

    find = fields.String(load_default="", validate=validate.Length(max=20))
    state = fields.String(load_default="", validate=validate.OneOf(("", *STATES)))
    area = fields.String(load_default="")
    site = fields.String(load_default="")
    beside = fields.String(load_default="")
    card = fields.String(load_default="", validate=validate.Length(max=36))
    page = fields.Integer(load_default=1, validate=validate.Range(1, 1_000_000))


class SearchForm(SearchQuery):
    """The form of the list."""

    q = fields.String(load_default="", validate=validate.Length(max=LONGEST_QUERY))


@blueprint.post("/find")
@guards.role(*DESK)
def find(operation_id: str) -> Response:
    """Keep what was typed out of the address, and show what is found."""
    form = SearchForm().load(request.form)
    bounds: dict[str, Any] = {name: form[name] for name in ("state", "area", "site", "beside", "card") if form[name]}
    typed: dict[str, Any] = {"find": keep_search(form["q"])} if form["q"] else {}
    return redirect(url_for("households.show_list", operation_id=operation_id, **typed, **bounds), 303)


@blueprint.get("")
@guards.role(*DESK)
@purpose_needed("households.listed")
def show_list(operation_id: str) -> str:
    asked, keys = SearchQuery().load(request.args), current_keys().words
    typed = find_search(asked["find"]) if asked["find"] else ""
    get_operation(db.session(), to_bytes(operation_id))
    read_register(to_bytes(operation_id))
    with snapshot() as connection:
        operation = get_operation(connection, to_bytes(operation_id))
        plan = plan_for_reader(connection, operation.id)
        wanted = Wanted(typed or "", asked["state"], _id(asked["area"]), _id(asked["site"]))
        found = search_households(connection, operation, wanted, keys, asked["page"]) if typed is not None else NOBODY
        families = read_families(connection, operation.id, found.page.rows, keys)
        beside = get_family(connection, operation.id, to_bytes(asked["beside"]), keys) if is_id_text(asked["beside"]) else None
    return render_template("households/list.html", operation=operation, plan=plan, asked=asked, typed=typed, found=found,
                           beside=beside,
                           families=[families[each] for each in found.page.rows if each in families], states=state_names(),
                           may_import=_is_manager(operation.id),
                           filters={name: value for name, value in asked.items() if name != "page" and value})  # fmt: skip


@blueprint.get("/<household_id>")
@guards.role(*DESK)
@purpose_needed("household.seen", subject="household_id")
def show(operation_id: str, household_id: str) -> str:
    get_operation(db.session(), to_bytes(operation_id))
    read_register(to_bytes(operation_id))
    return family_page(operation_id, household_id, {}, {}, request.args.get("card", ""))


def family_page(operation_id: str, household_id: str, problems: dict[str, str], form: Any, card_id: str = "") -> str:
    """Return the page of one family; `problems` name what was wrong with the form that was sent, `card_id` a card to give it."""
    keys = current_keys().words
    with snapshot() as connection:
        operation = get_operation(connection, to_bytes(operation_id))
        plan = plan_for_reader(connection, operation.id)
        family = get_family(connection, operation.id, household_key(household_id), keys)
        history = history_of(connection, operation.id, family, plan)
        free_card = get_free_card(connection, operation.id, card_id) if card_id else None
        is_changed = bool(list_changed(connection, operation.id, [family.id]))
    return render_template("households/show.html", operation=operation, plan=plan, family=family, history=history,
                           states=state_names(), zone=default_zone(plan), problems=problems, form=form,
                           is_changed=is_changed, is_own=guards.get_current_user().id in authors_of(family),
                           is_manager=_is_manager(operation.id), free_card=free_card,
                           operation_text_id=to_text(operation.id), labels=label)  # fmt: skip


def _is_manager(operation_id: bytes) -> bool:
    return guards.has_role(db.session, operation_id, frozenset(("manager",)))


def household_key(text: str) -> bytes:
    """Return the id of a household in an address; raises NotFound for what is no id."""
    if not is_id_text(text):
        raise NotFound(_("There is no such household."))
    return to_bytes(text)


def now() -> int:
    return int(current_app.extensions["relief_clock"].now())


def _id(text: str) -> bytes | None:
    return to_bytes(text) if is_id_text(text) else None
