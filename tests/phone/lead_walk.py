"""A walk through the lead's screens, and the last one of everybody's day, in whatever language the phone speaks."""

from __future__ import annotations

from collections.abc import Iterator

from playwright.sync_api import Page

from tests.phone.browsers import Phone
from tests.phone.served import Served
from tests.phone.walks import MAIN, type_signs, way_to_the_field

DAY, PHONES, STOCK, REPLACE, NEW_PHONE = range(5)


def leads_screens(phone: Phone, served: Served) -> Iterator[str]:
    """Join as a lead, serve one card, and stop at each screen of the lead's day."""
    page = phone.page
    for _screen in way_to_the_field(phone, served, label="Lead", site_lead=True):
        pass
    page.locator(MAIN).last.click()
    page.get_by_text("School 3").click()
    page.locator(MAIN).last.click()
    type_signs(page, served.town.cards[0].code)
    page.wait_for_selector(".offer")
    page.locator(MAIN).last.click()
    page.wait_for_selector(".told")
    page.locator(".top-row .button").first.click()
    yield from my_day(page)
    page.locator(".actions .row").last.locator(".button").first.click()
    page.wait_for_selector(".tiles")
    yield "lead"
    yield from a_day(page)
    yield from a_new_card(page, served)
    yield from the_end(page)


def my_day(page: Page) -> Iterator[str]:
    page.locator(".actions .row").nth(1).locator(".button").last.click()
    page.wait_for_selector(".hours")
    yield "my day"
    page.locator(MAIN).last.click()
    page.wait_for_selector(".qr")
    yield "code for the lead"
    page.locator(MAIN).last.click()
    page.locator(".hours .button").click()
    page.wait_for_selector(".hours .notice-good")
    yield "hours kept"
    page.locator(MAIN).first.click()


def a_day(page: Page) -> Iterator[str]:
    page.locator(MAIN).last.click()
    count(page, 100)
    yield "open the day"
    page.locator(MAIN).last.click()
    page.wait_for_selector(".told")
    tile(page, STOCK)
    count(page, 20)
    yield "stock"
    page.locator(MAIN).last.click()
    page.wait_for_selector(".told .button")
    yield "stock kept"
    tile(page, DAY)
    page.wait_for_selector(".toggles [aria-pressed=true]")
    page.locator(".toggles .button").first.click()
    yield "day so far"
    page.locator(MAIN).first.click()
    tile(page, PHONES)
    page.wait_for_selector(".viewfinder")
    yield "read phones"
    page.locator(MAIN).last.click()


def a_new_card(page: Page, served: Served) -> Iterator[str]:
    tile(page, REPLACE)
    page.locator("#card").fill(served.town.cards[1].number)
    yield "the lost card"
    page.locator(MAIN).last.click()
    page.wait_for_selector(".answers")
    yield "why a new card"
    page.locator(".answers .button").first.click()
    page.wait_for_selector(".viewfinder")
    page.locator(MAIN).last.click()
    page.locator("#card").fill(served.town.cards[2].code)
    page.locator(MAIN).last.click()
    page.wait_for_selector(".notice-warn")
    yield "not a blank card"
    page.locator("#card").fill(served.town.blank.code)
    page.locator(MAIN).last.click()
    page.wait_for_selector(".counts")
    yield "replace"
    page.locator(MAIN).last.click()
    page.wait_for_selector(".told")
    tile(page, NEW_PHONE)
    page.wait_for_selector("#label")
    yield "new phone"
    page.locator(MAIN).last.click()
    page.wait_for_selector(".qr")
    yield "join code"
    page.locator(MAIN).last.click()


def the_end(page: Page) -> Iterator[str]:
    page.wait_for_selector(".tiles")
    page.locator(MAIN).last.click()
    count(page, 117)
    page.wait_for_selector("select")
    yield "close the day"
    page.locator("select").first.select_option("missing")
    page.locator(MAIN).last.click()
    page.wait_for_selector(".signatures")
    yield "the page"


def count(page: Page, quantity: int) -> None:
    page.locator(".quantity input").first.fill(str(quantity))


def tile(page: Page, place: int) -> None:
    page.locator(".tiles .button").nth(place).click()
