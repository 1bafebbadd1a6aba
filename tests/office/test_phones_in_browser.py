"""The pages of phones in a real browser: a code on the screen tells by itself when a phone has joined, and so does the list."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Page, expect, sync_playwright
from werkzeug.serving import make_server

from relief.kernel.ids import to_text
from tests.accounts.people import browser_of, make_user
from tests.conftest import only_sqlite
from tests.ledger.field import Field

pytestmark = only_sqlite
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
PATIENCE_MS = 30_000


@pytest.fixture
def field(app, clock) -> Field:
    return Field(app, clock)


@pytest.fixture
def page(app, field) -> Iterator[Page]:
    """A browser as narrow as a phone, in which the manager is signed in."""
    user_id = make_user("manager@example.org", roles=((field.operation_id, "manager"),))
    cookie = browser_of(app, user_id, [field.operation_id]).get_cookie("relief_session")
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        with sync_playwright() as player:
            chromium = player.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
            address = f"http://127.0.0.1:{server.server_port}"
            context = chromium.new_context(base_url=address, viewport={"width": 320, "height": 640}, color_scheme="dark")
            context.add_cookies([{"name": "relief_session", "value": cookie.value, "domain": "127.0.0.1", "path": "/"}])
            context.set_default_timeout(PATIENCE_MS)
            expect.set_options(timeout=PATIENCE_MS)
            yield context.new_page()
            chromium.close()
    finally:
        server.shutdown()
        thread.join(PATIENCE_MS / 1000)
        server.server_close()


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
