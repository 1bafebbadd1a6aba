"""After the last day: the desk decides, phones are handed back - and the figures must be the published ones."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app

from relief.accounts import service as accounts
from relief.budget.queries import get_budget
from relief.db import snapshot, unit_of_work
from relief.fleet.belarus.facts import FLOODS, WINTER, operation_facts, operation_id, published_people, thing_id
from relief.fleet.belarus.families import list_families
from relief.fleet.belarus.stage import Stage
from relief.fleet.phone import HeadlessPhone
from relief.kernel.errors import ReliefError
from relief.kernel.ids import to_bytes
from relief.office.devices import HOUSEHOLD_IMPORT, get_office_enrolment
from relief.office.household_import import approve_households
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
        raise DemoWrong(f"The demonstration does not come out at the published figures: {told}.")
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
