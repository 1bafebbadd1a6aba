"""Garbage at the other addresses of the API: one error shape, and never a 500."""

from __future__ import annotations

import gzip
from typing import Any

import pytest
from hypothesis import given, settings

from relief.accounts.join_codes import create_join_code
from relief.accounts.models import Enrolment
from relief.db import db, unit_of_work
from relief.kernel.ids import to_text
from tests.accounts.people import browser_of, make_user
from tests.conftest import only_sqlite
from tests.ledger.wire_records import anything

ENROL_GARBAGE: dict[str, bytes] = {
    "empty": b"", "cut": b'{"code"', "list": b"[]", "number": b"5", "null": b"null", "text": b'"ABCD-EFGH"', "no code": b"{}",
    "code null": b'{"code": null}', "code number": b'{"code": 12345678}', "code list": b'{"code": ["ABCD-EFGH"]}',
    "code empty": b'{"code": ""}', "code long": b'{"code": "' + b"A" * 41 + b'"}', "code of NUL": b'{"code": "ABCD\\u0000EFGH"}',
    "code of a surrogate": b'{"code": "ABCD\\ud800EFGH"}', "not UTF-8": b'{"code": "\xff"}', "NaN": b'{"code": NaN}',
    "5,000 digits": b'{"code": ' + b"1" * 5000 + b"}", "brackets": b"[" * 100_000, "objects": b'{"code":' * 100_000,
    "another field": b'{"code": "ABCD-EFGH", "admin": 1}', "code twice": b'{"code": 1, "code": 2}', "gzip": gzip.compress(b"{}"),
    "17 MB": b" " * (17 << 20),
}  # fmt: skip
SINCE = {"abc": 422, "-1": 422, "1.5": 422, "1e3": 422, "": 422, "9" * 30: 422, "9" * 5000: 422, str(2**53 + 1): 422, "NaN": 422,
         "%00": 422, "%ff": 422, "null": 422, "[]": 422, str(2**53): 200, "0": 200}  # fmt: skip


def is_the_one_shape(answer: Any) -> bool:
    return answer.json.keys() == {"error"} and {"code", "message"} <= answer.json["error"].keys()


@only_sqlite
def test_garbage_for_a_join_code_is_told_so(app, subtests):
    for number, (name, body) in enumerate(ENROL_GARBAGE.items()):
        with subtests.test(name):
            address = {"REMOTE_ADDR": f"192.0.2.{number}"}  # one address may try only so often
            answer = app.test_client().post("/api/v1/enrol", data=body, content_type="application/json", environ_base=address)
            assert 400 <= answer.status_code < 500
            assert is_the_one_shape(answer)


@pytest.mark.parametrize("version", [None, 1, "1" * 41, "a\0b", "a\ud800", ["1"], {"a": 1}])
def test_a_phone_that_says_nonsense_of_itself_does_not_spend_its_code(field, version):
    with unit_of_work() as session:
        code = create_join_code(session, field.operation_id, label="phone", now=field.clock.now())
    client = field.app.test_client()
    answer = client.post("/api/v1/enrol", json={"code": code, "app_version": version})
    assert (answer.status_code, is_the_one_shape(answer)) == (422, True)
    assert db.session.query(Enrolment).filter_by(kind="phone").count() == 0
    assert client.post("/api/v1/enrol", json={"code": code, "app_version": "é 1.0"}).status_code == 201


@only_sqlite
def test_an_odd_cursor_is_told_so(field, subtests):
    phone = field.phone()
    for since, status in SINCE.items():
        with subtests.test(since[:20]):
            answer = phone.client.get(f"/api/v1/register?since={since}", headers=phone.headers)
            assert answer.status_code == status
            assert status == 200 or is_the_one_shape(answer)


@pytest.mark.parametrize("mark", ['"', "W/", '""', "*", "a" * 5000, '"\u00e9"', ",,,"])
def test_an_odd_mark_of_an_earlier_answer_does_no_harm(field, mark):
    phone = field.phone()
    answer = phone.client.get("/api/v1/register", headers={**phone.headers, "If-None-Match": mark})
    assert answer.status_code in (200, 304)


@pytest.mark.parametrize(
    "token", ["", "Bearer", "Bearer ", "Bearer \u00e9", "Basic YTpi", "Bearer " + "a" * 9000, "Bearer a b", "x"]
)
def test_a_token_of_nobody_opens_nothing(field, token):
    client = field.app.test_client()
    for answer in (client.get("/api/v1/register", headers={"Authorization": token}),
                   client.post("/api/v1/sync", data=b"{}", headers={"Authorization": token})):  # fmt: skip
        assert (answer.status_code, is_the_one_shape(answer)) == (401, True)


@only_sqlite
def test_totals_take_odd_addresses_calmly(field, subtests):
    manager = make_user("manager@example.org", roles=((field.operation_id, "manager"),))
    browser = browser_of(field.app, manager)
    known = to_text(field.operation_id)
    assert browser.get(f"/api/v1/operations/{known}/totals").status_code == 200
    for query in ("?a=1", "?a=1&a=2", "?%00=%ff", "?" + "a" * 5000, "?lang=%ff", "?page=-1"):
        with subtests.test(query[:20]):
            answer = browser.get(f"/api/v1/operations/{known}/totals{query}")
            assert (answer.status_code, is_the_one_shape(answer)) == (422, True)
    for unknown in (known.upper(), known + "0", "x", "%00", "%ff", "..%2f..", "9" * 5000, "00000000-0000-7000-8000-00000000dead"):
        with subtests.test(unknown[:20]):
            for path in (f"/api/v1/operations/{unknown}/totals", f"/api/v1/operations/{unknown}"):
                answer = browser.get(path)
                assert (answer.status_code, is_the_one_shape(answer)) == (404, True)


@only_sqlite
def test_no_question_is_answered_as_if_it_were_another(field, subtests):
    """Totals asked `?as_of=2013-06-01` and told as of now would be believed."""
    browser = browser_of(field.app, make_user("manager@example.org", roles=((field.operation_id, "manager"),)))
    asked = [rule for rule in field.app.url_map.iter_rules()
             if rule.arguments == {"operation_id"} and "GET" in rule.methods and rule.rule.startswith("/api/")]  # fmt: skip
    assert len(asked) > 4
    for rule in asked:
        with subtests.test(rule.rule):
            address = rule.rule.replace("<operation_id>", to_text(field.operation_id))
            answer = browser.get(f"{address}?as_of=2013-06-01")
            assert (answer.status_code, "as_of" in answer.json["error"]["where"]) == (422, True)


@only_sqlite
@settings(max_examples=60)
@given(body=anything)
def test_any_json_at_all_gets_an_answer(field, body):
    phone = field.phone()
    batch = phone.post({"records": [body]})
    assert (batch.status_code, batch.json["verdicts"][0]["verdict"]) == (200, "held")
    assert phone.post(body).status_code == 422
