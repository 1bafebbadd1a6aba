"""Reading off the sealed entries what the desk asks of households: where each came from, who told what, approvals, its words.

A projection of its own, brought up to date before it is asked, so that nothing on the way of a scan waits for it. Erasing takes
the words; what is erased is never read again. `verify` compares it, `rebuild` forgets it: it is read anew when asked for.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from functools import partial
from typing import Any

import orjson
from sqlalchemy import Connection, and_, delete, select

from relief.accounts.models import Enrolment
from relief.db import is_sqlite, snapshot, write
from relief.households.models import NOBODY, HouseholdApproval, HouseholdAuthor, HouseholdOrigin, HouseholdTerm, RegisterMark
from relief.households.search_terms import CARD, card_term, terms_of
from relief.kernel.ids import to_bytes
from relief.ledger.keys import current_keys
from relief.ledger.models import Entry, Head
from relief.ledger.private_words import WordKeys, read_words
from relief.ledger.problems import Problem, name_of
from relief.ledger.sets import insert_rows, replace_rows
from relief.operations.models import Operation

STEP = 2000
TELLING = ("registration", "composition")
_KINDS = (*TELLING, "card", "household")
Row = tuple[Any, ...]
Said = dict[Any, dict[Row, Row]]  # model -> primary key -> row
_COLUMNS: dict[Any, tuple[str, ...]] = {
    HouseholdOrigin: ("operation_id", "household_id", "position", "by_phone", "author_id", "site_id"),
    HouseholdAuthor: ("operation_id", "household_id", "author_id", "position"),
    HouseholdApproval: ("operation_id", "household_id", "position"),
    HouseholdTerm: ("operation_id", "term", "household_id"),
}


def read_register(operation_id: bytes) -> None:
    """Read all that was sealed since the last time, step by step; each step is a short transaction."""
    words = current_keys().words
    while _is_behind(operation_id):
        write(partial(_step, operation_id=operation_id, words=words))


def _is_behind(operation_id: bytes) -> bool:
    mark = RegisterMark.__table__.c
    with snapshot() as connection:
        sealed = _sealed_position(connection, operation_id)
        read = connection.execute(select(mark.position).where(mark.operation_id == operation_id)).scalar() or 0
    return bool(read < sealed)


def _step(connection: Connection, operation_id: bytes, words: WordKeys) -> None:
    begin = _lock_mark(connection, operation_id)
    end = min(begin + STEP, _sealed_position(connection, operation_id))
    said = _read(connection, operation_id, words, begin, end)
    for model, columns in _COLUMNS.items():
        rows = [row for _key, row in sorted(said[model].items())]
        if model in (HouseholdAuthor, HouseholdApproval):  # of these the last holds
            replace_rows(connection, model, columns, rows)
        else:
            insert_rows(connection, model, columns, rows, "DO NOTHING")
    replace_rows(connection, RegisterMark, ("operation_id", "position"), [(operation_id, end)])


def _read(connection: Connection, operation_id: bytes, words: WordKeys, begin: int, end: int) -> Said:
    """Return what the entries after position `begin` up to `end` say: rows come in the order of their positions."""
    entry, device = Entry.__table__.c, Enrolment.__table__.c
    rows = connection.execute(
        select(entry.position, entry.kind, entry.household_id, entry.card_id, entry.facts, entry.private, device.kind)
        .join(Enrolment.__table__, and_(device.operation_id == operation_id, device.enrolment_id == entry.enrolment_id))
        .where(entry.operation_id == operation_id, entry.position > begin, entry.position <= end, entry.kind.in_(_KINDS))
        .order_by(entry.position)
    ).all()  # fmt: skip
    sealed = connection.execute(select(Operation.seals_names).where(Operation.id == operation_id)).scalar_one()
    said: Said = {model: {} for model in _COLUMNS}
    for row in rows:
        _note(said, operation_id, row)
        for owner, term in _terms(operation_id, words, row):
            key = (operation_id, stored_term(words, operation_id, term, sealed=sealed), owner)
            said[HouseholdTerm][key] = key
    return said


def _note(said: Said, operation_id: bytes, row: Sequence[Any]) -> None:
    """Note where one entry's household came from, who told of it, and whether it was approved."""
    position, kind, household, _card, facts, _private, _device = row
    if kind == "registration":
        said[HouseholdOrigin].setdefault((operation_id, bytes(household)), _origin(operation_id, *row))
    if kind in TELLING:
        by = orjson.loads(facts).get("by")
        key = (operation_id, bytes(household), to_bytes(by) if by else NOBODY)
        said[HouseholdAuthor][key] = (*key, position)
    elif kind == "household" and orjson.loads(facts)["action"] == "approved":
        said[HouseholdApproval][operation_id, bytes(household)] = (operation_id, bytes(household), position)


