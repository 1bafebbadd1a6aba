"""The lead's phone: a day opened, stock received, the other phones read off their screens, the day closed; a card replaced."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Browser, Playwright, expect

from relief.cards.models import Card
from relief.db import db, snapshot
from relief.ledger.models import Entry
from relief.stock.queries import list_stock
from tests.conftest import only_sqlite
from tests.phone.browsers import Phone, launch
from tests.phone.eyes import look_at
from tests.phone.hand import Hand, Sight, seen
from tests.phone.served import Served
from tests.phone.serving import begin, give_a_parcel_anyway, send, standings, type_code

pytestmark = only_sqlite


@pytest.fixture(scope="module")
def hand(tmp_path_factory: pytest.TempPathFactory) -> Hand:
    return Hand(tmp_path_factory.mktemp("camera") / "camera.y4m")


@pytest.fixture(scope="module")
def browser(player: Playwright, hand: Hand) -> Iterator[Browser]:
    """A Chromium whose camera looks at the hand."""
    chromium = launch(player, hand.flag)
    yield chromium
    chromium.close()


@pytest.fixture
def lead(phone: Phone, served: Served) -> Phone:
    begin(phone, served, label="Lead", site_lead=True)
    phone.see("Show a card")
    return phone


@pytest.fixture
def tables(browser: Browser, served: Served) -> Iterator[list[Phone]]:
    """Two phones at tables of the same site."""
    phones = [Phone(browser, served.address) for _each in range(2)]
    for number, phone in enumerate(phones, 1):
        begin(phone, served, label=f"Table {number}")
        phone.see("Show a card")
    yield phones
    for phone in phones:
        phone.close()


def type_quantity(phone: Phone, item: str, quantity: int) -> None:
    phone.page.get_by_label(item, exact=True).fill(str(quantity))


def show_code(phone: Phone) -> bytes:
    """Return a picture of the code on the phone's last screen of the day."""
    phone.press("Back")
    phone.press("My day")
    phone.press("Show code")
    phone.see("For your lead")
    return phone.page.locator("svg.qr").screenshot()


def test_a_day_is_closed_without_network_with_all_phones_sums(
    lead: Phone, tables: list[Phone], served: Served, hand: Hand
) -> None:
    served.stop()
    for table, card in zip(tables, served.town.cards, strict=False):
        type_code(table, card.code)
        table.press("Give all")
        table.see("Show a card")
    pictures = [show_code(table) for table in tables]
    lead.press("Back")
    lead.press("Lead")
    lead.press("Open day")
    lead.see("Open day: count")
    type_quantity(lead, "Food parcel", 100)
    lead.press("Open day")
    expect(lead.page.get_by_text("Saved. The day is open.")).to_be_visible()
    lead.press("Stock")
    type_quantity(lead, "Food parcel", 20)
    lead.press_twice("Keep")
    expect(lead.page.get_by_text("Saved: Received: 20 × Food parcel")).to_be_visible()
    lead.press("Read phones")
    for number, picture in enumerate(pictures, 1):  # one after the other, while the camera goes on
        hand.hold(seen(Image.open(BytesIO(picture)), Sight(turned=5, large=0.95)))
        expect(lead.page.locator("li", has_text=f"Table {number}")).to_contain_text("1 family")
    hand.lower()
    lead.press("Done")
    lead.press("Read phones")
    lead.page.locator("input[type=file]").set_input_files({"name": "code.png", "mimeType": "image/png", "buffer": pictures[0]})
    expect(lead.page.locator(".lately li")).to_have_count(2)  # of one phone the latest counts
    lead.press("Done")
    lead.press("Close day")
    expect(lead.page.locator("li", has_text="Table 1")).to_contain_text("not sent")
    type_quantity(lead, "Food parcel", 117)
    expect(lead.page.get_by_text("1 fewer than reckoned")).to_be_visible()
    lead.page.get_by_label("Why?").select_option("missing")
    lead.press("Close day")
    lead.see("School 3: day closed")
    parcels = lead.page.locator(".sums", has_text="Food parcel")
    expect(parcels).to_contain_text("At first100Came20Given2Left118Counted117")
    expect(parcels).to_contain_text("Why: Missing")
    expect(lead.page.get_by_text("2 families, 5 people")).to_be_visible()
    send_all(lead, served)
    assert len(entries(served, "day_closed")) == 2
    with snapshot() as connection:
        (stock,) = [row for row in list_stock(connection, served.town.operation_id) if row.item == served.town.id("parcel")]
    assert (stock.received, stock.on_hand) == (20, 117)


