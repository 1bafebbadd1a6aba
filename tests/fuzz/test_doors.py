"""Every address of the program by everybody: what is refused is refused alike, tells nothing, and changes nothing."""

from __future__ import annotations

import random
import re
from itertools import product
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from relief.accounts.rules import ROLES
from tests.amounts import often
from tests.conftest import only_sqlite
from tests.fuzz.answers import problems, state_problems
from tests.fuzz.forms import TOKEN, endpoint_of, read_page, send, walk
from tests.fuzz.town import Town, Visitor, may_enter, some_id
from tests.fuzz.witness import MEANT_TO_RECORD, Witness

pytestmark = only_sqlite
HERE = ("nobody", *ROLES, "disabled", "phone", "lead_phone", "sensitive_phone", "revoked_phone")
EVERYBODY = (*HERE, "administrator", "elsewhere", "phone_elsewhere")


def rules(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if not rule.rule.startswith("/static/")]


def fill_in(rule: Rule, values: dict[str, str]) -> str:
    return re.sub(r"<(?:[^:>]+:)?([^>]+)>", lambda found: values.get(found[1], "html"), rule.rule)


def methods(rule: Rule) -> list[str]:
    return sorted(set(rule.methods or ()) - {"HEAD", "OPTIONS"})


def knock(client: FlaskClient, rule: Rule, method: str, values: dict[str, str], **named: Any) -> TestResponse:
    body = {"json": {}} if rule.rule.startswith("/api/") and method != "GET" else {}
    return client.open(fill_in(rule, values), method=method, **body, **named)


def told(answer: TestResponse, ids: list[str]) -> tuple[Any, ...]:
    """Return all that an answer says, but for the ids that were asked for and the number of the request."""
    text = answer.get_data().decode(errors="replace").replace(answer.headers["X-Request-Id"], "REQUEST")
    text = re.sub(rf'name="{TOKEN}" value="[^"]*"', "", text)
    headers = sorted(
        (name, value) for name, value in answer.headers if name not in ("X-Request-Id", "Set-Cookie", "Content-Length", "Date")
    )
    for each in ids:
        text = text.replace(each, "ID")
        headers = [(name, value.replace(each, "ID")) for name, value in headers]
    return answer.status_code, text, headers


def is_refusal(answer: TestResponse) -> bool:
    return answer.status_code >= 400 or answer.headers.get("Location", "").startswith("/sign-in")


def known_here(town: Town) -> dict[str, str]:
    return {name: of_it[0] for name, of_it in town.ids().items() if of_it}


def known_there(town: Town) -> dict[str, str]:
    known = town.ids()
    return {
        "operation_id": town.other_id,
        "held_id": known["held_id"][-1],
        "household_id": known["household_id"][-1],
        "enrolment_id": known["enrolment_id"][-1],
        "card_id": known["card_id"][-1],
        "sheet_id": known["sheet_id"][-1],
    }


def test_what_is_another_operations_looks_like_what_does_not_exist(app: Flask, town: Town, witness: Witness) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    here, there, wrong = known_here(town), known_there(town), []
    clients = {name: town.client_of(town.visitor(name)) for name in HERE}
    witness.changed()
    for rule, (name, client) in product(rules(app), clients.items()):
        for method in methods(rule):
            for part in sorted(rule.arguments & set(there)):
                real, missing = {**here, part: there[part]}, {**here, part: some_id()}
                answers = [knock(client, rule, method, values) for values in (real, missing)]
                says = [told(answer, [real[part], missing[part]]) for answer in answers]
                if says[0] != says[1] or not is_refusal(answers[0]):
                    wrong.append((name, method, rule.rule, part, *says))
                wrong += [(name, method, rule.rule, each) for each in state_problems(answers[1], witness)]
    assert wrong == []


