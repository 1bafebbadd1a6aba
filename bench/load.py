"""The load of a busy operation: households with cards at eight sites, phones at their sites, batches with repeats and doubles."""

from __future__ import annotations

import gzip
import json
import random
from dataclasses import dataclass

from flask import Flask

from relief.accounts.devices import enrol, make_enrolment
from relief.accounts.join_codes import create_join_code
from relief.db import unit_of_work
from relief.kernel.clock import wall
from relief.kernel.ids import derived_id, new_id, random_id, to_text
from relief.ledger.desk import tell
from relief.ledger.plan_saving import save_plan
from relief.operations.rules import Area, Item, Plan, Round, Rule, Site
from relief.operations.service import register_operation

BATCH = 200
# Of two hand-overs of one thing the later one is flagged, but some of the later ones are told first: 7 % doubled, 5 % flagged.
REPEATED, DOUBLED = 0.10, 0.07
FIELDS = {
    "working_name": "bench", "title": "Bench", "national_society": "Bench", "country": "BLR", "currency": "CHF",
    "dref_type": "imminent", "onset": "slow", "category": "yellow", "hazard": "flood", "start_day": "2026-01-01",
    "end_day": "2026-12-31",
}  # fmt: skip
GOODS = 12


@dataclass
class Phone:
    """An enrolled phone of the load: its id, its token, and the numbers it has used."""

    enrolment: str
    token: str
    session: str
    site: str
    seq: int = 0


def make_plan(operation_id: bytes) -> Plan:
    """Return a plan with every kind of rule on: limits, intervals, daily maximum, one person a unit."""

    def name(text: str) -> str:
        return to_text(derived_id(operation_id, text))

    reaches = ("all_members", "one_person_a_unit", "chosen_members")
    items = tuple(Item(name(f"item {number}"), f"Item {number}", "piece", "household", reaches[number % 3])
                  for number in range(GOODS))  # fmt: skip
    rules = tuple(
        Rule(name(f"rule {number}"), item.id, "per_household", minimum_interval_days=1 if number % 2 else None,
             daily_maximum=4 if number % 3 == 0 else None)
        for number, item in enumerate(items)
    )  # fmt: skip
    return Plan(
        version=1, status="active", areas=(Area(name("area"), "Area"),),
        sites=tuple(Site(name(f"site {number}"), f"Site {number}", name("area"), "Europe/Minsk") for number in range(8)),
        items=items, rules=rules, rounds=(Round(name("round"), "Round", "2026-01-01", "2026-12-31"),),
    )  # fmt: skip


