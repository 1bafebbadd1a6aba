"""The card pages: issue, print, hand out by scan or tick, take back, replace, cancel; no code in the audit."""

from __future__ import annotations

import re
from dataclasses import replace
from io import BytesIO

import pytest
import zxingcpp
from PIL import Image
from sqlalchemy import select

from relief.accounts.audit import list_entries
from relief.accounts.purposes import tell_purpose
from relief.accounts.service import add_user, grant_role, sign_in
from relief.cards.models import Card
from relief.cards.rules import check_code, practice_code, practice_number
from relief.db import db, snapshot, unit_of_work, write
from relief.households.rules import HouseholdRow, MemberRow
from relief.kernel.ids import to_bytes, to_text
from relief.ledger.keys import current_keys
from relief.office.card_printing import SAMPLE
from relief.office.card_queries import list_cards, list_codes
from relief.office.devices import HOUSEHOLD_IMPORT, get_office_enrolment
from relief.office.household_import import approve_households, import_households
from tests.cards.printed import pictures, texts

FAMILIES = (("H-1", "Иванова Анна", "Vetka", "school"), ("H-2", "محمد الحسن", "Vetka", "school"),
            ("H-3", "Zuk Oleg", "A", "club"))  # fmt: skip


@pytest.fixture
def families(setting, clock):
    """Three approved families; of the last the list names no head, only who lives there."""
    operation_id, now, keys = setting.operation_id, clock.now(), current_keys()
    with unit_of_work() as session:
        importer = get_office_enrolment(session, operation_id, HOUSEHOLD_IMPORT, now)
    rows = [HouseholdRow(2, name, (MemberRow(1),), {"village": village, "head": head}, home_site=setting.id(site))
            for name, head, village, site in FAMILIES]  # fmt: skip
    rows[-1] = replace(rows[-1], members=(MemberRow(1, name=FAMILIES[-1][1]),), private={"village": FAMILIES[-1][2]})
    done = write(lambda connection: import_households(connection, operation_id, importer, rows, now, keys=keys))
    write(lambda connection: approve_households(
        connection, operation_id, importer, setting.manager_id, "1", done.households, now, keys))  # fmt: skip


def enter(app, client, user_id, operation_id, now, *, purpose=True):
    app.config["WTF_CSRF_ENABLED"] = False
    with unit_of_work() as session:
        opened = sign_in(session, user_id, now)
        if purpose:
            tell_purpose(session, opened.id, operation_id, "distribution", "", now)
    with client.session_transaction() as browser:
        browser.update(_user_id=to_text(opened.id), _fresh=True, seen=now)
    return client


@pytest.fixture
def manager(app, client, setting, clock, families):
    return enter(app, client, setting.manager_id, setting.operation_id, clock.now())


@pytest.fixture
def base(setting):
    return f"/operations/{to_text(setting.operation_id)}/cards"


@pytest.fixture
def issued(manager, base):
    assert manager.post(f"{base}/issue", data={"whom": "all"}).status_code == 303
    return manager


def cards(setting):
    with snapshot() as connection:
        return list_cards(connection, setting.operation_id)


def codes(setting):
    with snapshot() as connection:
        found = list_cards(connection, setting.operation_id)
        kept = list_codes(connection, setting.operation_id, [card.card_id for card in found])
    return {card.number: kept[card.card_id] for card in found}


def address(base, card, end=""):
    return f"{base}/{to_text(card.card_id)}{end}"


def read(pdf):
    return {each.text for picture in pictures(pdf) for each in zxingcpp.read_barcodes(picture)}


def acts(setting):
    db.session.rollback()
    return [(row.action, row.subject, row.purpose) for row in list_entries(db.session, setting.operation_id).rows]


def test_cards_are_issued_to_all_of_a_site_to_one_and_to_nobody(manager, base, setting):
    for form, count in (({"whom": "one", "household": "H-2"}, 1), ({"whom": "site", "site": setting.id("club")}, 2),
                        ({"whom": "all"}, 3), ({"whom": "blank", "count": "4"}, 7)):  # fmt: skip
        as_a_browser = {"site": "", "household": "", "count": "", **form}
        assert manager.post(f"{base}/issue", data=as_a_browser).status_code == 303
        assert len(cards(setting)) == count
    assert [card.number for card in cards(setting)][:4] == ["01-0001", "02-0001", "03-0001", "04-0001"]


@pytest.mark.parametrize("form", [{"whom": "one", "household": "H-9"}, {"whom": "site"}, {"whom": "blank", "count": "0"},
                                  {"whom": "blank", "count": "10001"}, {"whom": "nobody"}])  # fmt: skip
def test_what_cannot_be_issued_is_said_and_issues_nothing(manager, base, setting, form):
    assert manager.post(f"{base}/issue", data=form).status_code == 422
    assert cards(setting) == []


