"""Databases for one run of `make soak`, gone after it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from relief.settings import Settings
from tests.databases import PostgresServer

KINDS = ("sqlite", "postgresql")


@contextmanager
def empty(kind: str) -> Iterator[Settings]:
    """Yield settings of an installation whose database has no tables."""
    with tempfile.TemporaryDirectory(prefix="relief-soak-") as name:
        if kind == "sqlite":
            yield Settings(instance=Path(name), database_url=f"sqlite:///{name}/relief.db")
            return
        server = PostgresServer()
        try:
            yield Settings(instance=Path(name), database_url=server.url(server.create()))
        finally:
            server.stop()
