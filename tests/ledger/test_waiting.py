"""What waits for a person: cases of groups and causes, numbers used twice, grants nobody ended, held records."""

from __future__ import annotations

from dataclasses import replace

import pytest

from relief.accounts.devices import revoke_enrolment
from relief.db import snapshot, unit_of_work
from relief.kernel.errors import NotFound
from relief.kernel.ids import new_id, to_bytes, to_text
from relief.ledger.plan_saving import save_plan
from relief.ledger.queries import find_case, list_cases
from relief.ledger.reused_seqs import list_reused_seqs
from relief.ledger.waiting import get_held, list_causes, list_held, list_late_grants
from relief.operations.queries import get_current_plan
from tests.ledger.field import Field
from tests.model.plan import id_of

DAY = 24 * 3600


def asked(query, field, *args, **named):
    field.seal()
    with snapshot() as connection:
        return query(connection, field.operation_id, *args, **named)


def decide(field, case, **fields):
    (verdict,) = field.desk.send({"kind": "decision", "case": case, "action": "accept", **fields})
    assert verdict["verdict"] == "accepted"


def test_cases_come_page_by_page_and_each_once(field):
    phone = field.phone()
    for name in ("h1", "h2", "h3"):
        field.household(name)
        phone.send(phone.handover(name), phone.handover(name), phone.handover(name))
    pages = [asked(list_cases, field, number, size=4) for number in (1, 2, 3)]
    assert [(len(page.rows), page.total, page.pages) for page in pages] == [(4, 6, 2), (2, 6, 2), (0, 6, 2)]
    assert len({(case.code, case.cites) for page in pages for case in page.rows}) == 6


def test_a_case_is_found_by_what_it_cites(field):
    field.household("h1")
    phone = field.phone()
    first, second = phone.handover("h1"), phone.handover("h1")
    phone.send(first, second)
    cites = [second["id"], first["id"]]
    assert asked(find_case, field, "already_received", cites).cites == tuple(sorted(cites))
    assert asked(find_case, field, "already_received", cites[:1]) is None
    decide(field, "already_received", cites=cites)
    assert asked(find_case, field, "already_received", cites) is None


@pytest.fixture
def late(field):
    """A field where the 18th's hand-overs name the second round, which starts on the 21st."""
    field.household("h1")
    phone = field.phone()
    phone.send(*(phone.handover("h1", item="pss", round=id_of("r2")) for _ in range(3)))
    return field


def test_dates_outside_a_round_are_one_case_for_all_families(late):
    (row,) = asked(list_causes, late).rows
    assert (row.code, row.cause, row.count, row.plan_version) == ("outside_round", id_of("r2"), 3, 1)


def test_a_decision_on_a_cause_holds_for_its_plan_version_whatever_comes(late):
    decide(late, "outside_round", cause=id_of("r2"), plan_version=1)
    phone = late.phone("other")
    phone.send(phone.handover("h1", item="pss", round=id_of("r2")))
    assert asked(list_causes, late).rows == []


def test_a_decision_on_another_cause_settles_nothing(late):
    decide(late, "outside_round", cause=id_of("r1"), plan_version=1)
    assert asked(list_causes, late).total == 1


def test_a_new_plan_asks_about_its_causes_again(late):
    decide(late, "outside_round", cause=id_of("r2"), plan_version=1)
    with unit_of_work() as session:
        plan = replace(get_current_plan(session, late.operation_id), version=2)
        save_plan(session.connection(), late.operation_id, plan, enrolment_id=late.desk.enrolment_id, saved_by=None,
                  now=late.clock.now())  # fmt: skip
    assert [row.plan_version for row in asked(list_causes, late).rows] == [2]


def test_a_number_used_twice_is_one_case_of_its_phone(field):
    field.household("h1")
    phone, other = field.phone("copied"), field.phone("good")
    records = [phone.handover("h1", item="pss", seq=seq) for seq in (7, 7, 8, 8, 9)]
    phone.send(*records)
    other.send(other.handover("h1", item="pss", seq=7))
    (row,) = asked(list_reused_seqs, field).rows
    assert (row.enrolment_id, row.phone, row.seqs) == (to_text(phone.enrolment_id), "copied", (7, 8))
    assert row.cites == tuple(sorted(each["id"] for each in records[:4]))


def test_a_granted_ask_and_its_tell_are_no_number_used_twice(field):
    field.household("h1")
    phone = field.phone()
    scan, _ = phone.ask("h1")
    phone.send(scan)
    assert asked(list_reused_seqs, field).total == 0


def test_a_decision_on_reused_numbers_holds_until_there_is_one_more(field):
    field.household("h1")
    phone = field.phone()
    phone.send(phone.handover("h1", item="pss", seq=7), phone.handover("h1", item="pss", seq=7))
    (row,) = asked(list_reused_seqs, field).rows
    decide(field, "seq_reused", cites=list(row.cites))
    assert asked(list_reused_seqs, field).total == 0
    phone.send(phone.handover("h1", item="pss", seq=7))
    assert len(asked(list_reused_seqs, field).rows[0].cites) == 3


def test_a_grant_open_for_a_day_waits_for_somebody(field, clock):
    field.household("h1")
    phone = field.phone("table 2")
    scan, _ = phone.ask("h1")
    assert asked(list_late_grants, field, clock.now() + DAY - 1).total == 0
    (row,) = asked(list_late_grants, field, clock.now() + DAY).rows
    assert (row.record_id, row.item, row.site, row.quantity, row.moment, row.phone) == (
        scan["id"], id_of("parcel"), id_of("s1"), 1, clock.now(), "table 2")  # fmt: skip


@pytest.mark.parametrize("end", ["given", "not_given"])
def test_a_grant_that_ended_waits_for_nobody(field, clock, end):
    field.household("h1")
    phone = field.phone()
    scan, _ = phone.ask("h1")
    phone.send(scan if end == "given" else phone.void(scan, "not_given"))
    assert asked(list_late_grants, field, clock.now() + DAY).total == 0


def test_a_refused_ask_is_no_grant(field, clock):
    field.household("h1")
    phone = field.phone()
    phone.send(phone.handover("h1"))
    phone.ask("h1")
    assert asked(list_late_grants, field, clock.now() + DAY).total == 0


def test_held_records_say_why_who_and_when_but_not_what(field, clock):
    phone = field.phone("table 2")
    phone.send({**phone.handover("h1"), "quantity": -1, "collector": "a neighbour"}, "nothing at all")
    page = asked(list_held, field)
    assert sorted((row.code, row.kind, row.device, row.received_at) for row in page.rows if row.kind) == [
        ("malformed", "handover", "table 2", clock.now())]  # fmt: skip
    nobodys = [(row.code, row.record_id, row.device) for row in page.rows if not row.kind]
    assert nobodys == [("malformed", None, "")]
    assert "neighbour" not in str(page)


def test_what_a_held_record_says_is_told_on_demand(field):
    phone = field.phone()
    sent = {**phone.handover("h1"), "quantity": -1, "collector": "a neighbour"}
    phone.send(sent)
    (row,) = asked(list_held, field).rows
    assert asked(get_held, field, to_bytes(row.held_id)) == (row, sent)
    with pytest.raises(NotFound):
        asked(get_held, field, new_id())


def test_lists_of_one_operation_know_nothing_of_another(field, app, clock):
    phone = field.phone()
    phone.send("nothing at all")
    with unit_of_work() as session:
        revoke_enrolment(session, field.operation_id, phone.enrolment_id, clock.now())
    elsewhere = Field(app, clock, "elsewhere")
    assert (asked(list_held, field).total, asked(list_held, elsewhere).total) == (1, 0)
