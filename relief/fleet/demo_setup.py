"""What the office does before the first day: operations, people, households, cards, join codes - by the rooms' own functions."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date

from flask_babel import gettext as _

from relief.accounts import service as accounts
from relief.cards.rules import card_key, new_code
from relief.db import unit_of_work
from relief.fleet.belarus.facts import FLOODS, WINTER, operation_id
from relief.fleet.belarus.families import list_families
from relief.fleet.belarus.floods import START_DAY, floods_file
from relief.fleet.belarus.household_list import household_list
from relief.fleet.belarus.phones import list_phones
from relief.fleet.belarus.player import moment_at
from relief.fleet.belarus.winter import START_DAY as WINTER_START_DAY
from relief.fleet.belarus.winter import winter_file
from relief.households.household_file import read_household_file
from relief.households.naming import get_import_salt
from relief.kernel.clock import ShiftedClock
from relief.kernel.errors import Conflict
from relief.kernel.ids import new_id, to_bytes, to_text
from relief.ledger import desk
from relief.office.cards.issuing import issue_blank_cards, issue_cards
from relief.office.devices import CARD_ISSUE, HOUSEHOLD_IMPORT, get_office_enrolment
from relief.office.lists.importing import approve_households, household_id, import_households
from relief.office.operations.service import import_operation
from relief.operations.queries import get_current_plan

FILES = {WINTER: winter_file, FLOODS: floods_file}
MORNING = 9 * 60
LIST_DAY, APPROVAL_DAY, CARD_DAY, ENROL_DAY = "2013-03-11", "2013-03-12", "2013-03-13", "2013-03-15"
WINTER_ENROL_DAY = "2013-01-28"
BLANK_CARDS = 40
LIST_VERSION = "1"
PEOPLE = (
    ("manager", "manager@demo.example", "Demonstration manager", ("manager",)),
    ("finance", "finance@demo.example", "Demonstration finance", ("finance",)),
    ("lead", "lead@demo.example", "Demonstration site lead", ("site_lead",)),  # who brought the list of families
)


@dataclass
class Prepared:
    """What the phones and the later steps need: users by role word, card keys by family number, blank card keys, join codes."""

    users: dict[str, bytes] = field(default_factory=dict)
    cards: dict[int, str] = field(default_factory=dict)
    blank: list[str] = field(default_factory=list)
    unknown_card: str = ""
    join_codes: dict[str, str] = field(default_factory=dict)


def set_up_winter(clock: ShiftedClock) -> Prepared:
    """Bring in the winter operation at its days; needs an app context on a migrated, empty database."""
    clock.set(moment_at(WINTER_START_DAY, MORNING))
    _take_operation(WINTER, clock.now())
    users = _add_people(WINTER, clock.now())
    clock.set(moment_at(WINTER_ENROL_DAY, 0))
    return Prepared(users, join_codes=_join_codes(WINTER, clock.now()))


def set_up_floods(clock: ShiftedClock, prepared: Prepared) -> None:
    """Bring in the floods operation with its families and cards, each step at its day."""
    clock.set(moment_at(START_DAY, MORNING))
    _take_operation(FLOODS, clock.now())
    _grant_roles(FLOODS, prepared.users)
    clock.set(moment_at(LIST_DAY, MORNING))
    _take_households(prepared.users, clock.now())
    clock.set(moment_at(APPROVAL_DAY, MORNING))
    _decide_list(prepared.users, clock.now())
    clock.set(moment_at(CARD_DAY, MORNING))
    _issue_cards(prepared, clock.now())
    clock.set(moment_at(ENROL_DAY, 0))
    prepared.join_codes = _join_codes(FLOODS, clock.now())


def _take_operation(appeal_code: str, now: int) -> None:
    with unit_of_work() as session:
        import_operation(session, json.dumps(FILES[appeal_code]()).encode(), now)


def _add_people(appeal_code: str, now: int) -> dict[str, bytes]:
    with unit_of_work() as session:
        users = {word: accounts.add_user(session, email, name, now=now) for word, email, name, _roles in PEOPLE}  # fmt: skip
    _grant_roles(appeal_code, users)
    return users


def _grant_roles(appeal_code: str, users: dict[str, bytes]) -> None:
    with unit_of_work() as session:
        for word, _email, _name, roles in PEOPLE:
            for role in roles:
                accounts.grant_role(session, to_bytes(operation_id(appeal_code)), users[word], role)


def _take_households(users: dict[str, bytes], now: int) -> None:
    operation = to_bytes(operation_id(FLOODS))
    with unit_of_work() as session:
        plan = get_current_plan(session, operation)
        read = read_household_file(household_list().encode(), plan, date.fromisoformat(START_DAY))
        enrolment = get_office_enrolment(session, operation, HOUSEHOLD_IMPORT, now)
        session.flush()
        taken = import_households(session.connection(), operation, enrolment, read.households, now, users["lead"])
        if read.problems or taken.held or taken.changed:
            raise Conflict(_("The demonstration's list of families was not taken."), code="demo_list")


def _decide_list(users: dict[str, bytes], now: int) -> None:
    """The manager goes through the list: most are approved, a few are not."""
    operation = to_bytes(operation_id(FLOODS))
    with unit_of_work() as session:
        enrolment = get_office_enrolment(session, operation, HOUSEHOLD_IMPORT, now)
        session.flush()
        connection, manager = session.connection(), users["manager"]
        salt = get_import_salt(connection, operation)
        listed = [(household_id(salt, family.external_id), family.approved) for family in list_families() if not family.on_site]
        approve_households(connection, operation, enrolment, manager, LIST_VERSION, [each for each, yes in listed if yes], now)
        desk.tell(connection, operation, enrolment, [
            {"kind": "household", "action": "not_approved", "household": to_text(each), "by": to_text(manager),
             "list_version": LIST_VERSION, "reason": "House not flooded"} for each, yes in listed if not yes], now)  # fmt: skip


def _issue_cards(prepared: Prepared, now: int) -> None:
    operation = to_bytes(operation_id(FLOODS))
    numbers = {family.external_id: family.number for family in list_families()}
    with unit_of_work() as session:
        enrolment = get_office_enrolment(session, operation, CARD_ISSUE, now)
        session.flush()
        issued = issue_cards(session.connection(), operation, enrolment, now)
        blank = issue_blank_cards(session.connection(), operation, enrolment, BLANK_CARDS, now)
    prepared.cards = {numbers[card.external_id]: card.key.hex() for card in issued}
    prepared.blank = [card.key.hex() for card in blank]
    prepared.unknown_card = card_key(new_id(), new_code()).hex()  # a card of some other operation


def _join_codes(appeal_code: str, now: int) -> dict[str, str]:
    with unit_of_work() as session:
        return {plan.key: accounts.create_join_code(session, to_bytes(operation_id(appeal_code)), label=plan.label,
                                                    site_ids=plan.site_ids, site_lead=plan.site_lead,
                                                    sensitive=plan.sensitive, now=now)
                for plan in list_phones(appeal_code)}  # fmt: skip
