"""An installation of the simulation's own, thrown away afterwards: nothing that is simulated can land among what is real."""

from __future__ import annotations

import dataclasses
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from flask_babel import gettext as _
from sqlalchemy import inspect

from relief.accounts.devices import make_enrolment
from relief.db import db, is_sqlite, unit_of_work
from relief.fleet.demo_server import running_server
from relief.kernel.clock import ShiftedClock
from relief.kernel.errors import Conflict
from relief.kernel.ids import new_id, to_text
from relief.office.operations.plan_saving import save_changed_plan
from relief.operations.queries import OperationRow
from relief.operations.rules import Plan
from relief.operations.service import register_operation
from relief.schema import upgrade_schema
from relief.settings import load_settings

MakeApp = Callable[..., Flask]
SERVER_LOG = "server.log"
COPIED = ("national_society", "country", "currency", "dref_type", "onset", "category", "hazard", "start_day", "end_day")


@dataclass(frozen=True, slots=True)
class Installation:
    """A served instance folder: its app, its clock (None: it runs by itself), and where its server answers."""

    app: Flask
    clock: ShiftedClock | None
    base_url: str


def prepare_folder(folder: Path, database_url: str | None, moment: int) -> ShiftedClock:
    """Write the settings of a throw-away installation into an empty folder; return its clock, set to `moment`."""
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise Conflict(_("%(folder)s is not empty. Nothing was touched.", folder=str(folder)), code="folder_not_empty")
    clock = ShiftedClock(folder / "clock")
    clock.set(moment)
    given = {"clock_file": str(clock.path)} | ({"database_url": database_url} if database_url else {})
    lines = [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in given.items()]
    written = "\n".join(["# Written by `relief simulate`.", "demo = true", *lines, ""])
    (folder / "settings.toml").write_text(written, encoding="utf-8")
    return clock


@contextmanager
def served_installation(folder: Path, make_app: MakeApp, clock: ShiftedClock) -> Iterator[Installation]:
    """Yield the installation of a prepared folder with its server running; its app context is open.

    Raises Conflict where the database has tables already: it may be somebody's.
    """
    app = make_app(load_settings({"RELIEF_INSTANCE": str(folder)}))
    with app.app_context():
        with db.engine.connect() as connection:
            if inspect(connection).get_table_names():
                raise Conflict(_("The database of a simulation must be empty. Nothing was touched."), code="database_not_empty")
        upgrade_schema()
        if is_sqlite(db.engine):
            db.engine.dispose()
        try:
            with running_server(folder, folder / SERVER_LOG, clean_environment(os.environ)) as base_url:
                yield Installation(app, clock, base_url)
        finally:
            db.session.remove()
            db.engine.dispose()


def clean_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the environment without our own settings, which would lead the server to the real database."""
    return {name: value for name, value in environ.items() if not name.startswith("RELIEF_")}


def copy_operation(source: OperationRow, plan: Plan, name: str, now: int) -> bytes:
    """Register an operation of its own with the plan of `source`, marked as a demonstration; return its id."""
    fields: dict[str, Any] = {each: getattr(source, each) for each in COPIED}
    active = dataclasses.replace(plan, status="active")
    with unit_of_work() as session:
        operation_id = register_operation(session, {**fields, "title": name, "working_name": name, "demo": True}, now)
        session.flush()

        def device() -> bytes:
            return make_enrolment(session, operation_id, "import", "simulation", now=now).enrolment_id

        save_changed_plan(session, operation_id, active, device, None, now)
    return operation_id


def free_name(source: OperationRow) -> str:
    """Return a working name that no other simulation has."""
    return _("simulation of %(code)s", code=source.code)[:90] + " " + to_text(new_id())[-6:]
