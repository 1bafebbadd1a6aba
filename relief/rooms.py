"""Which modules of the rooms the app opens: pages, APIs, models and commands, found by the names of their files."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType

HOUSE = Path(__file__).parent


def modules(*endings: str) -> Iterator[ModuleType]:
    """Import and yield the rooms' modules whose file is called `ending.py` or `..._ending.py`, in the order of names."""
    for name in _names(endings):
        yield import_module(name)


@cache
def _names(endings: tuple[str, ...]) -> list[str]:
    longer = tuple(f"_{ending}" for ending in endings)
    found = [path for path in _files() if path.stem in endings or path.stem.endswith(longer)]
    return [".".join(("relief", *path.relative_to(HOUSE).with_suffix("").parts)) for path in found]


@cache
def _files() -> list[Path]:
    return sorted(HOUSE.glob("*/**/*.py"))
