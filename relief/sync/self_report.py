"""What a phone says of itself with each batch: how old its list is, its battery, its storage, what it lost, its language.

Records come first: what cannot be read here is left out, and stops nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection

from relief.accounts.lanes import find_lanes, write_lanes
from relief.ledger.values import LARGEST_INTEGER
from relief.statements import change

STORAGES = ("ok", "low", "full", "failing")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z]{2,4})?")
Told = dict[str, Any]


def read_self_report(told: Any) -> Told | None:
    """Return column -> value of what can be read, every column there; None where the phone says nothing of itself."""
    if type(told) is not dict:
        return None
    lanes = find_lanes(told.get("lane"))
    return {
        "list_at": _whole(told, "list_at", LARGEST_INTEGER), "battery": _whole(told, "battery", 100),
        "lost": _whole(told, "lost", LARGEST_INTEGER) or 0,
        "storage": _text(told, "storage", STORAGES.__contains__), "language": _text(told, "language", _is_language),
        "lanes_told": write_lanes(lanes) if lanes is not None else None,
    }  # fmt: skip


def keep_self_report(connection: Connection, operation_id: bytes, enrolment_id: bytes, told: Told) -> None:
    """Remember it in place of what the phone said before."""
    names = ", ".join(f"{name} = ?" for name in told)
    change(connection, f"UPDATE enrolment SET {names} WHERE operation_id = ? AND enrolment_id = ?",
           *told.values(), operation_id, enrolment_id)  # fmt: skip


def _whole(told: Told, name: str, most: int) -> int | None:
    value = told.get(name)
    return value if type(value) is int and 0 <= value <= most else None


def _text(told: Told, name: str, is_good: Callable[[str], Any]) -> str:
    value = told.get(name)
    return value if type(value) is str and is_good(value) else ""


def _is_language(text: str) -> bool:
    return _LANGUAGE.fullmatch(text) is not None
