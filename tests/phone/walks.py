"""Walks through the app in whatever language the phone speaks, stopping at every screen: who walks looks at each."""

from __future__ import annotations

from collections.abc import Iterator

from playwright.sync_api import Page, expect

from relief.cards.rules import new_code, practice_code
from relief.kernel.ids import to_bytes
from tests.phone.browsers import PIN, Phone
from tests.phone.served import Served

MAIN = ".actions .button"


def way_to_the_field(phone: Phone, served: Served, **rights: object) -> Iterator[str]:
    """Go from the link to the first screen of work in whatever language the phone speaks, and stop at every screen."""
    page = phone.page
    page.goto(served.join_link())
    page.wait_for_selector(".languages")
    yield "language"
    page.locator(".languages .button").get_by_text(spoken(page), exact=True).click()
    page.wait_for_selector(".howto")
    yield "install"
    page.locator(MAIN).last.click()
    page.wait_for_selector("#code")
    yield "join"
    page.locator("#code").fill("0000-0000")
    page.locator(MAIN).last.click()
    page.wait_for_selector(".notice")
    yield "wrong code"
    page.locator(MAIN).first.click()
    page.wait_for_selector(".viewfinder")
    yield "the lead's screen, scanned"
    page.locator(MAIN).last.click()
    page.locator("#code").fill(served.join_code(**rights))
    page.locator(MAIN).last.click()
    page.locator("#name").fill("Olga")
    yield "volunteer"
    page.locator(MAIN).last.click()
    page.wait_for_selector(".keypad")
    yield "PIN"
    type_pin(page)
    yield "PIN again"
    type_pin(page)
    page.wait_for_selector(".checks")
    yield "permissions"
    served.stop()
    page.locator(MAIN).last.click()
    page.wait_for_selector(".meter ~ .notice")
    yield "download without network"
    served.start()
    page.locator(MAIN).last.click()
    page.wait_for_selector(".check-good")
    yield "field check"
    page.locator(".check", has=page.locator(".mark")).locator(".button").last.click()  # the sound is played
    page.wait_for_selector(".row")
    yield "sound played"
    page.locator(MAIN).last.click()
    page.wait_for_selector(".counts")
    yield "home"


def every_screen(phone: Phone, served: Served) -> Iterator[str]:
    """Go from the link to the first screen of work, serve a queue, and practise."""
    yield from way_to_the_field(phone, served)
    yield from shift(phone, served)
    yield from practice(phone, served)


def shift(phone: Phone, served: Served) -> Iterator[str]:
    """Begin to serve, and show every kind of answer to a card."""
    page = phone.page
    card = served.town.cards[0]
    page.locator(MAIN).last.click()
    page.wait_for_selector(".choices")
    page.get_by_text("School 3").click()
    yield "table"
    page.locator(MAIN).last.click()
    page.wait_for_selector(".finder")
    yield "camera"
    type_signs(page, card.code[:5])
    page.wait_for_selector(".notice-warn")
    yield "unfinished code"
    page.locator(MAIN).first.click()
    for word, code in (("blank", served.town.blank.code), ("unknown", new_code())):
        yield from answer(page, word, code)
        page.locator(MAIN).last.click()
    yield from answer(page, "give", card.code)
    page.locator(MAIN).nth(1).click()
    page.wait_for_selector(".portion")
    yield "less"
    page.locator(MAIN).first.click()
    page.wait_for_selector(".offer-good")
    page.locator(MAIN).first.click()
    page.wait_for_selector(".answers")
    yield "goes without"
    page.locator(MAIN).last.click()
    page.wait_for_selector(".offer-good")
    page.locator(MAIN).last.click()
    page.wait_for_selector(".told .notice-good")
    yield "given"
    yield from answer(page, "had all", card.code)
    page.locator(MAIN).last.click()
    page.wait_for_selector(".finder")
    page.locator(".top-row .button").last.click()
    page.wait_for_selector(".lately li")
    yield "the last twenty"
    page.locator(".lately .button").first.click()
    page.wait_for_selector(".answers")
    yield "take back"
    page.locator(MAIN).last.click()
    page.wait_for_selector(".lately")
    page.locator(MAIN).last.click()
    page.wait_for_selector(".finder")


def practice(phone: Phone, served: Served) -> Iterator[str]:
    """End the shift and see each practice card answered."""
    page = phone.page
    page.locator(".top-row .button").first.click()
    page.wait_for_selector(".counts")
    page.locator("[aria-pressed]").last.click()
    expect(page.locator("[aria-pressed=true]")).to_be_visible()
    yield "home, practising"
    page.locator(MAIN).last.click()
    page.wait_for_selector(".finder")
    yield "camera, practising"
    for number in (1, 4, 5, 7, 8, 10):
        yield from answer(page, f"practice card {number}", practice_code(to_bytes(served.town.id("school")), number))
        page.locator(MAIN).last.click()
        page.wait_for_selector(".finder")