def test_a_replaced_card_passes_on_what_was_had_and_a_cancelled_one_serves_nobody(lead: Phone, served: Served) -> None:
    lost, mistaken, blank = *served.town.cards[:2], served.town.blank
    served.stop()
    type_code(lead, lost.code)
    lead.press("Give all")
    lead.see("Show a card")
    lead.press("Back")
    lead.press("Lead")
    lead.press("Replace card")
    lead.page.get_by_label("Number or 16 signs").fill(lost.number)
    lead.press("Next")
    lead.press("Lost")
    lead.press("Type instead")
    lead.page.get_by_label("16 signs, beside the square").fill(blank.code)
    lead.press("Next")
    lead.press("Replace")
    expect(lead.page.get_by_text(f"Saved: card {blank.number} in the place of {lost.number}")).to_be_visible()
    lead.press("Replace card")
    lead.page.get_by_label("Number or 16 signs").fill(mistaken.number)  # of a family that another phone registered
    lead.press("Next")
    lead.press("No such family")
    lead.press("Cancel card")
    expect(lead.page.get_by_text(f"Saved: card {mistaken.number} is cancelled.")).to_be_visible()
    lead.press("Back")
    lead.press("Serve")
    for code, answer in ((blank.code, "Had all"), (lost.code, "Old card"), (mistaken.code, "Old card")):
        type_code(lead, code)
        lead.see(answer)
        lead.press("Next card")
    served.start()
    send(lead)
    db.session.rollback()
    states = {
        card.number: card.state
        for card in db.session.query(Card).filter(Card.number.in_((lost.number, mistaken.number, blank.number)))
    }
    assert states == {lost.number: "replaced", mistaken.number: "cancelled", blank.number: "linked"}


def test_a_lead_gives_anyway_with_a_reason_and_the_office_sees_both(lead: Phone, served: Served) -> None:
    card = served.town.cards[0]
    served.stop()
    type_code(lead, card.code)
    lead.press("Give all")
    lead.see("Show a card")
    type_code(lead, card.code)
    lead.see("Had all")
    give_a_parcel_anyway(lead)
    served.start()
    send(lead)
    assert sorted(standings(served).values()) == ["entitled", "entitled", "excess"]


def test_the_desk_says_which_lane_a_table_serves(phone: Phone, served: Served) -> None:
    card = served.town.cards[0]
    signs = "0123456789ABCDEFGHJKMNPQRTVWXYZ"
    lane = signs.index(card.code[-1]) * 2 // len(signs) + 1
    begin(phone, served, lanes={served.town.id("school"): [3 - lane]})
    type_code(phone, card.code)
    look_at(phone, "Other lane")
    expect(phone.page.get_by_text(f"Lane {lane}: another table.")).to_be_visible()


def send_all(phone: Phone, served: Served) -> None:
    """Bring the network back, and wait until nothing is on the phone that was not sent."""
    served.start()
    phone.page.reload()
    expect(phone.page.locator(".counts span", has_text="not sent").locator("strong")).to_have_text("0")


def entries(served: Served, kind: str) -> list[Entry]:
    db.session.rollback()
    return db.session.query(Entry).filter_by(operation_id=served.town.operation_id, kind=kind).all()
