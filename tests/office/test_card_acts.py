"""Replacing and cancelling a card on its page."""

from __future__ import annotations

import pytest

from tests.office.card_town import address, cards, codes, enter, read


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


def test_the_replacements_of_one_day_are_one_run_and_those_of_the_next_another(app, issued, base, setting, clock):
    first, second, third = cards(setting)
    for card in (first, second):
        issued.post(address(base, card, "/replace"), data={"reason": "torn"})
    clock.moment += 86_400
    enter(app, issued, setting.manager_id, setting.operation_id, clock.now())
    issued.post(address(base, third, "/replace"), data={"reason": "torn"})
    assert [card.number for card in cards(setting)][3:] == ["02-0001", "02-0002", "03-0001"]
    assert "replacements of" in issued.get(base).get_data(as_text=True)
    assert "print them together" in issued.get(f"{base}/runs/2").get_data(as_text=True)
