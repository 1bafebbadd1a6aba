"""Every list of what waits in a real, narrow browser: each question is answered with what stands on its card."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from relief.kernel.ids import to_text
from tests.conftest import only_sqlite
from tests.ledger.field import Field
from tests.model.plan import id_of

pytestmark = only_sqlite
DAY = 24 * 3600


@pytest.fixture
def field(app, clock):
    """A field where something of every kind waits: a card, dates, numbers used twice, a grant of yesterday, stock."""
    field = Field(app, clock)
    for name in ("h1", "h2"):
        field.household(name)
    one, other = field.phone("table 1"), field.phone("table 2")
    came = {"action": "received", "item": id_of("parcel"), "site": id_of("s2"), "quantity": 5}
    one.send(one.record("stock", **came), one.handover("h1", seq=7), one.handover("h2", seq=7))
    other.send(other.handover("h1", item="pss", round=id_of("r2")), other.handover("zz", item="pss"))
    other.ask("h2", item="bl")
    clock.moment += DAY + 60
    return field


def test_whatever_waits_is_answered_on_its_card(page, field):
    where = f"/operations/{to_text(field.operation_id)}"
    card, nothing = page.locator("article"), page.get_by_role("heading", name="Nothing to decide here")

    def look(kind, *says):
        page.goto(f"{where}/to-decide?kind={kind}")
        for words in says:
            expect(card).to_contain_text(words)
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")

    def press(name):
        page.get_by_role("button", name=name).click()
        expect(nothing).to_be_visible()

    look("causes", "Second: Outside the round's dates", "Given: 18 Mar 2013", "Planned: 21 Mar 2013 to 25 Mar 2013")
    press("It is right so")
    look("numbers", "table 1", "It used a number twice: 7.")
    press("I know why")
    look("grants", "1 × Blanket", "never said whether it was given", "School 1", "table 2")
    press("It was given")
    look("stock", "Food parcel, School 1", "2 more were given than ever came in.")
    page.get_by_text("Goods from another site").click()
    page.get_by_label("How many came?").locator("visible=true").fill("3")
    page.get_by_role("button", name="Write it down").locator("visible=true").click()
    expect(nothing).to_be_visible()
    look("cases", "A card nobody knows", "1 × Talk")
    page.get_by_role("link", name="Find the family").click()
    page.get_by_role("link", name="It is theirs").first.click()
    page.get_by_role("button", name="Give this card", exact=True).locator("visible=true").first.click()
    expect(page.get_by_text("The card belongs to this family now.")).to_be_visible()
    look("cases")
    expect(nothing).to_be_visible()
    expect(page.get_by_text("All that came in is clear.")).to_be_visible()
