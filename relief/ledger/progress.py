"""How far a long command is: a bar on the terminal, once it has taken longer than one likes to look at nothing."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TextIO

import click

from relief.ledger.chain_check import Progress, ignore

PATIENCE_SECONDS = 2.0


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
