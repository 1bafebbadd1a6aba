"""What is wrong with a screen for other eyes and hands, and which screens there are to be looked at."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache

from playwright.sync_api import Page

from tests.house import catalogue
from tests.house.source import ROOT
from tests.phone.browsers import Phone

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
# A line that is written from the right goes beyond on the left.
TOO_WIDE = """async () => { await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
    const page = document.documentElement, box = (element) => element.getBoundingClientRect();
    const edges = (each) => box(each.matches(".button") ? each.parentElement : page);
    const isBeyond = (each) => box(each).right > edges(each).right + 1 || box(each).left < edges(each).left - 1;
    const looked = page.scrollWidth > page.clientWidth ? "main *" : ".button";
    return [...document.querySelectorAll(looked)].filter(isBeyond).map((each) => `too wide: ${each.outerHTML}`); }"""
SMALL_SCREEN, HALF_A_SCREEN = {"width": 320, "height": 640}, {"width": 160, "height": 320}  # 320 px at 200 %


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


def problems_at_both_sizes(page: Page) -> list[object]:
    """Return what is wrong with the screen in view, also with everything twice as large."""
    found = problems(page)
    page.set_viewport_size(HALF_A_SCREEN)
    found += page.evaluate(TOO_WIDE)
    page.set_viewport_size(SMALL_SCREEN)
    return found


# Which screens the walks must have passed, by their titles in English. A walk that did not see its own fails.
SEEN = {
    "a shift": {
        "Your language", "Put it on your home screen", "Join", "Scan your lead's code", "Who are you?", "Choose a PIN",
        "The same PIN again", "The phone will ask you", "Getting ready", "Field check", "This table", "Show a card",
        "Type the code", "What exactly?", "Goes without: why?", "The last twenty", "Take back: why?",
        "Practice: show a card", "Give", "Had all", "Blank card", "Unknown here", "Old card", "Not decided yet",
        "Not on the list",
    },
    "the lead's day": {
        "My day", "For your lead", "Open day: count", "Stock", "Read phones", "The lost card", "Why a new card?", "A blank card",
        "Replace card", "New phone", "Scan to join", "Close day: count", "%(site)s: day closed", "Which site?", "Earlier days",
        "Give anyway", "Give anyway: why?", "Nothing due", "Not here",
    },
    "without a card": {
        "No card", "Find by name", "PIN, %(name)s", "People without card", "Read this out", "The family", "Where are they from?",
        "Names", "Correct the family", "No such family", "Who has it now?",
    },
    "what was not sent": {
        "Did you give it?", "What was sent", "Ask your lead", "Hand on", "Take in", "Scan the other phone", "Leave operation",
    },
}  # fmt: skip
SCREEN = re.compile(r"<\w*(?:Screen|Scanner)\b[^<]*?\btitle=\{((?:[^{}]|\{[^{}]*\})*)\}")
ANSWER = re.compile(r'\bword: \(\) => (_\("[^"]+"\))')
WORDS = re.compile(r'_\("([^"]+)"')


class Eyes:
    """Follow a walk, and look at each screen where it stops: `wrong` says what is wrong with which."""

    def __init__(self, phone: Phone, look: Callable[[Page], list[object]] = problems) -> None:
        self.phone, self.look = phone, look
        self.wrong: dict[str, list[object]] = {}
        self.titles: set[str] = set()

    def follow(self, walk: Iterable[str]) -> None:
        for screen in walk:
            page = self.phone.page
            language = str(page.locator("html").get_attribute("lang"))
            self.titles |= titles_in_english(page.locator("h1").inner_text(), language)
            if found := self.look(page):
                self.wrong[screen] = found


def look_at(phone: Phone, title: str) -> None:
    """Wait for the screen with this title, in English, and find nothing wrong with it."""
    phone.see(title)
    assert problems(phone.page) == []


def all_titles() -> set[str]:
    """Return the titles of all screens, those left out that are called by a name: of the operation, of a site, of a code."""
    sources = [path.read_text(encoding="utf-8") for path in catalogue.PHONE.rglob("*.ts*")]
    found = [part for source in sources for pattern in (SCREEN, ANSWER) for part in pattern.findall(source)]
    return {title for part in found for title in WORDS.findall(part)}


def titles_in_english(shown: str, language: str) -> set[str]:
    return {title for title, pattern in _titles(language).items() if pattern.fullmatch(shown)}


@cache
def _titles(language: str) -> dict[str, re.Pattern[str]]:
    said = {} if language == "en" else {message.id: message.string for message in catalogue.read(language)}
    return {title: re.compile(re.sub(r"%\\\((\w+)\\\)s", ".+", re.escape(str(said.get(title, title))))) for title in all_titles()}
