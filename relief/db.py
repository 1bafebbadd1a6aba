"""The database: the session, its transactions, and the only commits of the whole house.

Four ways in, and no other file commits:

- `unit_of_work()` for a view or a command that writes through the session;
- `write(work)` for the hot path: on SQLite one writer thread takes the waiting jobs together and commits once (group
  commit: SQLite pays per commit, not per row), on PostgreSQL each job is a transaction of its own, tried again when the
  server saw a deadlock;
- `write_snapshot(work)` for the sealer, which must see one moment;
- `snapshot()` for a reader who needs several answers of one moment, `lookup()` for one who has a single question.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import AbstractContextManager, contextmanager
from typing import Any, TypeVar

from flask import Flask, current_app
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine, LargeBinary, MetaData
from sqlalchemy.exc import IntegrityError, OperationalError, SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase

from relief.database_connections import BUSY_SECONDS, engine_options, ping_the_idle, teach_sqlite
from relief.database_file import watch_file
from relief.database_trouble import busy, find_trouble
from relief.settings import Settings

T = TypeVar("T")
MOST_JOBS_A_COMMIT = 32
TRIES = 6

Id = LargeBinary(16)


class Base(DeclarativeBase):
    """All tables; constraint names by convention so that migrations can name them on both databases."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})


class StartOver(Exception):
    """What a job saw has changed before it held its locks: run it again from the start."""


def connect_database(app: Flask, settings: Settings) -> None:
    """Bind the app to the database that the settings name."""
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.database_url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options(settings)
    db.init_app(app)
    with app.app_context():
        if is_sqlite(db.engine):
            teach_sqlite(db.engine)
            watch_file(db.engine, settings)
        else:
            ping_the_idle(db.engine)
        app.extensions["relief_writer"] = _Writer(db.engine)


def is_sqlite(bind: Engine | Connection) -> bool:
    return bind.dialect.name == "sqlite"


def begin_if_needed(connection: Connection) -> None:
    """Begin a transaction as SQLAlchemy does at a first statement: for who speaks to the driver himself.

    A `lookup` has a single statement, which needs none.
    """
    if not connection.in_transaction() and "relief_lookup" not in connection.get_execution_options():
        connection.begin()


@contextmanager
def unit_of_work() -> Iterator[Any]:
    """Open the one transaction of a view or command; commit at its end, or roll back whatever was raised.

    Yields the session. What was read before is let go first, so that SQLite can begin as a writer.
    """
    session = db.session
    if session.info.get("unit_of_work"):
        raise RuntimeError("a unit of work is already open: services compose, they do not nest")
    session.rollback()
    session.info["unit_of_work"] = True
    try:
        with _turn(db.engine), _trouble_explained():
            session.connection(execution_options={"relief_writes": True})
            yield session
            session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info.pop("unit_of_work", None)
    wake_after_commit()


@contextmanager
def lookup() -> Iterator[Connection]:
    """Yield a connection for a single question: without a transaction around it, which on PostgreSQL is two round trips."""
    options = {"relief_lookup": True} if is_sqlite(db.engine) else {"isolation_level": "AUTOCOMMIT"}
    with _trouble_explained(), db.engine.connect().execution_options(**options) as connection:
        yield connection


@contextmanager
def snapshot() -> Iterator[Connection]:
    """Yield a connection that reads one moment of the database, whatever is written meanwhile."""
    options = {} if is_sqlite(db.engine) else {"isolation_level": "REPEATABLE READ"}
    with _trouble_explained(), db.engine.connect().execution_options(**options) as connection, connection.begin():
        yield connection


def write(work: Callable[[Connection], T]) -> T:
    """Run `work` in a transaction and commit before returning: what is acknowledged is on disk.

    `work` may run more than once, so it must change nothing but the database.
    """
    with _trouble_explained():
        result = current_app.extensions["relief_writer"].run(work)
    wake_after_commit()
    return result


def write_snapshot(work: Callable[[Connection], T]) -> T | None:
    """Run `work` in a transaction that sees one moment (PostgreSQL's REPEATABLE READ) and commit.

    Returns None when somebody else changed the same rows meanwhile: then nothing was written.
    """
    try:
        with db.engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection, connection.begin():
            return work(connection)
    except IntegrityError:  # somebody else wrote the same keys after our moment
        return None
    except OperationalError as error:
        if _lost_a_race(error):
            return None
        raise


