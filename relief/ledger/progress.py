"""How far a long command is, on the terminal, once it has taken longer than one likes to look at nothing: a bar, or lines."""

from __future__ import annotations

import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import TextIO

import click

from relief.ledger.chain_check import Progress, ignore

PATIENCE_SECONDS = 2.0
Tell = Callable[[str, int, int], None]  # the stage, how much of it is done, of how much (0: nobody knows)


def tell_nobody(_stage: str, _done: int, _all: int) -> None:
    """Be the teller of whoever does not want to know."""


@contextmanager
def progress_bar(label: str, total: int, out: TextIO | None = None, patience: float = PATIENCE_SECONDS) -> Iterator[Progress]:
    """Yield what is told of each step's size; a bar of `total` is drawn on a terminal, none where `out` is none."""
    out = out or sys.stderr
    if not out.isatty():
        yield ignore
        return
    last, done = time.monotonic() + patience, 0
    bar = click.progressbar(length=total, label=label, file=out)

    with ExitStack() as drawn:

        def advance(count: int) -> None:
            nonlocal done
            done += count
            if bar.entered:
                bar.update(count)
            elif time.monotonic() > last:
                drawn.enter_context(bar)
                bar.update(done)

        yield advance


@contextmanager
def stage_lines(words: Mapping[str, str], out: TextIO | None = None, patience: float = PATIENCE_SECONDS) -> Iterator[Tell]:
    """Yield what is told of stages; a terminal shows the words of the present one every so often, none where `out` is none."""
    out = out or sys.stderr
    if not out.isatty():
        yield tell_nobody
        return
    present: deque[tuple[str, int, int]] = deque(maxlen=1)
    ended = threading.Event()

    def show() -> None:
        while not ended.wait(patience):
            for stage, done, everything in list(present):
                print(words[stage], f"{done * 100 // everything} %" if everything else "...", file=out, flush=True)

    thread = threading.Thread(target=show, name="relief-progress", daemon=True)
    thread.start()
    try:
        yield lambda *told: present.append(told)
    finally:
        ended.set()
        thread.join()
