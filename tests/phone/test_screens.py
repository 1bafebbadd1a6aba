"""Every screen, looked at as people with other eyes and hands meet it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page

from tests.conftest import only_sqlite
from tests.house import catalogue
from tests.house.source import ROOT
from tests.office.paper_town import Town
from tests.phone.browsers import IPHONE, Phone
from tests.phone.lead_walk import leads_screens
from tests.phone.served import Served
from tests.phone.serving import build_town_of_today
from tests.phone.walks import every_screen

AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
RUN_AXE = """async () => (await axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag2aaa", "wcag21aa", "wcag22aa", "best-practice"],
    rules: { "color-contrast-enhanced": { enabled: true }, "target-size": { enabled: true } } }))
    .violations.map((each) => [each.id, each.nodes.map((node) => node.html)])"""
TOO_SMALL = """() => [...document.querySelectorAll("button, input")]
    .map((each) => [(each.closest("label") ?? each).getBoundingClientRect(), each.outerHTML])
    .filter(([box]) => box.height < 56 || box.width < 56).map(([box, html]) => [box.width, box.height, html])"""
SMALL_LETTERS = """() => { const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT); const found = [];
    while (texts.nextNode()) if (parseFloat(getComputedStyle(texts.currentNode.parentElement).fontSize) < 18)
        found.push(texts.currentNode.textContent);
    return found; }"""
TOO_WIDE = """async () => { await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
    const page = document.documentElement, right = (element) => element.getBoundingClientRect().right;
    const edge = (each) => right(each.matches(".button") ? each.parentElement : page);
    const looked = page.scrollWidth > page.clientWidth ? "main *" : ".button";
    const beyond = [...document.querySelectorAll(looked)].filter((each) => right(each) > edge(each));
    return beyond.map((each) => `too wide: ${each.outerHTML}`); }"""


@pytest.fixture
def town(setting) -> Town:
    return build_town_of_today(setting.operation_id, setting.manager_id)


def problems(page: Page) -> list[object]:
    """Return what is wrong with the screen in view."""
    page.evaluate("document.activeElement.blur()")
    if page.evaluate("!window.axe"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    return [
        *page.evaluate(RUN_AXE),
        *page.evaluate(TOO_SMALL),
        *page.evaluate(SMALL_LETTERS),
        *page.evaluate(TOO_WIDE),
    ]


@only_sqlite
@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("ar", "dark"), ("ru-RU", "dark"), ("fr-FR", "light")])
def test_every_screen_is_for_all_eyes_and_thumbs(browser: Browser, served: Served, language: str, scheme: str) -> None:
    phone = Phone(browser, served.address, language=language, color_scheme=scheme, reduced_motion="reduce")
    found = {screen: wrong for screen in every_screen(phone, served) if (wrong := problems(phone.page))}
    phone.close()
    assert found == {}


@only_sqlite
def test_nothing_is_cut_off_with_everything_twice_as_large(browser: Browser, served: Served) -> None:
    phone = Phone(browser, served.address, language="fr-FR")
    phone.page.set_viewport_size({"width": 160, "height": 320})  # 320 px at 200 %
    found = {screen: wide for screen in every_screen(phone, served) if (wide := phone.page.evaluate(TOO_WIDE))}
    phone.close()
    assert found == {}


@only_sqlite
def test_the_leads_screens_are_too_also_twice_as_large(browser: Browser, served: Served) -> None:
    phone = Phone(browser, served.address, language="ar", color_scheme="dark", reduced_motion="reduce")
    found = {}
    for screen in leads_screens(phone, served):
        found[screen] = problems(phone.page)
        phone.page.set_viewport_size({"width": 160, "height": 320})  # 320 px at 200 %
        found[screen] += phone.page.evaluate(TOO_WIDE)
        phone.page.set_viewport_size({"width": 320, "height": 640})
    phone.close()
    assert {screen: wrong for screen, wrong in found.items() if wrong} == {}


@only_sqlite
@pytest.mark.parametrize("user_agent", [IPHONE, "Mozilla/5.0 (Linux; Android 9; K) Chrome/119.0 Mobile Safari/537.36 Viber"])
def test_the_screens_that_lead_elsewhere_are_too(browser: Browser, served: Served, user_agent: str) -> None:
    phone = Phone(browser, served.address, user_agent=user_agent)
    phone.page.goto(served.join_link())
    if user_agent == IPHONE:
        phone.press("English")
    phone.page.wait_for_selector(".howto")
    found = problems(phone.page)
    phone.close()
    assert found == []


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


def button_words() -> set[str]:
    """Return every text that stands on a button."""
    source = "".join(path.read_text(encoding="utf-8") for path in catalogue.PHONE.rglob("*.ts*"))
    buttons = re.findall(r"<Button\b(.*?)</Button>", source, re.S) + re.findall(r"function mendWord.*?\n}", source, re.S)
    return {text for button in buttons for text in re.findall(r'(?<!label=\{)_\("([^"]+)"', button)}


@pytest.mark.parametrize("language", ["en", *catalogue.PHONE_LANGUAGES])
def test_a_button_has_three_words_at_most(language: str) -> None:
    said = {message.id: message.string for message in catalogue.read(language)} if language != "en" else {}
    texts = {str(said.get(text, text)) for text in button_words()}
    assert len(texts) > 20
    assert {text for text in texts if len(text.replace("…", "").split()) > 3} == set()
