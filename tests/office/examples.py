"""The example file of the documentation, whole and with one thing changed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson

EXAMPLE = (Path(__file__).parents[2] / "docs" / "examples" / "operation.json").read_bytes()


def changed(*path: str | int, to: Any) -> bytes:
    """Return the example with the value at `path` replaced; None takes the field out."""
    data = orjson.loads(EXAMPLE)
    target = data
    for step in path[:-1]:
        target = target[step]
    if to is None:
        del target[path[-1]]
    else:
        target[path[-1]] = to
    return orjson.dumps(data)