class Load:
    """An operation filled through the app, and the batches that phones will send."""

    def __init__(self, app: Flask, households: int, phones: int, now: int, most_items: int, name: str = "bench") -> None:
        self.now, self.random = now, random.Random(7)
        with unit_of_work() as session:
            self.operation_id = register_operation(session, {**FIELDS, "working_name": name}, now)
            session.flush()
            self.plan = make_plan(self.operation_id)
            self.desk = make_enrolment(session, self.operation_id, "desk", "desk", now=now).enrolment_id
            session.flush()
            save_plan(session.connection(), self.operation_id, self.plan, enrolment_id=self.desk, saved_by=None, now=now)
        self.households = 0
        self.phones = [self._enrol(number) for number in range(phones)]
        self.visits: dict[str, list[list[tuple[str, str]]]] = {site.id: [] for site in self.plan.sites}
        self.grow(households, most_items)

    def grow(self, households: int, most_items: int) -> None:
        """Register more households; their visits are still to come."""
        first, self.households = self.households, self.households + households
        for number, card in enumerate(self._register(first, self.households), first):
            self.visits[self._site_of(number)] += self._visits_of(card, most_items)
        for visits in self.visits.values():
            self.random.shuffle(visits)

    def _site_of(self, number: int) -> str:
        """Return the site of a household or a phone by its number."""
        return self.plan.sites[number % len(self.plan.sites)].id

    def _visits_of(self, card: str, most_items: int) -> list[list[tuple[str, str]]]:
        """Return a family's visits: 1 to `most_items` different goods at a time, until it has had all."""
        goods = [item.id for item in self.plan.items]
        self.random.shuffle(goods)
        visits = []
        while goods:
            size = self.random.randint(1, most_items)
            visits.append([(card, item) for item in goods[:size]])
            goods = goods[size:]
        return visits

    def _register(self, first: int, end: int) -> list[str]:
        cards = []
        for start in range(first, end, 500):
            records = []
            for number in range(start, min(start + 500, end)):
                household, card = to_text(random_id()), derived_id(self.operation_id, f"card {number}").hex()
                cards.append(card)
                records += [
                    {"kind": "registration", "household": household, "members": [self._member(each) for each in range(1, 5)]},
                    {"kind": "household", "household": household, "action": "approved"},
                    {"kind": "card", "action": "issued", "card": card, "household": household},
                ]
            with unit_of_work() as session:
                tell(session.connection(), self.operation_id, self.desk, records, self.now)
        return cards

    def _member(self, number: int) -> dict[str, object]:
        return {"id": to_text(random_id()), "number": number, "sex": self.random.choice(("female", "male")),
                "age_band": self.random.choice(("6-12", "18-59", "60+")), "disability": "no"}  # fmt: skip

    def _enrol(self, number: int) -> Phone:
        with unit_of_work() as session:
            code = create_join_code(session, self.operation_id, label=f"phone {number}", now=self.now)
        with unit_of_work() as session:
            enrolled = enrol(session, code, "bench", self.now)
            return Phone(to_text(enrolled.enrolment.enrolment_id), enrolled.token, to_text(random_id()), self._site_of(number))

    def batches(self, count: int) -> list[tuple[str, bytes]]:
        """Return `count` requests as (device token, gzipped body): 200 records, 10 % repeats, 5 % second hand-overs."""
        served: dict[str, list[tuple[str, str]]] = {site: [] for site in self.visits}
        sent: dict[str, list[dict[str, object]]] = {phone.enrolment: [] for phone in self.phones}
        made, repeated, doubled = [], 0, 0
        for number in range(count):
            phone = self.phones[number % len(self.phones)]
            records = [self._clock(phone)] if phone.seq == 0 else []
            while len(records) < BATCH:
                mine, total = sent[phone.enrolment], number * BATCH + len(records)
                if mine and repeated < REPEATED * total:
                    repeated += 1
                    records.append(self.random.choice(mine))
                    continue
                here = served[phone.site]
                again = bool(here) and doubled < DOUBLED * total
                doubled += again
                for card, item in [self.random.choice(here)] if again else self.visits[phone.site].pop():
                    here.append((card, item))
                    records.append(self._handover(phone, card, item))
                    mine.append(records[-1])
            records = records[:BATCH]
            body = {"app_version": "1", "counts": {"made": phone.seq, "waiting": 0, "held": 0}, "records": records}
            made.append((phone.token, gzip.compress(json.dumps(body, separators=(",", ":")).encode(), 1)))
        return made

    def singles(self, count: int) -> list[tuple[str, bytes]]:
        """Return `count` requests as (device token, body): one hand-over each, as a phone with a signal sends them."""
        made = []
        for number in range(count):
            phone = self.phones[number % len(self.phones)]
            (card, item), *later = self.visits[phone.site].pop()
            if later:
                self.visits[phone.site].append(later)
            body = {"app_version": "1", "counts": {"made": phone.seq, "waiting": 0, "held": 0},
                    "records": [self._handover(phone, card, item)]}  # fmt: skip
            made.append((phone.token, json.dumps(body, separators=(",", ":")).encode()))
        return made

    def _envelope(self, phone: Phone, kind: str) -> dict[str, object]:
        phone.seq += 1
        return {"v": 1, "id": to_text(new_id()), "kind": kind, "enrolment": phone.enrolment, "seq": phone.seq,
                "session": phone.session, "at": wall(self.now + phone.seq, "Europe/Minsk"),
                "uptime_ms": phone.seq * 1000}  # fmt: skip

    def _clock(self, phone: Phone) -> dict[str, object]:
        return {**self._envelope(phone, "clock"), "server_time": self.now, "round_trip_ms": 200}

    def _handover(self, phone: Phone, card: str, item: str) -> dict[str, object]:
        return {**self._envelope(phone, "handover"), "card": card, "item": item, "quantity": 1,
                "site": phone.site, "round": self.plan.rounds[0].id}  # fmt: skip