def test_whom_a_guard_keeps_out_changes_nothing(app: Flask, town: Town, witness: Witness) -> None:
    """At every address with everything that is there, whatever page its form stands on."""
    app.config["WTF_CSRF_ENABLED"] = False
    here, wrong = known_here(town), []
    clients = {visitor: town.client_of(visitor) for visitor in town.visitors()}
    witness.changed()
    for rule, (visitor, client) in product(rules(app), clients.items()):
        if may_enter(app.view_functions[rule.endpoint].guard, visitor):  # type: ignore[attr-defined]
            continue
        for method in methods(rule):
            answer = knock(client, rule, method, here)
            wrong += [] if is_refusal(answer) else [(visitor.name, method, rule.rule, answer.status_code)]
            changed = set(witness.changed()) - MEANT_TO_RECORD
            wrong += [(visitor.name, method, rule.rule, each) for each in [*problems(answer, visitor, town), *changed]]
    assert wrong == []


def test_a_mark_of_somebody_elses_opens_nothing(app: Flask, town: Town) -> None:
    """Who may not read gets the same refusal with the right ETag as without; HEAD is answered as GET."""
    here, wrong = known_here(town), []
    clients = {name: town.client_of(town.visitor(name)) for name in EVERYBODY}
    for rule in (rule for rule in rules(app) if "GET" in methods(rule)):
        plain = {name: knock(client, rule, "GET", here) for name, client in clients.items()}
        marks = {answer.headers["ETag"] for answer in plain.values() if "ETag" in answer.headers}
        looking = random.sample(sorted(clients), often(len(clients)))
        for name, client in clients.items():
            status = plain[name].status_code
            if name in looking:
                head = knock(client, rule, "HEAD", here)
                if (head.status_code, head.data) != (status, b""):
                    wrong.append((name, rule.rule, "HEAD", head.status_code, status))
            for mark in marks if status != 200 else ():
                answer = knock(client, rule, "GET", here, headers={"If-None-Match": mark})
                if answer.status_code != status or "ETag" in answer.headers:
                    wrong.append((name, rule.rule, "ETag", answer.status_code, status))
    assert wrong == []


def test_a_phone_is_not_told_that_nothing_changed_by_the_mark_of_another(town: Town) -> None:
    mark = town.client_of(town.visitor("sensitive_phone")).get("/api/v1/register").headers["ETag"]
    answer = town.client_of(town.visitor("phone")).get("/api/v1/register", headers={"If-None-Match": mark})
    assert answer.status_code == 200


