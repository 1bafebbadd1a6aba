"""Deciding what waits: leaving it, taking hand-overs back, ending grants, taking up what was held."""

from __future__ import annotations

import json

import pytest

from relief.accounts.audit import list_entries
from relief.db import db
from relief.kernel.ids import to_text
from relief.office.deciding.cli import cases
from tests.accounts.people import browser_of, make_user
from tests.ledger.field import Field
from tests.model.plan import id_of
from tests.office.desk import ledger_problems, refusal

DAY = 24 * 3600


@pytest.fixture
def field(app, clock):
    field = Field(app, clock)
    field.household("h1", members=3)
    return field


class Desk:
    """A signed-in manager who uses the API."""

    def __init__(self, field, role="manager"):
        self.field = field
        self.user_id = make_user(f"{role}@example.org", roles=((field.operation_id, role),))
        self.browser = browser_of(field.app, self.user_id)
        self.base = f"/api/v1/operations/{to_text(field.operation_id)}"

    def waiting(self, kind="cases", **query):
        self.field.seal()
        answer = self.browser.get(f"{self.base}/to-decide", query_string={"kind": kind, **query})
        assert answer.status_code == 200, answer.text
        return answer.json

    def decide(self, **body):
        return self.browser.post(f"{self.base}/decisions", json=body)

    def take_up(self, held_id, reason="the lead confirms"):
        return self.browser.post(f"{self.base}/held/{held_id}/take-up", json={"reason": reason})


@pytest.fixture
def desk(field):
    return Desk(field)


@pytest.fixture
def double(field):
    """Two hand-overs to one family, of which the second is too much."""
    phone = field.phone()
    first, second = phone.handover("h1"), phone.handover("h1")
    phone.send(first, second)
    return first, second


def words(answer):
    assert answer.status_code == 201, answer.text
    return [each["verdict"] for each in answer.json["verdicts"]]


def test_the_list_tells_what_to_decide_and_how_much_of_everything(desk, double):
    told = desk.waiting()
    assert told["counts"] == {"cases": 1, "causes": 0, "numbers": 0, "grants": 0, "held": 0, "stock": 0}
    (case,) = told["rows"]
    assert (case["code"], case["cites"]) == ("already_received", sorted(each["id"] for each in double))
    assert {(record["item"], record["quantity"], record["site"]) for record in case["records"]} == {
        (id_of("parcel"), 1, id_of("s1"))}  # fmt: skip


def test_accepting_leaves_what_was_given_and_closes_the_case(field, desk, double):
    (case,) = desk.waiting()["rows"]
    assert words(desk.decide(case=case["code"], cites=case["cites"], action="accept")) == ["accepted"]
    assert desk.waiting()["total"] == 0
    assert field.total("given") == 2
    assert ledger_problems(field) == []


def test_voiding_takes_back_the_chosen_hand_over(field, desk, double):
    (case,) = desk.waiting()["rows"]
    answer = desk.decide(case=case["code"], cites=case["cites"], action="void", targets=[double[1]["id"]], reason="scanned twice")
    assert words(answer) == ["accepted", "accepted"]
    assert (field.total("given"), field.total("voided"), field.total("lost")) == (1, 1, 0)
    assert desk.waiting()["total"] == 0
    assert ledger_problems(field) == []


def test_voiding_says_when_goods_are_not_back(field, desk, double):
    (case,) = desk.waiting()["rows"]
    desk.decide(case=case["code"], cites=case["cites"], action="void", targets=[double[1]["id"]], goods_back=False, reason="gone")
    assert field.total("lost") == 1


def test_voiding_one_of_several_needs_a_choice_and_a_reason(desk, double):
    (case,) = desk.waiting()["rows"]
    seen = {"case": case["code"], "cites": case["cites"], "action": "void"}
    assert refusal(desk.decide(**seen, reason="why")) == (422, "bad_input")
    assert refusal(desk.decide(**seen, targets=[double[0]["id"]])) == (422, "bad_input")
    assert refusal(desk.decide(**seen, targets=[id_of("other")], reason="why")) == (422, "bad_input")


def test_a_case_that_has_changed_is_not_decided(field, desk, double):
    (case,) = desk.waiting()["rows"]
    phone = field.phone("other")
    third = phone.handover("h1")
    phone.send(third)
    desk.decide(case=case["code"], cites=case["cites"], action="accept")
    changed = desk.decide(case=case["code"], cites=[*case["cites"], id_of("other")], action="accept")
    assert refusal(changed) == (409, "case_changed")
    again = desk.decide(case=case["code"], cites=case["cites"], action="accept")
    assert refusal(again) == (409, "case_changed")