def answer(page: Page, name: str, code: str) -> Iterator[str]:
    """Type a code at the camera's screen, and stop at its answer."""
    type_signs(page, code)
    page.wait_for_selector(".offer")
    yield name


def type_signs(page: Page, code: str) -> None:
    page.wait_for_selector(".finder")
    page.locator(MAIN).last.click()
    page.locator("#code").fill(code)
    page.locator(MAIN).last.click()


def spoken(page: Page) -> str:
    names = {"ar": "العربية", "be": "Беларуская", "en": "English", "es": "Español", "fr": "Français", "ru": "Русский"}
    return names[page.locator("html").get_attribute("lang")]


def cardless(phone: Phone, served: Served) -> Iterator[str]:
    """Begin where a camera waits: everything for who comes without a card, and the phone handed to somebody else."""
    page = phone.page
    main, first = page.locator(MAIN).last, page.locator(MAIN).first
    page.locator(MAIN).first.click()
    page.wait_for_selector(".answers")
    yield "no card"
    page.locator(".answers .button").nth(0).click()
    page.wait_for_selector(".actions .button-main")
    yield "no list yet"
    main.click()
    page.wait_for_selector(".keypad")
    yield "PIN of the help desk"
    type_pin(page)
    page.locator("#name").fill("Borki")
    main.click()
    page.wait_for_selector(".found")
    yield "found by name"
    first.click()
    page.locator(".answers .button:not(.found)").nth(1).click()
    page.wait_for_selector(".people-grid")
    yield "people without card"
    first.click()
    page.locator(".answers .button").nth(2).click()
    page.wait_for_selector(".answers .button:nth-child(5)")
    yield "goes without"
    first.click()
    first.click()
    yield from registering(phone, served)
    first.click()
    page.wait_for_selector(".offer-good")


def registering(phone: Phone, served: Served) -> Iterator[str]:
    """Register a family on the blank card, and begin to correct it."""
    page = phone.page
    main = page.locator(MAIN).last
    type_signs(page, served.town.blank.code)
    page.wait_for_selector(".offer")
    yield "blank card on a phone that registers"
    main.click()
    page.wait_for_selector(".read-out")
    yield "notice"
    main.click()
    page.wait_for_selector(".family")
    yield "nobody yet"
    for sex, age in ((0, 4), (1, 1), (2, 6)):
        page.locator(".touches").first.locator(".button").nth(sex).click()
        page.locator(".touches").last.locator(".button").nth(age).click()
    page.locator(".person").nth(1).click()
    yield "three people, one picked"
    page.locator(".button-chip").click()
    page.wait_for_selector(".choices")
    yield "where they are from"
    main.click()
    main.click()
    page.wait_for_selector("#head")
    yield "names"
    main.click()
    page.wait_for_selector(".offer-good .told")
    yield "registered"
    page.locator(".told .button").click()
    page.wait_for_selector(".family")
    yield "corrected"
    page.locator("main > .button-quiet").click()
    page.wait_for_selector(".lead-line")
    yield "no such family"
    page.locator(MAIN).first.click()
    page.wait_for_selector(".family")


def handing_over(phone: Phone) -> Iterator[str]:
    """Begin at the first screen of work: the phone goes to somebody new."""
    page = phone.page
    page.locator("main > .button").first.click()
    page.wait_for_selector(".actions .button-main")
    yield "who has it"
    page.locator(MAIN).last.click()
    page.locator("#name").fill("Ivan")
    yield "somebody new"
    page.locator(MAIN).last.click()
    for _twice in range(2):
        type_pin(page)
    page.wait_for_selector(".counts")
    page.locator("main > .button").first.click()
    page.wait_for_selector(".answers")
    yield "who has it, of two"
    page.close()
    phone.page = page = phone.open()
    page.goto("/phone/")
    page.wait_for_selector(".keypad")
    type_pin(page, "1111")
    page.wait_for_selector(".notice-warn")
    yield "locked, after a wrong PIN"
    page.locator(MAIN).first.click()
    page.wait_for_selector(".answers")
    yield "who has it, of a locked phone"
    page.locator(".answers .button").first.click()
    type_pin(page)
    page.wait_for_selector(".counts")


def type_pin(page: Page, pin: str = PIN) -> None:
    page.wait_for_selector(".keypad")
    for digit in pin:
        page.locator(".keypad .button").get_by_text(digit, exact=True).click()
    page.locator(".keypad .button").last.click()
