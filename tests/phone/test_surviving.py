"""What a phone must survive in the field: killed pages, empty batteries, full and emptied storage, wrong clocks, a sign-off."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from playwright.sync_api import Playwright, expect

from relief.accounts.devices import revoke_enrolment
from relief.accounts.models import Enrolment
from relief.db import db, unit_of_work
from relief.ledger.models import Held, Standing
from tests.accounts.people import now
from tests.conftest import only_sqlite
from tests.phone.browsers import PIN, Phone
from tests.phone.eyes import look_at
from tests.phone.pocket import PocketPhone, Profile
from tests.phone.served import Served
from tests.phone.serving import assert_given_once, begin, expect_unsent, give, send, standings, type_code
from tests.phone.storages import lay_down, look
from tests.phone.weather import Standstill

pytestmark = only_sqlite


def revoke(served: Served) -> None:
    db.session.rollback()
    enrolment_id = db.session.execute(db.select(Enrolment.enrolment_id).where(Enrolment.kind == "phone")).scalar_one()
    with unit_of_work() as session:
        revoke_enrolment(session, served.town.operation_id, enrolment_id, now())


def test_a_phone_killed_at_any_moment_loses_nothing_and_makes_nothing_up(
    player: Playwright, served: Served, tmp_path: Path
) -> None:
    first, second = served.town.cards[:2]
    pocket = PocketPhone(Profile(player, tmp_path), served.address)
    begin(pocket.phone, served)
    expect_unsent(pocket.phone, 0)
    served.stop()
    type_code(pocket.phone, first.code)
    pocket.phone.see("Give")
    pocket.battery_gone()  # with a card in view

    phone = pocket.switch_on()
    expect_unsent(phone, 0)
    type_code(phone, first.code)
    phone.press("Give all")
    expect(phone.page.get_by_text("Saved:")).to_be_visible()
    pocket.battery_gone()  # right after the tick

    phone = pocket.switch_on()
    type_code(phone, first.code)
    phone.see("Had all")
    phone.press("Next card")
    served.start()
    send(phone)
    assert_given_once(served)
    type_code(phone, second.code)
    phone.see("Give")
    served.weather = standstill = Standstill()
    phone.page.clock.pause_at(time.time() + 3600)  # nothing that the page waits for comes to its end
    phone.press("Give all")
    assert standstill.reached.wait(60)
    pocket.battery_gone()  # between the question to the office and its answer
    standstill.end()
    served.weather = None

    phone = pocket.switch_on()
    phone.see("Did you give it?")
    expect(phone.page.get_by_text(second.number)).to_be_visible()
    expect(phone.page.get_by_text("More to answer: 1")).to_be_visible()
    phone.press("Yes, given")
    expect(phone.page.get_by_text("More to answer: 1")).to_have_count(0)
    phone.press("Not given")
    send(phone)
    assert sorted(standings(served).values()) == ["entitled"] * 3 + ["refused"]
    phone.close()


def test_a_full_phone_says_so_gives_nothing_and_goes_on_where_it_was(phone: Phone, served: Served) -> None:
    tools = phone.context.new_cdp_session(phone.page)
    tools.send("Storage.overrideQuotaForOrigin", {"origin": served.address, "quotaSize": 8 << 20})
    begin(phone, served)
    expect_unsent(phone, 0)
    served.stop()
    phone.page.evaluate(FILL)
    before = look(phone.page)["records"]
    phone.press("School 3")
    phone.press("Ready")
    look_at(phone, "relief")
    expect(phone.page.get_by_text("Nothing recorded is lost.")).to_be_visible()
    phone.press("Try again")
    phone.press("Back")
    type_code(phone, served.town.cards[0].code)
    phone.press("Give all")
    expect(phone.page.get_by_text("The phone is full.").first).to_be_visible()
    assert look(phone.page)["records"] == before
    phone.press("Next card")
    phone.see("Show a card")
    phone.page.evaluate("new Promise((done) => (indexedDB.deleteDatabase('films').onsuccess = done))")
    phone.page.reload()
    give(phone, served)
    served.start()
    send(phone)
    assert_given_once(served)


# Puts films onto the phone until not even a short one has room.
FILL = """async () => {
    const database = await new Promise((done) => {
        const request = indexedDB.open("films");
        request.onupgradeneeded = () => request.result.createObjectStore("films", { autoIncrement: true });
        request.onsuccess = () => done(request.result);
    });
    const store = (bytes) => new Promise((done) => {
        const storing = database.transaction("films", "readwrite");
        storing.objectStore("films").add(crypto.getRandomValues(new Uint8Array(bytes)));
        storing.oncomplete = () => done(true);
        storing.onabort = () => done(false);
    });
    for (let bytes = 65536; bytes >= 64; ) if (!(await store(bytes))) bytes /= 2;
    database.close();
}"""


def test_a_storage_that_the_browser_emptied_is_said_and_the_desk_is_told(volunteer: Phone, served: Served) -> None:
    served.stop()
    give(volunteer, served)
    give(volunteer, served, 1)
    tools = volunteer.context.new_cdp_session(volunteer.page)
    tools.send("Storage.clearDataForOrigin", {"origin": served.address, "storageTypes": "indexeddb"})
    volunteer.page.reload()
    look_at(volunteer, "Something was lost")
    expect(volunteer.page.get_by_text("4 records that were not sent")).to_be_visible()
    served.start()
    volunteer.press("Understood")
    volunteer.join(served.join_link())
    volunteer.press("Check again")
    expect(volunteer.page.get_by_text("The app opens without network.")).to_be_visible()
    db.session.rollback()
    assert sorted(db.session.execute(db.select(Enrolment.lost).where(Enrolment.kind == "phone")).scalars()) == [0, 4]


def test_a_phone_signed_off_with_work_in_hand_hands_it_in_and_forgets_everything(volunteer: Phone, served: Served) -> None:
    served.stop()
    give(volunteer, served)
    revoke(served)
    served.start()
    volunteer.page.reload()
    look_at(volunteer, "Signed off")
    expect(volunteer.page.get_by_text("The office has signed this phone off.")).to_be_visible()
    left = look(volunteer.page)
    assert {store: rows for store, rows in left.items() if rows} == {"settings": [["farewell", "signed_off"], ["language", "en"]]}
    db.session.rollback()
    assert set(db.session.execute(db.select(Held.__table__.c.code)).scalars()) == {"revoked"}
    assert standings(served) == {}
    volunteer.page.reload()
    volunteer.see("Signed off")


@pytest.mark.parametrize("ahead_seconds", [3 * 3600, -3 * 365 * 86_400], ids=["three hours fast", "three years slow"])
def test_a_clock_that_is_wrong_changes_neither_what_is_due_nor_when_it_was(
    phone: Phone, served: Served, clock, ahead_seconds: int
) -> None:
    clock.moment -= ahead_seconds  # of the phone, as seen from the server
    begin(phone, served)
    expect_unsent(phone, 0)
    served.stop()
    give(phone, served)
    phone.page.reload()
    type_code(phone, served.town.cards[0].code)
    phone.see("Had all")
    phone.press("Next card")
    served.start()
    send(phone)
    db.session.rollback()
    moments = db.session.execute(db.select(Standing.effective_at).where(Standing.kind == "handover")).scalars()
    assert all(
        abs(moment - clock.moment) < 3600 for moment in moments
    )  # the server's clock stands still while the phone's goes on
    assert_given_once(served)


def test_an_outbox_of_the_format_before_goes_out_as_it_was_made(volunteer: Phone, served: Served) -> None:
    served.stop()
    give(volunteer, served)
    give(volunteer, served, 1)
    rows = look(volunteer.page)
    served.start()
    aside = volunteer.context.new_page()
    aside.goto("/healthz")
    volunteer.page.close()
    lay_down(aside, 1, rows)
    volunteer.page = volunteer.open()
    volunteer.page.goto("/phone/")
    volunteer.type_pin(PIN)
    expect_unsent(volunteer, 0)
    made = {kept["id"]: kept["record"] for _key, kept in rows["records"] if kept["record"]["kind"] == "handover"}
    assert standings(served) == dict.fromkeys(made, "entitled")
