"""The pages of phones in a real browser: a code on the screen tells by itself when a phone has joined, and so does the list."""

from __future__ import annotations

import zxingcpp
from PIL import Image
from playwright.sync_api import expect

from relief.kernel.ids import to_text
from tests.conftest import only_sqlite

pytestmark = only_sqlite


def address_of(field) -> str:
    return f"/operations/{to_text(field.operation_id)}/phones"


def test_a_code_is_scanned_off_the_screen_and_the_page_says_that_the_phone_has_joined(page, field, tmp_path):
    page.goto(f"{address_of(field)}/join")
    page.get_by_label("What to call it").fill("School 3")
    page.get_by_role("button", name="Make the codes").click()
    code = page.locator(".join-code .number").inner_text()
    picture = tmp_path / "screen.png"
    page.locator(".join-code").screenshot(path=picture)  # in the dark, on the narrowest screen
    (read,) = zxingcpp.read_barcodes(Image.open(picture))
    assert read.text.endswith(f"/phone/#join={code}")
    expect(page.locator(".join-code")).to_have_attribute("data-state", "open")
    field.app.test_client().post("/api/v1/enrol", json={"code": read.text.partition("#join=")[2]})
    expect(page.locator(".join-code")).to_have_attribute("data-state", "joined")
    expect(page.locator("#codes-said")).to_have_text("School 3: Joined")


def test_the_list_shows_a_phone_that_joined_meanwhile(page, field):
    page.goto(address_of(field))
    expect(page.get_by_text("No phone yet")).to_be_visible()
    field.phone("table 7")
    expect(page.get_by_role("link", name="table 7")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
