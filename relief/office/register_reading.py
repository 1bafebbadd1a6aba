"""Reading off the sealed entries what the desk asks of households: where each came from, who told what, approvals, its words.

A projection of its own, brought up to date before it is asked, so that nothing on the way of a scan waits for it. Erasing takes
the words; what is erased is never read again.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import orjson
from sqlalchemy import Connection, and_, func, select

from relief.accounts.models import Enrolment
from relief.db import is_sqlite, snapshot, write
from relief.households.models import NOBODY, HouseholdApproval, HouseholdAuthor, HouseholdOrigin, HouseholdTerm, RegisterMark
from relief.households.search_terms import CARD, card_term, terms_of
from relief.kernel.ids import to_bytes
from relief.ledger.keys import current_keys
from relief.ledger.models import Entry, Head
from relief.ledger.private_words import WordKeys, read_words
from relief.ledger.sets import insert_rows, replace_rows
from relief.operations.models import Operation

STEP = 2000
TELLING = ("registration", "composition")
_KINDS = (*TELLING, "card", "household")


def read_register(operation_id: bytes) -> None:
    """Read all that was sealed since the last time, step by step; each step is a short transaction."""
    words = current_keys().words
    while _is_behind(operation_id):
        write(partial(_step, operation_id=operation_id, words=words))


def _is_behind(operation_id: bytes) -> bool:
    head, mark = Head.__table__.c, RegisterMark.__table__.c
    with snapshot() as connection:
        sealed = connection.execute(select(head.position).where(head.operation_id == operation_id)).scalar() or 0
        read = connection.execute(select(mark.position).where(mark.operation_id == operation_id)).scalar() or 0
    return bool(read < sealed)


def _step(connection: Connection, operation_id: bytes, words: WordKeys) -> None:
    entry, device = Entry.__table__.c, Enrolment.__table__.c
    begin = _lock_mark(connection, operation_id)
    end = min(begin + STEP, connection.execute(
        select(func.coalesce(func.max(Head.position), 0)).where(Head.operation_id == operation_id)).scalar_one())  # fmt: skip
    rows = connection.execute(
        select(entry.position, entry.kind, entry.household_id, entry.card_id, entry.facts, entry.private, device.kind)
        .join(Enrolment.__table__, and_(device.operation_id == operation_id, device.enrolment_id == entry.enrolment_id))
        .where(entry.operation_id == operation_id, entry.position > begin, entry.position <= end, entry.kind.in_(_KINDS))
        .order_by(entry.position)
    ).all()  # fmt: skip
    sealed = connection.execute(select(Operation.seals_names).where(Operation.id == operation_id)).scalar_one()
    origins = [_origin(operation_id, *row) for row in rows if row[1] == "registration"]
    insert_rows(connection, HouseholdOrigin, ("operation_id", "household_id", "position", "by_phone", "author_id", "site_id"),
                origins, "(operation_id, household_id) DO NOTHING")  # fmt: skip
    terms = {(operation_id, stored_term(words, operation_id, term, sealed=sealed), household)
             for row in rows for household, term in _terms(operation_id, words, row)}  # fmt: skip
    insert_rows(connection, HouseholdTerm, ("operation_id", "term", "household_id"), sorted(terms),
                "(operation_id, term, household_id) DO NOTHING")  # fmt: skip
    _note_who_told(connection, operation_id, rows)
    replace_rows(connection, RegisterMark, ("operation_id", "position"), [(operation_id, end)])


def _note_who_told(connection: Connection, operation_id: bytes, rows: Sequence[Any]) -> None:
    """Keep the last of each: rows come in the order of their positions."""
    authors, approvals = {}, {}
    for position, kind, household, _card, facts, _private, _device in rows:
        if kind in TELLING:
            by = orjson.loads(facts).get("by")
            authors[operation_id, bytes(household), to_bytes(by) if by else NOBODY] = position
        elif kind == "household" and orjson.loads(facts)["action"] == "approved":
            approvals[operation_id, bytes(household)] = position
    replace_rows(connection, HouseholdAuthor, ("operation_id", "household_id", "author_id", "position"),
                 [(*key, position) for key, position in sorted(authors.items())])  # fmt: skip
    replace_rows(connection, HouseholdApproval, ("operation_id", "household_id", "position"),
                 [(*key, position) for key, position in sorted(approvals.items())])  # fmt: skip


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
