"""Deciding what waits: what the desk writes into the ledger for it. Every decision says who, why and what was seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from flask_babel import gettext as _
from sqlalchemy import Connection, and_, select

from relief.cards.models import Card
from relief.kernel.clock import wall
from relief.kernel.errors import BadInput, Conflict
from relief.kernel.ids import to_bytes, to_text
from relief.ledger.desk import tell
from relief.ledger.keys import Keys
from relief.ledger.models import Entry, Standing
from relief.ledger.queries import CaseRow, find_case
from relief.ledger.reused_seqs import SEQ_REUSED, list_reused_seqs
from relief.ledger.rules.book import VOIDABLE
from relief.ledger.rules.entry import WAITING
from relief.ledger.verdicts import Verdict
from relief.ledger.waiting import GRANT_IS_LATE_SECONDS, UNRESOLVED_GRANT, list_causes

ACTIONS = ("accept", "void", "end_grant", "was_given")
ALL = 1_000_000
Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody decided, and what she saw: `cites` the records of the case, or `cause` and `plan_version`.

    `void` takes back `targets` (needed where the case has several hand-overs); `goods_back` says whether goods returned
    (None: as the void that waits says, else yes). `end_grant` and `was_given` cite the one ask.
    """

    case: str
    action: str
    cites: tuple[str, ...] = ()
    cause: str | None = None
    plan_version: int | None = None
    targets: tuple[str, ...] = ()
    goods_back: bool | None = None
    reason: str = ""


def decide(connection: Connection, operation_id: bytes, desk_id: bytes, decision: Decision, user_id: bytes, now: int,
           keys: Keys | None = None) -> list[Verdict]:  # fmt: skip
    """Write a decision, and what follows from it, into the ledger; return the verdicts of what was written.

    `desk_id` is the desk of the user who decides. Raises BadInput, and Conflict (`case_changed`) when what she saw is no
    longer so.
    """
    if decision.action not in ACTIONS:
        raise BadInput(_("There is no such decision."), where="action")
    if decision.action not in ("accept", "was_given") and not decision.reason.strip():
        raise BadInput(_("Say why, in a few words."), where="reason")
    records = _RECORDS[decision.action](connection, operation_id, decision, now)
    return tell(connection, operation_id, desk_id, [_signed(each, decision, user_id) for each in records], now, keys)


def _signed(record: Record, decision: Decision, user_id: bytes) -> Record:
    reason = {"reason": decision.reason.strip()} if decision.reason.strip() else {}
    return {**record, "by": to_text(user_id), **reason}


def _acceptance(connection: Connection, operation_id: bytes, decision: Decision, _now: int) -> list[Record]:
    if decision.cause is not None:
        causes = {(row.code, row.cause, row.plan_version) for row in list_causes(connection, operation_id, size=ALL).rows}
        if (decision.case, decision.cause, decision.plan_version) not in causes:
            raise _changed()
        return [{"kind": "decision", "case": decision.case, "action": "accept", "cause": decision.cause,
                 "plan_version": decision.plan_version}]  # fmt: skip
    if decision.case == SEQ_REUSED:
        open_cases = {row.cites for row in list_reused_seqs(connection, operation_id, size=ALL).rows}
        if tuple(sorted(set(decision.cites))) not in open_cases:
            raise _changed()
    else:
        _get_case(connection, operation_id, decision)
    return [_decision_record(decision, "accept")]


def _voiding(connection: Connection, operation_id: bytes, decision: Decision, _now: int) -> list[Record]:
    case = _get_case(connection, operation_id, decision)
    waiting = [facts for facts in case.records if facts["kind"] == "void"]
    if decision.case == "void_waiting" and waiting:
        voids = [_void(facts["target"], facts, facts["cause"], _goods_back(decision, facts)) for facts in waiting]
    else:
        targets = _targets(case, decision.targets)
        voids = [_void(facts["id"], facts, "mistake", _goods_back(decision, {})) for facts in targets]
    return [*_with_cards(connection, operation_id, voids), _decision_record(decision, "void")]


