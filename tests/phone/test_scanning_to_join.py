"""The join code is read with the camera from the lead's screen: the way of an iPhone, whose home screen knows no link."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect, sync_playwright

from tests.conftest import only_sqlite
from tests.phone.browsers import Phone, launch
from tests.phone.film import HEIGHT, WIDTH, film_of, film_of_code
from tests.phone.served import Served

pytestmark = only_sqlite


# A browser that gives no picture before it is painted, and one that gives it in a form which nobody knows.
OTHER_CAMERAS = {
    "painted": "delete window.MediaStreamTrackProcessor",
    "of an odd form": """{ const Real = VideoFrame; window.VideoFrame = function () {
        return new Real(new Uint8Array(4096), { format: "I420P10", codedWidth: 16, codedHeight: 16, timestamp: 0 }); }; }""",
}


@contextmanager
def at_the_scanner(served: Served, film: Path, script: str = "", clock: bool = False) -> Iterator[Phone]:
    """A new phone whose camera sees a film, where the join code is scanned."""
    with sync_playwright() as player:
        chromium = launch(player, f"--use-file-for-fake-video-capture={film}")
        phone = Phone(chromium, served.address)
        phone.page.add_init_script(script)
        if clock:
            phone.page.clock.install()
        phone.page.goto("/phone/")
        phone.press("English")
        phone.press("Go on here")
        phone.press("Scan code")
        yield phone
        phone.close()
        chromium.close()


def test_the_leads_code_is_scanned_from_her_screen(served: Served, tmp_path: Path) -> None:
    code = served.join_code()
    with at_the_scanner(served, film_of_code(f"{served.address}/phone/#join={code}", tmp_path / "screen.y4m")) as phone:
        expect(phone.page.get_by_label("Join code")).to_have_value(code)
        phone.press("Join")
        phone.see("Who are you?")


# The app is laid aside, or taken up again: so a browser tells its page.
LAY_ASIDE = """(state) => {
    Object.defineProperty(document, "visibilityState", { configurable: true, get: () => state });
    document.dispatchEvent(new Event("visibilitychange"));
}"""
CAMERA_IS = "(on) => document.querySelector('video').srcObject?.active === on"


def test_a_camera_that_sees_no_code_sleeps_and_wakes_at_a_touch(served: Served, tmp_path: Path) -> None:
    with at_the_scanner(served, film_of(Image.new("L", (WIDTH, HEIGHT), 96), tmp_path / "wall.y4m"), clock=True) as phone:
        phone.page.wait_for_function(CAMERA_IS, arg=True)
        phone.page.clock.fast_forward(21_000)
        phone.press("Touch to scan")
        phone.page.wait_for_function(CAMERA_IS, arg=True)


def test_another_code_is_named_and_typing_is_one_touch_away(served: Served, tmp_path: Path) -> None:
    with at_the_scanner(served, film_of_code("https://example.org/menu", tmp_path / "screen.y4m")) as phone:
        expect(phone.page.get_by_role("status")).to_contain_text("This is not a join code.")
        for state, camera_is_on in (("hidden", False), ("visible", True)):
            phone.page.evaluate(LAY_ASIDE, state)
            phone.page.wait_for_function(CAMERA_IS, arg=camera_is_on)
        phone.press("Type instead")
        phone.see("Join")


@pytest.mark.parametrize("camera", OTHER_CAMERAS)
def test_a_code_is_read_however_the_camera_gives_its_pictures(served: Served, tmp_path: Path, camera: str) -> None:
    code = served.join_code()
    film = film_of_code(f"{served.address}/phone/#join={code}", tmp_path / "screen.y4m")
    with at_the_scanner(served, film, OTHER_CAMERAS[camera]) as phone:
        expect(phone.page.get_by_label("Join code")).to_have_value(code)