def test_every_page_of_cards_can_be_opened(issued, base, setting):
    card = cards(setting)[0]
    for path in (base, f"{base}/runs/1", f"{base}/design", f"{base}/hand-out", f"{base}/uncollected", address(base, card)):
        assert issued.get(path).status_code == 200
    assert issued.get(f"{base}/runs/9").status_code == 404


def test_printed_sheets_hold_the_codes_that_the_ledger_keeps_in_the_order_of_the_list(issued, base, setting):
    answer = issued.get(f"{base}/runs/1/cards.pdf")
    assert answer.mimetype == "application/pdf" and answer.headers["Cache-Control"] == "no-store"
    assert read(answer.data) == set(codes(setting).values())
    text = "\n".join(texts(issued.get(f"{base}/runs/1/list.pdf").data))
    assert re.findall(r"\d\d-\d{4}", text) == list(codes(setting))
    # The reader of the PDF turns figures and letters round in a line that runs from right to left.
    signs = {"".join(sorted(word)) for word in re.findall(r"\b[0-9A-Z]{4}\b", text)}
    assert all("".join(sorted(code[-4:])) in signs and code not in text for code in codes(setting).values())


def test_the_list_names_families_of_any_script_by_site(issued, base):
    school, club = sorted(texts(issued.get(f"{base}/runs/1/list.pdf").data), key=len, reverse=True)
    # Word by word: the reader of the PDF turns them round in a line that runs from right to left.
    assert all(word in school for word in ("Иванова Анна", "محمد", "الحسن", "Vetka"))
    assert "Zuk Oleg" in club and "Zuk Oleg" not in school


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
    assert ("card.handed_out", card.number, "") in [(action, subject, purpose or "") for action, subject, purpose in noted]
    assert not any(code in str(noted) for code in codes(setting).values())


def test_a_reprint_has_the_same_code(issued, base, setting):
    card = cards(setting)[1]
    answer = issued.get(address(base, card, "/card.pdf?arrangement=single"))
    assert read(answer.data) == {codes(setting)[card.number]}


def test_a_scanned_card_is_handed_out_once_and_can_be_taken_back(issued, base, setting, clock):
    first = cards(setting)[0]
    assert issued.post(f"{base}/hand-out", data={"code": codes(setting)[first.number]}).status_code == 200
    assert cards(setting)[0].handed_out_at == clock.now()
    clock.moment += 60
    again = issued.post(f"{base}/hand-out", data={"code": first.number})
    assert again.status_code == 200 and "before" in again.get_data(as_text=True)
    assert cards(setting)[0].handed_out_at == clock.now() - 60
    assert issued.post(address(base, first, "/not-handed-out")).status_code == 303
    assert cards(setting)[0].is_uncollected


def test_a_code_may_be_typed_as_it_is_read(issued, base, setting):
    number, code = next(iter(codes(setting).items()))
    typed = " - ".join(code[start : start + 4].lower() for start in range(0, 16, 4))
    issued.post(f"{base}/hand-out", data={"code": typed})
    assert cards(setting)[0].number == number and cards(setting)[0].handed_out_at


@pytest.mark.parametrize("typed", ["", "nonsense", "01-9999", "0123456789ABCDEF", "9" * 500, practice_code(bytes(16), 3)])
def test_what_is_no_card_here_is_said_and_notes_nothing(issued, base, setting, typed):
    answer = issued.post(f"{base}/hand-out", data={"code": typed})
    assert answer.status_code == 422 and 'role="alert"' in answer.get_data(as_text=True)
    assert all(card.is_uncollected for card in cards(setting))


def test_a_blank_card_is_not_handed_out(manager, base, setting):
    manager.post(f"{base}/issue", data={"whom": "blank", "count": "1"})
    assert manager.post(f"{base}/hand-out", data={"code": "01-0001"}).status_code == 422
    assert cards(setting)[0].handed_out_at is None


def test_ticked_cards_are_handed_out_and_the_others_wait(issued, base, setting):
    first, second, third = cards(setting)
    ticked = [to_text(first.card_id), to_text(third.card_id)]
    assert issued.post(f"{base}/uncollected", data={"card": ticked}).status_code == 303
    assert [card.is_uncollected for card in cards(setting)] == [False, True, False]
    page = issued.get(f"{base}/uncollected").get_data(as_text=True)
    assert second.number in page and first.number not in page and third.number not in page


def test_the_uncollected_ones_can_be_seen_by_site_and_without_any_name(issued, base, setting):
    page = issued.get(f"{base}/uncollected?site={setting.id('club')}").get_data(as_text=True)
    assert page.count('name="card"') == 1
    assert not any(head in page for _id, head, *_rest in FAMILIES)


