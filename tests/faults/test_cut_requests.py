"""A request cut at any class of byte stores nothing and stops nobody; the whole one is then taken as if it were the first."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from relief.db import db
from tests.conftest import only_sqlite
from tests.faults.cuts import forms_of, places_of, send_and_fall_silent, send_cut, send_slowly
from tests.faults.cutting import CANNOT_BE_READ
from tests.faults.load import FAMILIES, count_made_by, count_of
from tests.faults.server import Server
from tests.ledger.crowd import phones, problems
from tests.ledger.field import Phone
from tests.model.plan import id_of


@pytest.fixture
def server(field, settings) -> Iterator[Server]:
    with Server(settings, threads=4) as running:
        yield running


def request_of(phone: Phone) -> tuple[dict, dict[str, bytes]]:
    record = phone.handover(FAMILIES[0], item="pss", members=[id_of(f"{FAMILIES[0]}-1")])
    body = {"app_version": "1", "counts": {"made": 1, "waiting": 0, "held": 0}, "records": [record]}
    return record, forms_of(body, phone.headers)


@only_sqlite
@pytest.mark.parametrize("form", ["plain", "gzip", "chunked", "gzip and chunked"])
def test_a_cut_request_stores_nothing_and_the_whole_one_is_taken(field, server, form):
    (phone,) = phones(field, 1)
    record, requests = request_of(phone)
    request = requests[form]
    for how in ("hang up", "reset"):
        for where, place in places_of(request).items():
            status = send_cut(server.port, request, place, how)
            assert status in CANNOT_BE_READ, (where, how, status)
    assert count_made_by(field, phone) == 0
    db.session.remove()
    assert send_slowly(server.port, request, pieces=1, pause_seconds=0) == 200
    assert count_of(field, [record]) == count_made_by(field, phone) == 1
    assert problems(field) == []


@only_sqlite
def test_slow_bytes_are_waited_for_and_hold_nobody_else_up(field, server):
    slow_phone, *others = phones(field, 3)
    record, requests = request_of(slow_phone)
    statuses: list[int | None] = []
    slow = threading.Thread(target=lambda: statuses.append(send_slowly(server.port, requests["gzip"], 40, 0.05)))
    slow.start()
    for phone in others:
        assert send_slowly(server.port, request_of(phone)[1]["plain"], pieces=1, pause_seconds=0) == 200
    assert slow.is_alive()
    slow.join(20)
    assert statuses == [200]
    assert count_of(field, [record]) == 1


@only_sqlite
@pytest.mark.parametrize(("where", "form"), [("in a header's value", "plain"), ("in the middle", "gzip"),
                                             ("in the middle", "chunked")])  # fmt: skip
def test_phones_that_fall_silent_within_a_request_do_not_hold_the_server_for_ever(field, settings, where, form):
    silent, other = phones(field, 2)
    request = request_of(silent)[1][form]
    with Server(settings, threads=2, prepare="import relief.web.server as server; server.STALLED_SECONDS = 1") as server:
        lines = [send_and_fall_silent(server.port, request, places_of(request)[where]) for _each in range(4)]
        assert send_slowly(server.port, request_of(other)[1]["plain"], pieces=1, pause_seconds=0) == 200
        for line in lines:
            line.close()
    assert count_made_by(field, silent) == 0
