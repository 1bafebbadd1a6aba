"""What an event of the demonstration may touch: phones, cards, and what was said before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from relief.fleet.belarus.facts import FLOODS, thing_id
from relief.fleet.phone import HeadlessPhone


def item_id(key: str, appeal_code: str = FLOODS) -> str:
    """Return the id of an item."""
    return thing_id(appeal_code, "item", key)


@dataclass
class Stage:
    """`cards` are card keys by family number, `blank` the stock of blank ones; `said` keeps what a later event needs."""

    phones: dict[str, HeadlessPhone]
    cards: dict[int, str]
    blank: list[str]
    unknown_card: str
    said: dict[str, Any] = field(default_factory=dict)


Act = Callable[[Stage, HeadlessPhone], object]


@dataclass(frozen=True, slots=True)
class Event:
    """Something one phone does at a local minute of a day; `live` when the server must be asked there and then."""

    day: str
    minute: int
    phone: str
    act: Act
    live: bool = False