def test_a_card_is_replaced_by_one_of_the_blank_stock(issued, base, setting):
    issued.post(f"{base}/issue", data={"whom": "blank", "count": "1"})
    old, *_others, blank = cards(setting)
    form = {"new_card": codes(setting)[blank.number], "reason": "lost"}
    assert issued.post(address(base, old, "/replace"), data=form).status_code == 303
    states = {card.number: (card.state, card.handed_out_at is not None) for card in cards(setting)}
    assert states[old.number] == ("replaced", False) and states[blank.number] == ("linked", True)
    assert "lost" in issued.get(address(base, old)).get_data(as_text=True)


def test_a_card_is_replaced_by_a_new_one_that_waits_to_be_printed(issued, base, setting):
    old = cards(setting)[0]
    assert issued.post(address(base, old, "/replace"), data={"reason": "torn"}).status_code == 303
    assert (cards(setting)[-1].number, cards(setting)[-1].is_uncollected) == ("02-0001", True)
    assert cards(setting)[-1].household_id == old.household_id
    assert issued.get(address(base, old, "/card.pdf")).status_code == 409


@pytest.mark.parametrize(("end", "form"), [("/cancel", {}), ("/replace", {}),
                                           ("/replace", {"reason": "x", "new_card": "01-0002"}),
                                           ("/replace", {"reason": "x", "new_card": "?"})])  # fmt: skip
def test_without_a_reason_or_a_blank_card_nothing_happens(issued, base, setting, end, form):
    assert issued.post(address(base, cards(setting)[0], end), data=form).status_code in (404, 409, 422)
    assert {card.state for card in cards(setting)} == {"linked"} and len(cards(setting)) == 3


def test_a_cancelled_card_is_neither_printed_nor_handed_out_nor_cancelled_again(issued, base, setting):
    first = cards(setting)[0]
    assert issued.post(address(base, first, "/cancel"), data={"reason": "stolen"}).status_code == 303
    assert codes(setting)[first.number] not in read(issued.get(f"{base}/runs/1/cards.pdf").data)
    assert issued.post(f"{base}/hand-out", data={"code": first.number}).status_code == 422
    assert issued.post(address(base, first, "/cancel"), data={"reason": "again"}).status_code == 409


def test_a_card_is_found_without_its_code_in_an_address(issued, base, setting):
    card = cards(setting)[0]
    answer = issued.post(f"{base}/find", data={"code": codes(setting)[card.number]})
    assert answer.headers["Location"] == address(base, card)
    assert issued.get(answer.headers["Location"]).status_code == 200
    assert issued.post(f"{base}/find", data={"code": "nonsense"}).status_code == 422


def test_blank_stock_is_counted_in_and_out(manager, base, setting):
    manager.post(f"{base}/issue", data={"whom": "blank", "count": "3"})
    page = manager.get(base).get_data(as_text=True)
    assert "Run 01" in page
    manager.post(address(base, cards(setting)[0], "/cancel"), data={"reason": "spoiled"})
    manager.post(f"{base}/issue", data={"whom": "one", "household": "H-1"})
    manager.post(address(base, cards(setting)[-1], "/replace"), data={"reason": "lost", "new_card": "01-0002"})
    assert [card.state for card in cards(setting)] == ["cancelled", "linked", "blank", "replaced"]


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


@pytest.mark.parametrize(("role", "may"), [("site_lead", {"hand_out", "list"}), ("auditor", set()), ("volunteer", None)])
def test_who_may_do_what_with_cards(app, issued, base, setting, clock, role, may):
    with unit_of_work() as session:
        user_id = add_user(session, f"{role}@example.org", role, now=clock.now())
        grant_role(session, setting.operation_id, user_id, role)
    other = enter(app, issued, user_id, setting.operation_id, clock.now())
    answers = {"see": other.get(base), "print": other.get(f"{base}/runs/1/cards.pdf"),
               "list": other.get(f"{base}/runs/1/list.pdf"), "hand_out": other.get(f"{base}/hand-out"),
               "issue": other.post(f"{base}/issue", data={"whom": "all"}),
               "cancel": other.post(address(base, cards(setting)[0], "/cancel"), data={"reason": "x"})}  # fmt: skip
    allowed = {name for name, answer in answers.items() if answer.status_code < 400}
    assert allowed == (set() if may is None else {"see", *may})
    assert {answers[name].status_code for name in set(answers) - allowed} == {403}


def test_cards_of_another_operation_look_like_none(issued, setting):
    other = "00000000-0000-4000-8000-000000000001"
    card = cards(setting)[0]
    for path in ("", f"/{to_text(card.card_id)}", "/runs/1/cards.pdf", "/hand-out"):
        assert issued.get(f"/operations/{other}/cards{path}").status_code == 404
