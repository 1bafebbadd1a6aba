"""The chain as `ledger verify` reads it: every entry once, in order of position, in a stream; seals and heads come beside it.

Three things bear witness to an entry: its hash (its place and content), its mark (content, arrival and answer, under a key that
is not in the database) and the signed heads. Which of them disagree says what was done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from typing import Any

import orjson
from sqlalchemy import Connection

from relief.db import is_sqlite
from relief.kernel.ids import to_text
from relief.ledger.chain import START
from relief.ledger.keys import Keys
from relief.ledger.problems import Problem, Verified, name_of

ROWS_AT_ONCE = 2000
_COLUMNS = ("position, id, step, kind, enrolment_id, seq, session_id, card_id, household_id, target_id, received_at, "
            "uploaded_by, verdict, facts, facts_salt, private, private_salt, private_digest, hash, mark")  # fmt: skip
Progress = Callable[[int], None]


def ignore(_count: int) -> None:
    """Show nobody how far it is."""


def stream_entries(connection: Connection, operation_id: bytes, progress: Progress = ignore) -> Iterator[Sequence[Any]]:
    """Yield all entries (_COLUMNS), sealed ones by position, then what waits for the sealer; plain driver rows, for speed."""
    mark = "?" if is_sqlite(connection) else "%b"
    sql = f"SELECT {_COLUMNS} FROM entry WHERE operation_id = {mark}"
    for part in (f"{sql} AND position IS NOT NULL ORDER BY position", f"{sql} AND position IS NULL ORDER BY id, step"):
        result = connection.exec_driver_sql(part, (operation_id,), execution_options={"yield_per": ROWS_AT_ONCE})
        for rows in result.partitions(ROWS_AT_ONCE):
            yield from rows
            progress(len(rows))


class ChainCheck:
    """Lets entries pass and notes what is wrong with them; only those that are right go on, with their parsed facts.

    `watched` are (position, anything) in order of position; `witness` is told each with the hash at that position, or None.
    """

    def __init__(self, keys: Sequence[Keys], result: Verified, watched: Iterator[tuple[int, Any]],
                 witness: Callable[[Any, bytes | None], None]) -> None:  # fmt: skip
        self.keys, self.result = keys, result
        self.broken = False
        self.last_hash = START
        self._spare: bytes | None = None  # what the hash before should have been, where its column was changed
        self._watched, self._witness = watched, witness
        self._next = next(watched, None)

    def pass_on(self, rows: Iterator[Sequence[Any]]) -> Iterator[tuple[Sequence[Any], dict[str, Any]]]:
        """Yield (row, facts) of every entry that is as it was stored."""
        for row in rows:
            self.result.entries += 1
            facts = _read_facts(row)
            try:
                problems = list(self._problems(row, facts))
            except (TypeError, AttributeError, ValueError, OverflowError):  # not even of the type it was
                problems = [entry_problem("entry_changed", row)]
            if problems:
                self.broken = True
                self.result.note(problems)
            elif facts is not None:
                yield row, facts
        self._see_until(None, None)

    def _see_until(self, position: int | None, digest: bytes | None) -> None:
        while self._next is not None and (position is None or self._next[0] <= position):
            self._witness(self._next[1], digest if self._next[0] == position else None)
            self._next = next(self._watched, None)

    def _problems(self, row: Sequence[Any], facts: dict[str, Any] | None) -> Iterator[Problem]:
        position, result = row[0], self.result
        hashed = True
        if position is None:
            result.unsealed += 1
        elif type(position) is not int:
            hashed = False
        else:
            if position != result.position + 1:
                yield _missing(result.position + 1, position - 1)
            result.position = position
            hashed = self._follows(row)
            self._see_until(position, row[18])
        marked = any(each.marker.entry(row[10], row[11], row[1], row[2], row[12], row[13], row[17]) == row[19]
                     for each in self.keys)  # fmt: skip
        if not (hashed and marked):
            yield entry_problem("entry_moved" if marked else "mark_wrong" if hashed else "entry_changed", row)
        if not _private_agrees(row):
            yield entry_problem("private_part_changed", row)
        result.erased += row[15] is None
        if facts is None or not _columns_agree(row, facts):
            yield entry_problem("columns_changed", row)

    def _follows(self, row: Sequence[Any]) -> bool:
        """Tell whether an entry's hash is that of its content and of the entry before."""
        content = b"".join((row[0].to_bytes(8, "big", signed=True), row[1], row[2].encode(), b"\0", row[3].encode(), b"\0",
                            sha256(row[14] + row[13]).digest(), row[17]))  # fmt: skip
        digest = sha256(self.last_hash + content).digest()
        right = digest == row[18]
        if not right and self._spare is not None:
            right = sha256(self._spare + content).digest() == row[18]
        self.last_hash = row[18] if isinstance(row[18], bytes) else b""
        self._spare = None if right else digest
        return right


def parsed_facts(row: Sequence[Any]) -> dict[str, Any]:
    """Return the facts of an entry (a row of `stream_entries`); raises ValueError."""
    found: dict[str, Any] = orjson.loads(row[13])
    return found


def _read_facts(row: Sequence[Any]) -> dict[str, Any] | None:
    try:
        found = parsed_facts(row)
    except (ValueError, TypeError):
        return None
    return found if isinstance(found, dict) else None


def _private_agrees(row: Sequence[Any]) -> bool:
    """Tell whether a private part is the one that was sealed, or gone with its salt."""
    private, salt, digest = row[15], row[16], row[17]
    if private is None or salt is None:
        return private is salt
    return bool(sha256(salt + private).digest() == digest)


_IDS = (("id", 1), ("enrolment", 4), ("session", 6), ("card_id", 7), ("household", 8), ("target", 9))


def _columns_agree(row: Sequence[Any], facts: dict[str, Any]) -> bool:
    for name, number in _IDS:
        value = row[number]
        if facts.get(name) != (None if value is None else to_text(value)):
            return False
    return facts.get("kind") == row[3] and facts.get("seq") == row[5] and ("answer" in facts) == (row[2] == "answer")


def entry_problem(code: str, row: Sequence[Any]) -> Problem:
    """Return the problem of one entry (a row of `stream_entries`)."""
    record_id = name_of(row[1])
    return Problem(code, f"position {row[0]} ({record_id}, {row[2]})", row[0] if type(row[0]) is int else None, record_id)


def _missing(first: int, last: int) -> Problem:
    where = f"position {first}" if first >= last else f"positions {first} to {last}"
    return Problem("position_missing", where, first)