@pytest.mark.parametrize("wrong", [{"cites": ["not an id"]}, {"cites": [""]}, {"cause": "0", "plan_version": 1},
                                   {"cites": [id_of("h1")], "targets": ["x"]}])  # fmt: skip
def test_what_is_not_an_id_is_refused_by_its_field(desk, wrong):
    answer = desk.decide(case="already_received", action="accept", **wrong)
    assert (answer.status_code, answer.json["error"]["code"]) == (422, "bad_input")
    assert set(wrong) & set(answer.json["error"]["where"].split("."))


def test_a_volunteers_void_that_waits_is_made_good_by_the_desk(field, desk):
    one, other = field.phone("one"), field.phone("other")
    scan = one.handover("h1")
    one.send(scan)
    other.send(other.void(scan, goods_back=0))
    (case,) = desk.waiting()["rows"]
    assert case["code"] == "void_waiting"
    desk.decide(case="void_waiting", cites=case["cites"], action="void", reason="she is right")
    assert (field.total("given"), field.total("lost")) == (0, 1)
    assert desk.waiting()["total"] == 0


def test_a_grant_open_for_a_day_is_ended_by_the_desk(field, desk, clock):
    scan, _ = field.phone().ask("h1")
    seen = {"case": "unresolved_grant", "cites": [scan["id"]], "action": "end_grant", "reason": "nobody came"}
    assert refusal(desk.decide(**seen)) == (409, "case_changed")
    clock.moment += DAY
    desk = Desk(field, "site_lead")
    (row,) = desk.waiting("grants")["rows"]
    assert row["record_id"] == scan["id"]
    assert words(desk.decide(**seen)) == ["accepted"]
    assert (field.total("waiting"), desk.waiting("grants")["total"]) == (0, 0)
    assert ledger_problems(field) == []


def test_a_grant_given_meanwhile_is_not_ended(field, clock):
    phone = field.phone()
    scan, _ = phone.ask("h1")
    clock.moment += DAY
    phone.send(scan)
    seen = {"case": "unresolved_grant", "cites": [scan["id"]], "action": "end_grant", "reason": "nobody came"}
    assert refusal(Desk(field).decide(**seen)) == (409, "case_changed")
    assert field.total("given") == 1


def test_a_cause_is_accepted_for_the_plan_that_was_seen(field, desk):
    phone = field.phone()
    phone.send(phone.handover("h1", item="pss", round=id_of("r2")))
    (row,) = desk.waiting("causes")["rows"]
    seen = {"case": row["code"], "cause": row["cause"], "action": "accept"}
    assert refusal(desk.decide(**seen, plan_version=row["plan_version"] + 1)) == (409, "case_changed")
    assert words(desk.decide(**seen, plan_version=row["plan_version"])) == ["accepted"]
    assert desk.waiting("causes")["total"] == 0


def test_numbers_used_twice_are_accepted(field, desk):
    phone = field.phone()
    phone.send(phone.handover("h1", item="pss", seq=7), phone.handover("h1", item="pss", seq=7))
    (row,) = desk.waiting("numbers")["rows"]
    assert words(desk.decide(case="seq_reused", cites=row["cites"], action="accept")) == ["accepted"]
    assert desk.waiting("numbers")["total"] == 0


def test_a_held_record_is_seen_and_taken_up_and_the_audit_knows(field, desk):
    phone = field.phone()
    scan = phone.handover("h1", collector="a neighbour")
    phone.send(scan, {**scan, "quantity": 2})
    told = desk.waiting("held")
    (row,) = told["rows"]
    assert "neighbour" not in json.dumps(told)
    seen = desk.browser.get(f"{desk.base}/held/{row['held_id']}").json
    assert seen["record"]["collector"] == "a neighbour"
    assert words(desk.take_up(row["held_id"])) == ["flagged"]
    assert words(desk.take_up(row["held_id"])) == ["already_there"]
    assert desk.waiting("held")["total"] == 0
    assert {"held.seen", "held.taken_up"} <= {entry.action for entry in list_entries(db.session, field.operation_id).rows}


def test_what_cannot_be_taken_up_says_why(field, desk):
    phone = field.phone()
    phone.send({**phone.handover("h1"), "item": id_of("gold")})
    (row,) = desk.waiting("held")["rows"]
    assert refusal(desk.take_up(row["held_id"])) == (409, "unknown_reference")


def test_negative_stock_waits_for_a_receipt_or_a_count(field, desk):
    phone = field.phone()
    phone.send(phone.record("stock", action="received", item=id_of("parcel"), site=id_of("s2"), quantity=5), phone.handover("h1"))
    (row,) = desk.waiting("stock")["rows"]
    assert (row["site"], row["on_hand"]) == (id_of("s1"), -1)


