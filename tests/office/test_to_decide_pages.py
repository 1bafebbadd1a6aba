"""The page of what waits: every list in kind words, records side by side, and each answer as the ledger takes it."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from relief.db import snapshot
from relief.stock.queries import list_stock
from tests.ledger.field import Field, field_plan
from tests.model.plan import id_of
from tests.office.desk import Desk, issue, ledger_problems

DAY = 24 * 3600


@pytest.fixture
def field(app, clock):
    field = Field(app, clock)
    field.household("h1", members=3)
    return field


@pytest.fixture
def double(field):
    phones = field.phone("table 1"), field.phone("table 2")
    scans = [phone.handover("h1") for phone in phones]
    for phone, scan in zip(phones, scans, strict=True):
        phone.send(scan)
    return [each["id"] for each in scans]


def decide(desk, kind="cases", **fields):
    """Press one button on the first question of a list."""
    page = desk.page("to-decide", kind=kind)
    form = next(each for each in re.findall(r"<form.*?</form>", page, re.S) if f'value="{fields["action"]}"' in each)
    hidden: dict[str, list[str]] = {}
    for name, value in re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form):
        hidden.setdefault(name, []).append(value)
    return desk.browser.post(f"{desk.base}/to-decide?kind={kind}", data={**hidden, **fields})


def test_a_question_shows_both_records_side_by_side(desk, double):
    page = desk.page("to-decide")
    for words in ("Got it twice?", "table 1", "table 2", "School 1", "1 × Food parcel", "Look at the family"):
        assert words in page
    assert page.count('class="badge badge-warn">1<') == 1
    for word in ("refused", "flagged", "blocked", "already_received</"):
        assert word not in page


def test_leaving_it_closes_the_question(field, desk, double):
    assert decide(desk, action="accept").status_code == 303
    assert "Nothing to decide here" in desk.page("to-decide")
    assert field.total("given") == 2
    assert ledger_problems(field) == []


@pytest.mark.parametrize(("goods", "lost"), [("back", 0), ("lost", 1)])
def test_taking_back_says_what_became_of_the_goods(field, desk, double, goods, lost):
    assert decide(desk, action="void", targets=double[1], goods=goods, reason="scanned twice").status_code == 303
    assert (field.total("given"), field.total("lost")) == (1, lost)
    assert "Nothing to decide here" in desk.page("to-decide")


def test_taking_back_needs_a_reason_and_a_choice(field, desk, double):
    assert decide(desk, action="void", targets=double[1], reason="").status_code == 422
    assert decide(desk, action="void", reason="why").status_code == 422
    assert field.total("given") == 2


def test_a_question_that_changed_meanwhile_is_not_answered(field, desk, double):
    answer = desk.send("to-decide", "purpose", case="already_received", action="accept", cites=double[0])
    assert answer.status_code == 409


def test_what_was_begun_a_day_ago_is_ended(field, desk, clock):
    field.phone("table 1").ask("h1")
    clock.moment += DAY + 60
    desk = Desk(field, "next day")
    page = desk.page("to-decide", kind="grants")
    assert "never said whether it was given" in page
    assert decide(desk, "grants", action="end_grant", reason="nobody came").status_code == 303
    assert field.total("waiting") == 0


def test_what_was_begun_and_given_counts_on_its_own_day(field, desk, clock):
    ask, _verdict = field.phone("table 1").ask("h1")
    clock.moment += DAY + 60
    desk = Desk(field, "next day")
    assert decide(desk, "grants", action="was_given").status_code == 303
    assert (field.total("waiting"), field.total("given")) == (0, 1)
    assert [key.rsplit("|", 1)[1] for key in field.counters() if key.startswith("given|")] == [ask["at"][:10]]
    assert "Nothing to decide here" in desk.page("to-decide", kind="grants")
    assert "Nothing to decide here" in desk.page("to-decide")
    assert ledger_problems(field) == []


def test_a_phone_that_tells_after_all_what_the_desk_wrote_down_is_a_question(field, clock):
    phone = field.phone("table 1")
    ask, _verdict = phone.ask("h1")
    clock.moment += DAY + 60
    desk = Desk(field, "next day")
    decide(desk, "grants", action="was_given")
    phone.send(ask)
    assert field.total("given") == 2
    assert "Given, and also not given" in desk.page("to-decide")


def test_numbers_used_twice_are_known_and_wait_no_more(field, desk):
    phone = field.phone("table 1")
    phone.send(phone.handover("h1", item="pss", seq=7), phone.handover("h1", item="pss", seq=7))
    page = desk.page("to-decide", kind="numbers")
    for words in ("table 1", "It used a number twice: 7.", "Look at the phone"):
        assert words in page
    assert decide(desk, "numbers", action="accept").status_code == 303
    assert "Nothing to decide here" in desk.page("to-decide", kind="numbers")
    assert "Look at the phone" not in Desk(field, "lead", "site_lead").page("to-decide", kind="numbers")


@pytest.fixture
def missing_stock(field):
    """One parcel more than ever came was given at School 1; five lie at School 2."""
    phone = field.phone("table 1")
    came = {"kind": "stock", "action": "received", "item": id_of("parcel"), "site": id_of("s2"), "quantity": 5}
    phone.send(phone.record(**came), phone.handover("h1"))


def stock_forms(page):
    """Return what each form of the first question would send, by way."""
    forms = [
        dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', each))
        for each in re.findall(r"<form.*?</form>", page, re.S)
    ]
    return {each["way"]: each for each in forms if "way" in each}


@pytest.mark.parametrize(("way", "more", "on_hand"), [
    ("received", {"quantity": "10", "source": "own_funds", "waybill": "WB 17"}, {"s1": 9, "s2": 5}),
    ("transferred", {"quantity": "3", "from_site": id_of("s2")}, {"s1": 2, "s2": 2}),
    ("counted", {"quantity": "0"}, {"s1": 0, "s2": 5}),
])  # fmt: skip
def test_stock_that_is_missing_is_written_down_where_it_is_asked(field, desk, missing_stock, way, more, on_hand):
    page = desk.page("to-decide", kind="stock")
    assert "1 more were given than ever came in." in page
    assert desk.browser.post(f"{desk.base}/stock", data={**stock_forms(page)[way], **more}).status_code == 303
    assert "Nothing to decide here" in desk.page("to-decide", kind="stock")
    with snapshot() as connection:
        left = {row.site: row.on_hand for row in list_stock(connection, field.operation_id)}
    assert left == {id_of(site): count for site, count in on_hand.items()}
    assert "Wrote stock down" in desk.page("audit", what="all")
    assert ledger_problems(field) == []


def test_stock_that_makes_no_sense_is_not_written_down(field, desk, missing_stock):
    way = stock_forms(desk.page("to-decide", kind="stock"))["transferred"]
    for wrong in ({"quantity": ""}, {"quantity": "0"}, {"quantity": "-1"}, {"from_site": id_of("s1")}, {"from_site": ""},
                  {"way": "eaten"}, {"item": id_of("pss")}, {"source": "a friend"}):  # fmt: skip
        desk.browser.post(f"{desk.base}/stock", data={**way, "quantity": "1", "from_site": id_of("s2"), **wrong})
        page = desk.page("to-decide", kind="stock")
        assert "Nothing was written down." in page and "1 more were given" in page, wrong


def test_the_family_of_a_card_that_nobody_knew_is_found_and_given_it(field, desk):
    phone = field.phone("table 1")
    phone.send(phone.handover("zz"))
    where = re.search(r'href="([^"]*households\?card=[^"]*)"', desk.page("to-decide"))
    shown = desk.browser.get(where[1]).get_data(as_text=True)
    family = re.search(r'href="([^"#]*)#cards"', shown)
    page = desk.browser.get(family[1]).get_data(as_text=True)
    assert "Is the card that nobody knew theirs?" in page
    form = next(each for each in re.findall(r"<form.*?</form>", page, re.S) if 'name="card"' in each and "linked" in each)
    hidden = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form))
    assert desk.browser.post(f"{desk.base}/households/{id_of('h1')}/cards", data=hidden).status_code == 303
    assert "Nothing to decide here" in desk.page("to-decide")
    assert (field.total("given"), field.total("unknown")) == (1, 0)
    again = desk.get(f"households/{id_of('h1')}", card=hidden["card"])
    assert again.status_code == 409
    assert ledger_problems(field) == []


def test_looking_for_a_cards_family_goes_on_after_a_search(field, desk):
    phone = field.phone("table 1")
    phone.send(phone.handover("zz"))
    card = re.search(r"households\?card=([^\"]*)", desk.page("to-decide"))[1]
    issue(field.desk, "again", "01-0007", id_of("h1"))
    assert "It is theirs" in desk.find("01-0007", card=card)


def test_dates_outside_a_round_are_one_question(field, desk, clock):
    clock.moment += 200 * DAY
    desk = Desk(field, "later")
    phone = field.phone("late phone")
    phone.send(phone.handover("h1"))
    page = desk.page("to-decide", kind="causes")
    for words in ("Outside the round", "Given: 4 Oct 2013", "Planned: 18 Mar 2013 to 20 Mar 2013"):
        assert words in page
    while "It is right so" in desk.page("to-decide", kind="causes"):
        assert decide(desk, "causes", action="accept").status_code == 303
    assert field.total("given") == 1


@pytest.mark.parametrize("kind", ["cases", "causes", "numbers", "grants", "stock"])
def test_every_list_has_an_empty_state(desk, kind):
    assert "All that came in is clear." in desk.page("to-decide", kind=kind)


def test_what_was_set_aside_has_a_page_of_its_own(desk):
    assert desk.get("to-decide", kind="held").headers["Location"].endswith("/to-decide/held")
    assert "All that came in is clear." in desk.page("to-decide/held")


@pytest.mark.parametrize("role", ["volunteer", "finance"])
def test_others_decide_nothing(field, role):
    stranger = Desk(field, role, role)
    assert stranger.get("to-decide").status_code == 403


def test_managers_see_who_saw_what_for_what(field, desk, double):
    desk.page(f"households/{id_of('h1')}")
    page = desk.page("audit")
    for words in ("Saw a household", "To prepare or run a distribution", "Olga"):
        assert words in page
    assert Desk(field, "lead", "site_lead").get("audit").status_code == 403


def test_the_audit_is_paged_and_can_show_everything(desk):
    for _time in range(52):
        desk.page("to-decide")
    assert "Page 1 of 2" in desk.page("audit")
    assert "Page 2 of 2" in desk.page("audit", page="2")
    assert "Said what" not in desk.page("audit")
    desk.send("purpose", purpose="checking")
    assert "Said what" in desk.page("audit", what="all")


def test_a_sensitive_item_is_named_only_to_those_in_the_know(app, clock):
    plan = field_plan()
    hidden = {"name": "Talk about violence", "sensitive": True, "public_label": "Afternoon"}
    items = tuple(replace(item, **hidden) if item.id == id_of("parcel") else item for item in plan.items)
    field = Field(app, clock, plan=replace(plan, items=items))
    field.household("h1")
    phone = field.phone("table 1", sensitive=True)
    phone.send(phone.handover("h1"), phone.handover("h1"))
    lead, manager = Desk(field, "lead", "site_lead"), Desk(field)
    for path in ("to-decide", f"households/{id_of('h1')}"):
        assert "Talk about violence" not in lead.page(path)
        assert "Afternoon" in lead.page(path)
        assert "Talk about violence" in manager.page(path)
