"""Looks into a help desk's list, as they come in a parcel: what cannot be read stops nothing else in it."""

from __future__ import annotations

from typing import Any

from relief.kernel.ids import is_id_text

MOST = 10_000
LATEST = 1 << 40  # UTC seconds that no clock shows


def read_look_ups(value: Any) -> list[dict[str, Any]]:
    """Return the looks (`list`, `id`, `at`, `household` where somebody was found) among any JSON values."""
    return [each for each in value[:MOST] if _is_look(each)] if isinstance(value, list) else []


def _is_look(value: Any) -> bool:
    if not isinstance(value, dict) or not value.keys() <= {"list", "id", "at", "household"}:
        return False
    at, ids = value.get("at"), [value.get("list"), value.get("id"), value.get("household", value.get("id"))]
    return type(at) is int and 0 <= at < LATEST and all(isinstance(each, str) and is_id_text(each) for each in ids)
