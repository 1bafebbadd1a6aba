"""What `ledger verify` found: problems that a person can look up, each with a stable code and the place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

MOST_OF_A_CODE = 20


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
    """What was checked and what is wrong: how many things of each code, and the first `most_of_a_code` of them (None: all).

    `erased` counts entries without their private part. `intact_position` and
    `intact_at` (UTC seconds) are the last signed head before anything that is wrong with the chain.
    """

    most_of_a_code: int | None = MOST_OF_A_CODE
    entries: int = 0
    unsealed: int = 0
    erased: int = 0
    held: int = 0
    groups: int = 0
    position: int = 0
    head: str = ""
    intact_position: int = 0
    intact_at: int | None = None
    wrong: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @property
    def good(self) -> bool:
        return not self.wrong

    def note(self, problems: Iterable[Problem]) -> None:
        for problem in problems:
            number = self.wrong[problem.code] = self.wrong.get(problem.code, 0) + 1
            if self.most_of_a_code is None or number <= self.most_of_a_code:
                self.problems.append(problem)
