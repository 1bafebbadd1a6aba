"""The pages of paper: printing, counting in and out, typing in, the photo, and who has not come."""

from __future__ import annotations

import io
import re

import pytest
import zxingcpp
from PIL import Image
from sqlalchemy import select

from relief.accounts.models import AuditEntry
from relief.db import db, snapshot
from relief.kernel.ids import to_text
from relief.office.paper.queries import count_sheets, list_sheets
from tests.accounts.people import browser_of, make_operation, make_user, send
from tests.cards.printed import pictures, texts
from tests.office.paper_town import DAY, TIME, Town, build_town


@pytest.fixture
def town(setting) -> Town:
    return build_town(setting.operation_id, setting.manager_id)


@pytest.fixture
def manager(app, town):
    return browser_of(app, town.user_id, [town.operation_id])


@pytest.fixture
def base(town):
    return f"/operations/{to_text(town.operation_id)}/paper"


def order(town, **more):
    return {"site": town.id("school"), "round": town.id("round"), "items": [town.id("parcel"), town.id("talk")], "count": "2",
            "lane": "0", **more}  # fmt: skip


def actions():
    db.session.rollback()
    rows = db.session.execute(select(AuditEntry.action, AuditEntry.purpose).order_by(AuditEntry.id))
    return [(action, purpose != "") for action, purpose in rows]


def test_sheets_are_printed_with_numbers_of_their_own_and_an_independent_decoder_reads_their_codes(manager, town, base):
    answer = send(manager, base, **order(town, lane="all"))
    assert answer.status_code == 200 and answer.mimetype == "application/pdf"
    pages, found = texts(answer.data), [zxingcpp.read_barcodes(each)[0].text for each in pictures(answer.data)]
    with snapshot() as connection:
        codes = [sheet.code for sheet in list_sheets(connection, town.operation_id).rows]
    assert found == codes[::-1] and len(codes) == 4
    assert "Tally sheet 0003" in pages[2] and "School 3" in pages[2] and "Lane 2 of 2" in pages[2]
    assert "Talk" in pages[0] and "PSS" not in pages[0]
    assert ("paper.printed", False) in actions()


def test_a_second_print_goes_on_counting(manager, town, base):
    send(manager, base, **order(town))
    assert "Tally sheet 0003" in texts(send(manager, base, **order(town)).data)[0]


@pytest.mark.parametrize(("field", "value"), [("site", "x"), ("round", ""), ("items", []), ("count", "0"), ("count", "1000"),
                                              ("lane", "7")])  # fmt: skip
def test_what_the_plan_does_not_have_is_not_printed(manager, town, base, field, value):
    answer = send(manager, base, **order(town, **{field: value}))
    assert answer.status_code == 422
    assert town_counts(town) == {}


def town_counts(town):
    with snapshot() as connection:
        return count_sheets(connection, town.operation_id)


def test_sheets_are_counted_in_and_out(manager, town, base):
    sheets = town.print(count=3)
    for sheet, state in zip(sheets, ("filled", "unused", "missing"), strict=True):
        assert send(manager, f"{base}/{sheet.id}/state", base, state=state).status_code == 303
    assert town_counts(town)[town.id("school")] == {"printed": 0, "filled": 1, "entered": 0, "unused": 1, "missing": 1}
    page = manager.get(f"{base}?state=missing").get_data(as_text=True)
    assert sheets[2].code in page and sheets[0].code not in page


@pytest.mark.parametrize("typed", ["1", "0001", "code"])
def test_a_sheet_is_found_by_its_number_or_code(manager, town, base, typed):
    (sheet,) = town.print()
    answer = send(manager, f"{base}/open", base, code=sheet.code.lower() if typed == "code" else typed)
    assert answer.headers["Location"].endswith(sheet.id)


@pytest.mark.parametrize(("typed", "status"), [("2", 404), ("0001-AAAA", 404), ("17-0403-1", 422), ("one", 422)])
def test_a_code_that_is_no_sheets_says_so(manager, town, base, typed, status):
    town.print()
    assert send(manager, f"{base}/open", base, code=typed).status_code == status


def fill(town, sheet, *places):
    fields = {"day": DAY, "about_time": TIME, "version": str(town.now(sheet).version), "then": "look"}
    for line, place in enumerate(places, 1):
        card = town.cards[place]
        fields |= {f"number-{line}": card.number, f"signs-{line}": card.last_four, f"item-{line}-0": "x"}
    return fields


def test_a_sheet_is_typed_looked_at_and_entered(manager, town, base):
    (sheet,) = town.print()
    where = f"{base}/{sheet.id}"
    assert send(manager, where, **fill(town, sheet, 0, 1)).headers["Location"].endswith("/look")
    page = manager.get(f"{where}/look").get_data(as_text=True)
    assert "2 new lines" in page and town.look(sheet).new == [1, 2]
    answer = send(manager, f"{where}/look", version=str(town.now(sheet).version))
    assert answer.status_code == 303
    page = manager.get(where).get_data(as_text=True)
    assert "2 hand-overs entered." in page and town.now(sheet).state == "entered"
    assert ("paper.sheet_entered", True) in actions()


