"""A phone with a quarter of a core at a served town, with the eyes of a stop watch: what is on its screen, and since when."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import ConsoleMessage, sync_playwright

from bench.quota import Quota
from relief import create_app
from relief.accounts.service import add_user
from relief.db import unit_of_work
from relief.operations.service import register_operation, store_plan
from relief.schema import upgrade_schema
from relief.settings import Settings
from tests.office.conftest import FIELDS, make_plan
from tests.phone.browsers import PIN, Phone, chromium, launch
from tests.phone.built import built_app
from tests.phone.hand import Hand
from tests.phone.served import Served
from tests.phone.serving import begin, build_town_of_today

READING_SECONDS, CHANGING_SECONDS = 0.5, 0.5  # a volunteer looks at the answer, and the next card is held up
REST_SECONDS = 3  # until what was closed is gone
MAIN_BUTTON = (160, 596)  # of the first screens of a card, under the thumb
# Says what is on the screen, once it is painted, with the moment in milliseconds since 1970.
STOP_WATCH = """(() => {
    const say = (what, at = performance.now()) => console.log(`watch ${performance.timeOrigin + at} ${what}`);
    const painted = (what) => requestAnimationFrame(() => setTimeout(() => say(what)));
    const screen = () => ["offer", "serve"].find((kind) => document.querySelector(`main.${kind}`))
        ?? ["keypad", "counts"].find((part) => document.querySelector(`.${part}`)) ?? "other";
    let before = "";
    const look = () => {
        const now = `${screen()} ${document.querySelector(".told p, .whose")?.textContent ?? ""}`;
        if (now !== before) painted(now);
        before = now;
    };
    new MutationObserver(look).observe(document, { childList: true, subtree: true, characterData: true });
    document.addEventListener("playing", () => painted("camera"), true);
    document.addEventListener("pointerup", (event) => say("tap", event.timeStamp), true);
    say("opened", 0);
})()"""


class SlowPhone:
    """One that has joined and serves, without network. Times are seconds from a deed to what is then painted on the screen."""

    def __init__(self, phone: Phone, hand: Hand, quota: Quota) -> None:
        self.phone, self.hand, self.quota = phone, hand, quota

    def answer(self, picture: Image.Image, screen: str = "offer") -> float:
        """Hold something up; return how long until it is answered."""
        held = time.time()
        return self._moment(screen, lambda: self.hand.hold(picture)) - held

    def give(self) -> float:
        """Tap what gives it all; return how long until the camera's screen is there again."""
        return self._between("tap", "serve", lambda: self.phone.page.touchscreen.tap(*MAIN_BUTTON))

    def serve_queue(self, pictures: list[Image.Image]) -> tuple[list[float], float]:
        """Serve a queue as a volunteer does; return the answers' times, and how many cards that is a minute."""
        answers, began = [], time.monotonic()
        for picture in pictures:
            answers.append(self.answer(picture))
            self.phone.page.wait_for_timeout(READING_SECONDS * 1000)
            self.give()
            self.phone.page.wait_for_timeout(CHANGING_SECONDS * 1000)
        return answers, len(pictures) / (time.monotonic() - began) * 60

    def start_cold(self) -> tuple[float, float]:
        """Open the closed app in a browser at rest; return how long to the PIN, and from the PIN to the camera's picture."""
        self.phone.page.close()
        self.phone.page = self.phone.open()
        self.phone.page.wait_for_timeout(REST_SECONDS * 1000)
        to_pin = self._between("opened", "keypad", lambda: self.phone.page.goto("/phone/", wait_until="commit"))
        for digit in PIN:
            self.phone.press(digit)
        return to_pin, self._between("tap", "camera", lambda: self.phone.press("OK"))  # back in the queue, where it was closed

    def _between(self, first: str, then: str, do: Callable[[], object]) -> float:
        """Do something; return the time from what the stop watch says first to what it says then."""
        with self.phone.page.expect_console_message(says(first)) as began:
            ended = self._moment(then, do)
        return ended - moment_of(began.value)

    def _moment(self, what: str, do: Callable[[], object]) -> float:
        """Do something; return the moment, in seconds since 1970, at which the stop watch says what."""
        with self.phone.page.expect_console_message(says(what)) as said:
            do()
        return moment_of(said.value)


def says(what: str) -> Callable[[ConsoleMessage], bool]:
    return lambda message: message.text.split()[2:3] == [what]


def moment_of(message: ConsoleMessage) -> float:
    return float(message.text.split()[1]) / 1000


@contextmanager
def slow_phone(folder: Path, families: int) -> Iterator[tuple[SlowPhone, Served]]:
    """Yield a phone at a town of so many families; it is slow while `quota.slow()` is entered."""
    with served_town(folder, families) as served, sync_playwright() as player:
        hand, quota = Hand(folder / "camera.y4m", 1280, 720), Quota(folder, chromium())
        browser = launch(player, hand.flag, program=str(quota.wrapper))
        phone = Phone(browser, served.address)
        phone.context.add_init_script(STOP_WATCH)
        try:
            begin(phone, served)
            phone.see("Show a card")
            phone.context.set_offline(True)
            served.stop()
            yield SlowPhone(phone, hand, quota), served
            phone.close()
        finally:
            browser.close()
            quota.close()


@contextmanager
def served_town(folder: Path, families: int) -> Iterator[Served]:
    built_app()
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    app = create_app(Settings(instance=folder, database_url=f"sqlite:///{folder / 'relief.db'}"))
    with app.app_context():
        upgrade_schema()
        now = int(time.time())
        with unit_of_work() as session:
            operation_id = register_operation(session, FIELDS, now)
            manager_id = add_user(session, "manager@example.org", "Manager", now=now)
            session.flush()
            store_plan(session.connection(), operation_id, make_plan(operation_id), None, now)
        rows = tuple((f"Family {place}", "Borki", "school", place % 5 + 1) for place in range(families))
        served = Served(app, build_town_of_today(operation_id, manager_id, families=rows))
        try:
            yield served
        finally:
            served.stop()
