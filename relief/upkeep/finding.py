"""One line of the doctor."""

from __future__ import annotations

from dataclasses import dataclass

OK, LOOK, BROKEN = "ok", "look", "broken"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: `state` ok, look or broken; what it is about; what is so; and what to do."""

    state: str
    about: str
    says: str
    cure: str = ""
