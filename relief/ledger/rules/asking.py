"""May I? The answer to an ask, from what the household has and the plan, at the server's time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from relief.ledger.rules.basis import Basis
from relief.ledger.rules.book import has_authority
from relief.ledger.rules.entry import GIVEN_STANDINGS, WAITING, Entry, Folded
from relief.ledger.rules.fold import fold_moves
from relief.operations.rules import Plan


@dataclass(frozen=True, slots=True)
class Answer:
    """`granted`, or why not; `received` says what the household got of the item: moment (UTC s), day, site, quantity."""

    granted: bool
    codes: tuple[str, ...] = ()
    left: int = 0
    received: tuple[dict[str, Any], ...] = ()


def answer_ask(basis: Basis, moves: Sequence[Entry], plan: Plan, ask: Entry) -> Answer:
    """Grant an ask when all of it is still free after everything that is known, else say why not.

    The ask is tried in last rank: whatever stands already keeps its share, also what phones date in the future.
    """
    if any(ends_grant(move, ask) for move in moves):
        return Answer(False, ("ended",))
    trial = replace(ask, step="trial")
    folded = fold_moves(basis, [*moves, trial], plan)
    standing = folded.standings[ask.id]
    if standing.entitled == ask.facts["quantity"]:
        return Answer(True)
    return Answer(False, standing.codes, standing.entitled, tuple(_received(moves, folded, ask)))


def ends_grant(move: Entry, ask: Entry) -> bool:
    """Tell whether a void that came first says that what is asked for was not given."""
    facts = move.facts
    return facts["kind"] == "void" and facts["target"] == ask.id and facts["cause"] == "not_given" and has_authority(move, ask)


def _received(moves: Sequence[Entry], folded: Folded, ask: Entry) -> list[dict[str, Any]]:
    rows = []
    for entry in sorted(moves, key=lambda entry: entry.rank):
        standing = folded.standings.get(entry.id)
        counts = standing and (standing.standing in GIVEN_STANDINGS and entry.step == "given" or standing.standing == WAITING)
        if counts and entry.facts["kind"] == "handover" and entry.facts["item"] == ask.facts["item"]:
            rows.append({"moment": entry.at, "day": standing.day, "site": entry.facts["site"],  # type: ignore[union-attr]
                         "quantity": entry.facts["quantity"]})  # fmt: skip
    return rows[-5:]
