"""`python -m bench NAME ...`: one measurement and its table (CONTRIBUTING.md lists them); without a name (`make bench`): sync."""

from __future__ import annotations

import sys
from importlib import import_module

MODULES = {"sync": "sync", "single": "single", "scale": "scale", "recompute": "recompute", "import": "import_",
           "duplicates": "duplicates", "cards": "cards", "phone": "phone", "lighthouse": "lighthouse"}  # fmt: skip


def main() -> None:
    name = sys.argv.pop(1) if sys.argv[1:] else "sync"
    if name not in MODULES:
        raise SystemExit(f"No such measurement: {name}. There are {', '.join(MODULES)}.")
    import_module(f"bench.{MODULES[name]}").main()


if __name__ == "__main__":
    main()
