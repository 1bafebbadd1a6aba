"""The traps of db.py: transactions, writers, group commit."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask, current_app
from sqlalchemy import Connection, text

from relief.db import StartOver, after_commit, db, snapshot, unit_of_work, write
from relief.kernel.errors import Busy
from tests.conftest import only_postgresql, only_sqlite


@pytest.fixture(autouse=True)
def notes(app: Flask) -> None:
    """A table of these tests' own."""
    with unit_of_work() as session:
        session.execute(text("CREATE TABLE note (id integer PRIMARY KEY, said text NOT NULL)"))


def count_notes() -> int:
    with snapshot() as connection:
        return connection.execute(text("SELECT count(*) FROM note")).scalar_one()


def note(connection: Connection, number: int, said: str | None = "hello") -> int:
    connection.execute(text("INSERT INTO note (id, said) VALUES (:id, :said)"), {"id": number, "said": said})
    return number


def test_a_released_savepoint_does_not_survive_the_outer_rollback() -> None:
    def released_then_undone() -> None:
        with unit_of_work() as session:
            with session.begin_nested():
                note(session.connection(), 1)
            raise ZeroDivisionError

    pytest.raises(ZeroDivisionError, released_then_undone)
    assert count_notes() == 0


def test_what_a_unit_of_work_did_is_there_after_it() -> None:
    with unit_of_work() as session:
        note(session.connection(), 1)
    assert count_notes() == 1


def test_units_of_work_do_not_nest() -> None:
    with unit_of_work(), pytest.raises(RuntimeError), unit_of_work():
        pass


def test_a_unit_of_work_can_follow_one_that_failed() -> None:
    test_a_released_savepoint_does_not_survive_the_outer_rollback()
    with unit_of_work() as session:
        note(session.connection(), 1)
    assert count_notes() == 1


@only_sqlite
def test_a_unit_of_work_begins_as_a_writer(app: Flask) -> None:
    with unit_of_work(), db.engine.connect() as other:
        other.connection.dbapi_connection.execute("PRAGMA busy_timeout=0")
        with pytest.raises(Exception, match="locked"):
            other.execution_options(relief_writes=True).begin()


@only_sqlite
def test_a_reader_does_not_wait_for_a_writer() -> None:
    with unit_of_work() as session:
        note(session.connection(), 1)
        assert count_notes() == 0


def test_a_snapshot_shows_one_moment() -> None:
    with snapshot() as connection:
        before = connection.execute(text("SELECT count(*) FROM note")).scalar_one()
        write_in_a_thread(1)
        assert connection.execute(text("SELECT count(*) FROM note")).scalar_one() == before == 0
    assert count_notes() == 1


def write_in_a_thread(*numbers: int) -> None:
    app = current_app._get_current_object()  # type: ignore[attr-defined]

    def job(number: int) -> int:
        with app.app_context():
            return write(lambda connection: note(connection, number))

    with ThreadPoolExecutor(len(numbers)) as pool:
        assert list(pool.map(job, numbers)) == list(numbers)


def test_jobs_of_many_threads_are_all_stored() -> None:
    write_in_a_thread(*range(40))
    assert count_notes() == 40


def test_a_job_that_fails_does_not_hurt_the_others(app: Flask) -> None:
    gate = threading.Barrier(20)

    def job(number: int) -> str:
        with app.app_context():
            gate.wait()
            try:
                write(lambda connection: note(connection, number, "hello" if number % 4 else None))
            except Exception as error:
                return type(error).__name__
            return "stored"

    with ThreadPoolExecutor(20) as pool:
        told = list(pool.map(job, range(20)))
    assert [answer for number, answer in enumerate(told) if number % 4] == ["stored"] * 15
    assert {answer for number, answer in enumerate(told) if not number % 4} == {"IntegrityError"}
    assert count_notes() == 15


def test_a_job_that_raises_stores_nothing() -> None:
    def job(connection: Connection) -> None:
        note(connection, 1)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write(job)
    assert count_notes() == 0


@only_postgresql
def test_a_job_that_must_start_over_runs_again() -> None:
    tries: list[int] = []

    def job(connection: Connection) -> int:
        tries.append(1)
        note(connection, len(tries))
        if len(tries) < 3:
            raise StartOver
        return len(tries)

    assert write(job) == 3
    assert count_notes() == 1


@only_postgresql
def test_a_job_that_never_comes_to_an_end_is_told_as_busy() -> None:
    def job(connection: Connection) -> None:
        raise StartOver

    with pytest.raises(Busy) as told:
        write(job)
    assert told.value.extra["retry_after_seconds"] > 0


def test_others_are_woken_after_each_commit_and_only_then(app: Flask) -> None:
    woken: list[int] = []
    after_commit(app, lambda: woken.append(count_notes()))
    with unit_of_work() as session:
        note(session.connection(), 1)
    write(lambda connection: note(connection, 2))
    pytest.raises(ZeroDivisionError, write, lambda connection: note(connection, 3) // 0)
    assert woken == [1, 2]
