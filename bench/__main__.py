"""`make bench`: every measurement alone, one after the other, in one table; `python -m bench NAME ...`: a long one."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib import import_module

RUNS = (
    ("bench.sync", "sqlite"),
    ("bench.sync", "postgresql"),
    ("bench.sync", "sqlite", "--clients", "6"),
    ("bench.sync", "postgresql", "--clients", "6"),
    ("bench.sync", "sqlite", "--most-items", "1"),
    ("bench.sync", "postgresql", "--most-items", "1"),
)


LONG = ("scale", "single", "recompute", "cards")


def main() -> None:
    if sys.argv[1:]:
        name = sys.argv.pop(1)
        if name not in LONG:
            raise SystemExit(f"No such measurement: {name}. Long ones: {', '.join(LONG)}; without a name: the short table.")
        import_module(f"bench.{name}").main()
        return
    rows = []
    for module, *arguments in RUNS:
        print(f"measuring {module} {' '.join(arguments)} ...", file=sys.stderr, flush=True)
        command = [sys.executable, "-W", "ignore", "-m", module, *arguments]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        rows.append(json.loads(done.stdout))
    columns = [name for name in rows[0] if name != "verdicts"]
    widths = [max(len(name), *(len(str(row[name])) for row in rows)) for name in columns]
    for line in (columns, *([row[name] for name in columns] for row in rows)):
        print("  ".join(str(cell).rjust(width) for cell, width in zip(line, widths, strict=True)))
    for row in rows:
        print(f"{row['what']}: " + ", ".join(f"{word} {share}" for word, share in row["verdicts"].items()))


if __name__ == "__main__":
    main()
