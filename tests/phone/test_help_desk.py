"""The help desk: a family whose card nobody can find is found by name, given to under the same rule; each look is noted."""

from __future__ import annotations

from playwright.sync_api import expect

from relief.accounts.models import AuditEntry
from relief.cards.models import Card
from relief.db import db, unit_of_work
from relief.households.rules import HouseholdRow, MemberRow
from relief.ledger.keys import current_keys
from relief.office.devices import HOUSEHOLD_IMPORT, get_office_enrolment
from relief.office.lists.importing import approve_households, import_households
from relief.sync.parcel_series import read_series, short_signs
from relief.sync.parcels import open_parcel, take_in_parcel
from tests.accounts.people import now
from tests.conftest import only_sqlite
from tests.phone.browsers import PIN, Phone
from tests.phone.eyes import look_at
from tests.phone.served import Served
from tests.phone.serving import begin, expect_unsent, let_help, send, standings

pytestmark = only_sqlite
HOUR_MS = 3_600_000
ALL_ON_THE_PHONE = """() => new Promise((done) => { const opening = indexedDB.open("relief-phone"); opening.onsuccess = () => {
    const names = [...opening.result.objectStoreNames]; const reading = opening.result.transaction(names); const all = [];
    const text = (value) => value instanceof Uint8Array ? new TextDecoder().decode(value) : JSON.stringify(value);
    for (const name of names) reading.objectStore(name).getAll().onsuccess = (event) =>
        all.push(...event.target.result.flatMap((each) => [text(each), ...(each && each.sealed ? [text(each.sealed)] : [])]));
    reading.oncomplete = () => { opening.result.close(); done(all.join(" ")); }; }; })"""

NO_LOOK_WAITS = """() => new Promise((done) => { const opening = indexedDB.open("relief-phone"); opening.onsuccess = () => {
    const reading = opening.result.transaction("settings").objectStore("settings").get("help_desk_looks");
    reading.onsuccess = () => { opening.result.close(); done(reading.result.length === 0); }; }; })"""


def noted(action: str) -> list[str]:
    db.session.rollback()
    return [entry.subject for entry in db.session.query(AuditEntry).filter_by(action=action).order_by(AuditEntry.at)]


def get_list(phone: Phone, served: Served) -> None:
    """Join as a site's help desk and get its list, which waits for the PIN."""
    begin(phone, served, site_lead=True)
    let_help(phone, served)
    phone.press("No card")
    phone.press("Find by name")
    phone.press("Get the list")
    phone.see("PIN, Olga")


def open_list(phone: Phone) -> None:
    phone.press("No card")
    phone.press("Find by name")
    phone.see("PIN, Olga")
    phone.type_pin(PIN)
    phone.see("Find by name")


def find(phone: Phone, name: str) -> None:
    phone.page.get_by_label("Name, or village, or card number").fill(name)
    phone.press("Find")


def test_a_family_is_found_by_name_and_given_to_without_network_and_every_look_is_noted(phone: Phone, served: Served) -> None:
    get_list(phone, served)
    served.stop()
    phone.type_pin(PIN)
    find(phone, "Смирнова")
    expect(phone.page.get_by_text("Nobody found.")).to_be_visible()
    find(phone, "иванова")
    card = next(each for each in served.town.cards if each.external_id == "H-0")
    phone.page.get_by_role("button", name=f"Ivanova Anna Borki · 3 people {card.number}").click()
    phone.see("Give")
    expect(phone.page.get_by_text(card.number)).to_be_visible()
    assert "Ivanova" not in phone.page.evaluate(ALL_ON_THE_PHONE)
    phone.press("New card")
    phone.press("Lost")
    phone.press("Type instead")
    phone.page.get_by_label("16 signs, beside the square").fill(served.town.blank.code)
    phone.press("Next")
    phone.press("Replace")
    phone.see("Give")
    expect(phone.page.get_by_text(served.town.blank.number)).to_be_visible()
    phone.press("Give all")
    expect(phone.page.get_by_text("Saved:")).to_be_visible()
    open_list(phone)
    find(phone, "Ivanova")
    phone.page.get_by_role("button", name="Ivanova Anna").click()
    phone.see("Had all")  # the same rule as for a card that is scanned
    phone.press("Next card")
    served.start()
    phone.page.reload()
    expect_unsent(phone, 0)
    assert set(standings(served).values()) == {"entitled"}
    states = {each.number: each.state for each in db.session.query(Card)}
    assert (states[card.number], states[served.town.blank.number]) == ("replaced", "linked")
    phone.wait_for(NO_LOOK_WAITS)
    looks = noted("help_desk.looked_up")
    assert (len(looks), len([each for each in looks if each])) == (5, 2)  # three searches, two families opened