def test_a_script_is_answered_line_by_line(manager, town, base):
    (sheet,) = town.print()
    fields = fill(town, sheet, 0) | {"number-2": "99-0001", "item-2-0": "1"}
    token = re.search(r'name="csrf_token" value="([^"]+)"', manager.get(f"{base}/{sheet.id}").get_data(as_text=True)).group(1)
    answer = manager.post(f"{base}/{sheet.id}", data=fields | {"csrf_token": token}, headers={"Accept": "application/json"})
    lines = answer.get_json()["lines"]
    assert (lines["1"]["state"], lines["1"]["given"]) == ("ready", {town.id("parcel"): "1"})
    assert lines["2"]["state"] == "waiting" and lines["2"]["ask"] and lines["2"]["remarks"][0]["stops"]
    stale = manager.post(f"{base}/{sheet.id}", data=fields | {"csrf_token": token}, headers={"Accept": "application/json"})
    assert (stale.status_code, stale.get_json()["error"]["code"]) == (409, "sheet_changed")


def photo_file(form="JPEG"):
    picture, file = Image.new("RGB", (300, 200), "white"), io.BytesIO()
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "SECRETMAKER", 6
    picture.save(file, form, exif=exif, comment=b"SECRETCOMMENT") if form == "JPEG" else picture.save(file, form)
    return file.getvalue()


def add_photo(manager, where, content):
    token = re.search(r'name="csrf_token" value="([^"]+)"', manager.get(where).get_data(as_text=True)).group(1)
    return manager.post(f"{where}/photo", data={"csrf_token": token, "photo": (io.BytesIO(content), "p.jpg")},
                        content_type="multipart/form-data")  # fmt: skip


def test_a_photo_is_drawn_anew_upright_without_what_the_camera_wrote_and_shown_beside_the_lines(manager, town, base):
    (sheet,) = town.print()
    where = f"{base}/{sheet.id}"
    assert add_photo(manager, where, photo_file()).status_code == 303
    shown = manager.get(f"{where}/photo.jpg").data
    with Image.open(io.BytesIO(shown)) as picture:
        assert (picture.format, picture.size, len(picture.getexif())) == ("JPEG", (200, 300), 0)
    assert b"SECRET" not in shown
    assert "photo.jpg" in manager.get(where).get_data(as_text=True)
    send(manager, f"{where}/photo/remove", where)
    assert manager.get(f"{where}/photo.jpg").status_code == 404


@pytest.mark.parametrize("content", [b"", b"%PDF-1.4", b"GIF89a" + bytes(20), photo_file()[:200]])
def test_what_is_no_photo_is_not_kept(manager, town, base, content):
    (sheet,) = town.print()
    assert add_photo(manager, f"{base}/{sheet.id}", content).status_code == 422


def test_who_has_not_come_is_listed_by_village_and_printed(manager, town, base):
    (sheet,) = town.print()
    town.type(sheet, town.line(0))
    town.enter(sheet)
    page = manager.get(f"{base}/missing?item={town.id('parcel')}").get_data(as_text=True)
    assert "3 families" in page and "Жук Олег" in page and "Ivanova" not in page
    assert manager.get(f"{base}/missing?site={town.id('club')}").get_data(as_text=True).count("<tr>") == 2
    everything = manager.get(f"{base}/missing").get_data(as_text=True)
    assert "Ivanova" in everything and "has had a part" in everything
    printed = manager.get(f"{base}/missing/list.pdf?item={town.id('parcel')}")
    text = texts(printed.data)[0]
    assert "Borki: 1 family" in text and "Lipy: 2 families" in text and "Жук Олег" in text and town.cards[3].number in text
    assert "As of" in text
    assert ("paper.missing_listed", True) in actions() and ("paper.missing_printed", True) in actions()


def test_the_list_says_which_sheets_are_not_typed_in(manager, town, base):
    town.print(count=2)
    assert "2 tally sheets not typed in" in manager.get(f"{base}/missing").get_data(as_text=True)


def test_people_are_shown_only_to_who_says_why(app, town, base):
    (sheet,) = town.print()
    browser = browser_of(app, town.user_id)
    for address in (f"{base}/missing", f"{base}/missing/list.pdf", f"{base}/{sheet.id}", f"{base}/{sheet.id}/photo.jpg"):
        answer = browser.get(address)
        assert answer.status_code == 303 and "/purpose" in answer.headers["Location"]


def test_a_sheet_of_another_operation_is_none(app, manager, town, base):
    other = make_operation("Another")
    user = make_user("other@example.org", roles=((other, "manager"),))
    (sheet,) = town.print()
    browser = browser_of(app, user, [other])
    assert browser.get(f"/operations/{to_text(other)}/paper/{sheet.id}").status_code == 404
    assert browser.get(f"{base}/{sheet.id}").status_code == 404


def test_the_page_speaks_of_problems_only_where_there_are_some(manager, base):
    assert "problem" not in manager.get(base).get_data(as_text=True)


def test_signs_say_which_cards_belong_to_which_lane(manager, town, base):
    page = manager.get(f"{base}/lanes").get_data(as_text=True)
    assert "0 1 2 3 4 5 6 7 8 9 A B C D E F" in page