def _targets(case: CaseRow, chosen: Sequence[str]) -> list[Record]:
    possible = {facts["id"]: facts for facts in case.records if facts["kind"] in VOIDABLE}
    if not possible:
        raise BadInput(_("There is nothing in this to take back."), where="action")
    if not chosen and len(possible) > 1:
        raise BadInput(_("Choose what to take back."), where="targets")
    if not set(chosen) <= possible.keys():
        raise BadInput(_("Only what the case is about can be taken back."), where="targets")
    return [possible[each] for each in sorted(set(chosen) or possible)]


def _goods_back(decision: Decision, waiting: Record) -> int:
    return waiting.get("goods_back", 1) if decision.goods_back is None else int(decision.goods_back)


def _ending(connection: Connection, operation_id: bytes, decision: Decision, now: int) -> list[Record]:
    ask, _at = _get_late_ask(connection, operation_id, decision, now)
    return _with_cards(connection, operation_id, [_void(ask["id"], ask, "not_given", 1)])


def _late_giving(connection: Connection, operation_id: bytes, decision: Decision, now: int) -> list[Record]:
    """End the grant, and tell the hand-over in its place: of its day, in its rank. Its own tell is the phone's alone to make."""
    ask, at = _get_late_ask(connection, operation_id, decision, now)
    given: Record = {name: ask[name] for name in ("card_id", "item", "quantity", "site", "round", "members") if name in ask}
    telling: Record = {"kind": "handover", **given, "ask": ask["id"], "at": wall(at), "about": 1}
    return _with_cards(connection, operation_id, [_void(ask["id"], ask, "not_given", 1), telling])


def _get_late_ask(connection: Connection, operation_id: bytes, decision: Decision, now: int) -> tuple[Record, int]:
    """Return the facts of the one ask that nobody answered for in a day, and its moment (UTC s); raises BadInput, Conflict."""
    if decision.case != UNRESOLVED_GRANT or len(decision.cites) != 1:
        raise BadInput(_("Name the one question that was never answered for."), where="cites")
    entry, standing = Entry.__table__.c, Standing.__table__.c
    of_record = and_(standing.operation_id == operation_id, standing.record_id == entry.id)
    found = connection.execute(
        select(entry.facts, standing.effective_at).join(Standing.__table__, of_record)
        .where(entry.operation_id == operation_id, entry.id == to_bytes(decision.cites[0]), entry.step == "answer",
               standing.standing == WAITING, standing.effective_at <= now - GRANT_IS_LATE_SECONDS)
    ).one_or_none()  # fmt: skip
    if found is None:
        raise _changed()
    return orjson.loads(found.facts), found.effective_at


def _void(target: str, place: Record, cause: str, goods_back: int) -> Record:
    """Return a void of `target`; `place` is a record's facts that say on which card, or at which site, it was."""
    where = {"card_id": place["card_id"]} if "card_id" in place else {"site": place["site"]}
    return {"kind": "void", "target": target, "cause": cause, "goods_back": goods_back, **where}


def _with_cards(connection: Connection, operation_id: bytes, records: Sequence[Record]) -> list[Record]:
    """Return the records with the key of their card in the place of its id: records name cards as phones do."""
    card = Card.__table__.c
    ids = {to_bytes(each["card_id"]) for each in records if "card_id" in each}
    rows = connection.execute(select(card.card_id, card.card_key).where(card.operation_id == operation_id, card.card_id.in_(ids)))
    keys = {to_text(row.card_id): row.card_key.hex() for row in rows}
    return [{**{name: value for name, value in each.items() if name != "card_id"},
             **({"card": keys[each["card_id"]]} if "card_id" in each else {})} for each in records]  # fmt: skip


def _decision_record(decision: Decision, action: str) -> Record:
    return {"kind": "decision", "case": decision.case, "cites": sorted(set(decision.cites)), "action": action}


def _get_case(connection: Connection, operation_id: bytes, decision: Decision) -> CaseRow:
    case = find_case(connection, operation_id, decision.case, decision.cites)
    if case is None:
        raise _changed()
    return case


def _changed() -> Conflict:
    return Conflict(_("This has changed meanwhile, or was decided already. Look again."), code="case_changed")


_RECORDS = {"accept": _acceptance, "void": _voiding, "end_grant": _ending, "was_given": _late_giving}
