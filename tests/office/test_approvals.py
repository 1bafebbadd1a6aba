"""Lists are approved by somebody other than their author; families registered at a site by a lead who was named."""

from __future__ import annotations

import re

import pytest

from relief.accounts.models import Enrolment
from relief.db import db
from relief.kernel.ids import to_text
from tests.model.plan import id_of
from tests.office.desk import Desk, family_of, ledger_problems, refusal, register


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


def desks_of(browser):
    db.session.rollback()
    return list(db.session.scalars(db.select(Enrolment.label).where(Enrolment.user_id == browser.user_id)))


def change(desk, household, name="h1", **words):
    """Correct a household at the desk: one of its people, or a private word."""
    fields = {f"band-{id_of(name + '-1')}": "60+", "way": "correction", "reason": "passport seen", **words}
    answer = desk.send(f"households/{household}/people", **fields)
    assert answer.status_code == 303, answer.get_data(as_text=True)


def test_who_changed_somebody_on_a_list_does_not_approve_it(field, author, approver, three):
    author.send("approvals", name="All")
    change(approver, three[0])
    assert refusal(approver.post("approvals/1/approve")) == (403, "own_list")
    assert "somebody else approves it" in approver.page("approvals/1")
    assert "somebody else approves it" in approver.page(f"households/{three[0]}")
    seen = family_of(field, three[0]).seen
    assert refusal(approver.post(f"households/{three[0]}/decide", action="approved", seen=seen)) == (403, "own_household")
    third = Desk(field, "third")
    assert third.send("approvals/1/approve", "approvals/1").status_code == 303
    assert {family_of(field, each).status for each in three} == {"approved"}


def test_nor_does_who_brought_a_changed_list(field, author, approver, three):
    record = {"kind": "registration", "household": three[0], "by": to_text(approver.user_id), "members": [
        {"id": id_of("h1-1"), "number": 1, "sex": "female", "age_band": "60+", "disability": "unknown"}]}  # fmt: skip
    field.desk.send(record)
    author.send("approvals", name="All")
    assert refusal(approver.post("approvals/1/approve")) == (403, "own_list")


def test_nor_does_who_told_a_part_of_a_family_that_was_merged_into_it(field, author, approver, three):
    other = register(field.desk, "h8", "Vera", by=approver.user_id)
    field.desk.send({"kind": "household", "action": "merged", "household": three[0], "other": other, "pairs": []})
    author.send("approvals", name="All")
    assert refusal(approver.post("approvals/1/approve")) == (403, "own_list")


def test_what_changed_while_somebody_looked_is_not_approved_unseen(field, author, approver, three):
    author.send("approvals", name="All")
    shown = approver.page("approvals/1")
    seen = re.search(r'name="seen" value="([^"]*)"', shown)[1]
    change(author, three[1], "h2")
    assert refusal(approver.post("approvals/1/approve", seen=seen)) == (409, "list_changed")
    approver.page("approvals")  # the same when what is read off the entries has come after
    assert refusal(approver.post("approvals/1/approve", seen=seen)) == (409, "list_changed")
    assert desks_of(approver) == []  # a refusal leaves no trace, not even a desk
    assert approver.send("approvals/1/approve", "approvals/1").status_code == 303


def test_a_change_after_the_approval_holds_at_once_and_waits_for_other_eyes(field, author, approver, three):
    author.send("approvals", name="All")
    approver.send("approvals/1/approve", "approvals/1")
    assert "changed since" not in approver.page("approvals")
    change(author, three[0])
    assert family_of(field, three[0]).status == "approved"
    assert "1 changed since it was approved" in approver.page("approvals")
    assert "Approve the change" in approver.page(f"households/{three[0]}")
    assert "Approve the change" not in author.page(f"households/{three[0]}")
    approver.send("approvals", name="Changes")
    assert refusal(author.post("approvals/2/approve")) == (403, "own_list")
    third = Desk(field, "third")
    page = third.page("approvals/2")
    assert ("changed since it was approved" in page, "Head h1" in page, "Head h2" in page) == (True, True, False)
    assert third.send("approvals/2/approve", "approvals/2").status_code == 303
    assert "changed since" not in third.page("approvals")
    assert "Approved with list 2. Changes" in third.page(f"households/{three[0]}")
    assert ledger_problems(field) == []


def test_one_change_may_be_approved_by_itself(field, author, approver, three):
    approver.send(f"households/{three[0]}/decide", f"households/{three[0]}", action="approved")
    change(author, three[0], head="Head of another name")
    assert approver.send(f"households/{three[0]}/decide", f"households/{three[0]}", action="approved").status_code == 303
    assert "changed since" not in approver.page(f"households/{three[0]}")
