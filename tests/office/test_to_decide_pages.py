"""The page of what waits: every list in kind words, records side by side, and each answer as the ledger takes it."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from tests.ledger.field import Field, field_plan
from tests.model.plan import id_of
from tests.office.desk import Desk, ledger_problems

DAY = 24 * 3600


@pytest.fixture
def field(app, clock):
    field = Field(app, clock)
    field.household("h1", members=3)
    return field


@pytest.fixture
def desk(field):
    return Desk(field)


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


def test_dates_outside_a_round_are_one_question(field, desk, clock):
    clock.moment += 200 * DAY
    desk = Desk(field, "later")
    phone = field.phone("late phone")
    phone.send(phone.handover("h1"))
    assert "Outside the round" in desk.page("to-decide", kind="causes")
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
