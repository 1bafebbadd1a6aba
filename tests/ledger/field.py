"""A field operation for tests: the sample plan, phones that speak the real API, a desk. Everything by short names."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from flask import Flask
from sqlalchemy import Connection, text

from relief.accounts.devices import make_enrolment
from relief.accounts.join_codes import create_join_code
from relief.db import db, is_sqlite, unit_of_work, write
from relief.kernel.clock import wall
from relief.kernel.ids import derived_id, new_id, to_bytes, to_text
from relief.ledger.keys import current_keys
from relief.ledger.plan_saving import save_plan
from relief.ledger.queries import list_counters
from relief.ledger.sealer import seal_all
from relief.operations.rules import Plan, Rule
from relief.operations.service import register_operation
from tests.model.plan import card_of, id_of, sample_plan

FIELDS = {
    "title": "Spring floods", "national_society": "Demo Red Cross Society", "country": "BLR", "currency": "BYR",
    "dref_type": "imminent", "onset": "slow", "category": "yellow", "hazard": "flood", "start_day": "2013-03-04",
    "end_day": "2013-06-04",
}  # fmt: skip


FAR_FUTURE = 4102444800  # 2100-01-01


def field_plan(**choices: Any) -> Plan:
    """Return the sample plan as it can be saved: soap gets a rule, but one that is never valid yet."""
    plan = sample_plan(**choices)
    return replace(plan, rules=(*plan.rules, Rule(id_of("q8"), id_of("soap"), "per_household", valid_from=FAR_FUTURE)))


class Field:
    """One operation on the app's database. `operation_id` differs between fields, so several may share a database."""

    def __init__(self, app: Flask, clock: Any, name: str = "spring-floods", plan: Any = None) -> None:
        self.app, self.clock = app, clock
        with unit_of_work() as session:
            self.operation_id = register_operation(session, {**FIELDS, "working_name": name}, clock.now())
            desk_id = derived_id(self.operation_id, "test desk")
            session.flush()
            make_enrolment(session, self.operation_id, "desk", "desk", enrolment_id=desk_id, now=clock.now())
            planner = make_enrolment(session, self.operation_id, "desk", "planner", now=clock.now()).enrolment_id
            session.flush()
            save_plan(session.connection(), self.operation_id, plan or field_plan(), enrolment_id=planner, saved_by=None,
                      now=clock.now())  # fmt: skip
        self.desk = Device(self, desk_id)

    def phone(self, label: str = "phone", **rights: Any) -> Phone:
        """Enrol a phone over the API."""
        with unit_of_work() as session:
            code = create_join_code(session, self.operation_id, label=label, now=self.clock.now(), **rights)
        answer = self.app.test_client().post("/api/v1/enrol", json={"code": code, "app_version": "test"})
        assert answer.status_code == 201, answer.text
        return Phone(self, answer.json["enrolment"], answer.json["token"])

    def household(self, name: str, members: int = 4, approve: bool = True) -> str:
        """Register (and approve) a household with a linked card `name`; return its id."""
        household = id_of(name)
        people = [{"id": id_of(f"{name}-{number}"), "number": number, "sex": "female", "age_band": "18-59", "disability": "no"}
                  for number in range(1, members + 1)]  # fmt: skip
        records = [{"kind": "registration", "household": household, "members": people},
                   {"kind": "card", "action": "linked", "card": card_of(name), "household": household}]  # fmt: skip
        if approve:
            records.insert(1, {"kind": "household", "action": "approved", "household": household})
        assert {each["verdict"] for each in self.desk.send(*records)} == {"accepted"}
        return household

    def seal(self) -> None:
        """Let the sealer do what it does within a second (PostgreSQL)."""
        seal_all(self.clock.now(), current_keys())

    def counters(self) -> dict[str, int]:
        """Return the counters that are not zero, everything sealed."""
        self.seal()
        db.session.rollback()
        return {key: number for key, number in list_counters(db.session, self.operation_id).items() if number}

    def total(self, prefix: str) -> int:
        return sum(number for key, number in self.counters().items() if key == prefix or key.startswith(prefix + "|"))


def take_guards_away(connection: Connection) -> None:
    """Drop the triggers that keep entries, as an attacker with the database's password could."""
    if is_sqlite(connection):
        names = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all()
        for name in names:
            connection.execute(text(f"DROP TRIGGER {name}"))
    else:
        tables = connection.execute(text("SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal"))
        for table in tables.scalars().all():
            connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))


class Device:
    """Makes records with a right envelope, and appends them without HTTP."""

    def __init__(self, field: Field, enrolment_id: bytes) -> None:
        self.field, self.enrolment_id = field, enrolment_id
        self.session = to_text(new_id())
        self.seq = 0

    def record(self, kind: str, **fields: Any) -> dict[str, Any]:
        """Return a record made now; fields given win over the envelope."""
        self.seq += 1
        now = self.field.clock.now()
        return {"v": 1, "id": to_text(new_id()), "kind": kind, "enrolment": to_text(self.enrolment_id), "seq": self.seq,
                "session": self.session, "at": wall(now, "Europe/Minsk"), "uptime_ms": (now % 10**6) * 1000,
                **fields}  # fmt: skip

    def handover(self, card: str, item: str = "parcel", quantity: int = 1, **fields: Any) -> dict[str, Any]:
        return self.record("handover", **{"card": card_of(card), "item": id_of(item), "quantity": quantity, "site": id_of("s1"),
                                          "round": id_of("r1"), **fields})  # fmt: skip

    def void(self, target: dict[str, Any], cause: str = "mistake", **fields: Any) -> dict[str, Any]:
        place = {"card": target["card"]} if "card" in target else {"site": target["site"]}
        return self.record("void", target=target["id"], cause=cause, **place, **fields)

    def send(self, *records: dict[str, Any]) -> list[dict[str, Any]]:
        from relief.ledger.service import append

        complete = [each if "id" in each else self.record(**each) for each in records]
        now, keys = self.field.clock.now(), current_keys()
        verdicts = write(lambda connection: append(connection, self.field.operation_id, self.enrolment_id, complete, now, keys))
        return [each.as_dict() for each in verdicts]


class Phone(Device):
    """A phone that speaks the real API through the test client."""

    def __init__(self, field: Field, enrolment: str, token: str) -> None:
        super().__init__(field, to_bytes(enrolment))
        self.headers = {"Authorization": f"Bearer {token}"}
        self.client = field.app.test_client()

    def post(self, body: Any, **headers: str) -> Any:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.client.post("/api/v1/sync", data=data, content_type="application/json", headers={**self.headers, **headers})

    def send(self, *records: Any) -> list[dict[str, Any]]:
        answer = self.post({"app_version": "1", "counts": {"made": self.seq, "waiting": 0, "held": 0}, "records": list(records)})
        assert answer.status_code == 200, answer.text
        return answer.json["verdicts"]

    def ask(self, card: str, **fields: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """Ask for a hand-over; return (record, verdict)."""
        record = self.handover(card, **fields)
        (verdict,) = self.send({**record, "mode": "ask"})
        return record, verdict

    def register(self, since: int = 0) -> dict[str, Any]:
        answer = self.client.get(f"/api/v1/register?since={since}", headers=self.headers)
        assert answer.status_code == 200, answer.text
        return answer.json
