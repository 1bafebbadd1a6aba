"""What `ledger verify` found: problems that a person can look up, each with a stable code and the place."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.exc import DBAPIError

from relief.kernel.ids import to_text

MOST_OF_A_CODE = 20
# All that `verify` looks at. Each is done to its end or named as not done: what nobody compared is never called good.
CHECKS = ("types", "devices", "erasures", "plans", "held", "entries", "seals", "projections", "card_keys", "numbers",
          "register")  # fmt: skip
ID_BYTES = 16
_UNREADABLE = (KeyError, ValueError, TypeError, AttributeError, OverflowError, MemoryError)


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


@dataclass(frozen=True, slots=True)
class GivenUp:
    """An end that a restore or `db adopt` left out: what was known after `position` up to `known_position`."""

    position: int
    known_position: int
    moment: int


@dataclass(slots=True)
class Verified:
    """What was checked and what is wrong: how many things of each code, and the first `most_of_a_code` of them (None: all).

    `checks` says of each whether it was done to its end. `erased` counts entries without their private part. `intact_position`
    and `intact_at` (UTC seconds) are the last signed head before anything that is wrong with the chain.
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
    checks: dict[str, bool] = field(default_factory=lambda: dict.fromkeys(CHECKS, False))
    problems: list[Problem] = field(default_factory=list)
    given_up: list[GivenUp] = field(default_factory=list)

    @property
    def good(self) -> bool:
        return not self.wrong and all(self.checks.values())

    @contextmanager
    def check(self, name: str) -> Iterator[None]:
        """Do one check; where something cannot even be read, it ends there and counts as not done."""
        self.checks[name] = False
        with unread() as failed:
            yield
        self.checks[name] = not failed

    def conclude(self) -> None:
        """Name every check that was skipped or could not be finished."""
        self.note(Problem("not_checked", name) for name, done in self.checks.items() if not done)

    def note(self, problems: Iterable[Problem]) -> None:
        for problem in problems:
            number = self.wrong[problem.code] = self.wrong.get(problem.code, 0) + 1
            if self.most_of_a_code is None or number <= self.most_of_a_code:
                self.problems.append(problem)


@contextmanager
def unread() -> Iterator[list[Exception]]:
    """Yield a list that holds the error, if what is done inside met values that cannot be read; other errors pass."""
    failed: list[Exception] = []
    try:
        yield failed
    except _UNREADABLE as error:
        failed.append(error)
    except (DBAPIError, sqlite3.Error) as error:
        if "decode" not in str(error):  # SQLite's driver: text that is not UTF-8
            raise
        failed.append(error)


def name_of(value: Any) -> str:
    """Return an id as text, and whatever else stands in its place so that it can be looked up."""
    if isinstance(value, (bytes, memoryview)):
        return to_text(bytes(value)) if len(value) == ID_BYTES else _plain(bytes(value))
    return str(value)


def _plain(value: bytes) -> str:
    return value.decode() if value.isascii() and value.decode().isprintable() else f"x'{value.hex()}'"
