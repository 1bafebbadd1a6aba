"""Cards and hand-out lists on paper: codes, order, names of any script, parts of a run; every print has a purpose."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import func, select

from relief.accounts.service import add_user, grant_role
from relief.cards.models import Card, CardPrint, CardPrintPart
from relief.cards.rules import check_code, practice_code, practice_number
from relief.db import db, unit_of_work
from relief.kernel.ids import to_bytes, to_text
from relief.office.cards.print_jobs import KEPT_SECONDS, STANDS_STILL_SECONDS
from relief.office.cards.printing import SAMPLE
from tests.cards.printed import drawn, lines, texts
from tests.office.card_town import FAMILIES, acts, address, cards, codes, enter, read


def test_printed_sheets_hold_the_codes_that_the_ledger_keeps_in_the_order_of_the_list(issued, base, setting):
    answer = issued.get(f"{base}/runs/1/cards.pdf")
    assert answer.mimetype == "application/pdf" and answer.headers["Cache-Control"] == "no-store"
    assert read(answer.data) == set(codes(setting).values())
    listed = [line for page in lines(issued.get(f"{base}/runs/1/list.pdf").data) for line in page if line[:1].isdigit()]
    assert [(line[:7], line[-4:]) for line in listed] == [(number, code[-4:]) for number, code in codes(setting).items()]
    assert not any(code in "".join(listed) for code in codes(setting).values())


def test_the_list_names_families_of_any_script_by_site(issued, base):
    club, school = lines(issued.get(f"{base}/runs/1/list.pdf").data)
    named = [[line[7:-4] for line in page if line[:1].isdigit()] for page in (club, school)]
    anna, mohammed, oleg = (drawn(head) for _id, head, _village, _site in FAMILIES)
    assert named == [[oleg], [anna, mohammed]]
    assert (club[1], school[1]) == ("Club", "School3") and "Vetka" in school


def test_no_card_says_who_it_is_for(issued, base):
    text = "".join(texts(issued.get(f"{base}/runs/1/cards.pdf").data))
    assert not any(word in text for _id, head, village, _site in FAMILIES for word in (*head.split(), village) if len(word) > 1)


def test_part_of_a_run_can_be_printed_and_one_site_of_it(issued, base, setting):
    assert len(read(issued.get(f"{base}/runs/1/cards.pdf?first=2&last=3").data)) == 2
    assert len(read(issued.get(f"{base}/runs/1/cards.pdf?site={setting.id('club')}&arrangement=fold").data)) == 1
    assert issued.get(f"{base}/runs/1/cards.pdf?first=9").status_code == 404
    assert issued.get(f"{base}/runs/1/cards.pdf?arrangement=a0").status_code == 422
    assert issued.get(f"{base}/runs/1/cards.pdf?site=x").status_code == 422


@pytest.mark.parametrize("file", ["cards.pdf", "list.pdf"])
def test_who_has_not_said_what_for_is_asked_before_anything_is_printed(app, issued, base, setting, clock, file):
    enter(app, issued, setting.manager_id, setting.operation_id, clock.now(), purpose=False)
    answer = issued.get(f"{base}/runs/1/{file}")
    assert answer.status_code == 303 and "/purpose" in answer.headers["Location"]


def test_every_print_is_noted_with_its_purpose_and_no_code_ever(issued, base, setting):
    card = cards(setting)[0]
    for path in (f"{base}/runs/1/cards.pdf", f"{base}/runs/1/list.pdf", address(base, card, "/card.pdf")):
        assert issued.get(path).status_code == 200
    issued.post(f"{base}/hand-out", data={"code": codes(setting)[card.number]})
    noted = acts(setting)
    assert {("cards.printed", "1", "distribution"), ("cards.list_printed", "1", "distribution"),
            ("card.reprinted", to_text(card.card_id), "distribution")} <= set(noted)  # fmt: skip
    assert ("card.handed_out", card.number, "") in noted
    assert not any(code in str(noted) for code in codes(setting).values())


def test_a_reprint_has_the_same_code(issued, base, setting):
    card = cards(setting)[1]
    answer = issued.get(address(base, card, "/card.pdf?arrangement=single"))
    assert read(answer.data) == {codes(setting)[card.number]}


def test_the_design_is_kept_with_the_logo_drawn_anew(manager, base):
    picture = BytesIO()
    Image.new("RGB", (300, 80), "navy").save(picture, "JPEG")
    form = {"society": "Demo", "valid_until": "Valid until 12/2026", "hotline": "Hotline 123"}
    form["logo"] = (BytesIO(picture.getvalue()), "l.jpg")
    assert manager.post(f"{base}/design", data=form, content_type="multipart/form-data").status_code == 303
    sample = manager.get(f"{base}/sample.pdf")
    assert "attachment" not in sample.headers.get("Content-Disposition", "")
    (text,) = texts(sample.data)
    assert "Valid until 12/2026" in text and "Hotline 123" in text and "Demo" not in text
    assert manager.post(f"{base}/design", data={"society": "Demo", "drop_logo": "true"}).status_code == 303
    assert "Demo" in texts(manager.get(f"{base}/sample.pdf").data)[0]


@pytest.mark.parametrize("content", [b"no picture", b"<svg/>"])
def test_a_logo_that_is_no_picture_is_said_at_its_field(manager, base, content):
    answer = manager.post(f"{base}/design", data={"logo": (BytesIO(content), "l.png")}, content_type="multipart/form-data")
    assert answer.status_code == 422 and "problem-logo" in answer.get_data(as_text=True)


def test_nobody_can_use_the_codes_of_a_sample():
    assert not any(check_code(code) or practice_number(code) for _number, code in SAMPLE)


def test_ten_practice_cards_a_site_that_never_enter_the_ledger(manager, base, setting):
    first, again = (manager.get(f"{base}/sites/{setting.id('school')}/practice.pdf").data for _ in range(2))
    assert read(first) == read(again) == {practice_code(to_bytes(setting.id("school")), number) for number in range(1, 11)}
    assert db.session.execute(select(Card)).all() == []
    assert manager.get(f"{base}/sites/{to_text(bytes(16))}/practice.pdf").status_code == 404


@pytest.fixture
def pressed_at_once(app):
    app.extensions["relief_run_job"] = lambda _app, work: work()


@pytest.mark.parametrize(("what", "name"), [("cards", "cards-01.pdf"), ("list", "hand-out-list-01.pdf")])
def test_a_print_is_made_aside_and_fetched_when_it_is_ready(issued, base, setting, pressed_at_once, what, name):
    page = issued.post(f"{base}/runs/1/{what}", data={"arrangement": "fold"}, follow_redirects=True).get_data(as_text=True)
    assert "Ready to print" in page and "refresh" not in page
    with ThreadPoolExecutor(1) as server:  # a thread of its own, as a server's: the file is read when the view is long over
        address = re.search(r'href="([^"]+/file\.pdf)"', page)[1]
        answer = server.submit(partial(issued.get, address, buffered=True)).result(30)
    assert name in answer.headers["Content-Disposition"] and answer.headers["Cache-Control"] == "no-store"
    if what == "cards":
        assert read(answer.data) == set(codes(setting).values())
    else:
        assert sum(line[:1].isdigit() for each in lines(answer.data) for line in each) == len(FAMILIES)
    assert (f"cards.{'list_printed' if what == 'list' else 'printed'}", "1", "distribution") in acts(setting)


def test_a_print_under_way_says_how_far_it_is_and_one_that_was_cut_short_that_too(app, issued, base, clock):
    app.extensions["relief_run_job"] = lambda _app, _work: None
    place = issued.post(f"{base}/runs/1/cards", data={}).headers["Location"]
    page = issued.get(place).get_data(as_text=True)
    assert "0 of 3" in page and "refresh" in page
    assert issued.get(f"{place}/file.pdf").status_code == 409
    clock.moment += STANDS_STILL_SECONDS
    page = issued.get(place).get_data(as_text=True)
    assert 'role="alert"' in page and "refresh" not in page


def test_a_print_is_kept_encrypted_for_an_hour_for_whoever_asked_alone(app, issued, base, setting, clock, pressed_at_once):
    place = issued.post(f"{base}/runs/1/cards", data={}).headers["Location"]
    kept = db.session.execute(select(CardPrintPart.content)).scalars().all()
    assert kept and not any(b"PDF" in content for content in kept)
    with unit_of_work() as session:
        other_id = add_user(session, "other@example.org", "Other", now=clock.now())
        grant_role(session, setting.operation_id, other_id, "manager")
    other = enter(app, app.test_client(), other_id, setting.operation_id, clock.now())
    assert [other.get(f"{place}{end}").status_code for end in ("", "/file.pdf")] == [404, 404]
    clock.moment += KEPT_SECONDS + 1
    enter(app, issued, setting.manager_id, setting.operation_id, clock.now())
    assert issued.get(f"{place}/file.pdf").status_code == 404
    issued.post(f"{base}/runs/1/cards", data={"first": "1", "last": "1"})
    assert db.session.execute(select(func.count()).select_from(CardPrint)).scalar_one() == 1
