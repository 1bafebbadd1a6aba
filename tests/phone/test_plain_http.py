"""A page without HTTPS promises nothing: it works online only, and says so."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

import pytest
from playwright.sync_api import Browser, expect

from tests.conftest import only_sqlite
from tests.phone.browsers import PIN, Phone
from tests.phone.eyes import problems_at_both_sizes
from tests.phone.hand import Sight, seen
from tests.phone.printed_cards import printed
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
    join_without_camera(plain, served)
    page = plain.page
    expect(page.get_by_text("Not for the field")).to_be_visible()
    expect(page.get_by_text("Online only: do not close")).to_be_visible()
    expect(page.locator(".check-bad", has_text="Storage")).to_contain_text("This needs a secure address")


def test_it_serves_by_a_photo_of_the_card(plain: Phone, served: Served) -> None:
    join_without_camera(plain, served)
    plain.press("Start")
    plain.press("Serve")
    plain.page.get_by_label("School 3").check()
    plain.press("Ready")
    expect(plain.page.get_by_text("There is no camera without a secure address")).to_be_visible()
    assert problems_at_both_sizes(plain.page) == []
    card = served.town.cards[0]
    photo = BytesIO()
    seen(printed([card])[0], Sight(turned=8, blurred=1.5, light=0.7)).save(photo, "PNG")
    plain.page.locator("input[type=file]").set_input_files(
        {"name": "card.png", "mimeType": "image/png", "buffer": photo.getvalue()}
    )
    plain.see("Give")
    expect(plain.page.get_by_text(card.number)).to_be_visible()


def join_without_camera(plain: Phone, served: Served) -> None:
    """Go from the join code to the field check."""
    plain.page.goto(f"/phone/#join={served.join_code()}")
    plain.press("English")
    plain.press("Join")
    plain.page.get_by_label("Your name here").fill("Olga")
    plain.press("Next")
    plain.type_pin(PIN)
    plain.type_pin(PIN)
    plain.press("Ask me now")
    expect(plain.page.get_by_text("There is no camera without a secure address")).to_be_visible()
    plain.press("Go on")
    plain.see("Field check")
