"""Lists are approved by somebody other than their author; families registered at a site by a lead who was named."""

from __future__ import annotations

import pytest

from relief.kernel.ids import to_text
from tests.ledger.field import Field
from tests.model.plan import id_of
from tests.office.desk import Desk, family_of, ledger_problems, refusal, register


@pytest.fixture
def field(app, clock):
    return Field(app, clock)


@pytest.fixture
def author(field):
    return Desk(field, "author")


@pytest.fixture
def approver(field):
    return Desk(field, "approver")


@pytest.fixture
def three(field):
    return [register(field.desk, name, f"Head {name}") for name in ("h1", "h2", "h3")]


def test_a_list_is_approved_by_another_and_cited_in_the_ledger(field, author, approver, three):
    assert author.send("approvals", name="Ozernaia").status_code == 303
    assert "Head h2" in approver.page("approvals/1")
    assert approver.send("approvals/1/approve", "approvals/1").status_code == 303
    assert {family_of(field, each).status for each in three} == {"approved"}
    assert "Approved with list 1. Ozernaia" in approver.page(f"households/{three[0]}")
    page = approver.page("approvals")
    for words in ("1. Ozernaia", "Olga", "Approved", "6"):
        assert words in page
    assert ledger_problems(field) == []


def test_the_author_cannot_approve_her_own_list(field, author, three):
    author.send("approvals", name="Mine")
    assert "somebody else approves it" in author.page("approvals/1")
    assert refusal(author.post("approvals/1/approve")) == (403, "own_list")
    assert family_of(field, three[0]).status == "registered"


def test_nor_can_who_registered_somebody_on_it(field, author, approver, three):
    register(field.desk, "h4", "Vera", by=approver.user_id)
    author.send("approvals", name="All")
    assert refusal(approver.post("approvals/1/approve")) == (403, "own_list")


def test_approving_twice_approves_once(field, author, approver, three):
    author.send("approvals", name="All")
    approver.send("approvals/1/approve", "approvals/1")
    before = field.counters()
    assert refusal(approver.post("approvals/1/approve")) == (409, "list_decided")
    assert field.counters() == before


def test_a_list_is_sent_back_with_a_reason_and_its_households_wait_on(field, author, approver, three):
    author.send("approvals", name="Too early")
    assert approver.send("approvals/1/return", "approvals/1").status_code == 422
    approver.send("approvals/1/return", "approvals/1", reason="two villages are missing")
    assert "two villages are missing" in approver.page("approvals/1")
    assert family_of(field, three[0]).status == "registered"
    assert author.send("approvals", name="Again").status_code == 303
    assert refusal(approver.post("approvals/1/approve")) == (409, "list_decided")


def test_a_household_stands_on_one_open_list_at_a_time(author, three):
    author.send("approvals", name="First")
    assert author.send("approvals", name="Second").status_code == 409


def test_a_household_left_out_waits_on(field, author, approver, three):
    author.send("approvals", name="All")
    approver.send("approvals/1/leave-out", "approvals/1", household=three[1])
    approver.send("approvals/1/approve", "approvals/1")
    assert [family_of(field, each).status for each in three] == ["approved", "registered", "approved"]


def test_who_was_withdrawn_meanwhile_is_not_approved_with_the_list(field, author, approver, three):
    author.send("approvals", name="All")
    approver.send(f"households/{three[0]}/decide", f"households/{three[0]}", action="withdrawn", reason="moved")
    approver.send("approvals/1/approve", "approvals/1")
    assert family_of(field, three[0]).status == "withdrawn"
    assert "approved|people" in field.counters()
    assert field.total("approved|households") == 2


@pytest.mark.parametrize("name", ["", " ", "x" * 81])
def test_a_list_needs_a_short_name(author, three, name):
    assert author.send("approvals", name=name).status_code == 422


@pytest.fixture
def on_site(field):
    """A family that a phone registered."""
    phone = field.phone("table 1")
    people = [{"id": id_of("h9-1"), "number": 1, "sex": "female", "age_band": "60+", "disability": "no"}]
    phone.send(phone.record("registration", household=id_of("h9"), site=id_of("s1"), private={"head": "Nina At The Door"},
                            members=people))  # fmt: skip
    return id_of("h9")


def test_only_a_named_lead_approves_whom_a_phone_registered(field, approver, on_site):
    lead = Desk(field, "lead", "site_lead")
    assert "Nina At The Door" in lead.page("approvals/on-site")
    seen = family_of(field, on_site).seen
    assert refusal(lead.post(f"approvals/on-site/{on_site}", action="approved", seen=seen)) == (403, "not_named")
    approver.send("approvals/leads", "approvals", user=to_text(lead.user_id), action="name")
    assert lead.send(f"approvals/on-site/{on_site}", "approvals/on-site", action="approved").status_code == 303
    assert family_of(field, on_site).status == "approved"
    assert "Nobody waits" in lead.page("approvals/on-site")


def test_a_lead_who_is_no_more_named_approves_no_more(field, approver, on_site):
    lead = Desk(field, "lead", "site_lead")
    for action in ("name", "end"):
        approver.send("approvals/leads", "approvals", user=to_text(lead.user_id), action=action)
    seen = family_of(field, on_site).seen
    assert refusal(lead.post(f"approvals/on-site/{on_site}", action="approved", seen=seen)) == (403, "not_named")


def test_a_named_lead_decides_about_nobody_from_a_list(field, approver, three):
    lead = Desk(field, "lead", "site_lead")
    approver.send("approvals/leads", "approvals", user=to_text(lead.user_id), action="name")
    seen = family_of(field, three[0]).seen
    assert refusal(lead.post(f"approvals/on-site/{three[0]}", action="approved", seen=seen)) == (403, "not_on_site")


def test_not_approving_at_the_site_needs_a_reason(field, approver, on_site):
    assert refusal(approver.post(f"approvals/on-site/{on_site}", action="not_approved", seen="")) == (422, "bad_input")
    approver.send(f"approvals/on-site/{on_site}", "approvals/on-site", action="not_approved", reason="lives elsewhere")
    assert family_of(field, on_site).status == "not_approved"


def test_only_a_site_lead_can_be_named(field, approver):
    other = Desk(field, "clerk", "finance")
    answer = approver.post("approvals/leads", user=to_text(other.user_id), action="name")
    assert refusal(answer) == (422, "bad_input")


def test_families_of_a_site_are_shown_alone(approver, on_site):
    assert "Nina" in approver.page("approvals/on-site", site=id_of("s1"))
    assert "Nina" not in approver.page("approvals/on-site", site=id_of("s2"))