def noted(field):
    return [(entry.action, entry.subject) for entry in list_entries(db.session, field.operation_id).rows if "." in entry.action]


def test_the_audit_says_what_was_decided_and_what_was_refused(field, desk, double):
    (case,) = desk.waiting()["rows"]
    desk.decide(case=case["code"], cites=case["cites"][:1], action="accept")
    assert noted(field)[0] == ("case.decided_refused", "already_received case_changed")
    desk.decide(case=case["code"], cites=case["cites"], action="accept")
    assert noted(field)[0] == ("case.decided", "already_received")
    assert len([action for action, _subject in noted(field) if action.startswith("case.")]) == 2


def test_the_audit_does_not_say_of_a_held_record_that_it_was_taken_up_when_it_was_not(field, desk):
    phone = field.phone()
    phone.send({**phone.record("nonsense")})
    (held,) = desk.waiting("held")["rows"]
    assert desk.take_up(held["held_id"]).status_code == 409
    assert [each for each in noted(field) if each[0].startswith("held.")] == [
        ("held.taken_up_refused", f"{held['held_id']} unknown_kind")]  # fmt: skip


@pytest.mark.parametrize("role", ["finance", "auditor", "volunteer", "protection"])
def test_others_neither_see_nor_decide(field, role):
    desk = Desk(field, role)
    assert desk.browser.get(f"{desk.base}/to-decide").status_code == 403
    assert desk.decide(case="already_received", cites=[id_of("x")], action="accept").status_code == 403


def run(field, *arguments):
    field.seal()
    result = field.app.test_cli_runner().invoke(cases, [*arguments, "--json"])
    assert result.exit_code == 0, (result.output, result.exception)
    return json.loads(result.output)


def test_the_command_line_lists_and_decides(field, desk, double):
    (case,) = run(field, "list", "spring-floods")["rows"]
    cites = [word for each in case["cites"] for word in ("--cites", each)]
    told = run(field, "decide", "spring-floods", case["code"], *cites, "--action", "accept", "--by", "manager@example.org")
    assert [each["verdict"] for each in told["verdicts"]] == ["accepted"]
    assert run(field, "list", "spring-floods")["counts"]["cases"] == 0


def test_the_command_line_takes_up(field, desk):
    phone = field.phone()
    scan = phone.handover("h1")
    phone.send(scan, {**scan, "quantity": 2})
    (row,) = run(field, "list", "spring-floods", "--kind", "held")["rows"]
    told = run(field, "take-up", "spring-floods", row["held_id"], "--reason", "both happened", "--by", "manager@example.org")
    assert [each["verdict"] for each in told["verdicts"]] == ["flagged"]


def test_who_has_no_say_decides_nothing_on_the_command_line(field, double):
    Desk(field, "finance")
    arguments = ["decide", "spring-floods", "already_received", "--action", "accept", "--by", "finance@example.org"]
    result = field.app.test_cli_runner().invoke(cases, arguments)
    assert getattr(result.exception, "code", None) == "not_allowed"


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_another_sites_form_decides_nothing(desk, double, kind):
    """The API asks for no form token: so it may take only what no form can send."""
    (case,) = desk.waiting()["rows"]
    body = json.dumps({"case": case["code"], "cites": case["cites"], "action": "accept"})
    answer = desk.browser.post(f"{desk.base}/decisions", data=body, content_type=kind)
    assert answer.status_code == 422
    assert desk.waiting()["total"] == 1


@pytest.mark.parametrize("body", [
    b'{"case": ' + b"1" * 5000 + b"}", b'{"case": "zzz", "case": "CODE", "action": "void", "action": "accept", "cites": []}',
    b'{"case": "CODE", "action": "accept", "cites": [], "reason": "a\\u0000"}', b'{"case": "CODE", "reason": "\\ud800"}',
    b"\xff\xfe", b"{" * 9999,
])  # fmt: skip
def test_a_decision_that_cannot_be_read_is_told_and_nothing_is_decided_or_held(desk, double, body):
    (case,) = desk.waiting()["rows"]
    sent = body.replace(b"CODE", case["code"].encode()).replace(b"[]", json.dumps(case["cites"]).encode())
    answer = desk.browser.post(f"{desk.base}/decisions", data=sent, content_type="application/json")
    assert (answer.status_code, answer.json["error"]["code"]) in ((422, "bad_input"), (422, "nested_too_deeply"))
    assert (desk.waiting()["total"], desk.waiting("held")["total"]) == (1, 0)
