"""Two operations full of things that must not get out, and everybody who might try a door of them."""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import orjson
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, settings
from sqlalchemy import Connection, select

from relief.accounts import service
from relief.accounts.guards import Guard
from relief.accounts.rules import ROLES
from relief.db import db, unit_of_work, write
from relief.kernel.ids import new_id, to_text
from relief.ledger.keys import current_keys
from relief.ledger.queries import list_cases
from relief.ledger.waiting import list_held
from relief.office.cards.queries import list_cards
from relief.office.cards.runs import issue_blank_run, issue_run
from relief.office.paper.queries import list_sheets
from relief.office.paper.sheets import SheetOrder, add_sheets
from relief.operations.plan_json import plan_from_json, plan_to_json
from relief.operations.queries import get_current_plan
from relief.operations.rules import Plan
from tests.accounts.people import PASSWORD, browser_of, make_user, now
from tests.fuzz.under_way import begin
from tests.ledger.field import Device, Field, Phone, field_plan
from tests.model.plan import card_of, id_of

# Words that appear nowhere else: who reads one of them in an answer knows where it came from.
PRIVATE_NAME = "Zinaida Tajnaja"
PRIVATE_PHONE = "+375 29 0007788"
PRIVATE_REASON = "she whispered it"
SENSITIVE_ITEM = "Talk about violence"
PUBLIC_LABEL = "Afternoon"
OTHERS = ("Winterhilfe", "Cellar 9", "Quince jam", "Wilhelmine Ferne")  # of the other one: name, site, item, head
PRIVATE = (PRIVATE_NAME, PRIVATE_PHONE, PRIVATE_REASON)
# Examples are made and tried, not kept or shrunk: the call that was wrong says it all.
QUICKLY = settings(deadline=None, database=None, phases=(Phase.generate,), suppress_health_check=list(HealthCheck))


@dataclass(frozen=True)
class Visitor:
    """Somebody at the door: a browser that is signed in as somebody, or a phone with a token."""

    name: str
    user_id: bytes | None = None
    token: str | None = None

    @property
    def is_phone(self) -> bool:
        return self.token is not None


def may_enter(guard: Guard, visitor: Visitor) -> bool:
    """Tell whether a guard of the operation `here` ought to let a visitor in."""
    user = visitor.name if visitor.user_id and visitor.name != "disabled" else None
    by_kind = {
        "public": True,
        "signed_in": user is not None,
        "administrator": user == "administrator",
        "role": user in (*guard.roles, "administrator"),
        "phone_handing_in": visitor.is_phone,
        "machine": False,  # off by default
    }
    return by_kind.get(guard.kind, visitor.is_phone and visitor.name != "revoked_phone")


