"""`relief ledger rebuild`: all projections of an operation written anew from its entries, in one transaction.

Broken off anywhere, everything is as it was before.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing

from flask_babel import gettext as _
from sqlalchemy import Connection, delete, func, select, update

from relief.accounts.models import Enrolment
from relief.cards.models import Card
from relief.households.models import Household
from relief.kernel.errors import Conflict
from relief.kernel.ids import random_id, to_bytes
from relief.ledger.chain_check import ChainCheck, Progress, ignore, stream_entries
from relief.ledger.device_marks import unfit_devices
from relief.ledger.devices import lock_operation
from relief.ledger.documents import Document
from relief.ledger.keys import every_key
from relief.ledger.models import Citation, Counter, Delta, Entry, Feed, FoldGroup, Standing
from relief.ledger.problems import Verified, unread
from relief.ledger.recomputing import Part, Recomputing
from relief.ledger.register_reading import forget_register
from relief.ledger.row_checks import CardKeys, plan_problems
from relief.ledger.sealing import find_head
from relief.ledger.sets import insert_rows, replace_rows, rows_where_in
from relief.ledger.store import BLANK_CARD, store_documents, store_places
from relief.ledger.type_check import type_problems
from relief.operations.queries import get_current_plan
from relief.operations.rules import Plan

_PROJECTIONS = (Standing, FoldGroup, Counter, Delta, Feed, Citation)


def rebuild(connection: Connection, operation_id: bytes, seal_first: Callable[[], object], progress: Progress = ignore) -> int:
    """Write all projections anew and return how many groups there are.

    Nothing else writes to the operation meanwhile; `seal_first` seals what waits (PostgreSQL), on a connection of its own.
    """
    lock_operation(connection, operation_id, alone=True)
    seal_first()
    entries = connection.execute(select(func.count()).where(Entry.__table__.c.operation_id == operation_id)).scalar_one()
    unreadable = [*type_problems(connection, operation_id), *unfit_devices(connection, operation_id, every_key())]
    if unreadable:
        raise _impossible(unreadable[0].where)
    with unread() as failed:  # under another plan other totals would follow
        unreadable = [*plan_problems(connection, operation_id)]
        plan = get_current_plan(connection, operation_id)
    if failed or unreadable:
        raise _impossible(_("the plan"))
    groups = 0
    with unread() as failed, closing(Recomputing(connection, operation_id, plan, entries)) as again:
        groups = _rebuild(connection, operation_id, again, progress)
    if failed:
        raise _impossible(_("an entry"))
    return groups


def _impossible(what: str) -> Conflict:
    return Conflict(_("Nothing was rebuilt: %(what)s is missing, changed or cannot be read. relief ledger verify names all that "
                      "is wrong; restore the last backup that verifies beside it.", what=what), code="not_rebuilt")  # fmt: skip


def _rebuild(connection: Connection, operation_id: bytes, again: Recomputing, progress: Progress) -> int:
    card_keys = CardKeys(connection, operation_id)
    chain = ChainCheck(every_key(), Verified(), iter(()), lambda _watched, _digest: None)
    for row, facts in chain.pass_on(stream_entries(connection, operation_id, progress)):
        card_keys.compare(row, facts)
        again.take(facts, row[2], row[0])
    if chain.broken:  # what was forged would stand in the totals as if it had happened
        raise _impossible(chain.result.problems[0].where)
    _clear(connection, operation_id, card_keys)
    head = find_head(connection, operation_id)
    position = head.position + 1 if head else 0  # past every phone's cursor: all of them read anew, once
    sums: dict[str, int] = {}
    groups = 0
    for part in again.parts(progress):
        groups += len(part.documents)
        _store(connection, operation_id, part, again.plan, position, sums)
    insert_rows(connection, Counter, ("operation_id", "key", "n"),
                [(operation_id, key, number) for key, number in sorted(sums.items()) if number])  # fmt: skip
    insert_rows(connection, Citation, ("operation_id", "cited_id", "decision_id"),
                [(operation_id, to_bytes(cited), to_bytes(decision)) for cited, decision in sorted(again.citations)])  # fmt: skip
    _count_seqs(connection, operation_id)
    return groups


def _clear(connection: Connection, operation_id: bytes, card_keys: CardKeys) -> None:
    """Forget all that follows from the entries. Rows of cards stay for their keys, which erased entries say no more."""
    for model in _PROJECTIONS:
        connection.execute(delete(model).where(model.__table__.c.operation_id == operation_id))
    card, household = Card.__table__.c, Household.__table__.c
    connection.execute(update(Card).where(card.operation_id == operation_id).values({"group_id": card.card_id, **BLANK_CARD}))
    empty = {"group_id": household.household_id, "state": "", "area_id": None, "home_site_id": None, "size": 0,
             "members": ""}
    connection.execute(update(Household).where(household.operation_id == operation_id).values(empty))
    forget_register(connection, operation_id)
    _mend_keys(connection, operation_id, card_keys)


def _mend_keys(connection: Connection, operation_id: bytes, card_keys: CardKeys) -> None:
    """Give cards the keys that entries say; one that only erased entries name gets a random one, as an erasure gives it."""
    keys = {to_bytes(each): bytes.fromhex(key) for each, key in card_keys.wrong.items()}
    keys |= {to_bytes(each): random_id() for each in card_keys.lost - card_keys.wrong.keys()}
    holders = rows_where_in(connection, "SELECT card_id FROM card", operation_id, "card_key", list(keys.values()))
    card = Card.__table__.c
    for (card_id,) in holders:  # a key is free before another card gets it: two may have been swapped
        connection.execute(update(Card).where(card.operation_id == operation_id, card.card_id == card_id)
                           .values(card_key=random_id()))  # fmt: skip
    rows = [(operation_id, each, key, each, "unknown") for each, key in sorted(keys.items())]
    replace_rows(connection, Card, ("operation_id", "card_id", "card_key", "group_id", "state"), rows)


def _store(connection: Connection, operation_id: bytes, part: Part, plan: Plan, position: int, sums: dict[str, int]) -> None:
    before = {gid: Document() for gid in part.documents}
    store_documents(connection, operation_id, before, part.documents, plan)
    store_places(connection, operation_id, before, part.documents)
    for document in part.documents.values():
        for key, number in document.all_counters(plan).items():
            sums[key] = sums.get(key, 0) + number
    insert_rows(connection, Feed, ("operation_id", "group_id", "position"),
                [(operation_id, to_bytes(gid), position) for gid in sorted(part.documents)])  # fmt: skip


def _count_seqs(connection: Connection, operation_id: bytes) -> None:
    entry, table = Entry.__table__.c, Enrolment.__table__
    connection.execute(update(table).where(table.c.operation_id == operation_id).values(max_seq=0, seq_count=0))
    counted = connection.execute(
        select(entry.enrolment_id, func.max(entry.seq), func.count(entry.seq.distinct()))
        .where(entry.operation_id == operation_id).group_by(entry.enrolment_id)
    ).all()  # fmt: skip
    for enrolment_id, highest, count in counted:
        connection.execute(
            update(table).where(table.c.operation_id == operation_id, table.c.enrolment_id == enrolment_id)
            .values(max_seq=highest, seq_count=count)
        )  # fmt: skip
