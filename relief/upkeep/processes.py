"""The server's processes as the system counts them (Linux; elsewhere the figures are 0)."""

from __future__ import annotations

import os
from pathlib import Path

PROCESSES = Path("/proc")


def processes_of(server: int) -> list[int]:
    """Return the server's process and its workers."""
    return [server, *map(int, _read(server, f"task/{server}/children").split())]


def is_alive(process: int) -> bool:
    if os.name != "posix":  # there one process serves, and a signal 0 is no question
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:  # it is there, but not ours
        return True
    return True


def memory_bytes(process: int) -> int:
    """Return the memory of a process; a page that it shares with others counts in part."""
    lines = (line.split() for line in _read(process, "smaps_rollup").splitlines())
    return next((int(line[1]) << 10 for line in lines if line[0] == "Pss:"), 0)


def cpu_seconds(process: int) -> float:
    """Return the CPU time, in and for a process."""
    fields = _read(process, "stat").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK") if fields else 0.0


def _read(process: int, name: str) -> str:
    try:
        return (PROCESSES / str(process) / name).read_text()
    except OSError:  # it has just ended, or there is no such file here
        return ""