def _lost_a_race(error: OperationalError) -> bool:
    """Tell a serialization failure or a deadlock of PostgreSQL from other trouble."""
    return getattr(error.orig, "sqlstate", "") in ("40001", "40P01")


def after_commit(app: Flask, wake: Callable[[], None]) -> None:
    """Have `wake` called after every commit of this process (the sealer on PostgreSQL)."""
    app.extensions.setdefault("relief_after_commit", []).append(wake)


def watch_writer(app: Flask, watch: Callable[[str], AbstractContextManager[object]]) -> None:
    """Have every job of the writer, from its call to its answer, run inside `watch("job")`, and every transaction inside
    `watch("commit")`. Who does not watch pays nothing: only here are they wrapped.
    """
    writer = app.extensions["relief_writer"]
    for name, what in (("run", "job"), ("_run_alone", "commit"), ("_commit_together", "commit")):
        setattr(writer, name, _watched(getattr(writer, name), watch, what))


def _watched(run: Callable[..., T], watch: Callable[[str], AbstractContextManager[object]], what: str) -> Callable[..., T]:
    def watched(*given: Any) -> T:
        with watch(what):
            return run(*given)

    return watched


def wake_after_commit() -> None:
    """Call what waits for commits."""
    for wake in current_app.extensions.get("relief_after_commit", ()):
        wake()


@contextmanager
def _turn(engine: Engine) -> Iterator[None]:
    """Wait for this process's turn to write: SQLite's own waiting is not fair."""
    if not is_sqlite(engine):
        yield
        return
    lock: threading.Lock = current_app.extensions["relief_writer"].turn
    if not lock.acquire(timeout=BUSY_SECONDS):
        raise busy()
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _trouble_explained() -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        trouble = find_trouble(error)
        if trouble is None:
            raise
        raise trouble from error


class _Writer:
    """Runs jobs that write: together and in one commit on SQLite, each on its own on PostgreSQL."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.turn = threading.Lock()
        self._jobs: queue.SimpleQueue[tuple[Callable[[Connection], Any], Future[Any]]] = queue.SimpleQueue()
        self._start = threading.Lock()
        self._thread: threading.Thread | None = None

    def run(self, work: Callable[[Connection], T]) -> T:
        if not is_sqlite(self.engine):
            return self._run_alone(work)
        self._ensure_thread()
        done: Future[T] = Future()
        self._jobs.put((work, done))
        return done.result()

    def _run_alone(self, work: Callable[[Connection], T]) -> T:
        for attempt in range(1, TRIES + 1):
            try:
                with self.engine.begin() as connection:
                    return work(connection)
            except StartOver:
                pass
            except IntegrityError:  # another batch stored one of our ids first
                if attempt == TRIES:
                    raise
            except OperationalError as error:
                if not _lost_a_race(error):
                    raise
        raise busy()

    def _ensure_thread(self) -> None:
        with self._start:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._serve, name="relief-writer", daemon=True)
                self._thread.start()

    def _serve(self) -> None:
        while True:
            jobs = [self._jobs.get()]
            while len(jobs) < MOST_JOBS_A_COMMIT and not self._jobs.empty():
                jobs.append(self._jobs.get())
            self._commit_together(jobs)

    def _commit_together(self, jobs: list[tuple[Callable[[Connection], Any], Future[Any]]]) -> None:
        answers: list[tuple[Future[Any], Any, BaseException | None]] = []
        try:
            with self.turn, _trouble_explained(), self.engine.connect() as connection:
                connection = connection.execution_options(relief_writes=True)
                with connection.begin():
                    if len(jobs) == 1:
                        [(work, done)] = jobs
                        answers.append((done, work(connection), None))
                    else:
                        answers += [(done, *self._one_of_many(connection, work)) for work, done in jobs]
        except BaseException as error:  # the commit itself failed: nobody's job is on disk
            answers = [(done, None, error) for _work, done in jobs]
        for done, value, failure in answers:
            if failure is None:
                done.set_result(value)
            else:
                done.set_exception(failure)

    def _one_of_many(self, connection: Connection, work: Callable[[Connection], Any]) -> tuple[Any, BaseException | None]:
        driver: Any = connection.connection.dbapi_connection
        driver.execute("SAVEPOINT job")
        try:
            answer, failure = work(connection), None
        except Exception as error:
            if not driver.in_transaction:
                raise  # a full disk or the like ended the whole transaction: all jobs fail together
            driver.execute("ROLLBACK TO job")
            answer, failure = None, error
        driver.execute("RELEASE job")
        return answer, failure
