"""Printed cards before a camera: the film shows what the press prints."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.conftest import only_sqlite
from tests.office.paper_town import Town
from tests.phone.browsers import Phone, launch
from tests.phone.card_films import film_of_cards
from tests.phone.served import Served
from tests.phone.serving import begin, build_town_of_today, expect_unsent, standings

pytestmark = only_sqlite


@pytest.fixture
def town(setting) -> Town:
    return build_town_of_today(setting.operation_id, setting.manager_id)


def test_a_printed_card_is_answered_and_given_on_with_one_tap(served: Served, tmp_path: Path) -> None:
    card = served.town.cards[0]
    film = film_of_cards([(card.number, card.code)], tmp_path / "card.y4m")
    with sync_playwright() as player:
        browser = launch(player, f"--use-file-for-fake-video-capture={film}")
        phone = Phone(browser, served.address)
        begin(phone, served)
        phone.see("Give")
        expect(phone.page.get_by_text(card.number)).to_be_visible()
        phone.press("Give all")
        phone.see("Show a card")
        expect_unsent(phone, 0)
        assert set(standings(served).values()) == {"entitled"}
        phone.close()
        browser.close()
