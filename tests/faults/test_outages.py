"""PostgreSQL goes away and comes back, or its standby takes over: nothing acknowledged is lost, and nobody sees a 500."""

from __future__ import annotations

from contextlib import ExitStack

import psycopg
import pytest

from relief.db import db
from tests.conftest import only_postgresql
from tests.faults.load import FAMILIES
from tests.faults.outages import cut_connections, promote_standby, restart_database
from tests.ledger.crowd import phones, problems
from tests.model.plan import id_of


@pytest.mark.parametrize(("trouble", "times"), [(restart_database, 2), (cut_connections, 3)])
def test_a_database_that_goes_away_keeps_what_was_acknowledged(trouble, times):
    assert trouble(times, seed=4).records > 0


def test_a_promoted_synchronous_standby_has_all_that_was_acknowledged():
    assert promote_standby(times=1, seed=6).records > 0


def answer_to(phone):
    record = phone.handover(FAMILIES[0], item="pss", members=[id_of("f0-1")])
    answer = phone.post({"app_version": "1", "counts": {}, "records": [record]})
    db.session.remove()
    return answer


def is_busy(answer):
    return (answer.status_code, answer.json["error"]["code"], answer.headers["Retry-After"]) == (503, "busy", "2")


@only_postgresql
def test_an_exhausted_pool_is_busy_and_then_works(field):
    (phone,) = phones(field, 1)
    db.session.remove()
    pool = db.engine.pool
    pool._timeout = 0.1
    with ExitStack() as stack:
        for _each in range(pool.size() + pool._max_overflow):
            stack.enter_context(db.engine.connect())
        assert is_busy(answer_to(phone))
        assert is_busy(phone.client.get("/api/v1/register?since=0", headers=phone.headers))
    assert answer_to(phone).status_code == 200
    assert problems(field) == []


@only_postgresql
def test_a_lock_that_somebody_else_holds_is_busy_and_then_works(field, settings):
    (phone,) = phones(field, 1)
    db.session.remove()
    with psycopg.connect(settings.database_url.replace("+psycopg", "")) as outsider:
        outsider.execute("LOCK TABLE entry IN ACCESS EXCLUSIVE MODE")
        assert is_busy(answer_to(phone))
    assert answer_to(phone).status_code == 200
    assert problems(field) == []
