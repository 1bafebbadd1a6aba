"""A phone that has joined opens and works without network, and a new version waits until somebody lets it in."""

from __future__ import annotations

import shutil
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

from playwright.sync_api import expect

from tests.conftest import only_sqlite
from tests.phone.browsers import PIN, Phone
from tests.phone.built import built_app
from tests.phone.served import Served

pytestmark = only_sqlite
TAKEN_OVER = """new Promise((done) => navigator.serviceWorker.controller ? done()
    : navigator.serviceWorker.addEventListener("controllerchange", () => done()))"""


def test_the_app_opens_without_network(phone: Phone, served: Served) -> None:
    phone.join(served.join_link())
    phone.wait_until_stored()
    served.stop()
    phone.page.reload()
    phone.see("Field check")
    expect(phone.page.get_by_text("A test code was read.")).to_be_visible()  # the decoder is there too
    expect(phone.page.get_by_text("Right.")).to_be_visible()  # it remembers the server's clock


def test_a_phone_that_was_switched_off_opens_without_network(phone: Phone, served: Served) -> None:
    phone.join(served.join_link())
    phone.wait_until_stored()
    phone.press("Start")
    phone.page.close()
    served.stop()
    phone.page = phone.open()
    phone.page.goto("/phone/")
    phone.type_pin(PIN)
    phone.see("spring-floods")


def test_another_language_is_there_without_network(phone: Phone, served: Served) -> None:
    phone.join(served.join_link())
    phone.wait_until_stored()
    phone.press("Start")
    served.stop()
    phone.press("Language")
    phone.press("العربية")
    expect(phone.page.locator("html")).to_have_attribute("dir", "rtl")


def newer(app, folder: Path) -> None:
    """Serve a version with another title."""
    shutil.copytree(built_app(), folder / "phone", ignore=shutil.ignore_patterns("*.gz", "*.br"))
    app.static_folder = str(folder)
    page, worker = folder / "phone" / "index.html", folder / "phone" / "service-worker.js"
    before = digest(page)
    page.write_text(page.read_text(encoding="utf-8").replace("<title>relief", "<title>relief new"), encoding="utf-8")
    kept = worker.read_text(encoding="utf-8")
    assert before in kept
    worker.write_text(kept.replace(before, digest(page)).replace("relief-", "relief-new-"), encoding="utf-8")


def digest(file: Path) -> str:
    return b64encode(sha256(file.read_bytes()).digest()).decode()


def test_a_new_version_waits_until_update_is_pressed(phone: Phone, served: Served, tmp_path: Path) -> None:
    phone.join(served.join_link())
    phone.wait_until_stored()
    newer(served.app, tmp_path)
    phone.page.reload()
    phone.see("Field check")
    expect(phone.page.get_by_text("A new version is here.")).to_be_visible()
    assert phone.page.title() == "relief"
    phone.page.reload()
    phone.see("Field check")
    assert phone.page.title() == "relief"  # a reload lets nothing in
    phone.press("Update")
    expect(phone.page).to_have_title("relief new")
    phone.see("Field check")
    expect(phone.page.get_by_text("A new version is here.")).to_have_count(0)
    phone.page.reload()  # the version before answers for the new one until the app is closed, and never offers itself again
    phone.see("Field check")
    expect(phone.page.get_by_text("The app opens without network.")).to_be_visible()  # the workers were asked by now
    expect(phone.page.get_by_text("A new version is here.")).to_have_count(0)
    assert phone.page.title() == "relief new"


def test_the_very_first_visit_is_not_reloaded(phone: Phone, served: Served) -> None:
    phone.page.goto("/phone/")
    phone.page.evaluate("window.stillHere = true")
    phone.page.evaluate(TAKEN_OVER)
    assert phone.page.evaluate("window.stillHere")


def test_the_api_is_never_answered_from_the_phone(phone: Phone, served: Served) -> None:
    phone.page.goto("/phone/")
    phone.page.evaluate(TAKEN_OVER)
    served.stop()
    asked = "fetch('/healthz').then(() => 'answered', () => 'nobody')"
    assert phone.page.evaluate(asked) == "nobody"


def test_a_file_that_is_not_what_was_built_is_not_kept(phone: Phone, served: Served, tmp_path: Path) -> None:
    newer(served.app, tmp_path)
    page = tmp_path / "phone" / "index.html"
    page.write_text(page.read_text(encoding="utf-8") + "<!-- a network's own words -->", encoding="utf-8")
    phone.join(served.join_link())
    expect(phone.page.get_by_text("Not all of the app is on the phone yet.")).to_be_visible()