def _sealed_position(connection: Connection, operation_id: bytes) -> int:
    head = Head.__table__.c
    return connection.execute(select(head.position).where(head.operation_id == operation_id)).scalar() or 0


def forget_register(connection: Connection, operation_id: bytes) -> None:
    """Forget all that was read off: it is read anew when somebody asks."""
    for model in (*_COLUMNS, RegisterMark):
        connection.execute(delete(model).where(model.__table__.c.operation_id == operation_id))


def forget_words(connection: Connection, operation_id: bytes, owners: Collection[bytes] | None) -> None:
    """Forget by which words these households and cards are found (None: all of the operation)."""
    _lock_mark(connection, operation_id)  # who reads just now ends first, and what she wrote goes too
    term = HouseholdTerm.__table__.c
    theirs = () if owners is None else (term.household_id.in_(owners),)
    connection.execute(delete(HouseholdTerm).where(term.operation_id == operation_id, *theirs))


def register_problems(connection: Connection, operation_id: bytes, words: WordKeys,
                      leaving: Collection[bytes]) -> Iterator[Problem]:  # fmt: skip
    """Yield households of which something else is read off than the entries say, as far as they were read.

    Of households and cards that are `leaving` (being erased, perhaps interrupted) some words may be gone and some not.
    """
    mark = RegisterMark.__table__.c
    read = connection.execute(select(mark.position).where(mark.operation_id == operation_id)).scalar() or 0
    end = _sealed_position(connection, operation_id)
    if read > end:
        yield Problem("register_differs", f"read to position {read}, sealed to {end}")
    said: Said = {model: {} for model in _COLUMNS}
    for begin in range(0, min(read, end), STEP):
        for model, rows in _read(connection, operation_id, words, begin, min(begin + STEP, read, end)).items():
            known = rows.keys() & said[model].keys() if model is HouseholdOrigin else ()  # of origins the first holds
            said[model].update((key, row) for key, row in rows.items() if key not in known)
    wrong: set[Any] = set()
    for model, columns in _COLUMNS.items():
        table, household = model.__table__.c, columns.index("household_id")
        wanted = select(*(table[name] for name in columns)).where(table.operation_id == operation_id)
        stored = {tuple(row) for row in connection.execute(wanted)}
        differing = {row[household] for row in stored.symmetric_difference(said[model].values())}
        wrong |= differing.difference(leaving) if model is HouseholdTerm else differing
    yield from (Problem("register_differs", name_of(each)) for each in sorted(wrong))


def stored_term(words: WordKeys, operation_id: bytes, term: bytes, *, sealed: bool) -> bytes:
    """Return a term as the database has it: a keyed digest where names are sealed, and always for a card's last signs."""
    return words.blind(operation_id, term) if sealed or term.startswith(CARD) else term


def _lock_mark(connection: Connection, operation_id: bytes) -> int:
    insert_rows(connection, RegisterMark, ("operation_id", "position"), [(operation_id, 0)], "(operation_id) DO NOTHING")
    mark = RegisterMark.__table__.c
    wanted = select(mark.position).where(mark.operation_id == operation_id)
    return int(connection.execute(wanted if is_sqlite(connection) else wanted.with_for_update()).scalar_one())


def _origin(operation_id: bytes, position: int, _kind: str, household: bytes, _card: Any, facts: bytes, _private: Any,
            device: str) -> tuple[Any, ...]:  # fmt: skip
    told = orjson.loads(facts)
    author, site = told.get("by"), told.get("site") or told.get("home_site")
    return (operation_id, bytes(household), position, device == "phone", author and to_bytes(author), site and to_bytes(site))


def _terms(operation_id: bytes, words: WordKeys, row: Sequence[Any]) -> list[tuple[bytes, bytes]]:
    """Return (household, term) of one entry; a card's last signs stand under its own id, whoever's it is later."""
    _position, kind, household, card, _facts, private, _device = row
    if private is None or kind == "household":
        return []
    if kind == "card":
        code = orjson.loads(private).get("code")
        return [(bytes(card), card_term(code))] if isinstance(code, str) and len(code) == 16 else []
    return [(bytes(household), term) for term in terms_of(read_words(words, operation_id, private))]
