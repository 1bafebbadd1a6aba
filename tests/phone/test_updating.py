"""A new version of the app waits until somebody lets it in, and what is not in order is not let in."""

from __future__ import annotations

import shutil
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

from playwright.sync_api import expect

from tests.conftest import only_sqlite
from tests.phone.browsers import PIN, Phone
from tests.phone.built import built_app
from tests.phone.eyes import problems_at_both_sizes
from tests.phone.served import Served
from tests.phone.serving import assert_given_once, give, send
from tests.phone.weather import no_sync

pytestmark = only_sqlite


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


def test_a_new_version_waits_for_a_full_outbox_even_when_the_app_was_closed(
    volunteer: Phone, served: Served, tmp_path: Path
) -> None:
    before = served.app.static_folder
    served.weather = no_sync
    give(volunteer, served)
    newer(served.app, tmp_path)
    volunteer.page.reload()
    expect(volunteer.page.get_by_text("A new version is here.")).to_be_visible()
    volunteer.page.close()  # the browser lets the new worker in now
    volunteer.page = volunteer.open()
    volunteer.page.goto("/phone/")
    volunteer.type_pin(PIN)
    expect(volunteer.page.get_by_text("A new version is here.")).to_be_visible()
    assert volunteer.page.title() == "relief"
    volunteer.press("Update")
    expect(volunteer.page.get_by_text("2 records are not sent yet.")).to_be_visible()
    assert problems_at_both_sizes(volunteer.page) == []
    volunteer.press("Update anyway")
    expect(volunteer.page).to_have_title("relief new")
    served.weather = None
    send(volunteer)
    assert_given_once(served)
    served.app.static_folder = before
    volunteer.page.reload()
    expect(volunteer.page.get_by_text("A new version is here.")).to_be_visible()
    assert volunteer.page.title() == "relief new"
    volunteer.page.close()
    volunteer.page = volunteer.open()
    volunteer.page.goto("/phone/")
    expect(volunteer.page).to_have_title("relief")  # with nothing unsent it comes in by itself


def test_a_file_that_is_not_what_was_built_is_not_kept(phone: Phone, served: Served, tmp_path: Path) -> None:
    newer(served.app, tmp_path)
    page = tmp_path / "phone" / "index.html"
    page.write_text(page.read_text(encoding="utf-8") + "<!-- a network's own words -->", encoding="utf-8")
    phone.join(served.join_link())
    expect(phone.page.get_by_text("Not all of the app is on the phone yet.")).to_be_visible()
