"""The figures of an installation for Prometheus: what the workers counted, and what is looked up when somebody asks.

An operation is named by its id, a phone and a person never.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

from flask import Flask
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import CounterMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from sqlalchemy import Connection, func, select, text
from sqlalchemy.exc import SQLAlchemyError

from relief.db import is_sqlite, snapshot
from relief.kernel.errors import ReliefError
from relief.kernel.ids import to_text
from relief.ledger.models import Entry, Head
from relief.operations.queries import get_current_plan, list_operations
from relief.presence import sqlite_file
from relief.totals.queries import read_completeness
from relief.upkeep.backup import is_good, list_backups
from relief.upkeep.counting import Counting
from relief.upkeep.processes import cpu_seconds, is_alive, memory_bytes, processes_of


class Figures:
    """All figures of one server. Made before its workers are, and carried into each."""

    CONTENT_TYPE = CONTENT_TYPE_LATEST

    def __init__(self, app: Flask, folder: Path) -> None:
        self.folder = folder
        self.server = os.getpid()
        self.settings = app.extensions["relief_settings"]
        self.clock = app.extensions["relief_clock"]
        self.counting = Counting(app)

    def as_text(self) -> bytes:
        """Return all figures as Prometheus reads them."""
        for process in {int(path.stem.rpartition("_")[2]) for path in self.folder.glob("gauge_live*.db")}:
            if not is_alive(process):
                mark_process_dead(process, str(self.folder))
        registry = CollectorRegistry()
        MultiProcessCollector(registry, str(self.folder))
        registry.register(self)
        return generate_latest(registry)

    def collect(self) -> Iterator[Metric]:
        """Look up what nobody counts as it happens; without a database, the rest."""
        yield from self._of_processes()
        yield from self._of_backups()
        try:
            with snapshot() as connection:
                found = [*self._of_database(connection), *self._of_operations(connection)]
        except (SQLAlchemyError, ReliefError, OSError):
            found = []
        yield GaugeMetricFamily("relief_database_answers", "1 when the database answers.", value=1 if found else 0)
        yield from found

    def _of_processes(self) -> Iterator[Metric]:
        processes = processes_of(self.server)
        yield GaugeMetricFamily("relief_processes", "Processes of this server.", value=len(processes))
        yield GaugeMetricFamily("relief_memory_bytes", "Memory of this server; what its processes share counts once.",
                                value=sum(map(memory_bytes, processes)))  # fmt: skip
        yield CounterMetricFamily("relief_cpu_seconds", "CPU time of the processes that run.",
                                  value=sum(map(cpu_seconds, processes)))  # fmt: skip

    def _of_backups(self) -> Iterator[Metric]:
        good = [path for path in list_backups(self.settings) if is_good(path)]
        if good:  # none: no figure, so that an alert on its absence is possible
            yield GaugeMetricFamily("relief_backup_age_seconds", "Age of the last backup that verified.",
                                    value=max(0, time.time() - good[-1].stat().st_mtime))  # fmt: skip

    def _of_database(self, connection: Connection) -> Iterator[Metric]:
        path = sqlite_file(self.settings)
        if path is None:
            size = connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one()
        else:
            size = sum(each.stat().st_size for each in (path, path.with_name(f"{path.name}-wal")) if each.exists())
        yield GaugeMetricFamily("relief_database_bytes", "Size of the database.", value=size)

    def _of_operations(self, connection: Connection) -> Iterator[Metric]:
        sealed = {bytes(row.operation_id): row.position for row in connection.execute(select(Head.__table__))}
        waiting = {} if is_sqlite(connection) else _unsealed(connection)
        now = self.clock.now()
        families = _operation_families()
        for operation in list_operations(connection):
            plan = get_current_plan(connection, operation.id)
            phones = read_completeness(connection, operation.id, plan, now)
            count, since = waiting.get(operation.id, (0, now))
            values = (sealed.get(operation.id, 0), count, max(0, now - since), phones.phones, len(phones.silent), phones.waiting,
                      phones.on_phone_shelf)  # fmt: skip
            for family, value in zip(families, values, strict=True):
                family.add_metric([to_text(operation.id)], value)
        yield from families


def _unsealed(connection: Connection) -> dict[bytes, tuple[int, int]]:
    """Return (how many entries wait to be sealed, since when), by operation."""
    entry = Entry.__table__.c
    rows = connection.execute(select(entry.operation_id, func.count(), func.min(entry.received_at))
                              .where(entry.position.is_(None)).group_by(entry.operation_id))  # fmt: skip
    return {bytes(operation_id): (count, since) for operation_id, count, since in rows}


def _operation_families() -> list[GaugeMetricFamily]:
    told = (
        ("sealed_position", "Position that the operation's ledger is sealed to."),
        ("unsealed_entries", "Entries that wait to be sealed."),
        ("seal_lag_seconds", "Seconds that the oldest of them has waited."),
        ("phones", "Phones that may hand in."),
        ("phones_silent", "Phones not heard of for longer than silent_phone_minutes."),
        ("phone_records_waiting", "Records that wait on phones, as these last said."),
        ("phone_records_held", "Records that phones keep because the server holds them, as these last said."),
    )
    return [GaugeMetricFamily(f"relief_{name}", words, labels=["operation"]) for name, words in told]
