"""A walk through the lead's screens, and the last one of everybody's day, in whatever language the phone speaks."""

from __future__ import annotations

from collections.abc import Iterator

from playwright.sync_api import Page

from tests.phone.browsers import Phone
from tests.phone.served import Served
from tests.phone.storages import change, look
from tests.phone.walks import MAIN, answer, type_signs, way_to_the_field

DAY, PHONES, STOCK, REPLACE, NEW_PHONE, OTHER_SITE = range(6)
EARLIER = OTHER_SITE  # stands before it where there are any


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
    yield from beyond_the_rule(page, served)
    page.locator(".top-row .button").first.click()
    yield from my_day(page)
    page.locator(".actions .row").last.locator(".button").first.click()
    page.wait_for_selector(".tiles")
    yield "lead"
    tile(page, OTHER_SITE)
    page.wait_for_selector(".answers")
    yield "which site"
    page.locator(".answers .button").first.click()
    yield from a_day(page)
    yield from a_new_card(page, served)
    yield from the_end(page)


def beyond_the_rule(page: Page, served: Served) -> Iterator[str]:
    """Begin to give somebody more than is due, see somebody who is due nothing, and run out of everything."""
    yield from answer(page, "had all", served.town.cards[0].code)
    page.locator(MAIN).first.click()
    page.wait_for_selector(".portion")
    yield "give anyway"
    page.locator(MAIN).last.click()
    page.wait_for_selector("#reason")
    yield "give anyway: why"
    page.locator(MAIN).first.click()
    page.locator(MAIN).last.click()
    rows = [row for row in look(page)["cards"] if row[1]["row"].get("number") == served.town.cards[2].number]
    rows[0][1]["row"]["due"] = []
    change(page, "cards", rows)
    yield from answer(page, "nothing due", served.town.cards[2].code)
    page.locator(MAIN).last.click()
    page.locator(".button-chip").click()
    for gone in page.locator(".choices").nth(2).locator("input").all():
        gone.check()
    page.locator(MAIN).last.click()
    yield from answer(page, "run out", served.town.cards[1].code)
    page.locator(MAIN).last.click()
    page.wait_for_selector(".finder")


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
    yield "a blank card, scanned"
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
    closed = [row for row in look(page)["records"] if row[1]["record"].get("action") == "closed"]
    for _key, kept in closed:
        kept["record"]["day"] = "2001-01-01"
    change(page, "records", closed)
    page.reload()
    page.locator(".actions .row").last.locator(".button").first.click()
    page.wait_for_selector(".tiles")
    tile(page, EARLIER)
    page.wait_for_selector(".answers")
    yield "earlier days"


def count(page: Page, quantity: int) -> None:
    page.locator(".quantity input").first.fill(str(quantity))


def tile(page: Page, place: int) -> None:
    page.locator(".tiles .button").nth(place).click()
