"""Two hosts that share one PostgreSQL are one server: whatever one of them was told the other knows, and once means once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
from flask import Flask

from relief import create_app
from relief.db import db
from relief.kernel.ids import to_text
from tests.accounts.people import browser_of, make_user
from tests.conftest import only_postgresql, seal_at_once
from tests.ledger.crowd import phones, problems
from tests.ledger.field import Phone

pytestmark = only_postgresql


@pytest.fixture
def other_host(settings: Any, clock: Any, app: Flask) -> Iterator[Flask]:
    """A second host of the installation: the same settings and secrets, its own process's connections."""
    host = create_app(settings, clock=clock)
    host.config["TESTING"] = True
    host.extensions["relief_after_commit"] = [seal_at_once]
    yield host
    with host.app_context():
        db.session.remove()
        db.engine.dispose()


def through(host: Flask, phone: Phone) -> Phone:
    phone.client = host.test_client()
    return phone


def at_once(*jobs: Callable[[], Any]) -> list[Any]:
    start = threading.Barrier(len(jobs))

    def run(job: Callable[[], Any]) -> Any:
        start.wait()
        return job()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return [each.result() for each in [pool.submit(run, job) for job in jobs]]


def test_two_phones_ask_for_one_card_through_two_hosts_and_one_is_granted(app, other_host, field):
    here, there = phones(field, 2)
    through(other_host, there)
    for number in range(8):
        field.household(f"h{number}")
        asked = at_once(partial(here.ask, f"h{number}"), partial(there.ask, f"h{number}"))
        verdicts = [verdict for _record, verdict in asked]
        assert sorted(each.get("mode", each["verdict"]) for each in verdicts) == ["granted", "refused"]
    assert (field.total("waiting"), field.total("refused")) == (8, 8)
    assert problems(field) == []


def test_a_batch_that_reaches_both_hosts_makes_its_entries_once(app, other_host, field):
    field.household("h1")
    (phone,) = phones(field, 1)
    again = through(other_host, Phone(field, to_text(phone.enrolment_id), phone.headers["Authorization"].split()[1]))
    for _each in range(5):
        batch = [phone.handover("h1", item=item) for item in ("parcel", "kit", "bl")]
        answers = at_once(partial(phone.send, *batch), partial(again.send, *batch))
        for one, two in zip(*answers, strict=True):
            assert (one["verdict"] == "already_there") != (two["verdict"] == "already_there")
    assert field.total("handovers") == 15
    assert problems(field) == []


def test_both_hosts_tell_the_same_totals_and_register_under_the_same_marks(app, other_host, field):
    for name in ("h1", "h2", "h3"):
        field.household(name)
    here, there = phones(field, 2)
    through(other_host, there)
    batches = [(here.handover("h1"), here.handover("h2")), (there.handover("h3"), there.handover("zz"))]
    at_once(partial(here.send, *batches[0]), partial(there.send, *batches[1]))
    field.seal()
    manager = make_user(roles=((field.operation_id, "manager"),))
    path = f"/api/v1/operations/{to_text(field.operation_id)}/totals"
    one, two = (browser_of(host, manager).get(path) for host in (app, other_host))
    assert (one.json, one.headers["ETag"]) == (two.json, two.headers["ETag"])
    assert one.json["people_assisted"] == 12
    assert browser_of(other_host, manager).get(path, headers={"If-None-Match": one.headers["ETag"]}).status_code == 304
    registers = [host.test_client().get("/api/v1/register", headers=here.headers) for host in (app, other_host)]
    assert (registers[0].json, registers[0].headers["ETag"]) == (registers[1].json, registers[1].headers["ETag"])
    mark = {**here.headers, "If-None-Match": registers[0].headers["ETag"]}
    assert other_host.test_client().get("/api/v1/register", headers=mark).status_code == 304


def test_both_hosts_seal_and_the_chain_is_one(app, other_host, field):
    for number in range(6):
        field.household(f"h{number}")
    crowd = phones(field, 4)
    for number, phone in enumerate(crowd):
        through(other_host if number % 2 else app, phone)

    def work(phone: Phone) -> None:
        for number in range(6):
            phone.send(phone.handover(f"h{number}"), phone.handover(f"h{number}", item="kit"))

    at_once(*[partial(work, phone) for phone in crowd])
    assert problems(field) == []
    assert field.total("handovers") == 4 * 6 * 2
