"""Comparing a whole list in a process of its own: minutes of work that would take every other turn of the phones' server.

    python -m relief.households.comparing

reads one household a line from standard input, tells on standard error how many pairs are compared of how many, and writes the
likenesses to standard output. Names go through the pipe alone: no argument, no file, no log holds them.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import astuple
from tempfile import TemporaryFile
from typing import IO, Any

import orjson

from relief.households.likeness import Candidate, Likeness, find_alike

NICE = 10  # phones come first, and who prints cards
PATIENCE_SECONDS = 3600
Progress = Callable[[int, int], None]


class ComparingStopped(RuntimeError):
    """The process that compares ended before its time."""


def compare_apart(candidates: Iterable[Candidate], progress: Progress = lambda _done, _total: None) -> list[Likeness]:
    """Return what `find_alike` does, from a process of its own; raises ComparingStopped."""
    command = [sys.executable, "-m", "relief.households.comparing"]
    with TemporaryFile() as answer:
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=answer, stderr=subprocess.PIPE) as process:
            watch = threading.Timer(PATIENCE_SECONDS, process.kill)
            watch.start()
            try:
                assert process.stdin is not None and process.stderr is not None
                with suppress(BrokenPipeError), process.stdin as pipe:
                    pipe.writelines(orjson.dumps(_packed(each)) + b"\n" for each in candidates)
                for line in process.stderr:
                    _tell(line, progress)
            finally:
                watch.cancel()
        if process.returncode:
            raise ComparingStopped(f"status {process.returncode}")
        answer.seek(0)
        return [Likeness(bytes.fromhex(one), bytes.fromhex(other), points, tuple(reasons))
                for one, other, points, reasons in map(orjson.loads, answer)]  # fmt: skip


def _tell(line: bytes, progress: Progress) -> None:
    words = line.split()
    if len(words) == 2 and all(word.isdigit() for word in words):
        progress(int(words[0]), int(words[1]))


def _packed(candidate: Candidate) -> list[Any]:
    return [candidate.key.hex(), *astuple(candidate)[1:]]


def _unpacked(line: bytes) -> Candidate:
    key, head, names, births, phone, document, village, address, people = orjson.loads(line)
    return Candidate(bytes.fromhex(key), head, tuple(names), tuple(births), phone, document, village, address,
                     tuple((sex, band, born) for sex, band, born in people))  # fmt: skip


def compare(source: IO[bytes], target: IO[bytes], progress: Progress) -> None:
    """Read households, compare them, write what is alike."""
    for each in find_alike(map(_unpacked, source), progress):
        target.write(orjson.dumps([each.one.hex(), each.other.hex(), each.points, each.reasons]) + b"\n")


def main() -> None:
    """Compare the households of standard input."""
    if hasattr(os, "nice"):
        os.nice(NICE)

    def progress(done: int, total: int) -> None:
        sys.stderr.write(f"{done} {total}\n")
        sys.stderr.flush()

    compare(sys.stdin.buffer, sys.stdout.buffer, progress)


if __name__ == "__main__":
    main()
