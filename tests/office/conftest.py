"""An operation with two areas, two sites, an item and a round; a manager and the clerk who types lists."""

from dataclasses import dataclass

import pytest

from relief.accounts.service import add_user, grant_role
from relief.db import snapshot, unit_of_work
from relief.households.naming import get_import_salt
from relief.kernel.ids import derived_id, to_text
from relief.operations.rules import Area, Item, Plan, Round, Rule, Site
from relief.operations.service import register_operation, store_plan
from tests.ledger.field import Field
from tests.office.card_town import enter, list_families
from tests.office.desk import Desk


@dataclass(frozen=True)
class Setting:
    """Ids of an operation and its people."""

    operation_id: bytes
    manager_id: bytes
    clerk_id: bytes

    def id(self, name):
        return to_text(derived_id(self.operation_id, name))

    def salt(self):
        """What the ids of listed households are made from; there once a list was taken in."""
        with snapshot() as connection:
            return get_import_salt(connection, self.operation_id)


CODE = "spring-floods"
FIELDS = {
    "working_name": CODE, "title": "Spring floods", "national_society": "Demo Red Cross Society", "country": "BLR",
    "currency": "BYR", "dref_type": "imminent", "onset": "slow", "category": "yellow", "hazard": "flood",
    "start_day": "2013-03-04", "end_day": "2013-06-04",
}  # fmt: skip


def make_plan(operation_id):
    def name(text):
        return to_text(derived_id(operation_id, text))

    return Plan(
        version=1, status="active",
        areas=(Area(name("gomel"), "Gomel region", p_code="BY03"), Area(name("brest"), "Brest region", p_code="BY01")),
        sites=(Site(name("school"), "School 3", name("gomel"), "Europe/Minsk"),
               Site(name("club"), "Club", name("brest"), "Europe/Minsk")),
        items=(Item(name("parcel"), "Food parcel", "parcel", "household", "all_members"),),
        rules=(Rule(name("rule"), name("parcel"), "per_household"),),
        rounds=(Round(name("round"), "First", "2013-03-04", "2013-06-04"),),
    )  # fmt: skip


@pytest.fixture
def setting(app, clock):
    now = clock.now()
    with unit_of_work() as session:
        operation_id = register_operation(session, FIELDS, now)
        manager_id = add_user(session, "manager@example.org", "Manager", now=now)
        clerk_id = add_user(session, "clerk@example.org", "Clerk", now=now)
        grant_role(session, operation_id, manager_id, "manager")
        session.flush()
        store_plan(session.connection(), operation_id, make_plan(operation_id), None, now)
    return Setting(operation_id, manager_id, clerk_id)


@pytest.fixture
def families(setting, clock):
    """Three approved families at two sites."""
    list_families(setting, clock.now())


@pytest.fixture
def manager(app, client, setting, clock, families):
    """The manager's browser, where she has said what she needs people's data for."""
    return enter(app, client, setting.manager_id, setting.operation_id, clock.now())


@pytest.fixture
def base(setting):
    """Where the card pages are."""
    return f"/operations/{to_text(setting.operation_id)}/cards"


@pytest.fixture
def issued(manager, base):
    """The manager's browser, after every family was issued a card."""
    assert manager.post(f"{base}/issue", data={"whom": "all"}).status_code == 303
    return manager


@pytest.fixture
def field(app, clock):
    """Another operation, for what needs the ledger's own shapes; nobody has registered there yet."""
    return Field(app, clock)


@pytest.fixture
def desk(field):
    """The field's manager and her browser."""
    return Desk(field)


@pytest.fixture
def page(app, field):
    """A browser as narrow as a phone, in which the manager of the test's own `field` is signed in."""
    from tests.office.browsing import narrow_page  # heavy: a browser, for the few tests that want one

    with narrow_page(app, field) as opened:
        yield opened
