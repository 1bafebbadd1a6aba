"""Ten thousand cards through the press, as a server prints them: CPU beside the same pages without symbols, memory, seconds."""

from __future__ import annotations

import argparse
import resource
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass, fields

import orjson

from bench.table import Row, show
from relief.cards.hand_out_list import ListWords
from relief.cards.rules import new_code, running_number

MANY, FEW, RUNS = 10_000, 1_000, 5
# Of the memory of its own: what getrusage tells counts that of whoever started it, too.
PRESS = """
import re, sys
from pathlib import Path
from relief.cards.press import main
main()
sys.stderr.write(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
"""


@dataclass(frozen=True)
class Printed:
    """What one print took: seconds on the clock and of processor, peak memory, size of the file in MB."""

    seconds: float
    cpu: float
    peak_mb: float
    size_mb: float


def measure(count: int, what: str = "cards", *, with_symbol: bool = True) -> Printed:
    """Print once in a process of its own."""
    words = {"society": "Demo Society", "valid_until": "Valid until 12/2026", "hotline": "Hotline 8 800 000"}
    head = {"what": "cards", "arrangement": "a4", "words": words, "title": "Cards", "logo": "", "language": "en",
            "with_symbol": with_symbol}  # fmt: skip
    lines: list[object] = [(running_number(1, place), new_code()) for place in range(1, count + 1)]
    if what == "list":
        head = {"what": "list", "words": dict.fromkeys((each.name for each in fields(ListWords)), "Words"), "language": "en"}
        people = ("Иванова Марыя Ўладзіміраўна", "محمد عبد الله الحسن", "Łukasz Żółć")
        lines = [{"number": running_number(1, place), "name": people[place % 3], "last_four": "ABCD", "site": "School 3",
                  "village": "Vetka", "address": f"Lenina {place // 20}"} for place in range(1, count + 1)]  # fmt: skip
    job = b"\n".join(map(orjson.dumps, [head, *lines]))
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run([sys.executable, "-c", PRESS], input=job, capture_output=True, check=True, timeout=300)
    seconds, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Printed(seconds, cpu, int(done.stderr.split()[-1]) / 1024, len(done.stdout) / 1e6)


def main() -> None:
    """Print the table; exit code 1 where a bar is not met."""
    argparse.ArgumentParser(prog="python -m bench cards", description=__doc__).parse_args()
    # In turns, so that all have the same moments of a machine that others work on too.
    rounds = [(measure(FEW), measure(MANY), measure(MANY, with_symbol=False), measure(MANY, "list")) for _round in range(RUNS)]
    few, many, bare, listed = (sorted(printed, key=lambda each: each.cpu)[RUNS // 2] for printed in zip(*rounds, strict=True))
    ratio = statistics.median(each.cpu / beside.cpu for _few, each, beside, _listed in rounds)
    rows = [
        Row("10,000 cards, CPU over that of the same pages without symbols", ratio, "x", "at most", 2.0,
            f"median of {RUNS} pairs; {many.cpu:.1f} s over {bare.cpu:.1f} s"),
        Row("10,000 cards, on the clock", many.seconds, "s", "at most", 20.0, f"{many.size_mb:.1f} MB of PDF"),
        Row("peak memory of 10,000 over 1,000 cards", many.peak_mb / few.peak_mb, "x", "at most", 1.25,
            f"{few.peak_mb:.0f} MB and {many.peak_mb:.0f} MB"),
        Row("hand-out list of 10,000 names, on the clock", listed.seconds, "s", None, None,
            f"{listed.cpu:.1f} s CPU, {listed.peak_mb:.0f} MB"),
    ]  # fmt: skip
    sys.exit(0 if show("Cards", rows) else 1)


if __name__ == "__main__":
    main()