class Town:
    """`here` is the operation that everybody is about; `there` is the other one."""

    def __init__(self, app: Flask, clock: Any) -> None:
        self.app, self.clock = app, clock
        self.here = Field(app, clock, "spring-floods", plan=_plan_here())
        self.there = Field(app, clock, OTHERS[0], plan=_plan_there())
        self.cards = {"h1": card_of("h1"), "h2": card_of("h2"), "o1": card_of("o1")}
        self._households()
        codes = [code for field in (self.here, self.there) for code in self._printed(field)]
        self._people()
        self._phones()
        self._begun = begin(self)
        self.here.seal()
        self._secrets = [PASSWORD, self.link, *codes, *self._hashes(), *(self.token_of(name) for name in self.phones)]
        self.operation_id, self.other_id = to_text(self.here.operation_id), to_text(self.there.operation_id)

    def moved_to(self, app: Flask) -> Town:
        """Return the same town in a copy of its installation, with phones that count for themselves."""
        town = copy(self)
        town.app, town.phones = app, {name: copy(phone) for name, phone in self.phones.items()}
        cookie = self._was_signed_in.get_cookie("relief_session")
        assert cookie
        town._was_signed_in = app.test_client()
        town._was_signed_in.set_cookie("relief_session", cookie.value)
        return town

    def _households(self) -> None:
        for field, names in ((self.here, ("h1", "h2")), (self.there, ("o1",))):
            for name in names:
                field.household(name, members=3)
            _tell(
                field.desk,
                {
                    "kind": "registration",
                    "household": id_of(names[0] + "x"),
                    "members": [_person(names[0] + "m")],
                    "private": {"head": PRIVATE_NAME, "phone": PRIVATE_PHONE} if field is self.here else {"head": OTHERS[3]},
                },
            )

    def _printed(self, field: Field) -> list[str]:
        """Print cards, one for a family and two blank, and a tally sheet; return the codes of the cards."""
        name = "c" if field is self.here else "d"
        household = id_of(name)
        _tell(
            field.desk,
            {"kind": "registration", "household": household, "members": [_person(f"{name}1")]},
            {"kind": "household", "action": "approved", "household": household},
        )
        field.seal()
        desk = (field.operation_id, field.desk.enrolment_id)
        cards = [*issue_run(*desk, now(), current_keys()), *issue_blank_run(*desk, 2, now(), current_keys())]
        write(partial(_print_sheet, operation_id=field.operation_id, now=now()))
        return [card.code for card in cards]

    def _people(self) -> None:
        here, there = self.here.operation_id, self.there.operation_id
        self.users = {role: make_user(f"{role}@example.org", roles=((here, role),)) for role in ROLES}
        self.users["administrator"] = make_user("administrator@example.org", administrator=True)
        self.users["elsewhere"] = make_user("elsewhere@example.org", roles=tuple((there, role) for role in ROLES))
        self.users["disabled"] = make_user("disabled@example.org", roles=((here, "manager"),))
        self._was_signed_in = browser_of(self.app, self.users["disabled"])
        with unit_of_work() as session:
            service.disable_user(session, self.users["disabled"], now())
            self.link = service.create_link(session, self.users["auditor"], now(), 24)
            self.join_code = service.create_join_code(session, here, label="next", now=now())

    def _phones(self) -> None:
        rights: dict[str, dict[str, Any]] = {
            "phone": {},
            "lead_phone": {"site_lead": True},
            "sensitive_phone": {"sensitive": True},
            "revoked_phone": {},
        }
        self.phones: dict[str, Phone] = {name: self.here.phone(name, **given) for name, given in rights.items()}
        self.phones["phone_elsewhere"] = self.there.phone("phone_elsewhere")
        phone, revoked = self.phones["phone"], self.phones["revoked_phone"]
        phone.send(phone.handover("h1", collector=PRIVATE_NAME, reason=PRIVATE_REASON), phone.handover("h1"))
        phone.ask("h2")
        self.phones["sensitive_phone"].send(self.phones["sensitive_phone"].handover("h2", item="pss", reason=PRIVATE_REASON))
        with unit_of_work() as session:
            service.revoke_enrolment(session, self.here.operation_id, revoked.enrolment_id, now())
        revoked.send(revoked.handover("h1", collector=PRIVATE_NAME))  # is held
        elsewhere = self.phones["phone_elsewhere"]
        elsewhere.send({"kind": "nonsense", **elsewhere.record("nonsense")})  # is held, over there

    def _hashes(self) -> list[str]:
        user = db.metadata.tables["user_account"].c
        with db.engine.connect() as connection:
            return [
                str(each)
                for each in connection.execute(select(user.password_hash).where(user.password_hash.is_not(None))).scalars()
            ]

    def visitors(self) -> Iterator[Visitor]:
        yield Visitor("nobody")
        yield from (Visitor(name, user_id=user_id) for name, user_id in self.users.items())
        yield from (Visitor(name, token=self.token_of(name)) for name in self.phones)

    def visitor(self, name: str) -> Visitor:
        return next(visitor for visitor in self.visitors() if visitor.name == name)

    def token_of(self, phone: str) -> str:
        return self.phones[phone].headers["Authorization"].removeprefix("Bearer ")

    def client_of(self, visitor: Visitor) -> FlaskClient:
        """Return a fresh browser or program of this visitor: what was signed out earlier is signed in again."""
        if visitor.name == "disabled":
            return self._was_signed_in
        client = browser_of(self.app, visitor.user_id, (self.here.operation_id, self.there.operation_id))
        if visitor.token:
            client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {visitor.token}"
        return client

    def ids(self) -> dict[str, list[str]]:
        """Return ids of real objects by what an address or a body calls them; under `any` all that there are."""
        with db.engine.connect() as connection:
            held = {
                field: [row.held_id for row in list_held(connection, field.operation_id).rows]
                for field in (self.here, self.there)
            }
            cites = [each for case in list_cases(connection, self.here.operation_id).rows for each in case.cites]
            both = (self.here.operation_id, self.there.operation_id)
            cards = [to_text(card.card_id) for each in both for card in list_cards(connection, each)]
            sheets = [sheet.id for each in both for sheet in list_sheets(connection, each).rows]
            codes = sorted({case.code for case in list_cases(connection, self.here.operation_id).rows})
        known = {
            "operation_id": [self.operation_id, self.other_id],
            "held_id": [*held[self.here], *held[self.there]],
            "user_id": [to_text(user_id) for user_id in self.users.values()],
            "enrolment_id": [to_text(phone.enrolment_id) for phone in self.phones.values()],
            "cites": cites,
            "targets": cites,
            "case": codes,
            "cause": [id_of("r1"), id_of("s1")],
            "household_id": [id_of("h1"), id_of("h2"), id_of("o1")],
            "code": [self.join_code],
            "token": [self.link],
            "card": list(self.cards.values()),
            "card_id": cards,
            "run": ["1"],
            "sheet_id": sheets,
            "site_id": [id_of("s1")],
            **self._begun,
        }
        return {**known, "any": [each for name in known if name.endswith("_id") for each in known[name]]}

    def secrets(self) -> list[str]:
        """Return what no answer may ever hold."""
        return self._secrets


def _tell(device: Device, *records: dict[str, Any]) -> None:
    verdicts = device.send(*records)
    assert {each["verdict"] for each in verdicts} == {"accepted"}, verdicts


def _person(name: str) -> dict[str, Any]:
    return {"id": id_of(name), "number": 1, "sex": "female", "age_band": "60+", "disability": "no"}


def _plan_here() -> Plan:
    plan = field_plan()
    items = tuple(
        replace(item, name=SENSITIVE_ITEM, sensitive=True, public_label=PUBLIC_LABEL) if item.id == id_of("pss") else item
        for item in plan.items
    )
    return replace(plan, items=items)


def _print_sheet(connection: Connection, operation_id: bytes, now: int) -> None:
    plan = get_current_plan(connection, operation_id)
    items = tuple(item.id for item in plan.items[:4])  # one of them is sensitive
    order = SheetOrder(plan.sites[0].id, plan.rounds[0].id, items)
    add_sheets(connection, operation_id, order, plan, None, now)


def _plan_there() -> Plan:
    """Return the same plan under other ids and other names: nothing of it is anything here."""
    text = orjson.dumps(plan_to_json(field_plan())).decode().replace('"00000000-0000-', '"0000000f-0000-')
    return plan_from_json(orjson.loads(text.replace("School 1", OTHERS[1]).replace("Food parcel", OTHERS[2])))


def some_id() -> str:
    return to_text(new_id())
