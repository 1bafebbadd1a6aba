"""A sheet typed in through a real browser, with the keyboard alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import only_sqlite
from tests.office.browsing import page_of
from tests.office.paper_town import Town, build_town

pytestmark = only_sqlite


@pytest.fixture
def town(setting) -> Town:
    return build_town(setting.operation_id, setting.manager_id)


@pytest.fixture
def page(app, town) -> Iterator[Page]:
    """A browser in which the manager is signed in and has said what for."""
    with page_of(app, town.user_id, town.operation_id) as opened:
        yield opened


def test_number_tick_next_through_a_reload_and_into_the_ledger(page, town):
    (sheet,) = town.print()
    where = f"/operations/{town.id_text}/paper/{sheet.id}"
    page.goto(where)
    page.get_by_label("Day on the sheet").fill("2013-03-17")
    page.get_by_label("About what time").fill("10:30")
    page.get_by_label("Line 1: card number").focus()
    keyboard = page.keyboard
    for card in town.cards[:2]:
        for word in (card.number, card.last_four.lower(), "x"):
            keyboard.type(word)
            keyboard.press("Enter")
    expect(page.locator("#line-2 .tally-state")).to_have_text("ready")
    expect(page.get_by_label("Line 3: card number")).to_be_focused()
    keyboard.type("99-0001")
    keyboard.press("Enter")
    keyboard.press("Enter")
    keyboard.type("1")
    keyboard.press("Enter")
    expect(page.locator("#line-3 .problem")).to_have_text("No card has this number.")
    expect(page.locator("#paper:not([aria-busy])")).to_be_visible()  # nothing is on its way any more
    expect(page.locator("#paper-said")).to_have_text("Saved.")

    page.goto(where)  # everything typed is there again
    expect(page.get_by_label("Line 1: card number")).to_have_value(town.cards[0].number)
    expect(page.get_by_label("Line 2: Food parcel")).to_have_value("1")
    page.get_by_label("Line 3: card number").focus()
    keyboard.type(town.cards[2].number)  # the whole number was selected when it was reached
    keyboard.press("Enter")
    expect(page.locator("#line-3 .tally-state")).to_have_text("ready")

    page.get_by_label("Line 4: card number").focus()
    keyboard.press("Enter")  # an empty line: the totals
    keyboard.type("3")
    keyboard.press("Enter")
    expect(page.get_by_role("button", name="Look at it once more")).to_be_focused()
    keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Before it is entered")).to_be_visible()
    keyboard.press("Enter")
    expect(page.get_by_text("3 hand-overs entered.")).to_be_visible()
    assert town.now(sheet).state == "entered"