def add_a_family_without_a_card(served: Served, head: str) -> None:
    """Register and approve a family of two at the school, whom nobody has given a card."""
    town = served.town
    rows = [
        HouseholdRow(
            2, "H-9", (MemberRow(1, name=head), MemberRow(2)), {"head": head, "village": "Borki"}, home_site=town.id("school")
        )
    ]
    with unit_of_work() as session:
        importer = get_office_enrolment(session, town.operation_id, HOUSEHOLD_IMPORT, now())
    with unit_of_work() as session:
        connection, keys = session.connection(), current_keys()
        done = import_households(connection, town.operation_id, importer, rows, now(), keys=keys)
        approve_households(connection, town.operation_id, importer, town.user_id, "1", done.households, now(), keys)


def test_a_family_that_has_no_card_is_given_one_on_the_spot_without_network_and_served_once(phone: Phone, served: Served) -> None:
    add_a_family_without_a_card(served, "Novik Petr")
    get_list(phone, served)
    served.stop()
    phone.type_pin(PIN)
    find(phone, "Новик")
    phone.page.get_by_role("button", name="Novik Petr Borki · 2 people no card yet").click()
    phone.see("A blank card")
    phone.press("Type instead")
    signs = phone.page.get_by_label("16 signs, beside the square")
    signs.fill(served.town.cards[0].code)
    phone.press("Next")
    expect(phone.page.get_by_text("This card belongs to a family.")).to_be_visible()
    signs.fill(served.town.blank.code)
    phone.press("Next")
    look_at(phone, "Give this card")
    phone.press("Give card")
    phone.see("Give")
    phone.press("Give all")
    expect(phone.page.get_by_text(f"Saved: 1 × Food parcel, 2 × Blanket for {served.town.blank.number}")).to_be_visible()
    open_list(phone)
    find(phone, "Novik")
    phone.page.get_by_role("button", name="Novik Petr").click()
    phone.see("Had all")  # the card that it was given is found now
    phone.press("Next card")
    served.start()
    send(phone)
    assert sorted(standings(served).values()) == ["entitled", "entitled"]
    assert db.session.query(Card.state).filter_by(number=served.town.blank.number).scalar() == "linked"
    assert "Novik" not in phone.page.evaluate(ALL_ON_THE_PHONE)


def test_the_list_goes_when_the_phone_is_no_help_desk_any_more(phone: Phone, served: Served) -> None:
    get_list(phone, served)
    assert "expires_at" in phone.page.evaluate(ALL_ON_THE_PHONE)
    let_help(phone, served, None)
    phone.press("No card")
    expect(phone.page.get_by_role("button", name="Find by name")).to_have_count(0)
    assert "expires_at" not in phone.page.evaluate(ALL_ON_THE_PHONE)


def test_the_list_is_gone_after_24_hours_without_network_too(phone: Phone, served: Served) -> None:
    phone.page.clock.install()
    get_list(phone, served)
    served.stop()
    phone.type_pin(PIN)
    phone.see("Find by name")
    phone.page.clock.fast_forward(23 * HOUR_MS)
    phone.see("PIN, Olga")  # the phone is locked meanwhile
    phone.type_pin(PIN)
    phone.press("Find by name")
    phone.see("PIN, Olga")
    phone.type_pin(PIN)
    find(phone, "Ivanova")
    expect(phone.page.get_by_role("button", name="Ivanova Anna")).to_be_visible()
    phone.page.clock.fast_forward(HOUR_MS)
    phone.type_pin(PIN)
    phone.press("Find by name")
    expect(phone.page.get_by_role("button", name="Get the list")).to_be_visible()
    assert "expires_at" not in phone.page.evaluate(ALL_ON_THE_PHONE)


def test_whoever_leaves_hands_on_whom_she_looked_up_and_the_office_notes_it(phone: Phone, served: Served) -> None:
    begin(phone, served, site_lead=True)
    let_help(phone, served)
    expect_unsent(phone, 0)
    phone.press("No card")
    phone.press("Find by name")
    phone.press("Get the list")
    phone.see("PIN, Olga")
    served.stop()
    phone.type_pin(PIN)
    find(phone, "Смирнова")
    expect(phone.page.get_by_text("Nobody found.")).to_be_visible()
    phone.press("Back")
    phone.press("Back")
    phone.page.get_by_text("On this phone, not sent").click()
    expect(phone.page.get_by_role("heading", name="Looked up by name")).to_be_visible()
    phone.press("Leave operation")
    phone.press("Send and leave")
    expect(phone.page.get_by_text("Among them whom you looked up by name")).to_be_visible()
    phone.press("Hand on")
    with phone.page.expect_download() as download:
        phone.press("As a file")
    packed = read_series(download.value.path().read_text())
    phone.press("Back")
    signs = " ".join(short_signs(sealed) for _key_id, sealed in packed)
    phone.page.get_by_label("Signs that the other phone or the desk shows").fill(signs)
    phone.press("Leave now")
    expect(phone.page.get_by_text("You have left.")).to_be_visible()
    assert noted("help_desk.looked_up") == []
    with unit_of_work() as session:
        for key_id, sealed in packed:
            parcel = open_parcel(served.app.extensions["relief_secrets"], key_id, sealed)
            take_in_parcel(session.connection(), served.town.operation_id, served.town.desk_id, parcel, now(), current_keys())
    assert noted("help_desk.looked_up") == [""]
