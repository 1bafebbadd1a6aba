"""What was not sent and cannot be: explained, answered for, handed on to another phone, taken in there; and leaving for good."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, Playwright, expect

from relief.db import unit_of_work
from relief.kernel.ids import random_id, to_text
from relief.ledger.models import Held
from relief.ledger.putting_aside import put_aside
from tests.accounts.people import now
from tests.conftest import only_sqlite
from tests.phone.browsers import Phone, launch
from tests.phone.eyes import SEEN, Eyes, look_at, problems_at_both_sizes
from tests.phone.hand import Hand, Sight, seen
from tests.phone.outbox_walk import unsent_screens
from tests.phone.served import Served
from tests.phone.serving import begin, expect_unsent, give, standings, type_code
from tests.phone.storages import change, look, multiply
from tests.phone.weather import login_page, no_sync, refusing_handovers

pytestmark = only_sqlite
LOW_BATTERY = """navigator.getBattery = async () => Object.assign(new EventTarget(), { level: 0.18, charging: false })"""


@pytest.fixture
def volunteer(phone: Phone, served: Served) -> Phone:
    """A phone with six records of three families that were not sent, where there is no network."""
    begin(phone, served)
    expect_unsent(phone, 0)
    served.stop()
    for card in range(3):
        give(phone, served, card)
    return phone


def open_sent(phone: Phone) -> None:
    phone.page.get_by_text("On this phone, not sent").click()
    phone.see("What was sent")


def packed_file(phone: Phone) -> Path:
    """Return what the phone gives away as a file."""
    with phone.page.expect_download() as download:
        phone.press("As a file")
    return download.value.path()


def signs_of(phone: Phone) -> str:
    """Return the signs that a phone shows of what it has taken in."""
    return phone.page.locator(".big-code").inner_text()


def test_another_phone_carries_a_file_and_nothing_counts_twice(volunteer: Phone, served: Served, browser: Browser) -> None:
    open_sent(volunteer)
    volunteer.press("Hand on")
    expect(volunteer.page.get_by_text("6 records are not sent.")).to_be_visible()
    file = packed_file(volunteer)
    assert served.town.cards[0].code.encode() not in file.read_bytes()
    served.start()
    other = Phone(browser, served.address)
    begin(other, served)
    open_sent(other)
    other.press("Take in")
    for _twice in range(2):
        other.page.locator("input[type=file]").set_input_files(file)
        expect(other.page.get_by_text("Taken in.")).to_be_visible()
    assert len(signs_of(other)) == 4
    other.press("Back")
    expect(other.page.get_by_text("Everything is sent.")).to_be_visible()
    assert sorted(standings(served).values()) == ["entitled"] * 6
    volunteer.press("Back")
    volunteer.press("Send now")
    expect(volunteer.page.get_by_text("Everything is sent.")).to_be_visible()
    assert sorted(standings(served).values()) == ["entitled"] * 6
    other.close()


def test_another_phone_reads_a_long_row_of_codes_off_the_screen_in_any_order(
    volunteer: Phone, served: Served, player: Playwright, tmp_path: Path
) -> None:
    type_code(volunteer, served.town.cards[3].code)
    volunteer.press("Give nothing")
    volunteer.press("Not wanted")
    volunteer.see("Show a card")
    multiply(volunteer.page, 40)
    open_sent(volunteer)
    volunteer.press("Hand on")
    volunteer.press("Show codes")
    pictures = pictures_of_codes(volunteer)
    served.start()
    hand = Hand(tmp_path / "camera.y4m")
    browser = launch(player, hand.flag)
    other = Phone(browser, served.address)
    begin(other, served, lanes={served.town.id("school"): [2]})
    open_sent(other)
    other.press("Take in")
    other.press("Scan codes")
    for place, picture in enumerate(reversed(pictures[1:]), 1):
        hand.hold(seen(picture, Sight(large=0.95)))
        expect(other.page.get_by_text(f"{place} of {len(pictures)}")).to_be_visible()
    hand.hold(seen(pictures[0], Sight(large=0.95)))
    expect(other.page.get_by_text("Taken in.")).to_be_visible()
    other.press("Back")
    expect(other.page.get_by_text("Everything is sent.")).to_be_visible()
    assert len(pictures) > 4
    assert sorted(standings(served).values()) == ["entitled"] * 6
    hand_a_lane_over(volunteer, other, hand)
    other.close()
    browser.close()


def hand_a_lane_over(phone: Phone, other: Phone, hand: Hand) -> None:
    """Let a phone choose lane 1, and another one take it over off its screen, without network."""
    phone.press("Done")
    phone.press("Back")
    phone.press("Back")
    phone.page.locator(".button-chip").click()
    phone.page.get_by_label("Lane 1").check()
    phone.press("Ready")
    open_sent(phone)
    phone.press("Hand on")
    phone.press("Hand lane over")
    look_at(phone, "Hand lane over")
    other.press("Take in")
    other.press("Scan codes")
    hand.hold(seen(Image.open(BytesIO(phone.page.locator(".qr").screenshot())), Sight(large=0.95)))
    expect(other.page.get_by_text("Lane 1 is yours now.")).to_be_visible()
    phone.press("It has it")
    expect(phone.page.get_by_text("No lane: other phones have them")).to_be_visible()
    assert [dict(look(each.page)["settings"])["table"]["lanes"] for each in (phone, other)] == [[0], [1, 2]]


def pictures_of_codes(phone: Phone) -> list[Image.Image]:
    """Return a picture of each code that the phone shows in turn."""
    phone.press("Stop")
    first = str(phone.page.locator("h1").inner_text())
    pictures = {}
    while (shown := str(phone.page.locator("h1").inner_text())) not in pictures:
        pictures[shown] = Image.open(BytesIO(phone.page.locator(".qr").screenshot()))
        phone.press("Next code")
        expect(phone.page.locator("h1")).not_to_have_text(shown)
    assert len(pictures) == int(first.split()[-1])
    return list(pictures.values())


def test_what_the_office_keeps_is_explained_and_stays(volunteer: Phone, served: Served) -> None:
    rows = look(volunteer.page)["records"]
    key, kept = next(row for row in rows if row[1]["record"]["kind"] == "handover")
    kept["record"]["item"] = to_text(random_id())  # as of a plan that has changed
    change(volunteer.page, "records", [[key, kept]])
    served.start()
    open_sent(volunteer)
    volunteer.press("Send now")
    volunteer.press("Show them")
    volunteer.see("Ask your lead")
    expect(volunteer.page.get_by_text("The plan has changed")).to_be_visible()
    volunteer.press("Ask again")
    expect(volunteer.page.get_by_text("The plan has changed")).to_be_visible()
    volunteer.press("Back")
    put_all_aside(served)
    volunteer.press("Send now")
    expect(volunteer.page.get_by_role("button", name="Show them")).to_have_count(0)
    volunteer.press("Back")
    volunteer.press("The last twenty")
    expect(volunteer.page.get_by_text("the office put it aside: it does not count")).to_be_visible()


def put_all_aside(served: Served) -> None:
    """Let the desk look at everything that is held, and put it aside."""
    desk = {"desk_enrolment_id": served.town.desk_id, "reason": "looked at", "now": now(), "by": random_id()}
    with unit_of_work() as session:
        for held in session.query(Held).filter_by(operation_id=served.town.operation_id):
            put_aside(session.connection(), served.town.operation_id, held.held_id, **desk)


def test_why_nothing_is_sent_is_said_with_what_to_do(volunteer: Phone, served: Served) -> None:
    open_sent(volunteer)
    volunteer.press("Send now")
    expect(volunteer.page.get_by_text("No network here. Nothing is lost.")).to_be_visible()
    expect(volunteer.page.get_by_text("It tries again by itself")).to_be_visible()
    served.weather = no_sync
    served.start()
    volunteer.press("Send now")
    expect(volunteer.page.get_by_text("The server is busy.")).to_be_visible()
    served.weather = login_page
    volunteer.press("Send now")
    expect(volunteer.page.get_by_text("This Wi-Fi answers by itself.")).to_be_visible()
    with volunteer.context.expect_page() as opened:
        volunteer.page.get_by_role("link", name="Open sign-in page").click()
    expect(opened.value.get_by_role("heading", name="Hotel Paradise")).to_be_visible()


def test_whoever_leaves_hands_in_first_and_nothing_is_left(volunteer: Phone, served: Served) -> None:
    open_sent(volunteer)
    volunteer.press("Leave operation")
    expect(volunteer.page.get_by_text("You served 3 families: 9 people.")).to_be_visible()
    volunteer.press("Send and leave")
    expect(volunteer.page.get_by_text("6 things are still on this phone.")).to_be_visible()
    served.start()
    volunteer.press("Try again")
    look_at(volunteer, "Thank you")
    expect(volunteer.page.get_by_text("You have left.")).to_be_visible()
    assert sorted(standings(served).values()) == ["entitled"] * 6
    assert wiped(volunteer.page) == {"farewell": "left", "language": "en"}


def test_whoever_leaves_with_what_no_office_can_take_lets_the_lead_write_it_down(phone: Phone, served: Served) -> None:
    begin(phone, served)
    expect_unsent(phone, 0)
    type_code(phone, served.town.cards[0].code)
    served.weather = refusing_handovers
    phone.press("Give all")
    phone.see("Show a card")
    open_sent(phone)
    phone.press("Leave operation")
    phone.press("Send and leave")
    expect(phone.page.get_by_text("2 things are still on this phone.")).to_be_visible()
    expect(phone.page.get_by_text("The office cannot take this. Let your lead write it down:")).to_be_visible()
    expect(phone.page.get_by_role("listitem").filter(has_text=served.town.cards[0].number)).to_have_count(2)
    phone.press("Written down")
    expect(phone.page.get_by_text("You have left.")).to_be_visible()
    assert wiped(phone.page) == {"farewell": "left", "language": "en"}


def test_whoever_leaves_without_network_must_show_that_somebody_has_it(
    volunteer: Phone, served: Served, browser: Browser
) -> None:
    open_sent(volunteer)
    volunteer.press("Leave operation")
    volunteer.press("Send and leave")
    volunteer.press("Hand on")
    file = packed_file(volunteer)
    volunteer.press("Back")
    volunteer.context.set_offline(True)
    served.start()
    other = Phone(browser, served.address)
    begin(other, served)
    open_sent(other)
    other.press("Take in")
    other.page.locator("input[type=file]").set_input_files(file)
    field = volunteer.page.get_by_label("Signs that the other phone or the desk shows")
    field.fill("0000")
    leave = volunteer.page.get_by_role("button", name="Leave now")
    expect(leave).to_have_attribute("aria-disabled", "true")
    field.fill(signs_of(other))
    leave.click()
    expect(volunteer.page.get_by_text("You have left.")).to_be_visible()
    assert wiped(volunteer.page) == {"farewell": "left", "language": "en"}
    other.close()


def wiped(page: Page) -> dict[str, str]:
    """Return the settings of a phone that has nothing else on it."""
    found = look(page)
    assert [name for name, rows in found.items() if rows] == ["settings"]
    return dict(found["settings"])


def test_a_battery_that_is_nearly_empty_offers_to_hand_on(phone: Phone, served: Served) -> None:
    phone.context.add_init_script(LOW_BATTERY)
    begin(phone, served)
    served.stop()
    type_code(phone, served.town.cards[0].code)
    expect(phone.page.get_by_text("Battery: 18 %.")).to_have_count(0)  # never between a card in view and its answer
    phone.press("Give all")
    expect(phone.page.get_by_text("Battery: 18 %.")).to_be_visible()
    assert problems_at_both_sizes(phone.page) == []
    phone.press("Hand on")
    phone.see("Hand on")


def test_these_screens_are_for_all_eyes_and_thumbs(volunteer: Phone) -> None:
    volunteer.page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    eyes = Eyes(volunteer, problems_at_both_sizes)
    eyes.follow(unsent_screens(volunteer, "ar"))
    assert (eyes.wrong, SEEN["what was not sent"] - eyes.titles) == ({}, set())
