"""A page without HTTPS promises nothing: it works online only, and says so."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.conftest import only_sqlite
from tests.phone.browsers import Phone
from tests.phone.served import Served

pytestmark = only_sqlite


@pytest.fixture
def plain(browser: Browser, served: Served) -> Iterator[Phone]:
    """A phone that reaches the server by a name that is not the machine itself, over plain HTTP."""
    phone = Phone(browser, f"http://relief.test:{served.port}")
    yield phone
    phone.close()


def test_the_page_says_that_it_works_online_only(plain: Phone) -> None:
    plain.page.goto("/phone/")
    assert plain.page.evaluate("window.isSecureContext") is False
    expect(plain.page.get_by_text("Online only: do not close")).to_be_visible()


def test_it_joins_and_says_that_it_is_not_for_the_field(plain: Phone, served: Served) -> None:
    page = plain.page
    page.goto(f"/phone/#join={served.join_code()}")
    plain.press("English")
    plain.press("Join")
    page.get_by_label("Your name here").fill("Olga")
    plain.press("Next")
    plain.type_pin("2580")
    plain.type_pin("2580")
    plain.press("Ask me now")
    expect(page.get_by_text("There is no camera without a secure address")).to_be_visible()
    plain.press("Go on")
    plain.see("Field check")
    expect(page.get_by_text("Not for the field")).to_be_visible()
    expect(page.get_by_text("Online only: do not close")).to_be_visible()
    expect(page.locator(".check-bad", has_text="Storage")).to_contain_text("This needs a secure address")
