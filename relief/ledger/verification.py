"""`relief ledger verify`: the chain, marks and signatures, held records, and every projection against what the entries say."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing, nullcontext
from dataclasses import replace

from sqlalchemy import Connection, func, select

from relief.ledger.chain_check import ChainCheck, Progress, entry_problem, ignore, stream_entries
from relief.ledger.held_check import check_held
from relief.ledger.keys import Keys
from relief.ledger.models import Entry, Head, Seal
from relief.ledger.problems import MOST_OF_A_CODE, Verified
from relief.ledger.projection_check import ProjectionCheck
from relief.ledger.recomputing import Recomputing
from relief.ledger.row_checks import CardKeys, device_problems, plan_problems
from relief.ledger.seal_check import SealCheck, ToldHead
from relief.ledger.witnesses import list_lost_heads
from relief.operations.queries import get_current_plan
from relief.settings import Secrets

_UNREADABLE = (KeyError, ValueError, TypeError, AttributeError)


def verify(connection: Connection, operation_id: bytes, secrets: Secrets, told: Iterable[ToldHead] = (),
           progress: Progress = ignore, most_of_a_code: int | None = MOST_OF_A_CODE) -> Verified:  # fmt: skip
    """Check one operation's ledger within one snapshot; nothing is written.

    `told` are heads that others keep: the chain must contain them. `progress` hears of entries twice: read, and folded.
    """
    result = Verified(most_of_a_code)
    again = _begin(connection, operation_id, result)
    with closing(again) if again is not None else nullcontext():
        _check(connection, operation_id, secrets, told, again, result, progress)
    _date(connection, operation_id, result)
    return result


def _check(connection: Connection, operation_id: bytes, secrets: Secrets, told: Iterable[ToldHead],
           again: Recomputing | None, result: Verified, progress: Progress) -> None:  # fmt: skip
    keys = Keys.each_of(secrets)
    check_held(connection, operation_id, keys, result)
    card_keys = CardKeys(connection, operation_id)
    head = connection.execute(select(Head.__table__).where(Head.__table__.c.operation_id == operation_id)).one_or_none()
    told = (*told, *list_lost_heads(connection, operation_id))
    seals = SealCheck(connection, operation_id, secrets, result, head, told)
    chain = ChainCheck(keys, result, seals.watched(), seals.meet)
    for row, facts in chain.pass_on(stream_entries(connection, operation_id, progress)):
        try:
            card_keys.compare(row, facts)
            if again is not None:
                again.take(facts, row[2], row[0])
        except _UNREADABLE:  # right by hash and mark, so of our making: only a wrong device beside it does this
            result.note([entry_problem("entry_not_understood", row)])
            again = None
    seals.finish(chain.last_hash)
    result.head = chain.last_hash.hex() if result.position else ""
    if again is not None and not chain.broken:  # else what follows would only repeat it
        _compare(connection, operation_id, again, card_keys, result, progress)


def _begin(connection: Connection, operation_id: bytes, result: Verified) -> Recomputing | None:
    """Look at the plan, and begin to recompute under it; None where that makes no sense."""
    try:
        plans = list(plan_problems(connection, operation_id))
        result.note(plans)
        entries = connection.execute(select(func.count()).where(Entry.__table__.c.operation_id == operation_id)).scalar_one()
        return None if plans else Recomputing(connection, operation_id, get_current_plan(connection, operation_id), entries)
    except _UNREADABLE:  # an entry that was changed, and will be named
        return None


def _compare(connection: Connection, operation_id: bytes, again: Recomputing, card_keys: CardKeys, result: Verified,
             progress: Progress) -> None:  # fmt: skip
    projections = ProjectionCheck(connection, operation_id, again, result)
    for part in again.parts(progress):
        projections.check(part)
    projections.finish()
    result.note(card_keys.problems())
    result.note(device_problems(connection, operation_id))


def _date(connection: Connection, operation_id: bytes, result: Verified) -> None:
    """Say of each problem with a position when that was sealed, it was still whole then; and where the last whole head is."""
    table = Seal.__table__.c
    wrong = min((each.position for each in result.problems if each.position is not None), default=result.position + 1)
    intact = connection.execute(
        select(table.position, table.sealed_at).where(table.operation_id == operation_id, table.position < wrong)
        .order_by(table.position.desc()).limit(1)
    ).one_or_none()  # fmt: skip
    result.intact_position, result.intact_at = intact or (0, None)
    for number, problem in enumerate(result.problems):
        if problem.position is not None:
            sealed = connection.execute(
                select(table.sealed_at).where(table.operation_id == operation_id, table.position >= problem.position)
                .order_by(table.position).limit(1)
            ).scalar()  # fmt: skip
            result.problems[number] = replace(problem, whole_until=sealed)
