"""A town with cards, and a desk that types its tally sheets in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from flask import current_app

from relief.accounts.service import get_desk_enrolment
from relief.db import snapshot, unit_of_work, write
from relief.households.rules import HouseholdRow, MemberRow
from relief.kernel.ids import derived_id, to_text
from relief.ledger.keys import current_keys
from relief.ledger.plan_saving import save_plan
from relief.office.cards.issuing import IssuedCard, issue_blank_cards, issue_cards
from relief.office.devices import CARD_ISSUE, HOUSEHOLD_IMPORT, get_office_enrolment
from relief.office.lists.importing import approve_households, import_households
from relief.office.paper.drafts import Typed
from relief.office.paper.entry import Entered, Summary, enter_sheet, save_sheet, sum_up
from relief.office.paper.lines import Line
from relief.office.paper.queries import Sheet, get_sheet
from relief.office.paper.sheets import SheetOrder, add_sheets
from relief.operations.queries import get_current_plan
from relief.operations.rules import Item, Rule
from tests.office.conftest import make_plan

FAMILIES = (("Ivanova Anna", "Borki", "school", 3), ("Жук Олег", "Borki", "school", 2), ("سارة حسن", "Lipy", "school", 4),
            ("Kovaleva Olga", "Lipy", "club", 1))  # fmt: skip
DAY, TIME = "2013-03-17", "10:30"


@dataclass
class Town:
    """Four families with cards, in order of site, village and name; `blank` is a card of nobody yet."""

    operation_id: bytes
    user_id: bytes
    desk_id: bytes
    cards: list[IssuedCard]
    blank: IssuedCard

    @property
    def id_text(self) -> str:
        return to_text(self.operation_id)

    def id(self, name: str) -> str:
        return to_text(derived_id(self.operation_id, name))

    def print(self, *items: str, site: str = "school", lane: int | None = 0, count: int = 1) -> list[Sheet]:
        order = SheetOrder(self.id(site), self.id("round"), tuple(self.id(each) for each in items or ("parcel",)), count, lane)

        moment = now()

        def add(connection: Any) -> list[Sheet]:
            plan = get_current_plan(connection, self.operation_id)
            return add_sheets(connection, self.operation_id, order, plan, self.user_id, moment)

        return write(add)

    def type(self, sheet: Sheet, *lines: Line, day: str = DAY, about_time: str = TIME, **control: str) -> Summary:
        """Type these lines, from the first on, and save."""
        typed = Typed(day, about_time, dict(enumerate(lines, 1)), {self.id(item): text for item, text in control.items()})
        return write(partial(save_sheet, operation_id=self.operation_id, sheet_id=sheet.id, version=self.now(sheet).version,
                             typed=typed, now=now(), secrets=secrets()))  # fmt: skip

    def enter(self, sheet: Sheet, **more: Any) -> Entered:
        given = {"version": self.now(sheet).version, "desk_id": self.desk_id, **more}
        return write(partial(enter_sheet, operation_id=self.operation_id, sheet_id=sheet.id, now=now(), keys=current_keys(),
                             secrets=secrets(), **given))  # fmt: skip

    def look(self, sheet: Sheet) -> Summary:
        with snapshot() as connection:
            return sum_up(connection, self.operation_id, sheet.id, secrets())

    def now(self, sheet: Sheet) -> Sheet:
        with snapshot() as connection:
            return get_sheet(connection, self.operation_id, sheet.id)

    def line(self, card: int | IssuedCard, signs: str | None = None, as_written: bool = False, **given: str) -> Line:
        """A line about a family's card, by its place; items by name, a parcel's tick if none is named."""
        found = self.cards[card] if isinstance(card, int) else card
        columns = {self.id(item): text for item, text in (given or {"parcel": "x"}).items()}
        return Line(found.number, found.last_four if signs is None else signs, columns, as_written)


def now() -> int:
    return int(current_app.extensions["relief_clock"].now())


def secrets() -> Any:
    return current_app.extensions["relief_secrets"]


def build_town(operation_id: bytes, user_id: bytes, families: Sequence[tuple[str, str, str, int]] = FAMILIES) -> Town:
    """Register and approve families (head, village, site, people), give them cards, and plan parcels, blankets and talks.

    School 3 has two lanes.
    """
    moment, keys = now(), current_keys()
    home = make_plan(operation_id).site

    def name(text: str) -> str:
        return to_text(derived_id(operation_id, text))

    with unit_of_work() as session:
        importer, issuer = (get_office_enrolment(session, operation_id, each, moment) for each in (HOUSEHOLD_IMPORT, CARD_ISSUE))
        desk_id = get_desk_enrolment(session, operation_id, user_id, moment).enrolment_id
        session.flush()
        plan = get_current_plan(session, operation_id)
        if not plan.version:
            plan = replace(make_plan(operation_id), version=0)
        items = (*plan.items, Item(name("blanket"), "Blanket", "piece", "person", "one_person_a_unit"),
                 Item(name("talk"), "PSS", "contact", "person", "chosen_members", service=True, sensitive=True,
                      public_label="Talk"))  # fmt: skip
        rules = (*plan.rules, Rule(name("blankets"), name("blanket"), "per_person"))
        sites = (replace(plan.sites[0], lanes=2), *plan.sites[1:])
        following = replace(plan, version=plan.version + 1, items=items, rules=rules, sites=sites)
        save_plan(session.connection(), operation_id, following, enrolment_id=desk_id, saved_by=user_id, now=moment)
    rows = [HouseholdRow(2, f"H-{place}", tuple(MemberRow(number, name=head) for number in range(1, size + 1)),
                         {"village": village, "head": head}, home_site=name(site), area=home[name(site)].area)
            for place, (head, village, site, size) in enumerate(families)]  # fmt: skip
    done = write(lambda connection: import_households(connection, operation_id, importer, rows, moment, keys=keys))
    write(lambda connection: approve_households(connection, operation_id, importer, user_id, "1", done.households, moment, keys))
    cards = write(lambda connection: issue_cards(connection, operation_id, issuer, moment, None, keys))
    cards.sort(key=lambda card: card.external_id)
    (blank,) = write(lambda connection: issue_blank_cards(connection, operation_id, issuer, 1, moment, keys))
    return Town(operation_id, user_id, desk_id, cards, blank)
