"""Blank cards: made, given to sites, come back, counted, lost."""

from __future__ import annotations

import pytest

from relief.db import snapshot
from relief.kernel.ids import to_bytes
from relief.office.cards import blank_stock
from relief.office.cards.queries import BlankStock, count_blank_stock
from tests.office.card_town import address, cards


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


@pytest.fixture
def stock(manager, base, setting):
    """Ten blank cards; what each place has, as (must be there, given to families, cancelled or replaced)."""
    manager.post(f"{base}/issue", data={"whom": "blank", "count": "10"})

    def read():
        sites = [to_bytes(setting.id(name)) for name in ("school", "club")]
        with snapshot() as connection:
            rows = blank_stock.list_stock(connection, setting.operation_id, sites)
        return {{None: "office", **dict(zip(sites, ("school", "club"), strict=True))}[row.site_id]: row for row in rows}

    return read


def figures(rows):
    return {name: (row.left, row.used, row.dead) for name, row in rows.items()}


def give(manager, base, first, last, place):
    return manager.post(f"{base}/blank/move", data={"first": first, "last": last, "place": place})


def test_blank_cards_given_to_a_site_are_its_own_until_they_come_back(manager, base, setting, stock):
    assert figures(stock()) == {"office": (10, 0, 0)}
    assert give(manager, base, "01-0001", "01-0006", setting.id("school")).status_code == 303
    assert give(manager, base, "1 5", "", setting.id("club")).status_code == 303
    assert give(manager, base, "01-0006", "01-0006", "office").status_code == 303
    assert figures(stock()) == {"office": (5, 0, 0), "school": (4, 0, 0), "club": (1, 0, 0)}


def test_a_blank_card_that_a_family_gets_or_that_is_lost_leaves_its_site(manager, base, setting, stock):
    give(manager, base, "01-0001", "01-0006", setting.id("school"))
    manager.post(f"{base}/issue", data={"whom": "one", "household": "H-1"})
    manager.post(address(base, cards(setting)[-1], "/replace"), data={"reason": "lost", "new_card": "01-0002"})
    lost = {"first": "01-0003", "last": "01-0004", "reason": "fell into the river"}
    assert manager.post(f"{base}/blank/lose", data=lost).status_code == 303
    assert figures(stock()) == {"office": (4, 0, 0), "school": (3, 1, 2)}
    assert "fell into the river" in manager.get(address(base, cards(setting)[2])).get_data(as_text=True)


def test_a_count_says_what_is_missing_and_keeps_saying_so_when_cards_are_used_later(manager, base, setting, stock):
    give(manager, base, "01-0001", "01-0006", setting.id("school"))
    manager.post(f"{base}/blank/count", data={"place": setting.id("school"), "counted": "4"})
    page = manager.get(f"{base}/blank").get_data(as_text=True)
    assert "Noted: 2 are missing" in page and "2 missing" in page
    give(manager, base, "01-0006", "", "office")
    assert stock()["school"].last_count.difference == -2


def test_a_stack_that_is_none_is_refused_with_what_was_typed(manager, base, setting, stock):
    manager.post(f"{base}/issue", data={"whom": "all"})
    for first, last in (("01-0004", "01-0002"), ("01-0001", "02-0001"), ("02-0001", "02-0002"), ("?", ""), ("01-0099", "")):
        answer = give(manager, base, first, last, setting.id("school"))
        assert answer.status_code in (404, 422) and "problem" in answer.get_data(as_text=True)
    assert give(manager, base, "01-0001", "", "nowhere").status_code == 422
    for counted in ("", "-1", "x"):
        assert manager.post(f"{base}/blank/count", data={"place": "office", "counted": counted}).status_code == 422
    assert manager.post(f"{base}/blank/lose", data={"first": "01-0001", "reason": ""}).status_code == 422
    assert figures(stock()) == {"office": (10, 0, 0)}


def test_cards_made_in_the_place_of_others_never_lay_in_the_blank_stock(manager, base, setting, stock):
    manager.post(f"{base}/issue", data={"whom": "one", "household": "H-1"})
    manager.post(address(base, cards(setting)[-1], "/replace"), data={"reason": "torn"})
    assert figures(stock()) == {"office": (10, 0, 0)}
