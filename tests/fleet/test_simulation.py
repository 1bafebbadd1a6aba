"""A fleet of simulated phones finds the server equal to the plain model, and names what is wrong with a server that is not."""

from __future__ import annotations

import gc
import json
import time

import pytest
from flask import Flask
from sqlalchemy import select, update

from relief import create_app
from relief.db import db, snapshot, unit_of_work
from relief.fleet import demo_server
from relief.fleet.belarus.facts import FLOODS, operation_id
from relief.fleet.belarus.floods import floods_file
from relief.fleet.simulate_cli import NOT_EQUAL, simulate_command
from relief.fleet.simulation import running
from relief.fleet.simulation.book import Book, Exchange, Rights, read_book
from relief.fleet.simulation.comparing import Difference
from relief.fleet.simulation.describing import as_json
from relief.fleet.simulation.playing import Wish, gather, play
from relief.fleet.simulation.replaying import Replay
from relief.fleet.simulation.running import Outcome, Place, check_plan_can_be_played, simulate
from relief.fleet.simulation.shrinking import fewest, shorten
from relief.fleet.simulation.simulating import Result, judge
from relief.fleet.simulation.throwaway import copy_operation, prepare_folder, served_installation
from relief.fleet.simulation.times import PlayedTimes
from relief.fleet.simulation.world import World
from relief.kernel.errors import BadInput, Conflict, NotAllowed
from relief.kernel.ids import to_bytes
from relief.ledger.models import Counter
from relief.ledger.queries import get_position, list_counters
from relief.office.operations.service import import_operation
from relief.operations.models import Operation
from relief.operations.queries import get_current_plan, get_operation
from relief.operations.rules import Plan
from tests.conftest import only_sqlite
from tests.fleet.served import relief

WRONG_LIMIT = """
import sys, relief.cli
from relief.ledger.rules import allotment
right = allotment.limit_of
def wrong(*given):
    return right(*given) + 1
for module in list(sys.modules.values()):
    if getattr(module, "limit_of", None) is right:
        module.limit_of = wrong
"""

GRANTS_ALL = """
import sys, relief.cli
from relief.ledger.rules import asking
right = asking.answer_ask
for module in list(sys.modules.values()):
    if getattr(module, "answer_ask", None) is right:
        module.answer_ask = lambda *given: asking.Answer(True)
"""


@pytest.fixture
def office(app: Flask, clock) -> Flask:
    """An installation with the floods operation, which is only read."""
    with unit_of_work() as session:
        import_operation(session, json.dumps(floods_file()).encode(), clock.now())
    return app


def run(wish: Wish, **place) -> Outcome:
    return simulate(FLOODS, wish, Place(create_app, **place), lambda name: None)


def test_the_server_comes_out_equal_to_the_plain_model(office, empty_database_url):
    outcome = run(Wish(4, 2, "11"), database_url=empty_database_url)
    assert outcome.result.differences == []
    assert {"accepted", "flagged", "granted", "held", "already_there"} <= outcome.result.happened.keys()
    tried = {name for name, count in outcome.result.troubles.items() if count}
    assert {"stretches_offline", "lost_answers", "cut_batches", "turned_batches", "cards_at_two_phones"} <= tried
    assert min(outcome.result.compared[part] for part in ("standings", "cases", "counters", "stock", "asks")) > 0


@only_sqlite
def test_the_simulation_leaves_no_trace_in_the_installation_it_copies_the_plan_from(office):
    before = everything(office)
    run(Wish(2, 1, "1"))
    assert everything(office) == before


def everything(office: Flask) -> list:
    with snapshot() as connection:
        return [connection.execute(select(table)).all() for table in db.metadata.sorted_tables]


@only_sqlite
def test_a_database_that_is_not_empty_is_not_touched(office, settings):
    with pytest.raises(Conflict) as refused:
        run(Wish(1, 1, "1"), database_url=settings.database_url)
    assert refused.value.code == "database_not_empty"


@only_sqlite
def test_a_folder_that_is_not_empty_is_not_touched(office, tmp_path):
    (tmp_path / "mine").touch()
    with pytest.raises(Conflict) as refused:
        run(Wish(1, 1, "1"), folder=tmp_path)
    assert refused.value.code == "folder_not_empty"


@only_sqlite
def test_a_running_server_of_a_real_operation_is_not_played_on(office):
    with unit_of_work() as session:
        session.execute(update(Operation).values(demo=False))
    with pytest.raises(NotAllowed):
        run(Wish(1, 1, "1"), server="http://127.0.0.1:9")


@only_sqlite
def test_a_plan_without_rounds_cannot_be_played(office):
    with pytest.raises(BadInput) as refused:
        check_plan_can_be_played(Plan(1))
    assert refused.value.code == "plan_too_small"


def test_beside_a_running_demonstration_it_plays_in_an_operation_of_its_own(served):
    with served.app.app_context():
        with snapshot() as connection:
            before = get_position(connection, to_bytes(operation_id(FLOODS)))
        outcome = run(Wish(3, 1, "3"), server=served.base_url)
        with snapshot() as connection:
            assert get_position(connection, to_bytes(operation_id(FLOODS))) == before
            made = get_operation(connection, outcome.name)
    assert made.demo
    assert outcome.result.differences == []


@only_sqlite
def test_a_server_of_another_installation_is_noticed(office, served):
    with pytest.raises(Conflict) as refused:
        run(Wish(1, 1, "1"), server=served.base_url)
    assert refused.value.code == "other_server"
    del refused
    gc.collect()  # a connection left open would be told of here, and not in somebody else's test


