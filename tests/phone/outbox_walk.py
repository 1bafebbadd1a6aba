"""The walk through all screens about what was not sent, stopping at every one."""

from __future__ import annotations

from collections.abc import Iterator

from playwright.sync_api import Page

from tests.phone.browsers import Phone
from tests.phone.storages import change, look


def unsent_screens(phone: Phone, language: str) -> Iterator[str]:
    """Stop at every screen about what was not sent, in a language; `phone` has unsent records and no network."""
    page = phone.page
    asked, held, *_others = (row for row in look(page)["records"] if row[1]["record"]["kind"] == "handover")
    asked[1] |= {"place": "asking", "mode": "ask"}
    held[1] |= {"place": "held", "verdict": {"word": "held", "codes": ["unknown_reference"], "granted": False}}
    change(page, "records", [asked, held])
    change(page, "settings", [["language", language]])
    page.reload()
    yield from stops(page, "did you give it", ".big-line")
    page.locator(".actions .button").first.click()
    page.locator(".honest").click()
    yield from stops(page, "what was sent", ".standing")
    page.locator(".standing .button").last.click()
    yield from stops(page, "shelf", ".lately")
    page.locator(".button-main").click()
    page.locator(".actions .row .button").last.click()
    yield from stops(page, "hand on", ".lead-line")
    page.locator(".button-main").click()
    yield from stops(page, "codes", ".qr")
    page.locator(".button-main").click()
    page.locator(".actions .row .button").first.click()
    page.locator(".screen > .button").first.click()
    yield from stops(page, "take in", "input[type=file]")
    page.locator(".button-main").click()
    yield from stops(page, "scan the other phone", ".viewfinder")
    page.locator(".actions .button").click()
    page.locator(".actions .button").first.click()
    page.locator(".screen > .button").last.click()
    yield from stops(page, "leave", ".lead-line")
    page.locator(".actions .row .button").first.click()
    change(page, "records", [[asked[0], asked[1] | {"place": "waiting"}]])
    page.reload()
    page.locator(".honest").click()
    page.locator(".screen > .button").last.click()
    page.locator(".button-main").click()
    yield from stops(page, "still here", ".notice")
    joined = look(page)["enrolments"]
    change(page, "enrolments", [[key, enrolment | {"revoked": True}] for key, enrolment in joined])
    page.reload()
    yield from stops(page, "signed off, with work in hand", ".band")


def stops(page: Page, name: str, sign: str) -> Iterator[str]:
    """Wait until the screen that has `sign` is there."""
    page.locator(sign).first.wait_for(state="attached")
    yield name
