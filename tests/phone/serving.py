"""A phone at a table: what the tests of the queue begin with, and what they ask of the ledger."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from playwright.sync_api import expect

from relief.accounts.models import Enrolment
from relief.db import db, unit_of_work
from relief.kernel.ids import to_bytes, to_text
from relief.ledger.models import Standing
from relief.ledger.plan_saving import save_plan
from relief.ledger.queries import list_counters
from relief.operations.queries import get_current_plan
from tests.accounts.people import now
from tests.office.paper_town import Town, build_town
from tests.phone.browsers import Phone
from tests.phone.served import Served


def build_town_of_today(operation_id: bytes, user_id: bytes, **more: Any) -> Town:
    """Build a town whose round is not over yet: the browser's clock cannot be told another time."""
    built = build_town(operation_id, user_id, **more)
    with unit_of_work() as session:
        plan = get_current_plan(session, built.operation_id)
        rounds = tuple(replace(each, last_day="2099-12-31") for each in plan.rounds)
        following = replace(plan, version=plan.version + 1, rounds=rounds)
        save_plan(session.connection(), built.operation_id, following, enrolment_id=built.desk_id, saved_by=None, now=now())
    return built


def begin(phone: Phone, served: Served, **rights: object) -> None:
    """Go from the join link to the field, to the school's table, which gives everything; `rights` are the phone's."""
    phone.join(served.join_link(**rights))
    phone.wait_until_stored()
    phone.press("Start")
    phone.press("Serve")
    phone.page.get_by_label("School 3").check()
    phone.press("Ready")


def let_help(phone: Phone, served: Served, site: str | None = "school") -> None:
    """Make every phone that has joined the help desk of a site, or of none, and let it hear so."""
    with unit_of_work() as session:
        for enrolment in session.query(Enrolment).filter_by(kind="phone"):
            enrolment.help_desk_site = to_bytes(served.town.id(site)) if site else None
    phone.page.reload()


def type_code(phone: Phone, code: str) -> None:
    phone.press("Type code")
    phone.page.get_by_label("16 signs, beside the square").fill(code)
    phone.press("Show")


def give(phone: Phone, served: Served, card: int = 0) -> None:
    """Give a family what the table gives: two records."""
    type_code(phone, served.town.cards[card].code)
    phone.press("Give all")
    phone.see("Show a card")


def send(phone: Phone) -> None:
    """Have everything sent, however long the phone would have waited before it tried again."""
    phone.page.get_by_text("On this phone, not sent").click()
    phone.press("Send now")
    expect(phone.page.get_by_text("Everything is sent.")).to_be_visible()
    phone.press("Back")


def assert_given_once(served: Served) -> None:
    assert list(standings(served).values()) == ["entitled", "entitled"]


def give_a_parcel_anyway(lead: Phone) -> None:
    """Give a parcel on the card in view, though it is due nothing, and say why."""
    lead.press("Give anyway …")
    lead.press("One less: Blanket")
    lead.press("Give")
    lead.page.get_by_label("Reason").fill("The first one was soaked")
    lead.press("Give")
    expect(lead.page.get_by_text("Saved: 1 × Food parcel")).to_be_visible()


def expect_unsent(phone: Phone, count: int) -> None:
    expect(phone.page.get_by_text(f"On this phone, not sent: {count}")).to_be_visible()


def records_of(phone: Phone) -> list[dict[str, Any]]:
    """Return the records that lie on the phone, in the order in which they were made."""
    kept = phone.page.evaluate("""() => new Promise((done, fail) => {
        const opening = indexedDB.open("relief-phone");
        opening.onerror = () => fail(opening.error);
        opening.onsuccess = () => {
            const reading = opening.result.transaction("records").objectStore("records").getAll();
            reading.onsuccess = () => { opening.result.close(); done(reading.result.map((kept) => kept.record)); };
        };
    })""")
    return sorted(kept, key=lambda record: record["seq"])


def counted(served: Served, start: str) -> int:
    """Return the sum of the counters that the board shows whose name begins so."""
    db.session.rollback()
    counters = list_counters(db.session, served.town.operation_id)
    return sum(number for key, number in counters.items() if key.startswith(start))


def standings(served: Served) -> dict[str, str]:
    """Return {record id: standing} of all hand-overs in the ledger."""
    db.session.rollback()
    table = Standing.__table__.c
    of_town = (table.operation_id == served.town.operation_id, table.kind == "handover")
    wanted = db.select(table.record_id, table.standing).where(*of_town)
    return {to_text(bytes(row.record_id)): row.standing for row in db.session.execute(wanted)}
