"""An installation with a small operation, its commands, and its server as a process of its own."""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import replace
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result
from sqlalchemy import text

from relief import create_app
from relief.accounts import service as accounts
from relief.cli import relief
from relief.database_memory import remember_database
from relief.db import db, is_sqlite, snapshot, unit_of_work
from relief.fleet.belarus.facts import FLOODS, ZONE, operation_id, thing_id
from relief.fleet.demo_server import running_server
from relief.fleet.phone import HeadlessPhone
from relief.fleet.phone_clock import PhoneClock, SetTime
from relief.fleet.transport import Transport
from relief.kernel.clock import ShiftedClock
from relief.kernel.ids import to_bytes
from relief.ledger.queries import get_head, list_counters
from relief.presence import read_anchors, write_anchors
from relief.settings import Settings
from relief.traces import MEMORY
from tests.conftest import seal_at_once
from tests.fleet.served import MORNING, SITE, bring_small_operation
from tests.ledger.field import take_guards_away

ROUND = thing_id(FLOODS, "round", "round-1")
FOOD = thing_id(FLOODS, "item", "food")
UNSEALED = text("SELECT count(*) FROM entry WHERE position IS NULL")


class Station:
    """One installation's folder. Its clock stands still at a morning of 2013."""

    def __init__(self, settings: Settings) -> None:
        self.folder = settings.instance
        self.url = settings.database_url
        self.clock = ShiftedClock(self.folder / "clock")
        self.clock.set(MORNING)
        self._write_settings()
        self.settings = settings
        self.phones: list[HeadlessPhone] = []
        with self.opened():
            self.cards = bring_small_operation(self.clock.now())

    def _write_settings(self) -> None:
        written = {"database_url": self.url, "clock_file": str(self.clock.path)}
        (self.folder / "settings.toml").write_text("".join(f"{name} = {json.dumps(value)}\n" for name, value in written.items()))

    def moved_to(self, folder: Path, url: str) -> Station:
        """Return the same installation in a copy of its folder and of its database, whose files tell of these."""
        moved = copy(self)
        moved.folder, moved.url, moved.cards, moved.phones = folder, url, [*self.cards], []
        moved.clock = ShiftedClock(folder / "clock")
        moved.settings = replace(self.settings, instance=folder, database_url=url)
        moved._write_settings()
        (folder / MEMORY).unlink()
        remember_database(moved.settings)
        known = read_anchors(self.settings)
        write_anchors(moved.settings, known["operations"], known["seen_at"])
        return moved

    @contextmanager
    def opened(self) -> Iterator[None]:
        app = create_app(self.settings, clock=self.clock)
        with app.app_context():
            app.extensions["relief_after_commit"] = [seal_at_once]
            yield
            db.session.remove()
            db.engine.dispose()

    def harm(self, *statements: str, references: bool = True) -> None:
        """Change the database as somebody who knows its password could; nothing is sealed or repaired afterwards.

        Not `references`: rows may go to which others point.
        """
        with self.opened(), db.engine.connect().execution_options(relief_writes=True) as connection:
            if is_sqlite(connection):
                connection.connection.dbapi_connection.execute(f"PRAGMA foreign_keys={int(references)}")
            with connection.begin():
                take_guards_away(connection)
                if not (references or is_sqlite(connection)):
                    connection.execute(text("SET LOCAL session_replication_role = replica"))
                for statement in statements:
                    connection.execute(text(statement))

    @contextmanager
    def served(self) -> Iterator[None]:
        """Serve it; every phone of the test finds the address."""
        with running_server(self.folder, self.folder / "server.log") as url:
            self.base_url = url
            for phone in self.phones:
                token = phone.transport.token
                phone.transport.close()
                phone.transport = Transport(url)
                phone.transport.token = token
            yield
            for phone in self.phones:
                phone.close()

    def phone(self) -> HeadlessPhone:
        phone = HeadlessPhone(self.base_url, PhoneClock(SetTime(MORNING), zone=ZONE), random.Random(), lambda _seconds: None,
                              site=SITE, round=ROUND)  # fmt: skip
        with self.opened(), unit_of_work() as session:
            code = accounts.create_join_code(session, to_bytes(operation_id(FLOODS)), label="test", now=self.clock.now(),
                                             site_ids=[SITE])  # fmt: skip
        phone.enrol(code)
        self.phones.append(phone)
        return phone

    def give(self, phone: HeadlessPhone, times: int = 1) -> list[str]:
        """Hand food to so many new families and send it; return the records' ids."""
        records = [phone.handover(self.cards.pop(), FOOD) for _each in range(times)]
        phone.sync()
        return [record["id"] for record in records]

    def relief(self, *words: object, folder: Path | None = None, typed: str = "", **environ: str) -> Result:
        """Run a command in this process, on this installation or on another folder; `.exception` is what it raised."""
        return CliRunner().invoke(relief, [str(word) for word in words], input=typed,
                                  env={"RELIEF_INSTANCE": str(folder or self.folder), **environ})  # fmt: skip

    def told(self, *words: object, **more: Any) -> dict[str, Any]:
        """Run a command with --json that must succeed, and return what it tells."""
        done = self.relief(*words, "--json", **more)
        if done.exception:
            raise done.exception
        return json.loads(done.stdout)

    def food_given(self) -> int:
        with self.opened():
            self._wait_until_sealed()
            counters = list_counters(db.session, to_bytes(operation_id(FLOODS)))
            return sum(number for key, number in counters.items() if key.startswith(f"given|{FOOD}|"))

    def _wait_until_sealed(self) -> None:
        """Seal what a server that was stopped left, once PostgreSQL has noticed that its sealer is gone."""
        until = time.monotonic() + 20
        while db.session.execute(UNSEALED).scalar_one():
            assert time.monotonic() < until, "somebody holds the sealer's lock"
            db.session.rollback()
            seal_at_once()
            threading.Event().wait(0.05)

    def wait_for_anchors(self) -> None:
        """Wait until the server has sealed everything, and written down outside the database how far it has come."""
        until = time.monotonic() + 20
        while time.monotonic() < until:
            with self.opened(), snapshot() as connection:
                head = get_head(connection, to_bytes(operation_id(FLOODS)))
                waiting = connection.execute(UNSEALED).scalar_one()
            told = read_anchors(self.settings).get("operations", {}).get(operation_id(FLOODS), {})
            if not waiting and told.get("position") == head.position:
                return
            threading.Event().wait(0.1)
        raise AssertionError("the anchors were not written")

    def close(self) -> None:
        for phone in self.phones:
            phone.close()
