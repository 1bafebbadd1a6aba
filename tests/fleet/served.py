"""A small operation on a real server, and phones for it."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from flask import Flask

from relief.accounts import service as accounts
from relief.db import unit_of_work
from relief.fleet.belarus.facts import FLOODS, ZONE, operation_id, thing_id
from relief.fleet.belarus.floods import floods_file
from relief.fleet.belarus.places import PLACE
from relief.fleet.belarus.player import moment_at
from relief.fleet.phone import HeadlessPhone
from relief.fleet.phone_clock import PhoneClock, SetTime
from relief.households.household_file import read_household_file
from relief.kernel.clock import ShiftedClock
from relief.kernel.ids import to_bytes
from relief.office.cards.issuing import issue_cards
from relief.office.devices import CARD_ISSUE, HOUSEHOLD_IMPORT, get_office_enrolment
from relief.office.lists.importing import approve_households, import_households
from relief.office.operations.service import import_operation
from relief.operations.queries import get_current_plan

HOUSEHOLDS = 40
MORNING = moment_at("2013-03-18", 9 * 60)
SITE = PLACE["stolin"].site_id


@dataclass
class Field:
    """A served operation. `card()` gives a card that no other test uses, of a household of three."""

    app: Flask
    base_url: str
    clock: ShiftedClock
    cards: list[str]
    phones: list[HeadlessPhone] = field(default_factory=list)

    def card(self) -> str:
        return self.cards.pop()

    def item(self, key: str) -> str:
        return thing_id(FLOODS, "item", key)

    def join_code(self, **more: object) -> str:
        with self.app.app_context(), unit_of_work() as session:
            return accounts.create_join_code(session, to_bytes(operation_id(FLOODS)), label="test", now=self.clock.now(),
                                             **{"site_ids": [SITE], **more})  # fmt: skip

    def phone(self, **more: object) -> HeadlessPhone:
        """Return an enrolled phone whose time is set by hand (`phone.clock.true_now.moment`)."""
        self.clock.set(MORNING)
        phone = HeadlessPhone(self.base_url, PhoneClock(SetTime(MORNING), zone=ZONE), random.Random(), lambda _seconds: None,
                              site=SITE, round=thing_id(FLOODS, "round", "round-1"))  # fmt: skip
        self.phones.append(phone)
        phone.enrol(self.join_code(**more))
        return phone

    def hang_up(self) -> None:
        """Close what the phones of one test left open."""
        while self.phones:
            self.phones.pop().close()


def bring_small_operation(now: int) -> list[str]:
    """Import the floods operation with approved households of three; return their cards' keys."""
    rows = [f"H-{number},{member},female,18-59,no" for number in range(HOUSEHOLDS) for member in (1, 2, 3)]
    content = "\n".join(["external_id,member_number,sex,age_band,disability", *rows]).encode()
    operation = to_bytes(operation_id(FLOODS))
    with unit_of_work() as session:
        import_operation(session, json.dumps(floods_file()).encode(), now)
        author, approver = (accounts.add_user(session, f"{who}@demo.example", who, now=now) for who in ("author", "approver"))
        listed = read_household_file(content, get_current_plan(session, operation), date(2013, 3, 18)).households
        importer, issuer = (get_office_enrolment(session, operation, purpose, now) for purpose in (HOUSEHOLD_IMPORT, CARD_ISSUE))
        session.flush()
        connection = session.connection()
        taken = import_households(connection, operation, importer, listed, now, author)
        approve_households(connection, operation, importer, approver, "1", taken.households, now)
        return [card.key.hex() for card in issue_cards(connection, operation, issuer, now)]


def relief(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the command `relief` on an instance folder."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("RELIEF_")}
    return subprocess.run([sys.executable, "-c", "from relief.cli import main; main()", *words], text=True, check=False,
                          capture_output=True, env={**environ, "RELIEF_INSTANCE": str(folder)})  # fmt: skip