ODD_HEADERS: dict[str, dict[str, str]] = {
    "method override": {"X-HTTP-Method-Override": "DELETE", "X-Method-Override": "POST"},
    "strange Accept": {"Accept": "application/xml;q=oops, */*;q=\u00e9"},
    "strange language": {"Accept-Language": "xx-" + "y" * 5000},
    "range": {"Range": "bytes=5-1,0-99999999999999999999"},
    "foreign host": {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"},
    "strange mark": {"If-None-Match": 'W/"' + "a" * 5000, "If-Modified-Since": "Mon, 99 Foo 9999"},
    "strange token": {"Authorization": "Bearer \u00ff\u00fe"},
    "basic": {"Authorization": "Basic !!!"},
    "strange cookie": {"Cookie": "relief_session=eyJhIjoxfQ.aaaa.bbbb; relief_session=\u00ff"},
    "strange length": {"Content-Length": "-5"},
    "packed": {"Content-Encoding": "gzip", "Content-Type": "application/json; charset=utf-7"},
}
ODD_QUERIES = (
    "page=1&page=x",
    "page=-1",
    "page=" + "9" * 400,
    "page=%00",
    "page=%ff%fe",
    "since=1e3",
    "kind=cases&kind=<script>",
    "next=//evil.example",
    "next=https://evil.example",
    "next=%0d%0aSet-Cookie:a=b",
    "a=" + "b" * 100_000,
    "&&&==",
    "[]=1",
)
ODD_METHODS = ("TRACE", "CONNECT", "PROPFIND", "OPTIONS", "PUT", "PATCH", "DELETE", "get", "X" * 300)
ODD_PATHS = (
    "/%00",
    "/%ff",
    "/..%2f..%2fetc/passwd",
    "//evil.example/",
    "/\\evil",
    "/" + "a" * 100_000,
    "/operations/%00/",
    "/users/%ff/roles",
    "/static/..%2f..%2fpyproject.toml",
    "/static/%00",
    "/operations/new/",
    "/%F0%9F%92%A7",
    "/link/%00",
    "/link/" + "x" * 50_000,
)


ODD: dict[str, dict[str, Any]] = {
    **{what: {"headers": headers} for what, headers in ODD_HEADERS.items()},
    **{query: {"query_string": query} for query in ODD_QUERIES},
    **{method: {"method": method} for method in ODD_METHODS},
}
ODD_VISITORS = ("nobody", "manager", "administrator", "phone", "revoked_phone")


@pytest.mark.parametrize("name", ODD_VISITORS)
def test_odd_requests_are_answered_plainly(app: Flask, town: Town, witness: Witness, name: str) -> None:
    visitor, here = town.visitor(name), known_here(town)
    client = town.client_of(visitor)
    witness.changed()
    wrong = []

    def look(what: str, answer: TestResponse) -> None:
        found = [*problems(answer, visitor, town, what), *state_problems(answer, witness)]
        found += ["leads away"] if urlsplit(answer.headers.get("Location", "")).netloc not in ("", "localhost") else []
        wrong.extend((what[:200], answer.status_code, each) for each in found)

    every_request = [*product(rules(app), ODD.items())]
    hers = every_request[ODD_VISITORS.index(name) :: len(ODD_VISITORS)]  # each of them a share: together all
    for rule, (what, sent) in random.sample(hers, often(len(hers))):
        address = fill_in(rule, here)
        look(f"{what} {address}", client.open(address, **{"method": "GET", **sent}))
    for path in ODD_PATHS:
        look(path, client.get(path))
    assert wrong == []


@pytest.mark.parametrize("name", ["nobody", "manager", "administrator"])
def test_a_form_without_its_own_token_is_refused(app: Flask, town: Town, witness: Witness, name: str) -> None:
    visitor = town.visitor(name)
    forms, client = list(walk(app, town, visitor)), town.client_of(visitor)
    others = token_on(town.client_of(Visitor("nobody")), "/sign-in")
    witness.changed()
    for form in forms:
        fields = [(each.name, each.value) for each in form.inputs if each.name != TOKEN]
        for tokens in ([], [(TOKEN, "")], [(TOKEN, "wrong")], [(TOKEN, others)]):
            answer = send(client, form, [*fields, *tokens])
            if form.method != "get":
                assert answer.status_code == 400, (form.action, tokens)
                assert state_problems(answer, witness) == [], form.action


def test_a_form_of_others_is_refused_whoever_sends_it(app: Flask, town: Town, witness: Witness) -> None:
    """With a right token of her own: so that it is the guard that refuses."""
    forms = [form for reader in ("administrator", "manager") for form in walk(app, town, town.visitor(reader))]
    for name in ("nobody", *ROLES, "elsewhere"):
        visitor, client = town.visitor(name), town.client_of(town.visitor(name))
        own = token_on(client, "/sign-in" if name == "nobody" else "/")
        witness.changed()
        for form in forms:
            guard = app.view_functions[endpoint_of(app, form.action, form.method)].guard  # type: ignore[attr-defined]
            if form.method == "get" or may_enter(guard, visitor) or town.other_id in form.action:
                continue
            answer = send(client, form, [(each.name, own if each.name == TOKEN else each.value) for each in form.inputs])
            assert answer.status_code in (401, 403, 404), (name, form.action, answer.status_code)
            assert [*problems(answer, visitor, town), *state_problems(answer, witness)] == [], (name, form.action)


def token_on(client: FlaskClient, address: str) -> str:
    forms = read_page(address, client.get(address).text).forms
    return next(each.value for form in forms for each in form.inputs if each.name == TOKEN)


@pytest.mark.parametrize(
    "origin",
    [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"}, {"Origin": "null"}],
    ids=str,
)
def test_another_sites_page_writes_nothing_through_the_api(
    app: Flask, town: Town, witness: Witness, origin: dict[str, str]
) -> None:
    client = town.client_of(town.visitor("administrator"))
    witness.changed()
    for rule in rules(app):
        for method in set(methods(rule)) - {"GET"} if rule.rule.startswith("/api/") else ():
            answer = knock(client, rule, method, known_here(town), headers=origin)
            assert (answer.status_code, answer.get_json()["error"]["code"]) == (403, "another_site"), rule.rule
            assert state_problems(answer, witness) == []
