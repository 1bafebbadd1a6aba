"""Blank cards: made, given to sites, come back, counted, lost."""

from __future__ import annotations

from relief.db import snapshot
from relief.office.card_queries import BlankStock, count_blank_stock
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
