"""The office of a simulation: registers families, decides, merges, corrects, signs phones off. All by `ledger.append`."""

from __future__ import annotations

import random
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection

from relief.accounts.devices import make_enrolment, revoke_enrolment
from relief.accounts.join_codes import create_join_code
from relief.db import snapshot, unit_of_work, write
from relief.fleet.phone_clock import PhoneClock
from relief.fleet.records import Record, RecordMaker
from relief.fleet.simulation.book import Book, Exchange, Rights
from relief.fleet.simulation.world import Family, World
from relief.kernel.ids import to_bytes
from relief.ledger.keys import current_keys
from relief.ledger.queries import list_cases
from relief.ledger.service import append

RECORDS_AT_ONCE = 400
ACTS = ("approve", "withdraw", "merge", "keep_apart", "override", "recompose", "void", "accept_case", "accept_case", "cancel")


class Office:
    """One desk. Needs an app context of the database that the server serves."""

    def __init__(self, operation_id: bytes, world: World, book: Book, clock: PhoneClock, seed: str) -> None:
        self.operation_id, self.world, self.book, self.clock = operation_id, world, book, clock
        self.chance = random.Random(f"office {seed}")
        enrolment = world.new_id()
        with unit_of_work() as session:
            make_enrolment(session, operation_id, "desk", "office", enrolment_id=to_bytes(enrolment), site_lead=True,
                           sensitive=True, now=self.now)  # fmt: skip
        self.maker = RecordMaker(enrolment, clock, self.chance)
        book.rights[enrolment], book.labels[enrolment] = Rights("desk"), "office"

    @property
    def now(self) -> int:
        return int(self.clock.true_now())

    def tell(self, records: Iterable[Record]) -> None:
        """Append the desk's records, and take down what became of them."""
        told = list(records)
        for start in range(0, len(told), RECORDS_AT_ONCE):
            part = told[start : start + RECORDS_AT_ONCE]
            tell_as(self.operation_id, self.maker.enrolment, part, self.now, self.book)

    # ---- before the first day

    def prepare(self) -> None:
        """Register and mostly approve the families of the world, give out their cards, issue the blank ones."""
        self.tell(record for family in self.world.families for record in self._family(family))
        self.tell(self.maker.make("card", action="issued", card=card, number=f"9-{number:04d}")
                  for number, card in enumerate(self.world.blanks, 1))  # fmt: skip

    def _family(self, family: Family) -> Iterable[Record]:
        area = self.chance.choice([None, *(area.id for area in self.world.plan.areas)])
        yield self.maker.make("registration", household=family.household, members=family.members, area=area)
        yield self.maker.make("card", action="issued", card=family.card, household=family.household)
        luck = self.chance.random()
        if luck < 0.94:
            action = "approved" if luck < 0.9 else "not_approved"
            yield self.maker.make("household", household=family.household, action=action)

    def join_code(self, label: str, **rights: Any) -> str:
        """Make a join code for a phone."""
        with unit_of_work() as session:
            return create_join_code(session, self.operation_id, label=label, now=self.now, **rights)

    # ---- while it goes on

    def act(self) -> None:
        """Do one thing."""
        record = getattr(self, self.chance.choice(ACTS))()
        if record is not None:
            self.tell([record])

    def sign_off(self, enrolment: str) -> None:
        """Revoke a phone; what it hands in from now on is held."""
        with unit_of_work() as session:
            revoke_enrolment(session, self.operation_id, to_bytes(enrolment), self.now)
        self.book.revoked.add(enrolment)

    def family(self) -> Family:
        return self.chance.choice(self.world.families)

    def _household(self, action: str, **more: Any) -> Record:
        return self.maker.make("household", household=self.family().household, action=action, **more)

    def approve(self) -> Record:
        return self._household("approved")

    def withdraw(self) -> Record:
        return self._household("withdrawn", reason="Lives elsewhere")

    def merge(self) -> Record | None:
        one, other = self.chance.sample(self.world.families, 2)
        pairs = [[mine["id"], theirs["id"]] for mine, theirs in zip(one.members[:2], other.members[:2], strict=False)]
        return self.maker.make("household", household=one.household, action="merged", other=other.household,
                               pairs=pairs[: self.chance.randint(0, 2)])  # fmt: skip

    def keep_apart(self) -> Record:
        one, other = self.chance.sample(self.world.families, 2)
        return self.maker.make("household", household=one.household, action="kept_apart", other=other.household)

    def override(self) -> Record:
        return self._household("override", item=self.chance.choice(self.world.goods).id,
                               round=self.world.round_on(self.now).id, quantity=self.chance.choice((0, 1, 2, 6)))  # fmt: skip

    def recompose(self) -> Record:
        family = self.family()
        return self.maker.make("composition", household=family.household, change="correction", members=family.members[:-1] or
                               family.members)  # fmt: skip

    def cancel(self) -> Record:
        return self.maker.make("card", action="cancelled", card=self.family().card)

    def void(self) -> Record | None:
        if not self.world.published:
            return None
        target = self.chance.choice(self.world.published)
        return self.maker.make("void", target=target["id"], card=target["card"], cause="mistake",
                               goods_back=self.chance.randint(0, 1))  # fmt: skip

    def accept_case(self) -> Record | None:
        """Decide a case that the server shows."""
        with snapshot() as connection:
            rows = list_cases(connection, self.operation_id).rows
        if not rows:
            return None
        case = self.chance.choice(rows)
        return self.maker.make("decision", case=case.code, group=case.group_id, cites=list(case.cites), action="accept")


def tell_as(operation_id: bytes, enrolment: str, records: list[Record], now: int, book: Book) -> None:
    """Append records of the office's device `enrolment`, and note what became of them."""
    keys, begun = current_keys(), len(book.exchanges)

    def work(connection: Connection) -> list[dict[str, Any]]:
        return [each.as_dict() for each in append(connection, operation_id, to_bytes(enrolment), records, now, keys)]

    book.note(Exchange(enrolment, tuple(records), tuple(write(work)), now, begun=begun))
