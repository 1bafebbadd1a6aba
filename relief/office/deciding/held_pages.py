"""The pages of what was set aside: phone by phone, in words; taken up or put aside one by one or all of one phone at once."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from marshmallow import fields, validate
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from relief.accounts import guards
from relief.accounts.purposes import current_purpose, purpose_asked, purpose_needed
from relief.accounts.schemas import FormSchema
from relief.db import snapshot, write
from relief.kernel.errors import BadInput, NotFound, ReliefError
from relief.kernel.ids import is_id_text, to_bytes
from relief.office.acting import Desk, signed_in_act, signed_in_desk
from relief.office.deciding import held_acts, words
from relief.office.deciding.held_queries import (
    NO_PHONE,
    STATES,
    HeldChoice,
    HeldItem,
    find_stored,
    get_item,
    is_taken_back,
    list_groups,
    list_items,
    list_waiting_ids,
)  # fmt: skip
from relief.office.deciding.held_words import card_numbers, differences, said
from relief.office.deciding.pages import DECIDERS
from relief.office.deciding.waiting import count_waiting
from relief.office.families.history import default_zone
from relief.office.noted_writing import write_noted
from relief.office.operations.reading import plan_for_reader
from relief.operations.plan_json import is_plain_text
from relief.operations.queries import get_operation
from relief.operations.rules import Plan

blueprint = Blueprint("held", __name__, url_prefix="/operations/<operation_id>/to-decide/held")
PAGE, FIRST_OF_GROUP = 30, 5
MOST_AT_ONCE, A_COMMIT = 500, 25  # a commit holds the one writer of SQLite for some tenths of a second
LONGEST_REASON = 500
Answer = str | Response | tuple[str, int]


class HeldQuery(FormSchema):
    """Which records, and which page of them."""

    state = fields.String(load_default="waiting", validate=validate.OneOf(STATES))
    phone = fields.String(load_default="", validate=validate.Length(max=36))
    code = fields.String(load_default="", validate=validate.Length(max=32))
    page = fields.Integer(load_default=1, validate=validate.Range(1, 1_000_000))


@blueprint.get("")
@guards.role(*DECIDERS)
@purpose_needed("held.listed")
def show_list(operation_id: str) -> str:
    return _list(operation_id, {})


def _list(operation_id: str, problems: dict[str, str], answered: HeldChoice | None = None) -> str:
    """Return the page of what the address asks for, or of the group that a form was about."""
    asked = HeldQuery().load(request.args)
    choice = answered or HeldChoice(asked["state"], asked["phone"], asked["code"])
    by_group = choice == HeldChoice()
    with snapshot() as connection:
        operation = get_operation(connection, to_bytes(operation_id))
        plan = plan_for_reader(connection, operation.id)
        groups = list_groups(connection, operation.id) if choice.state == "waiting" else []
        page = None if by_group else list_items(connection, operation.id, choice, asked["page"], PAGE)
        shown = {each.key: list_items(connection, operation.id, HeldChoice("waiting", *each.key), 1, FIRST_OF_GROUP).rows
                 for each in groups} if by_group else {}  # fmt: skip
        items = [*(page.rows if page else ()), *(item for rows in shown.values() for item in rows)]
        told = _in_words(connection, operation.id, items, plan)
        counts = count_waiting(connection, operation.id, _now())
        decided = list_items(connection, operation.id, HeldChoice("decided"), 1, 1).total
    group = next((each for each in groups if each.key == (choice.phone, choice.code)), None)
    return render_template("office/held_list.html", operation=operation, groups=groups, shown=shown, page=page, group=group,
                           told=told, counts=counts, decided=decided, choice=choice, words=words, zone=default_zone(plan),
                           problems=problems, form=request.form, kind="held", no_phone=NO_PHONE,
                           longest=LONGEST_REASON)  # fmt: skip


def _in_words(connection: Connection, operation_id: bytes, items: list[HeldItem], plan: Plan) -> dict[str, Any]:
    numbers = card_numbers(connection, operation_id, [item.record for item in items])
    return {item.held_id: said(item.record, plan, numbers) for item in items}


@blueprint.post("")
@guards.role(*DECIDERS)
@purpose_asked
def decide_all(operation_id: str) -> Answer:
    """Decide all that wait of one phone for one reason."""
    form = request.form
    named = (form.get("phone", "")[:36], form.get("code", "")[:32])
    choice = HeldChoice("waiting", *(each if is_plain_text(each) else "" for each in named))
    try:
        if not choice.phone or not choice.code:
            raise BadInput(_("Say which records."), where="phone")
        with snapshot() as connection:
            held_ids = list_waiting_ids(connection, to_bytes(operation_id), choice, MOST_AT_ONCE)
        outcome, action = held_acts.Outcome(), form.get("action", "")
        decider = _decider(signed_in_desk(operation_id))
        for start in range(0, len(held_ids), A_COMMIT):
            part = write(partial(held_acts.decide_several, operation_id=to_bytes(operation_id), action=action, decider=decider,
                                 held_ids=held_ids[start : start + A_COMMIT]))  # fmt: skip
            outcome.done += part.done
            outcome.left.update(part.left)
    except BadInput as error:
        return _list(operation_id, {error.where or "reason": error.message}, choice), error.status
    _flash_outcome(outcome, action)
    return redirect(url_for("held.show_list", operation_id=operation_id), 303)


def _flash_outcome(outcome: held_acts.Outcome, action: str) -> None:
    if outcome.done and action == "take_up":
        flash(ngettext("%(num)s record taken up: it counts now.", "%(num)s records taken up: they count now.", outcome.done))
    elif outcome.done:
        flash(ngettext("%(num)s record put aside. It is kept, and waits no more.",
                       "%(num)s records put aside. They are kept, and wait no more.", outcome.done))  # fmt: skip
    for sentence, count in outcome.left.items():
        flash(ngettext("%(num)s still waits: %(why)s", "%(num)s still wait: %(why)s", count, why=sentence), "warn")


@blueprint.get("/<held_id>")
@guards.role(*DECIDERS)
@purpose_needed("held.seen", subject="held_id")
def show(operation_id: str, held_id: str) -> str:
    return _page(operation_id, held_id, {})


def _page(operation_id: str, held_id: str, problems: dict[str, str]) -> str:
    with snapshot() as connection:
        operation = get_operation(connection, to_bytes(operation_id))
        plan = plan_for_reader(connection, operation.id)
        item = get_item(connection, operation.id, _held_id(held_id))
        stored = find_stored(connection, operation.id, item.record_id) if item.code == "conflict" and item.record_id else None
        numbers = card_numbers(connection, operation.id, [item.record, stored])
        can_go_back = held_acts.can_take_back(item)
        taken_back = can_go_back and is_taken_back(connection, operation.id, held_acts.entered_id(item))
    return render_template("office/held.html", operation=operation, item=item, told=said(item.record, plan, numbers),
                           stored=said(stored, plan, numbers) if stored else None, zone=default_zone(plan), words=words,
                           differ=differences(item.record, stored or {}), problems=problems, form=request.form,
                           can_take_back=can_go_back and not taken_back, taken_back=taken_back,
                           longest=LONGEST_REASON)  # fmt: skip


@blueprint.post("/<held_id>")
@guards.role(*DECIDERS)
@purpose_asked
def decide(operation_id: str, held_id: str) -> Answer:
    """Take a held record up, or put it aside, with a reason."""
    action = request.form.get("action", "")
    words_of_done = {"take_up": _("Taken up: it counts now."), "put_aside": _("Put aside. It is kept, and waits no more.")}
    try:
        if action not in words_of_done:
            raise BadInput(_("There is no such decision."), where="action")
        _act(operation_id, held_id, held_acts.NOTED[action], partial(held_acts.decide_held, action=action))
    except NotFound:
        raise
    except ReliefError as error:
        return _page(operation_id, held_id, {"reason": error.message}), error.status
    flash(words_of_done[action])
    return redirect(url_for("held.show_list", operation_id=operation_id), 303)


@blueprint.post("/<held_id>/back")
@guards.role(*DECIDERS)
@purpose_asked
def take_back(operation_id: str, held_id: str) -> Answer:
    """Take back what had been taken up."""
    try:
        goods_back = request.form.get("goods") == "back"
        _act(operation_id, held_id, "held.taken_back", partial(held_acts.take_back, goods_back=goods_back))
    except NotFound:
        raise
    except ReliefError as error:
        return _page(operation_id, held_id, {"reason": error.message}), error.status
    flash(_("Taken back. It counts no more."))
    return redirect(url_for("held.show", operation_id=operation_id, held_id=held_id), 303)


def _act(operation_id: str, held_id: str, noted: str, work: Any) -> None:
    held, desk = _held_id(held_id), signed_in_desk(operation_id)
    decided = partial(work, operation_id=desk.operation_id, held_id=held, decider=_decider(desk))
    write_noted(signed_in_act(desk, noted, held, about_people=True), decided)


def _decider(desk: Desk) -> held_acts.Decider:
    reason = request.form.get("reason", "").strip()[:LONGEST_REASON]
    return held_acts.Decider(desk, reason, guards.current_actor(), current_purpose(desk.operation_id))


def _held_id(text: str) -> bytes:
    if not is_id_text(text):
        raise NotFound(_("There is no such record."))
    return to_bytes(text)


def _now() -> int:
    return int(current_app.extensions["relief_clock"].now())
