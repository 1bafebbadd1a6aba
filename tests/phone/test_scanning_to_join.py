"""The join code is read with the camera from the lead's screen: the way of an iPhone, whose home screen knows no link."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.conftest import only_sqlite
from tests.phone.browsers import Phone, launch
from tests.phone.film import film_of_code
from tests.phone.served import Served

pytestmark = only_sqlite


@pytest.mark.parametrize("shown", ["the lead's link", "something else"])
def test_a_code_is_scanned_from_the_leads_screen(served: Served, tmp_path: Path, shown: str) -> None:
    code = served.join_code()
    text = f"{served.address}/phone/#join={code}" if shown == "the lead's link" else "https://example.org/menu"
    film = film_of_code(text, tmp_path / "screen.y4m")
    with sync_playwright() as player:
        chromium = launch(player, f"--use-file-for-fake-video-capture={film}")
        phone = Phone(chromium, served.address)
        phone.page.goto("/phone/")
        phone.press("English")
        phone.press("Go on here")
        phone.press("Scan code")
        if shown == "the lead's link":
            expect(phone.page.get_by_label("Join code")).to_have_value(code)
            phone.press("Join")
            phone.see("Who are you?")
        else:
            expect(phone.page.get_by_role("status")).to_contain_text("This is not a join code.")
            phone.press("Type instead")
            phone.see("Join")
        phone.close()
        chromium.close()
