"""The log of a served installation: JSON lines with request ids, and nothing in them that is anybody's secret."""

from __future__ import annotations

import json
import urllib.error
import urllib.request

import pytest
from flask.testing import FlaskClient

from tests.conftest import only_sqlite
from tests.upkeep.station import FOOD, Station


def ask(address: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    try:
        with urllib.request.urlopen(urllib.request.Request(address, headers=headers), timeout=20) as answer:
            return answer.status, dict(answer.headers), answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, dict(error.headers), error.read()


@only_sqlite
def test_every_request_has_one_line_and_no_secret_is_in_any(station: Station) -> None:
    with station.served():
        phone = station.phone()
        card = station.cards[-1]
        station.give(phone)
        status, headers, body = ask(f"{station.base_url}/link/very-secret-token?name=Natallia", **{"X-Request-Id": "mine-1234"})
        ask(f"{station.base_url}/api/v1/operations/nobody?q=Natallia", Accept="application/json")
    assert headers["X-Request-Id"] == "mine-1234"
    log = (station.folder / "server.log").read_text()
    lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    mine = [line for line in lines if line.get("request_id") == "mine-1234"]
    assert [(line["method"], line["rule"], line["status"]) for line in mine] == [("GET", "/link/<token>", status)]
    sync = next(line for line in lines if line.get("rule") == "/api/v1/sync")
    assert sync["status"] == 200 and sync["ms"] > 0 and sync["bytes"] > 0
    for secret in ("very-secret-token", "Natallia", phone.transport.token, card, FOOD):
        assert secret not in log


@pytest.mark.parametrize("given", ["short", "x" * 65, "a b c d e f g h", "näme-näme", "line\\nbreak12"])
@only_sqlite
def test_a_request_id_that_is_not_plain_is_replaced(client: FlaskClient, given: str) -> None:
    answered = client.get("/healthz", headers={"X-Request-Id": given}).headers["X-Request-Id"]
    assert answered != given and answered.isalnum()


@only_sqlite
def test_an_error_carries_the_request_id_so_that_a_person_can_quote_it(client: FlaskClient) -> None:
    answer = client.get("/api/v1/operations/nobody", headers={"X-Request-Id": "mine-1234"})
    assert answer.json["error"]["request_id"] == answer.headers["X-Request-Id"] == "mine-1234"