@only_sqlite
def test_where_no_server_answers_no_operation_is_made(office):
    before = everything(office)
    with pytest.raises(Conflict) as refused:
        run(Wish(1, 1, "1"), server="http://127.0.0.1:9")
    assert refused.value.code == "other_server"
    assert everything(office) == before


@only_sqlite
def test_a_server_that_gives_one_too_many_is_found_with_a_short_history(office, monkeypatch):
    monkeypatch.setattr(demo_server, "_RELIEF", demo_server._RELIEF.replace("\nmain()", WRONG_LIMIT + "main()"))
    outcome = run(Wish(3, 1, "7"), shrink_seconds=30)
    assert outcome.history.replayed
    assert 1 < len(outcome.history.steps) <= 4
    assert "handover" in [step.record["kind"] for step in outcome.history.steps]
    told = as_json(outcome.result, outcome.history)
    assert told["equal"] is False and told["differences"]
    assert len(told["shortest_history"]["records"]) == len(outcome.history.steps)


def test_a_counter_that_somebody_changed_is_named_with_what_it_rests_on(office, empty_database_url, tmp_path):
    with snapshot() as connection:
        source = get_operation(connection, FLOODS)
        plan = get_current_plan(connection, source.id)
    start = World(plan).first_morning
    clock = prepare_folder(tmp_path / "own", empty_database_url, start)
    with served_installation(tmp_path / "own", create_app, clock) as installation:
        own = copy_operation(source, plan, "changed", start)
        fleet = gather(Wish(2, 1, "5"), plan, own, installation.base_url, PlayedTimes(clock, start))
        play(fleet, lambda ticks: None)
        assert judge(fleet, own, list).equal
        key = next(key for key in read_counters(own) if key.startswith("handovers|"))
        with unit_of_work() as session:
            session.execute(update(Counter).where(Counter.key == key).values(n=Counter.n + 1))
        result = judge(fleet, own, list)
        history = shorten(Replay(installation, source, plan, fleet.book), result.differences, 20)
    assert [(each.part, each.key) for each in result.differences] == [("counters", key), ("totals", "handovers")]
    assert not history.replayed and history.difference.key == key
    assert [step.record["kind"] for step in history.steps] == ["handover"]


def read_counters(own: bytes) -> dict[str, int]:
    with snapshot() as connection:
        return list_counters(connection, own)


@only_sqlite
def test_the_same_seed_makes_the_same_records(office):
    first, again = (made(run(Wish(1, 1, "same"))) for _each in range(2))
    assert first == again


def made(outcome: Outcome) -> list:
    ids = {record["id"]: record for exchange in outcome.fleet.book.exchanges for record in exchange.records}
    return [(record["kind"], record["seq"], record["at"]) for record in ids.values() if record["kind"] != "clock"]


@only_sqlite
def test_the_command_says_equal_and_answers_programs(office, settings):
    done = relief(settings.instance, "simulate", FLOODS, "--phones", "1", "--hours", "1", "--seed", "1", "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["equal"] is True
    assert told["troubles"]["records_of_a_revoked_phone"] == 0, "a single phone is not signed off"
    assert "--seed 1" in done.stderr


@only_sqlite
def test_the_command_ends_with_its_own_code_where_something_differs(office, monkeypatch):
    wrong = Result(0, {}, {}, {}, [Difference("held", "x", None, "held")])
    monkeypatch.setattr(running, "judge", lambda fleet, own, check: wrong)
    done = office.test_cli_runner().invoke(simulate_command, [FLOODS, "--phones", "1", "--hours", "1", "--seed", "1"])
    assert done.exit_code == NOT_EQUAL
    assert "held: x" in done.output


@pytest.mark.parametrize("bad", [{3}, {0, 9}, {2, 5, 7}, set(range(10))])
def test_what_is_left_after_shrinking_is_needed(bad):
    assert fewest(list(range(10)), lambda part: bad <= set(part), time.monotonic() + 60) == sorted(bad)


def test_shrinking_ends_at_its_deadline():
    assert fewest([1, 2, 3], lambda part: True, 0) == [1, 2, 3]


ONCE = {"id": "r1", "kind": "contact", "enrolment": "p", "seq": 1}
TAKEN, THERE = {"id": "r1", "verdict": "accepted", "codes": []}, {"id": "r1", "verdict": "already_there", "codes": []}


@pytest.mark.parametrize(("exchanges", "wrong"), [
    ([(ONCE, TAKEN), (ONCE, THERE)], 0),
    ([(ONCE, TAKEN), (ONCE, TAKEN)], 1),
    ([(ONCE, THERE)], 1),
    ([(ONCE, TAKEN), ({**ONCE, "item": "other"}, THERE)], 1),
    ([(ONCE, {**TAKEN, "id": "r2"})], 1),
])  # fmt: skip
def test_answers_that_cannot_be_right_are_noticed(exchanges, wrong):
    book = Book({"p": Rights()})
    for record, verdict in exchanges:
        book.note(Exchange("p", (record,), (verdict,), 0))
    assert len(read_book(book).wrong_answers) == wrong


@only_sqlite
def test_a_server_that_grants_whatever_is_asked_is_found(office, monkeypatch):
    monkeypatch.setattr(demo_server, "_RELIEF", demo_server._RELIEF.replace("\nmain()", GRANTS_ALL + "main()"))
    outcome = run(Wish(3, 2, "7"), shrink_seconds=20)
    assert {each.part for each in outcome.result.differences} == {"asks"}
    assert outcome.history.replayed
    assert outcome.history.steps[-1].record["mode"] == "ask"
    assert len(outcome.history.steps) <= 4
