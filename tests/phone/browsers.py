"""Phones for tests: contexts of one Chromium, each with a storage of its own, none of which may talk to another machine."""

from __future__ import annotations

import shutil
from typing import Any

from playwright.sync_api import Browser, Page, Playwright, Request, expect

NAMES = "MAP relief.test 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE localhost"  # no other machine is found
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", f"--host-resolver-rules={NAMES}",
    "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream", "--autoplay-policy=user-gesture-required",
]  # fmt: skip
ANDROID = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36"
IPHONE = ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
          "Version/17.5 Mobile/15E148 Safari/604.1")  # fmt: skip
PATIENCE_MS = 20_000
PIN = "2580"


def chromium() -> str:
    """Return where the machine's Chromium is."""
    return shutil.which("chromium") or "chromium"


def launch(player: Playwright, *more: str, program: str | None = None) -> Browser:
    """Start Chromium, or a program that starts it."""
    expect.set_options(timeout=PATIENCE_MS)
    return player.chromium.launch(executable_path=program or chromium(), args=[*FLAGS, *more])


class Phone:
    """A phone in somebody's hand: `page` is what she sees."""

    def __init__(self, browser: Browser, address: str, user_agent: str = ANDROID, language: str = "en", **more: Any) -> None:
        self.address = address
        self.elsewhere: list[str] = []
        self.failures: list[str] = []
        screen = {"width": 320, "height": 640}
        self.context = browser.new_context(base_url=address, user_agent=user_agent, locale=language, viewport=screen,
                                           has_touch=True, is_mobile=True, permissions=["camera"], **more)  # fmt: skip
        self.context.set_default_timeout(PATIENCE_MS)
        self.context.on("request", self._look)
        self.page = self.open()

    def open(self) -> Page:
        """Return another window on the same phone."""
        page = self.context.new_page()
        page.on("pageerror", lambda error: self.failures.append(str(error)))
        return page

    def close(self) -> None:
        self.context.close()
        assert self.elsewhere == [], "another origin was asked"
        assert self.failures == [], "a script failed"

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def press_twice(self, name: str) -> None:
        """Press a button as a cold thumb does: the second time before the first has come to its end."""
        self.page.get_by_role("button", name=name, exact=True).evaluate("(button) => { button.click(); button.click(); }")

    def see(self, title: str) -> None:
        """Wait until the screen with this title is there."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(title)

    def type_pin(self, pin: str) -> None:
        for digit in pin:
            self.press(digit)
        self.press("OK")

    def join(self, link: str) -> None:
        """Go from the lead's link to the field check."""
        self.page.goto(link)
        self.press("English")
        self.press("Go on here")
        self.press("Join")
        self.page.get_by_label("Your name here").fill("Olga")
        self.press("Next")
        self.type_pin(PIN)
        self.see("The same PIN again")
        self.type_pin(PIN)
        self.press("Ask me now")
        self.see("Field check")

    def wait_until_stored(self) -> None:
        """Wait until the app is on the phone as a whole."""
        expect(self.page.get_by_text("The app opens without network.")).to_be_visible()

    def wait_for(self, script: str) -> None:
        """Wait until a function on the page returns something true. Playwright's own wait takes a promise for true."""
        self.page.evaluate(f"""async () => {{ const end = performance.now() + {PATIENCE_MS};
            while (!(await ({script})())) {{
                if (performance.now() > end) throw new Error("not true in time");
                await new Promise((done) => setTimeout(done, 20));
            }} }}""")

    def _look(self, request: Request) -> None:
        if not request.url.startswith((self.address, "blob:", "data:")):
            self.elsewhere.append(request.url)
