"""Every screen, looked at as people with other eyes and hands meet it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.conftest import only_sqlite
from tests.house import catalogue
from tests.phone.browsers import ANDROID, IPHONE, Phone
from tests.phone.eyes import HALF_A_SCREEN, SEEN, TOO_WIDE, Eyes, all_titles, look_at, problems, problems_at_both_sizes
from tests.phone.lead_walk import leads_screens
from tests.phone.served import Served
from tests.phone.walks import every_screen

VIBER = "Mozilla/5.0 (Linux; Android 9; K) Chrome/119.0 Mobile Safari/537.36 Viber"
ELSEWHERE = {VIBER: "Open it in your browser", IPHONE: "Put it on your home screen", ANDROID: "Installed"}


@only_sqlite
@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("ar", "dark"), ("ru-RU", "dark"), ("fr-FR", "light")])
def test_every_screen_is_for_all_eyes_and_thumbs(browser: Browser, served: Served, language: str, scheme: str) -> None:
    phone = Phone(browser, served.address, language=language, color_scheme=scheme, reduced_motion="reduce")
    eyes = Eyes(phone)
    eyes.follow(every_screen(phone, served))
    phone.close()
    assert (eyes.wrong, SEEN["a shift"] - eyes.titles) == ({}, set())


@only_sqlite
def test_nothing_is_cut_off_with_everything_twice_as_large(browser: Browser, served: Served) -> None:
    phone = Phone(browser, served.address, language="fr-FR")
    phone.page.set_viewport_size(HALF_A_SCREEN)
    eyes = Eyes(phone, lambda page: page.evaluate(TOO_WIDE))
    eyes.follow(every_screen(phone, served))
    phone.close()
    assert eyes.wrong == {}


@only_sqlite
def test_the_leads_screens_are_too_also_twice_as_large(browser: Browser, served: Served) -> None:
    phone = Phone(browser, served.address, language="ar", color_scheme="dark", reduced_motion="reduce")
    eyes = Eyes(phone, problems_at_both_sizes)
    eyes.follow(leads_screens(phone, served))
    phone.close()
    assert (eyes.wrong, SEEN["the lead's day"] - eyes.titles) == ({}, set())


@only_sqlite
def test_the_screens_that_lead_elsewhere_are_too(browser: Browser, served: Served) -> None:
    for user_agent, title in ELSEWHERE.items():
        phone = Phone(browser, served.address, user_agent=user_agent)
        phone.page.goto(served.join_link())
        if user_agent != VIBER:
            phone.press("English")
        if user_agent == ANDROID:
            phone.page.evaluate("dispatchEvent(new Event('appinstalled'))")
        look_at(phone, title)
        phone.close()


def test_every_screen_is_looked_at_by_somebody() -> None:
    single = "".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    seen = set().union(*SEEN.values(), ELSEWHERE.values(), re.findall(r'look_at\(\w+, "([^"]+)"\)', single))
    assert all_titles() - seen == set()


@only_sqlite
def test_the_look_finds_what_is_wrong(phone: Phone) -> None:
    phone.page.goto("/phone/")
    phone.page.wait_for_selector(".languages")
    assert problems(phone.page) == []
    phone.page.evaluate("""() => { const [first, second, third] = document.querySelectorAll(".languages .button");
        first.style.color = "#666"; second.style.minHeight = "0"; second.style.height = "40px"; third.style.fontSize = "14px";
        third.style.width = "400px"; document.querySelector("main").removeAttribute("class"); }""")
    found = str(problems(phone.page))
    assert all(each in found for each in ("color-contrast-enhanced", "40, '<button", "'English'", "too wide")), found


ANSWERS = r"const (?:CAUSES|WHYS|NO_FAMILY|ACTIONS|SOURCES|ways|sexWords|ageWords)\b[^;]*;"  # each is a button of its own


def button_words() -> set[str]:
    """Return every text that stands on a button."""
    source = "".join(path.read_text(encoding="utf-8") for path in catalogue.PHONE.rglob("*.ts*"))
    buttons = re.findall(r"<Button\b(.*?)</Button>", source, re.S) + re.findall(r"function mendWord.*?\n}", source, re.S)
    buttons += re.findall(ANSWERS, source)
    return {text for button in buttons for text in re.findall(r'(?<!label=\{)_\("([^"]+)"', button)}


@pytest.mark.parametrize("language", ["en", *catalogue.PHONE_LANGUAGES])
def test_a_button_has_three_words_at_most(language: str) -> None:
    said = {message.id: message.string for message in catalogue.read(language)} if language != "en" else {}
    texts = {str(said.get(text, text)) for text in button_words()}
    assert len(texts) > 20
    assert {text for text in texts if len(text.replace("…", "").split()) > 3} == set()
