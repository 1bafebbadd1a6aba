"""One line of the doctor."""

from __future__ import annotations

from dataclasses import dataclass

OK, LOOK, BROKEN = "ok", "look", "broken"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: `state` ok, look or broken; what it is about; what is so; what to do; and the command that does it.

    `run` is good as it is typed; only a word all in capitals (CODE, FILE, KEY) stands for something to be filled in.
    """

    state: str
    about: str
    says: str
    cure: str = ""
    run: str = ""
