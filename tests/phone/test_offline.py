"""A phone that has joined opens and works without network, and answers nothing in the server's place."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.conftest import only_sqlite
from tests.phone.browsers import PIN, Phone
from tests.phone.served import Served

pytestmark = only_sqlite
TAKEN_OVER = """new Promise((done) => navigator.serviceWorker.controller ? done()
    : navigator.serviceWorker.addEventListener("controllerchange", () => done()))"""


def test_the_app_opens_without_network(phone: Phone, served: Served) -> None:
    phone.join(served.join_link())
    phone.wait_until_stored()
    served.stop()
    phone.page.reload()
    phone.see("Field check")
    expect(phone.page.get_by_text("A test code was read.")).to_be_visible()  # the decoder is there too
    expect(phone.page.get_by_text("Right.")).to_be_visible()  # it remembers the server's clock


def test_a_phone_that_was_switched_off_opens_without_network(phone: Phone, served: Served) -> None:
    phone.join(served.join_link())
    phone.wait_until_stored()
    phone.press("Start")
    phone.page.close()
    served.stop()
    phone.page = phone.open()
    phone.page.goto("/phone/")
    phone.type_pin(PIN)
    phone.see("spring-floods")


def test_another_language_is_there_without_network(phone: Phone, served: Served) -> None:
    phone.join(served.join_link())
    phone.wait_until_stored()
    phone.press("Start")
    served.stop()
    phone.press("Language")
    phone.press("العربية")
    expect(phone.page.locator("html")).to_have_attribute("dir", "rtl")


def test_the_very_first_visit_is_not_reloaded(phone: Phone, served: Served) -> None:
    phone.page.goto("/phone/")
    phone.page.evaluate("window.stillHere = true")
    phone.page.evaluate(TAKEN_OVER)
    assert phone.page.evaluate("window.stillHere")


def test_the_api_is_never_answered_from_the_phone(phone: Phone, served: Served) -> None:
    phone.page.goto("/phone/")
    phone.page.evaluate(TAKEN_OVER)
    served.stop()
    asked = "fetch('/healthz').then(() => 'answered', () => 'nobody')"
    assert phone.page.evaluate(asked) == "nobody"
