"""What `ledger verify` found: problems that a person can look up, each with a stable code and the place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

MOST_PROBLEMS = 50


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is not as the entries say.

    `where` names it; `position` and `record_id` where it is an entry (or a signed head); `whole_until` the moment (UTC seconds)
    at which it was sealed, so it was changed after that.
    """

    code: str
    where: str
    position: int | None = None
    record_id: str | None = None
    whole_until: int | None = None


@dataclass(slots=True)
class Verified:
    """What was checked, how many `wrong` things there are, and the first MOST_PROBLEMS of them."""

    entries: int = 0
    unsealed: int = 0
    erased: int = 0
    held: int = 0
    groups: int = 0
    position: int = 0
    head: str = ""
    wrong: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def good(self) -> bool:
        return not self.wrong

    def note(self, problems: Iterable[Problem]) -> None:
        for problem in problems:
            self.wrong += 1
            if len(self.problems) < MOST_PROBLEMS:
                self.problems.append(problem)
