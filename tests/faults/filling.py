"""A disk that fills up under load and gets space again: a small file system in memory, which only root may mount."""

from __future__ import annotations

import contextlib
import os
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.faults.load import finish, senders_of, working
from tests.faults.server import Server
from tests.faults.stage import installed, settings_of

DISK_BYTES, LEFT_BYTES = 96 << 20, 200_000  # the write-ahead log alone grows to 32 MB before it begins anew
FULL_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """`refused` are the requests that were told that the disk is full."""

    times: int
    records: int
    refused: int


def fill_and_free(times: int, seed: int) -> Callable[[], Outcome]:
    """Return the run: fill the disk `times` times under load. Raises AssertionError when anything is lost or half stored."""

    def go() -> Outcome:
        with tempfile.TemporaryDirectory(prefix="relief-disk-") as folder:
            assert os.geteuid() == 0, "only root may mount a small disk: run this one as root"
            subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", folder], check=True)
            try:
                return _filled(Path(folder), times, seed)
            finally:
                subprocess.run(["umount", "--lazy", folder], check=True)

    return go


def _filled(folder: Path, times: int, seed: int) -> Outcome:
    ballast = folder / "ballast"
    with installed(folder, f"sqlite:///{folder}/relief.db") as stage, Server(settings_of(stage)) as server:
        senders = senders_of(stage, server.port, 4, seed)
        with working(senders):
            for _time in range(times):
                free = os.statvfs(folder)
                with contextlib.suppress(OSError):  # the server may have been faster: full is full
                    ballast.write_bytes(bytes(max(0, free.f_bavail * free.f_frsize - LEFT_BYTES)))
                time.sleep(FULL_SECONDS)
                ballast.unlink()
                time.sleep(FULL_SECONDS / 2)
        records = finish(stage, senders)
    return Outcome(times, records, sum(sender.answers[503] for sender in senders))
