"""`relief ledger verify`: the chain, marks and signatures, held records, and every projection against what the entries say.

Each check (`problems.CHECKS`) is done to its end, or named as not done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import closing, nullcontext
from dataclasses import replace
from functools import partial
from types import MappingProxyType

from sqlalchemy import Connection, select

from relief.ledger.chain_check import ChainCheck, Progress, entry_problem, ignore, stream_entries
from relief.ledger.device_marks import unfit_devices
from relief.ledger.erasure_orders import find_leaving, order_problems
from relief.ledger.held_check import check_held
from relief.ledger.keys import Keys
from relief.ledger.models import Head, Seal
from relief.ledger.problems import MOST_OF_A_CODE, Problem, Verified, unread
from relief.ledger.projection_check import ProjectionCheck
from relief.ledger.queries import count_entries
from relief.ledger.recomputing import Recomputing
from relief.ledger.register_reading import register_problems
from relief.ledger.row_checks import CardKeys, device_problems, plan_problems
from relief.ledger.seal_check import SealCheck, ToldHead
from relief.ledger.type_check import type_problems
from relief.ledger.witnesses import list_lost_heads
from relief.operations.queries import get_current_plan
from relief.settings import Secrets

LATEST = 253_402_214_400  # the last day that can be written as a date, UTC seconds
LARGEST = (1 << 63) - 1  # of a database's integers
Beside = Mapping[str, Callable[[], Iterable[Problem]]]


def verify(connection: Connection, operation_id: bytes, secrets: Secrets, told: Iterable[ToldHead] = (),
           progress: Progress = ignore, most_of_a_code: int | None = MOST_OF_A_CODE,
           beside: Beside = MappingProxyType({})) -> Verified:  # fmt: skip
    """Check one operation's ledger within one snapshot; nothing is written.

    `told` are heads that others keep: the chain must contain them. `progress` hears of entries twice: read, and folded.
    `beside` are further checks, by name: they look at what is kept outside the database.
    """
    result = Verified(most_of_a_code)
    keys = Keys.each_of(secrets)
    checks: dict[str, Callable[[], Iterable[Problem]]] = {
        "devices": partial(unfit_devices, connection, operation_id, keys),
        "erasures": partial(order_problems, connection, operation_id, keys[0].orders),
        "plans": partial(plan_problems, connection, operation_id),
    }
    for name, problems in {**checks, **beside}.items():
        with result.check(name):
            result.note(problems())
    with result.check("held"):
        check_held(connection, operation_id, keys, result)
    again = _begin(connection, operation_id, result)
    with closing(again) if again is not None else nullcontext():
        _check(connection, operation_id, secrets, told, again, result, progress)
    with result.check("types"):  # the last: what else is wrong with a row says more
        result.note(type_problems(connection, operation_id))
    result.conclude()
    _date(connection, operation_id, result)
    return result


def _begin(connection: Connection, operation_id: bytes, result: Verified) -> Recomputing | None:
    """Begin to recompute under the plan; None where that makes no sense, and then nothing is compared with it."""
    if not result.checks["plans"] or "plan_differs" in result.wrong:
        return None
    with unread():
        return Recomputing(connection, operation_id, get_current_plan(connection, operation_id),
                           count_entries(connection, operation_id))  # fmt: skip
    return None


def _check(connection: Connection, operation_id: bytes, secrets: Secrets, told: Iterable[ToldHead],
           again: Recomputing | None, result: Verified, progress: Progress) -> None:  # fmt: skip
    card_keys: CardKeys | None = None
    with unread():
        card_keys = CardKeys(connection, operation_id)
    chain, seals = None, None
    with result.check("entries"):
        head = connection.execute(select(Head.__table__).where(Head.__table__.c.operation_id == operation_id)).one_or_none()
        told = (*told, *list_lost_heads(connection, operation_id))
        seals = SealCheck(connection, operation_id, secrets, result, head, told)
        chain = ChainCheck(Keys.each_of(secrets), result, seals.watched(), seals.meet)
        for row, facts in chain.pass_on(stream_entries(connection, operation_id, progress)):
            with unread() as failed:
                if card_keys is not None:
                    card_keys.compare(row, facts)
                if again is not None:
                    again.take(facts, row[2], row[0])
            if failed:  # right by hash and mark, so of our making: only what stands beside it is wrong
                result.note([entry_problem("entry_not_understood", row)])
                again = None
    if chain is None or seals is None or not result.checks["entries"]:
        return
    with result.check("seals"):
        seals.finish(chain.last_hash)
    result.head = chain.last_hash.hex() if result.position else ""
    if not chain.broken:  # else what follows would only repeat it
        _compare(connection, operation_id, again, card_keys, result, progress)
        with result.check("register"):
            keys = Keys.of(secrets)
            leaving = find_leaving(connection, operation_id, keys.orders)
            result.note(register_problems(connection, operation_id, keys.words, leaving))


def _compare(connection: Connection, operation_id: bytes, again: Recomputing | None, card_keys: CardKeys | None,
             result: Verified, progress: Progress) -> None:  # fmt: skip
    if again is not None:
        with result.check("projections"):
            projections = ProjectionCheck(connection, operation_id, again, result)
            for part in again.parts(progress):
                projections.check(part)
            projections.finish()
    if card_keys is not None:
        with result.check("card_keys"):
            result.note(card_keys.problems())
    with result.check("numbers"):
        result.note(device_problems(connection, operation_id))


def _date(connection: Connection, operation_id: bytes, result: Verified) -> None:
    """Say of each problem with a position when that was sealed, it was still whole then; and where the last whole head is."""
    table = Seal.__table__.c
    mine = (table.operation_id == operation_id, table.sealed_at.between(0, LATEST))  # a moment, whatever somebody put there
    wrong = min((each.position for each in result.problems if each.position is not None), default=LARGEST)
    intact = connection.execute(
        select(table.position, table.sealed_at).where(*mine, table.position < wrong).order_by(table.position.desc()).limit(1)
    ).one_or_none()
    result.intact_position, result.intact_at = intact or (0, None)
    for number, problem in enumerate(result.problems):
        if problem.position is not None:
            sealed = connection.execute(
                select(table.sealed_at).where(*mine, table.position >= problem.position).order_by(table.position).limit(1)
            ).scalar()
            result.problems[number] = replace(problem, whole_until=sealed)
