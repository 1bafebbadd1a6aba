"""A share of one processor core for a program and all that it starts, so that a fast machine is as slow as an old phone."""

from __future__ import annotations

import os
import shutil
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PERIOD_MICROSECONDS = 20_000
PATIENCE_SECONDS = 5
_GROUPS = Path("/sys/fs/cgroup")


class Quota:
    """Limits what `program` starts, all together, to a share of one core while `slow` is entered.

    By a control group of Linux, version 2 or 1, where one may be made; else by stopping and continuing its processes.
    """

    def __init__(self, folder: Path, program: str, share: float = 0.25) -> None:
        self.share, self._pid = share, folder / "pid"
        self._group = _make_group()
        enter = f"echo $$ > {self._group}/cgroup.procs\n" if self._group else ""
        pinned = "taskset -c 0 " if shutil.which("taskset") else ""  # a share of one core: what two share, both lose a part of
        self.wrapper = folder / "slow-program"
        self.wrapper.write_text(f'#!/bin/sh\necho $$ > {self._pid}\n{enter}exec {pinned}{program} "$@"\n', encoding="ascii")
        self.wrapper.chmod(0o700)

    @property
    def how(self) -> str:
        return "control group" if self._group else "stopped and continued"

    @contextmanager
    def slow(self) -> Iterator[None]:
        """Have it slow until the block ends."""
        if self._group is None:
            with self._stopped_again_and_again():
                yield
            return
        _limit(self._group, round(self.share * PERIOD_MICROSECONDS))
        try:
            yield
        finally:
            _limit(self._group, -1)

    def close(self) -> None:
        """Take the group away, once its processes have ended."""
        last = time.monotonic() + PATIENCE_SECONDS
        while self._group and self._group.exists() and time.monotonic() < last:
            with suppress(OSError):
                self._group.rmdir()
            time.sleep(0.1)

    @contextmanager
    def _stopped_again_and_again(self) -> Iterator[None]:
        group, ended = os.getpgid(int(self._pid.read_text())), threading.Event()
        period = PERIOD_MICROSECONDS / 1e6

        def stop_and_go() -> None:
            while not ended.is_set():
                with suppress(ProcessLookupError):
                    os.killpg(group, signal.SIGSTOP)
                    time.sleep(period * (1 - self.share))
                    os.killpg(group, signal.SIGCONT)
                time.sleep(period * self.share)

        worker = threading.Thread(target=stop_and_go, daemon=True)
        worker.start()
        try:
            yield
        finally:
            ended.set()
            worker.join(PATIENCE_SECONDS)


def _make_group() -> Path | None:
    """Return a new control group whose processor time can be limited, or None where none may be made."""
    for parent, limit in ((_GROUPS, "cpu.max"), (_GROUPS / "cpu", "cpu.cfs_quota_us")):
        group = parent / f"relief-bench-{os.getpid()}"
        with suppress(OSError):
            group.mkdir()
            if os.access(group / limit, os.W_OK):
                _prefer(group)
                return group
            group.rmdir()
    return None


def _prefer(group: Path) -> None:
    """Have it get its share for certain, whatever else the machine does."""
    for name, most in (("cpu.weight", "10000"), ("cpu.shares", "262144")):
        if (group / name).exists():
            (group / name).write_text(most, encoding="ascii")


def _limit(group: Path, microseconds: int) -> None:
    """Give a group so much of every period; -1 for all it wants."""
    if (group / "cpu.max").exists():
        (group / "cpu.max").write_text(f"{'max' if microseconds < 0 else microseconds} {PERIOD_MICROSECONDS}", encoding="ascii")
        return
    (group / "cpu.cfs_period_us").write_text(str(PERIOD_MICROSECONDS), encoding="ascii")
    (group / "cpu.cfs_quota_us").write_text(str(microseconds), encoding="ascii")
