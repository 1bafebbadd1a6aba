"""Issuing a long run in steps, so that phones are served between two of them; one that was cut short leaves no household out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from sqlalchemy import Connection

from relief.db import snapshot, write
from relief.kernel.ids import to_text
from relief.ledger.keys import Keys
from relief.ledger.sets import rows_where_in
from relief.office.cards.issuing import (
    BATCH,
    IssuedCard,
    check_blank,
    lock_running_numbers,
    new_card,
    next_run,
    order_of_run,
    tell_issued,
)
from relief.office.register_queries import WaitingHousehold, list_households_without_card
from relief.operations.queries import get_current_plan

Progress = Callable[[int, int], None]
Waiting = Sequence[tuple[str, WaitingHousehold]]


def issue_run(operation_id: bytes, enrolment_id: bytes, now: int, keys: Keys, *, site_id: bytes | None = None,
              household_id: bytes | None = None, progress: Progress = lambda _done, _all: None) -> list[IssuedCard]:  # fmt: skip
    """Issue a card to every approved household without one - of one home site, or one household - in steps.

    The order is that of `issue_cards`: site, village, external id. `progress` is told how many of how many are issued.
    """
    with snapshot() as connection:
        sites = {site.id: site.name for site in get_current_plan(connection, operation_id).sites}
        waiting = list_households_without_card(connection, operation_id, site_id, keys)
    named = [(sites.get(to_text(each.home_site_id), "") if each.home_site_id else "", each) for each in waiting
             if household_id in (None, each.household_id)]  # fmt: skip
    named.sort(key=lambda pair: order_of_run(*pair))
    return _in_steps(operation_id, enrolment_id, named, len(named), now, keys, progress)


def issue_blank_run(operation_id: bytes, enrolment_id: bytes, count: int, now: int, keys: Keys,
                    progress: Progress = lambda _done, _all: None) -> list[IssuedCard]:  # fmt: skip
    """Issue `count` cards of nobody yet as a run of their own, in steps."""
    check_blank(count)
    return _in_steps(operation_id, enrolment_id, None, count, now, keys, progress)


def _in_steps(operation_id: bytes, enrolment_id: bytes, named: Waiting | None, count: int, now: int, keys: Keys,
              progress: Progress) -> list[IssuedCard]:  # fmt: skip
    issued: list[IssuedCard] = []
    run: int | None = None
    for start in range(0, count, BATCH):
        some = named[start : start + BATCH] if named is not None else [None] * min(BATCH, count - start)
        run, cards = write(partial(_step, operation_id=operation_id, enrolment_id=enrolment_id, some=some, run=run,
                                   first=len(issued) + 1, now=now, keys=keys))  # fmt: skip
        issued += cards
        progress(start + len(some), count)
    return issued


def _step(connection: Connection, operation_id: bytes, enrolment_id: bytes, some: Sequence[tuple[str, WaitingHousehold] | None],
          run: int | None, first: int, now: int, keys: Keys) -> tuple[int, list[IssuedCard]]:  # fmt: skip
    """Issue one step; households that somebody else gave a card meanwhile are passed over."""
    lock_running_numbers(connection, operation_id)
    run = next_run(connection, operation_id) if run is None else run
    served = _served(connection, operation_id, [each[1].household_id for each in some if each])
    kept = [each for each in some if each is None or each[1].household_id not in served]
    cards = [new_card(operation_id, run, place, *each[::-1]) if each else new_card(operation_id, run, place)
             for place, each in enumerate(kept, first)]  # fmt: skip
    tell_issued(connection, operation_id, enrolment_id, cards, now, keys)
    return run, cards


def _served(connection: Connection, operation_id: bytes, households: Sequence[bytes]) -> set[bytes]:
    rows = rows_where_in(connection, "SELECT group_id, state FROM card", operation_id, "group_id", households)
    return {bytes(group_id) for group_id, state in rows if state == "linked"}
