"""The card pages: issue, find, replace, cancel; who may do what."""

from __future__ import annotations

import pytest

from relief.accounts.service import add_user, grant_role
from relief.db import snapshot, unit_of_work
from relief.kernel.ids import to_text
from relief.office.card_queries import BlankStock, count_blank_stock
from tests.office.card_town import address, cards, codes, enter, read


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


def test_the_page_of_a_replaced_card_leads_to_the_one_in_its_place(issued, base, setting):
    old = cards(setting)[0]
    issued.post(address(base, old, "/replace"), data={"reason": "torn"})
    new = cards(setting)[-1]
    assert f'<a href="{address(base, new)}">02-0001</a>' in issued.get(address(base, old)).get_data(as_text=True)


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
    with snapshot() as connection:
        assert count_blank_stock(connection, setting.operation_id) == BlankStock(made=3, left=1, used=1, dead=1)
    assert "Must still be there" in manager.get(base).get_data(as_text=True)


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
