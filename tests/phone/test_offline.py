"""A phone that has joined opens and works without network, and a new version waits until somebody lets it in."""

from __future__ import annotations

import shutil
from pathlib import Path

from playwright.sync_api import expect

from tests.conftest import only_sqlite
from tests.phone.browsers import PIN, Phone
from tests.phone.built import built_app
from tests.phone.served import Served

pytestmark = only_sqlite


def test_the_app_opens_without_network(phone: Phone, served: Served) -> None:
    phone.join(served.join_link())
    phone.wait_until_stored()
    served.stop()
    phone.page.reload()
    phone.see("Field check")
    expect(phone.page.get_by_text("A test code was read.")).to_be_visible()  # the decoder is there too


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
    """Serve a version in which one word differs."""
    shutil.copytree(built_app(), folder / "phone")
    app.static_folder = str(folder)
    for name in ("service-worker.js", "index.html"):
        for packed in (".gz", ".br"):
            (folder / "phone" / (name + packed)).unlink()
        file = folder / "phone" / name
        file.write_text(file.read_text(encoding="utf-8").replace("<title>relief", "<title>relief new") + "\n", encoding="utf-8")
    worker = folder / "phone" / "service-worker.js"
    worker.write_text(worker.read_text(encoding="utf-8").replace("relief-", "relief-new-"), encoding="utf-8")


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


def test_the_very_first_visit_is_not_reloaded(phone: Phone, served: Served) -> None:
    phone.page.goto("/phone/")
    phone.page.evaluate("window.stillHere = true")
    phone.page.evaluate("navigator.serviceWorker.ready")
    phone.page.wait_for_function("navigator.serviceWorker.controller !== null")
    assert phone.page.evaluate("window.stillHere")


def test_the_api_is_never_answered_from_the_phone(phone: Phone, served: Served) -> None:
    phone.page.goto("/phone/")
    phone.page.wait_for_function("navigator.serviceWorker.controller !== null")
    served.stop()
    asked = "fetch('/healthz').then(() => 'answered', () => 'nobody')"
    assert phone.page.evaluate(asked) == "nobody"
