"""From the lead's join code to a phone that is ready for the field."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from relief.accounts.queries import list_enrolments
from relief.db import db
from tests.conftest import only_sqlite
from tests.phone.browsers import IPHONE, PIN, Phone
from tests.phone.served import Served

pytestmark = only_sqlite


def enrolled(served: Served) -> list[str]:
    """Return the labels of the phones that have joined."""
    db.session.rollback()
    return sorted(each.label for each in list_enrolments(db.session(), served.town.operation_id))


def check(phone: Phone, title: str):
    """Return the field check's line with this title."""
    return phone.page.locator(".check").filter(has=phone.page.get_by_role("heading", name=title))


def test_from_the_link_to_the_field(phone: Phone, served: Served) -> None:
    phone.join(served.join_link())
    assert enrolled(served) == ["School 3, table 2"]
    for title, said in (
        ("Without network", "The app opens without network."),
        ("List of cards", "Less than an hour old."),
        ("Clock", "Right."),
        ("Reading codes", "A test code was read."),
        ("Camera", "It works."),
    ):
        expect(check(phone, title)).to_contain_text(said)
    phone.press("Play sound")
    phone.press("Heard it")
    expect(check(phone, "Sound")).to_contain_text("You heard it.")
    phone.press("Start")
    phone.see("spring-floods")


def test_a_code_is_spent_by_joining_and_not_by_opening_the_link(phone: Phone, served: Served) -> None:
    phone.page.goto(served.join_link())
    phone.press("English")
    phone.press("Go on here")
    expect(phone.page.get_by_label("Join code")).not_to_have_value("")
    assert enrolled(served) == []
    phone.press("Join")
    phone.see("Who are you?")
    assert enrolled(served) == ["School 3, table 2"]


def test_eight_typed_signs_do_as_well(phone: Phone, served: Served) -> None:
    code = served.join_code()
    phone.page.goto("/phone/")
    phone.press("English")
    phone.press("Go on here")
    phone.page.get_by_label("Join code").press_sequentially(code.replace("-", "").lower())
    expect(phone.page.get_by_label("Join code")).to_have_value(code)
    phone.press("Join")
    phone.see("Who are you?")


def test_a_code_that_was_used_says_so_and_another_one_works(phone: Phone, served: Served, browser: Browser) -> None:
    link = served.join_link()
    phone.join(link)
    second = Phone(browser, served.address)
    second.page.goto(link)
    second.press("English")
    second.press("Go on here")
    second.press("Join")
    expect(second.page.get_by_role("status")).to_contain_text("Another phone has joined with this code")
    second.page.get_by_label("Join code").fill(served.join_code())
    second.press("Join")
    second.see("Who are you?")
    second.close()


def test_without_network_the_code_is_kept_for_later(phone: Phone, served: Served) -> None:
    phone.page.goto(served.join_link())
    phone.press("English")
    phone.press("Go on here")
    served.stop()
    phone.press("Join")
    expect(phone.page.get_by_role("status")).to_contain_text("No network here")
    served.start()
    phone.press("Join")
    phone.see("Who are you?")
    assert enrolled(served) == ["School 3, table 2"]


def test_joining_goes_on_where_it_was_left(phone: Phone, served: Served) -> None:
    phone.page.goto(served.join_link())
    phone.press("English")
    phone.press("Go on here")
    phone.press("Join")
    phone.see("Who are you?")
    phone.page.reload()
    phone.see("Who are you?")


def test_the_code_stays_in_no_address(phone: Phone, served: Served) -> None:
    phone.page.goto(served.join_link())
    phone.press("English")
    phone.see("Put it on your home screen")
    assert phone.page.url == f"{served.address}/phone/"


def test_a_pin_that_is_easy_or_not_repeated_is_asked_again(phone: Phone, served: Served) -> None:
    phone.page.goto(served.join_link())
    phone.press("English")
    phone.press("Go on here")
    phone.press("Join")
    phone.page.get_by_label("Your name here").fill("Olga")
    phone.press("Next")
    phone.type_pin("1234")
    expect(phone.page.get_by_role("status").first).to_contain_text("easy to guess")
    phone.type_pin(PIN)
    phone.type_pin("2581")
    phone.see("Choose a PIN")
    phone.type_pin(PIN)
    phone.type_pin(PIN)
    phone.see("The phone will ask you")


def test_a_new_window_asks_for_the_pin(phone: Phone, served: Served) -> None:
    phone.join(served.join_link())
    phone.page.close()
    phone.page = phone.open()
    phone.page.goto("/phone/")
    phone.see("PIN, Olga")
    phone.type_pin("1111")
    expect(phone.page.get_by_text("Not this one.")).to_be_visible()
    phone.type_pin(PIN)
    phone.see("Field check")


def test_a_reload_does_not_ask_for_the_pin(phone: Phone, served: Served) -> None:
    phone.join(served.join_link())
    phone.page.reload()
    phone.see("Field check")


def test_a_forgotten_pin_is_replaced_with_a_new_code_and_nothing_else(phone: Phone, served: Served) -> None:
    phone.join(served.join_link())
    phone.page.close()
    phone.page = phone.open()
    phone.page.goto("/phone/")
    phone.press("PIN forgotten")
    phone.page.get_by_label("Join code").fill(served.join_code("School 3, table 2, again"))
    phone.press("Join")
    phone.see("Choose a PIN")
    assert enrolled(served) == ["School 3, table 2", "School 3, table 2, again"]


@pytest.mark.parametrize("app_name", ["Viber/22.1", "Telegram-Android/11.2", "[FB_IAB/FB4A;FBAV/470.0]", "Instagram 330.0"])
def test_a_chat_apps_own_browser_is_refused_in_words(browser: Browser, served: Served, app_name: str) -> None:
    phone = Phone(
        browser, served.address, user_agent=f"Mozilla/5.0 (Linux; Android 9; K) Chrome/119.0 Mobile Safari/537.36 {app_name}"
    )
    phone.page.goto(served.join_link())
    phone.see("Open it in your browser")
    expect(phone.page.get_by_role("button", name="Join", exact=True)).to_have_count(0)
    assert enrolled(served) == []
    phone.close()


def test_an_iphone_joins_from_its_home_screen_only(browser: Browser, served: Served) -> None:
    code = served.join_code()
    phone = Phone(browser, served.address, user_agent=IPHONE)
    phone.page.goto(f"/phone/#join={code}")
    phone.press("English")
    phone.see("Put it on your home screen")
    expect(phone.page.get_by_text(code)).to_be_visible()
    expect(phone.page.locator(".actions button")).to_have_count(0)
    phone.page.add_init_script("Object.defineProperty(navigator, 'standalone', { value: true })")
    phone.page.goto("about:blank")
    phone.page.goto("/phone/")  # as opened from the home screen
    phone.press("Join")
    phone.see("Who are you?")
    phone.close()


@pytest.mark.parametrize(
    ("language", "title", "direction"),
    [("ru-RU", "Ваш язык", "ltr"), ("be-BY", "Ваша мова", "ltr"), ("fr-FR", "Votre langue", "ltr"), ("es-ES", "Su idioma", "ltr"),
     ("ar-EG", "لغتك", "rtl"), ("de-DE", "Your language", "ltr")],
)  # fmt: skip
def test_the_phones_own_language_is_spoken_first(
    browser: Browser, served: Served, language: str, title: str, direction: str
) -> None:
    phone = Phone(browser, served.address, language=language)
    phone.page.goto("/phone/")
    phone.see(title)
    expect(phone.page.locator("html")).to_have_attribute("dir", direction)
    phone.close()
