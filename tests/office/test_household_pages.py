"""Households at the desk: found however they are spelled, shown with all that happened, decided, changed, given cards."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from html import unescape

import pytest

from relief.accounts.audit import list_entries
from relief.db import db, snapshot
from relief.kernel.ids import new_id, to_text
from relief.office.cards.printing import list_job
from relief.office.cards.queries import list_cards
from tests.ledger.field import Field
from tests.model.plan import card_of, id_of
from tests.office.desk import Desk, family_of, issue, ledger_problems, refusal, register


@pytest.fixture
def ivanovs(field):
    return register(field.desk, "h1", "Иван Иванов", phone="+375 29 123-45-67", document="AB 123", external_id="H-7",
                    village="Озёрная")  # fmt: skip


def row(family):
    return f"/households/{family}"


@pytest.mark.parametrize("typed", ["Ivanov", "ivan ivanov", "ИВАНОВ Иван", "Iva", "80291234567", "ab123", "h-7", "17-0001",
                                   "Ozernaia", "Ivanaw"])  # fmt: skip
def test_a_family_is_found_however_it_is_written(field, desk, ivanovs, typed):
    register(field.desk, "h2", "Мария Кот")
    issue(field.desk, "c1", "17-0001", ivanovs)
    page = desk.find(typed)
    assert (row(ivanovs) in page, row(id_of("h2")) in page) == (True, False)


def test_the_last_four_signs_of_a_card_find_its_family(field, desk, ivanovs):
    field.desk.send({"kind": "card", "action": "issued", "card": card_of("c1"), "household": ivanovs, "code": "0123456789ABCDEF"})
    assert row(ivanovs) in desk.find("cdef")
    assert row(ivanovs) not in desk.find("cdeg")


def test_who_is_written_otherwise_is_offered_as_alike(desk, ivanovs):
    page = desk.find("Evanof")
    assert "sound alike" in desk.find("Ivenov") or row(ivanovs) in page


def test_nobody_is_found_by_what_nobody_is_called(desk, ivanovs):
    assert "Nobody found" in desk.find("Sidorov")


def test_a_list_is_filtered_and_paged(field, desk):
    for number in range(55):
        register(field.desk, f"f{number}", f"Person {number}")
    assert desk.page("households").count('<th scope="row">') == 50
    assert desk.page("households", page="2").count('<th scope="row">') == 5
    assert desk.page("households", state="approved").count('<th scope="row">') == 0


def test_what_is_looked_for_stands_in_no_address_and_survives_paging_and_reload(field, desk):
    for number in range(55):
        register(field.desk, f"f{number}", f"Ivanova {number}")
    answer = desk.send("households/find", "households", q="Ivanova", state="registered")
    assert answer.status_code == 303
    first = desk.browser.get(answer.location).get_data(as_text=True)
    assert desk.browser.get(answer.location).get_data(as_text=True).count('<th scope="row">') == 50
    (following,) = re.findall(r'href="([^"]*page=2[^"]*)"', first)
    second = desk.browser.get(unescape(following)).get_data(as_text=True)
    assert second.count('<th scope="row">') == 5
    assert 'value="Ivanova"' in second
    for address in (answer.location, *re.findall(r'(?:href|action)="([^"]*)"', first + second)):
        assert "ivanova" not in address.casefold()
    cookies = str(desk.browser._cookies)
    assert "Ivanova" not in cookies
    assert b64encode(b"Ivanova").decode()[:8] not in cookies


def test_a_search_that_is_no_longer_known_shows_nobody_and_says_so(field, desk, ivanovs):
    page = desk.page("households", find="AAAAAAAA")
    assert "no longer known" in page
    assert row(ivanovs) not in page


def test_old_searches_are_forgotten_so_that_the_cookie_stays_small(desk, ivanovs):
    location = desk.send("households/find", "households", q="Ivanov").location
    for _number in range(12):
        desk.send("households/find", "households", q="ы" * 100)
    assert "no longer known" in desk.browser.get(location).get_data(as_text=True)
    assert all(len(cookie.value) < 3900 for cookie in desk.browser._cookies.values())


def test_the_search_of_another_is_not_hers(field, desk, ivanovs):
    location = desk.send("households/find", "households", q="Ivanov").location
    other = Desk(field, "second", "manager")
    assert "no longer known" in other.browser.get(location).get_data(as_text=True)


def test_a_new_name_finds_the_family_too(field, desk, ivanovs):
    desk.send(f"households/{ivanovs}/people", way="correction", reason="passport", head="Petrov",
              **{f"name-{id_of('h1-1')}": "Olga Petrova"})  # fmt: skip
    assert row(ivanovs) in desk.find("Petrova")
    assert row(ivanovs) in desk.find("Ivanov")


def test_the_hand_out_list_goes_by_the_name_and_place_last_told(field, desk, ivanovs):
    issue(field.desk, "c1", "17-0001", ivanovs)
    desk.send(f"households/{ivanovs}/people", way="correction", reason="passport", head="Olga Petrova", village="Dobrush")
    field.seal()
    with snapshot() as connection:
        _head, line = list_job(connection, field.operation_id, list_cards(connection, field.operation_id))
    assert (json.loads(line)["name"], json.loads(line)["village"]) == ("Olga Petrova", "Dobrush")


def test_the_page_of_a_family_tells_what_happened_in_plain_words(field, desk, ivanovs, clock):
    issue(field.desk, "h1", "17-0001", ivanovs)
    desk.send(f"households/{ivanovs}/decide", f"households/{ivanovs}", action="approved")
    phone = field.phone("table 2")
    phone.send(phone.handover("h1"))
    page = desk.page(f"households/{ivanovs}")
    for words in ("Иван Иванов", "Child of Иван", "+375 29 123-45-67", "17-0001", "Registered: 2 people", "Approved",
                  "Given: 1 × Food parcel, School 1", "table 2", "Olga"):  # fmt: skip
        assert words in page, words


def test_a_hand_over_is_taken_back_once(field, desk):
    field.household("h1")
    phone = field.phone()
    scan = phone.handover("h1")
    phone.send(scan)
    page = f"households/{id_of('h1')}"
    desk.send(f"{page}/take-back", page, record=scan["id"], goods_back="1", reason="wrong family")
    assert (field.total("given"), field.total("voided"), field.total("lost")) == (0, 1, 0)
    assert "Given and taken back" in desk.page(page)
    again = desk.send(f"{page}/take-back", page, record=scan["id"], reason="again")
    assert again.status_code == 409
    assert ledger_problems(field) == []


def test_withdrawing_needs_a_reason_and_keeps_what_was_given(field, desk):
    field.household("h1")
    phone = field.phone()
    phone.send(phone.handover("h1"))
    page = f"households/{id_of('h1')}"
    assert desk.send(f"{page}/decide", page, action="withdrawn").status_code == 422
    hand_out = 'value="handed_out"'
    assert hand_out in desk.get(page).text
    desk.send(f"{page}/decide", page, action="withdrawn", reason="moved away")
    assert hand_out not in desk.get(page).text
    assert (family_of(field, id_of("h1")).status, field.total("given")) == ("withdrawn", 1)


def test_nobody_approves_whom_she_registered(field, desk):
    household = register(field.desk, "h1", "Vera", by=desk.user_id)
    page = f"households/{household}"
    seen = family_of(field, household).seen
    assert refusal(desk.post(f"{page}/decide", action="approved", seen=seen)) == (403, "own_household")
    administrator = Desk(field, "other")
    assert administrator.send(f"{page}/decide", page, action="approved").status_code == 303
    assert family_of(field, household).status == "approved"


def test_a_page_that_has_grown_old_changes_nothing(field, desk, ivanovs):
    seen = family_of(field, ivanovs).seen
    desk.send(f"households/{ivanovs}/decide", f"households/{ivanovs}", action="approved")
    late = desk.post(f"households/{ivanovs}/decide", action="withdrawn", reason="late", seen=seen)
    assert refusal(late) == (409, "household_changed")
    assert family_of(field, ivanovs).status == "approved"


def test_a_change_counts_from_its_day_and_keeps_who_people_are(field, desk, ivanovs):
    answer = desk.send(f"households/{ivanovs}/people", way="change", day="2013-03-10", reason="born", **{
        f"name-{id_of('h1-1')}": "Иван Иванов", f"sex-{id_of('h1-1')}": "male", f"band-{id_of('h1-1')}": "18-59",
        f"gone-{id_of('h1-2')}": "1", "new-0": "1", "name-0": "Anna", "sex-0": "female", "band-0": "0-1"})  # fmt: skip
    assert answer.status_code == 303
    family = family_of(field, ivanovs)
    assert [(each.number, each.name, each.sex, each.age_band) for each in family.members] == [
        (1, "Иван Иванов", "male", "18-59"), (3, "Anna", "female", "0-1")]  # fmt: skip
    assert family.members[0].id == id_of("h1-1")
    composition = family.document.basis.composition()
    assert {each["id"] for each in composition.at(0)} == {id_of("h1-1"), id_of("h1-2")}
    assert ledger_problems(field) == []


def test_a_correction_counts_from_the_beginning(field, desk, ivanovs):
    desk.send(f"households/{ivanovs}/people", way="correction", reason="seen", **{f"gone-{id_of('h1-2')}": "1",
              f"sex-{id_of('h1-1')}": "male"})  # fmt: skip
    composition = family_of(field, ivanovs).document.basis.composition()
    assert [(each["id"], each["sex"]) for each in composition.at(0)] == [(id_of("h1-1"), "male")]
    assert family_of(field, ivanovs).word("phone") == "+375 29 123-45-67"


@pytest.mark.parametrize("fields", [{}, {"way": "change", "day": "2013-03-40", "reason": "x"}, {"way": "correction"},
                                    {"way": "change", "day": "2013-03-19", "reason": "tomorrow"},
                                    {"way": "correction", "reason": "x", f"sex-{id_of('h1-1')}": "tall"},
                                    {"way": "correction", "reason": "x", f"gone-{id_of('h1-1')}": "1",
                                     f"gone-{id_of('h1-2')}": "1"}])  # fmt: skip
def test_what_will_not_do_changes_nobody(field, desk, ivanovs, fields):
    before = family_of(field, ivanovs).seen
    assert desk.send(f"households/{ivanovs}/people", **fields).status_code == 422
    assert family_of(field, ivanovs).seen == before


def test_a_card_is_handed_out_replaced_and_cancelled(field, desk, ivanovs):
    issue(field.desk, "c1", "17-0001", ivanovs)
    issue(field.desk, "c2", "18-0001")
    page = f"households/{ivanovs}"
    (card,) = family_of(field, ivanovs).cards
    desk.send(f"{page}/cards", page, action="handed_out", card=card.id)
    assert family_of(field, ivanovs).cards[0].handed_out
    assert desk.send(f"{page}/cards", page, action="replaced", card=card.id, typed="17-0001", reason="lost").status_code == 422
    desk.send(f"{page}/cards", page, action="replaced", card=card.id, typed="18-0001", reason="lost")
    assert {each.number: each.state for each in family_of(field, ivanovs).cards} == {"17-0001": "replaced", "18-0001": "linked"}
    new = next(each for each in family_of(field, ivanovs).cards if each.state == "linked")
    desk.send(f"{page}/cards", page, action="cancelled", card=new.id, reason="found in the street")
    assert desk.send(f"{page}/cards", page, action="handed_out", card=new.id).status_code == 409
    assert ledger_problems(field) == []


def test_a_card_that_was_not_handed_out_after_all_waits_again_and_the_page_says_so(field, desk, ivanovs):
    issue(field.desk, "c1", "17-0001", ivanovs)
    (card,) = family_of(field, ivanovs).cards
    desk.send(f"households/{ivanovs}/cards", f"households/{ivanovs}", action="handed_out", card=card.id)
    assert desk.send(f"cards/{card.id}/not-handed-out", f"cards/{card.id}").status_code == 303
    assert not family_of(field, ivanovs).cards[0].handed_out
    assert "Card 17-0001 was not handed out after all" in desk.page(f"households/{ivanovs}")


@pytest.mark.parametrize("typed", ["99-0001", "nonsense", "ABCD EFGH JKMN PQRT"])
def test_a_blank_card_that_is_not_there_is_said_at_the_family(field, desk, ivanovs, typed):
    answer = desk.send(f"households/{ivanovs}/cards", f"households/{ivanovs}", action="linked", typed=typed)
    assert answer.status_code in (404, 422) and "Иван Иванов" in answer.get_data(as_text=True)


def test_a_blank_card_is_given_to_a_family(field, desk, ivanovs):
    issue(field.desk, "c2", "18-0001")
    desk.send(f"households/{ivanovs}/cards", f"households/{ivanovs}", action="linked", typed="18-0001")
    assert [each.number for each in family_of(field, ivanovs).cards] == ["18-0001"]


def test_two_entries_are_merged_by_hand_and_made_two_again(field, desk, ivanovs):
    other = register(field.desk, "h2", "Ivan Ivanov")
    low, high = sorted((ivanovs, other))
    assert "Compare" in desk.find("Ivanov", beside=ivanovs)
    pair = f"households/duplicates/{low}/{high}"
    desk.send(pair, action="merged", **{f"member-{id_of('h1-1' if low == ivanovs else 'h2-1')}": id_of(
        "h2-1" if low == ivanovs else "h1-1")})  # fmt: skip
    family = family_of(field, high)
    assert (family.text_id, len(family.households), len(family.members)) == (low, 2, 3)
    desk.send(f"households/{low}/separate", f"households/{low}", household=high, reason="brothers")
    assert family_of(field, high).text_id == high
    assert ledger_problems(field) == []


def test_a_household_that_nobody_registered_cannot_be_compared(field, desk, ivanovs):
    field.desk.send({"kind": "household", "action": "approved", "household": id_of("h9")})
    low, high = sorted((ivanovs, id_of("h9")))
    assert desk.get(f"households/duplicates/{low}/{high}").status_code == 404


def test_every_look_is_noted_with_its_purpose(field, desk, ivanovs):
    desk.find("secret name")
    desk.page(f"households/{ivanovs}")
    db.session.rollback()
    noted = [(each.action, each.subject, each.purpose) for each in list_entries(db.session, field.operation_id).rows]
    assert ("household.seen", ivanovs, "distribution") in noted
    assert ("households.listed", "", "distribution") in noted
    assert not any("secret" in " ".join(each) for each in noted)


@pytest.mark.parametrize("role", ["volunteer", "finance", "auditor"])
def test_others_see_none_of_it(field, ivanovs, role):
    stranger = Desk(field, role, role)
    assert {stranger.get(path).status_code for path in ("households", f"households/{ivanovs}")} == {403}
    assert "Households" not in stranger.get("").get_data(as_text=True)


def test_a_household_of_another_operation_is_none(app, field, desk, clock):
    other = Field(app, clock, "elsewhere")
    theirs = to_text(new_id())
    other.desk.send({"kind": "registration", "household": theirs, "members": [
        {"id": to_text(new_id()), "number": 1, "sex": "female", "age_band": "60+", "disability": "no"}]})  # fmt: skip
    answers = [desk.get(f"households/{each}").status_code for each in (theirs, to_text(new_id()), "nonsense")]
    assert answers == [404, 404, 404]
