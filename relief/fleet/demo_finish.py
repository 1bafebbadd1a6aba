"""After the last day: the desk decides, phones are handed back - and the figures must be the published ones."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app
from flask_babel import gettext as _

from relief.accounts import service as accounts
from relief.budget.queries import get_budget
from relief.db import snapshot, unit_of_work
from relief.fleet.belarus.facts import FLOODS, WINTER, operation_facts, operation_id, published_people, thing_id
from relief.fleet.belarus.families import list_families
from relief.fleet.belarus.stage import Stage
from relief.fleet.phone import HeadlessPhone
from relief.kernel.errors import ReliefError
from relief.kernel.ids import to_bytes, to_text
from relief.kernel.paging import LARGEST_PAGE
from relief.ledger import desk
from relief.ledger.queries import list_cases
from relief.office.devices import HOUSEHOLD_IMPORT, get_office_enrolment
from relief.office.lists.importing import approve_households
from relief.totals.queries import read_totals

ON_SITE_LIST = "registered at the table"


class DemoWrong(ReliefError):
    """The demonstration does not come out at the published figures: somewhere the program counts wrongly."""

    code, status, exit_code = "demo_wrong", 500, 9


@dataclass(frozen=True, slots=True)
class Check:
    """One figure: what it is, what is published, what came out."""

    what: str
    published: int
    counted: int


def approve_on_site(stage: Stage, manager: bytes, now: int) -> None:
    """Approve the families that were registered at the table."""
    operation = to_bytes(operation_id(FLOODS))
    households = [to_bytes(stage.said[f"registered {family.number}"]) for family in list_families() if family.on_site]
    with unit_of_work() as session:
        enrolment = get_office_enrolment(session, operation, HOUSEHOLD_IMPORT, now)
        session.flush()
        approve_households(session.connection(), operation, enrolment, manager, ON_SITE_LIST, households, now)


def accept_doubles(stage: Stage, manager: bytes, now: int) -> None:
    """Decide the doubles that nobody brought back; the hand-overs on old cards stay open, for whoever looks at the demo."""
    operation = to_bytes(operation_id(FLOODS))
    seen = {record_id for story in ("double_accepted", "one_blanket_too_many") for record_id in stage.said[story]}
    with unit_of_work() as session:
        desk_id = accounts.get_desk_enrolment(session, operation, manager, now).enrolment_id
        session.flush()
        cases = [case for case in list_cases(session, operation, size=LARGEST_PAGE).rows if seen & set(case.cites)]
        desk.tell(session.connection(), operation, desk_id, [
            {"kind": "decision", "case": case.code, "group": case.group_id, "cites": list(case.cites), "action": "accept",
             "by": to_text(manager), "reason": "Both tables worked without network"} for case in cases], now)  # fmt: skip


def hand_back(phones: dict[str, HeadlessPhone], appeal_code: str, now: int) -> None:
    """Take the phones of an operation off the list: they have told everything."""
    with unit_of_work() as session:
        for phone in phones.values():
            if phone.operation["id"] == operation_id(appeal_code):
                accounts.revoke_enrolment(session, to_bytes(phone.operation["id"]), to_bytes(phone.maker.enrolment), now)


def check_figures() -> list[Check]:
    """Return the published figures beside what the totals say; raises DemoWrong when any differs."""
    checks = [*_people(), *_money()]
    wrong = [check for check in checks if check.published != check.counted]
    if wrong:
        told = "; ".join(f"{check.what}: {check.counted} instead of {check.published}" for check in wrong)
        raise DemoWrong(_("The demonstration does not come out at the published figures: %(told)s.", told=told))
    return checks


def _people() -> list[Check]:
    with snapshot() as connection:
        totals = read_totals(connection, to_bytes(operation_id(FLOODS)), current_app.extensions["relief_clock"].now())
    actual = {row.indicator: row.actual or 0 for row in totals.figures.indicators}
    return [Check(what, figure, actual[thing_id(FLOODS, "indicator", what)]) for what, figure in published_people().items()]


def _money() -> list[Check]:
    with snapshot() as connection:
        return [Check(f"allocation {code}", operation_facts(code)["allocation_chf"],
                      get_budget(connection, to_bytes(operation_id(code))).allocated // 100)
                for code in (WINTER, FLOODS)]  # fmt: skip
