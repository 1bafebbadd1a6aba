"""The press: prints in a process of its own, so that a big run takes neither the server's memory nor a phone's turn.

    python -m relief.cards.press

reads a job from standard input - one line of JSON, then one for each card or row - writes the PDF to standard output, and tells
on standard error how many are done. Codes and names go through the pipe alone: no argument, no file, no log holds them.
"""

from __future__ import annotations

import os
import sys
from base64 import b64decode
from collections.abc import Callable
from typing import IO, Any

import orjson

from relief.cards.face import CardWords
from relief.cards.hand_out_list import ListRow, ListWords, print_list
from relief.cards.sheets import print_cards

NICE = 5  # phones at the table come first


def run_job(source: IO[bytes], target: IO[bytes], progress: Callable[[int], None]) -> None:
    """Read one job and print it."""
    job: dict[str, Any] = orjson.loads(source.readline())
    lines = (orjson.loads(line) for line in source)
    if job["what"] == "list":
        print_list(target, map(_row, lines), ListWords(**job["words"]), language=job["language"], progress=progress)
    else:
        cards = ((number, code) for number, code in lines)
        print_cards(target, cards, job["arrangement"], CardWords(**job["words"]), title=job["title"], language=job["language"],
                    logo=b64decode(job["logo"]), progress=progress, with_symbol=job.get("with_symbol", True))  # fmt: skip


def _row(line: dict[str, str]) -> ListRow:
    return ListRow(**line)


def main() -> None:
    """Print the job of standard input."""
    if hasattr(os, "nice"):
        os.nice(NICE)
    run_job(sys.stdin.buffer, sys.stdout.buffer, _tell)


def _tell(done: int) -> None:
    sys.stderr.write(f"{done}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    main()
