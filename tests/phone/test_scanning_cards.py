"""What a phone makes of what is held before its camera: our own printed cards, in the hands of a queue; other people's codes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, expect, sync_playwright

from relief.cards.lanes import lane_of
from relief.office.cards.issuing import IssuedCard
from tests.conftest import only_sqlite
from tests.office.card_town import enter
from tests.office.paper_town import Town
from tests.phone.browsers import Phone, launch
from tests.phone.eyes import problems_at_both_sizes
from tests.phone.hand import Hand, Sight, seen
from tests.phone.printed_cards import SIGHTS, code_of, printed
from tests.phone.served import Served
from tests.phone.serving import begin, build_town_of_today, expect_unsent, standings

pytestmark = only_sqlite
FAMILIES = tuple((f"Family {place:02}", "Borki", "school", place % 5 + 1) for place in range(50))
HEARD_AND_FELT = """{ window.heard = []; window.felt = []; const start = OscillatorNode.prototype.start;
    OscillatorNode.prototype.start = function (...when) { heard.push(this.frequency.value); return start.apply(this, when); };
    navigator.vibrate = (...pattern) => (felt.push(pattern[0]), true); }"""
WITH_LAMP = """{ window.lamp = []; const has = MediaStreamTrack.prototype.getCapabilities;
    MediaStreamTrack.prototype.getCapabilities = function () { return { ...has.call(this), torch: true }; };
    MediaStreamTrack.prototype.applyConstraints = async ({ advanced }) => void lamp.push(advanced[0].torch); }"""
LENS = "() => document.querySelector('video')?.srcObject?.getVideoTracks()[0].getSettings().deviceId"


@pytest.fixture
def town(setting) -> Town:
    return build_town_of_today(setting.operation_id, setting.manager_id, families=FAMILIES)


@pytest.fixture
def hand(tmp_path: Path) -> Hand:
    return Hand(tmp_path / "camera.y4m")


@pytest.fixture
def browser(hand: Hand) -> Iterator[Browser]:
    """A Chromium whose camera looks at the hand."""
    with sync_playwright() as player:
        chromium = launch(player, hand.flag)
        yield chromium
        chromium.close()


def people_assisted(app, client, town: Town, now: int) -> int:
    """Return what the board says of the people served so far."""
    manager = enter(app, client, town.user_id, town.operation_id, now)
    return manager.get(f"/api/v1/operations/{town.id_text}/totals").json["people_assisted"]


def test_fifty_cards_are_scanned_offline_and_the_board_moves(
    phone: Phone, served: Served, hand: Hand, app, client, clock
) -> None:
    begin(phone, served)
    cards = served.town.cards
    phone.context.set_offline(True)
    for place, (card, picture) in enumerate(zip(cards, printed(cards), strict=True)):
        hand.hold(seen(picture, SIGHTS[place % len(SIGHTS)], seed=place))
        expect(phone.page.get_by_text(card.number, exact=True)).to_be_visible()
        phone.press("Give all")
    expect_unsent(phone, 100)
    assert standings(served) == {} and people_assisted(app, client, served.town, clock.now()) == 0
    phone.context.set_offline(False)
    expect_unsent(phone, 0)
    assert Counter(standings(served).values()) == {"entitled": 100}
    assert people_assisted(app, client, served.town, clock.now()) == sum(people for *_family, people in FAMILIES)


def test_two_phones_at_one_card_offline_are_told_apart_whichever_comes_first(
    phone: Phone, served: Served, hand: Hand, browser: Browser
) -> None:
    other = Phone(browser, served.address)
    for each in (phone, other):
        begin(each, served)
        each.context.set_offline(True)
    first, second, third = served.town.cards[:3]
    for card, givers in ((first, (phone, other)), (second, (other, phone))):
        hold_up(hand, card, phone, other)
        for each in givers:
            each.press("Give all")
            each.see("Show a card")
    for each in (phone, other):
        each.context.set_offline(False)
        expect_unsent(each, 0)
    assert Counter(standings(served).values()) == {"entitled": 4, "excess": 4}
    serve_lane(phone, lane_of(third.code, 2))
    serve_lane(other, 3 - lane_of(third.code, 2))
    hold_up(hand, third, phone, other)
    phone.see("Give")
    other.see("Other lane")
    other.close()


def hold_up(hand: Hand, card: IssuedCard, *phones: Phone) -> None:
    """Hold a card before the camera until every phone has seen it."""
    hand.hold(seen(printed([card])[0], SIGHTS[0]))
    for phone in phones:
        expect(phone.page.get_by_text(card.number, exact=True)).to_be_visible()


def serve_lane(phone: Phone, lane: int) -> None:
    phone.press("School 3")
    phone.page.get_by_label(f"Lane {lane}").check()
    phone.press("Ready")


def test_other_peoples_codes_are_named_while_the_camera_goes_on_and_nothing_is_opened(
    phone: Phone, served: Served, hand: Hand
) -> None:
    phone.page.add_init_script(HEARD_AND_FELT)
    begin(phone, served)
    card = served.town.cards[0]
    misread = ("1" if card.code[0] != "1" else "2") + card.code[1:]
    for text, said in (
        ("https://example.org/win", "Not one of our cards: a link."),
        ("BEGIN:VCARD\nVERSION:3.0\nFN:Olga\nTEL:+375170000000\nEND:VCARD", "Not one of our cards: somebody's contact."),
        ("THE WHOLE TEXT OF SOMEBODY ELSE " * 128, "Not one of our cards: some text."),
        (misread, "Almost one of our cards, but one sign is wrong. Scan again, or type it."),
    ):
        hand.hold(seen(code_of(text), Sight(turned=3, large=0.95), hand.size))
        expect(phone.page.get_by_text(said)).to_be_visible()
        assert phone.page.evaluate("!document.querySelector('video').paused")
        assert (phone.page.url, len(phone.context.pages)) == (f"{served.address}/phone/", 1)
    assert phone.page.evaluate("[heard.slice(-2), felt.at(-1)]") == [[330, 220], [60, 80, 60]]
    hold_up(hand, card, phone)
    assert phone.page.evaluate("[heard.slice(-2), felt.at(-1)]") == [[660, 990], 80]


def test_the_camera_offers_light_in_the_dark_sleeps_and_wakes_at_a_touch(phone: Phone, served: Served, hand: Hand) -> None:
    phone.page.clock.install()
    phone.page.add_init_script(WITH_LAMP)
    begin(phone, served)
    phone.page.wait_for_function(LENS)
    expect(phone.page.get_by_role("button", name="Light")).to_have_count(0)
    hand.hold(Image.new("L", hand.size, 8))
    phone.press("Light")
    expect(phone.page.get_by_role("button", name="Light", pressed=True)).to_be_visible()
    assert phone.page.evaluate("lamp") == [True]
    phone.page.clock.fast_forward(21_000)
    expect(phone.page.get_by_role("button", name="Touch to scan")).to_be_visible()
    assert problems_at_both_sizes(phone.page) == []
    assert phone.page.evaluate("document.querySelector('video').srcObject.active") is False  # its light is out
    phone.press("Touch to scan")
    hold_up(hand, served.town.cards[0], phone)


def test_of_several_lenses_another_one_can_be_taken(served: Served) -> None:
    with sync_playwright() as player:
        two_lenses = launch(player, "--use-fake-device-for-media-stream=device-count=2")
        phone = Phone(two_lenses, served.address)
        begin(phone, served)
        first = phone.page.wait_for_function(LENS).json_value()
        phone.press("Other lens")
        phone.page.wait_for_function(f"first => ![undefined, first].includes(({LENS})())", arg=first)
        phone.close()
        two_lenses.close()
