"""All that waits for a person in one operation, list by list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Connection, select

from relief.cards.models import Card
from relief.kernel.errors import NotFound
from relief.kernel.ids import to_bytes, to_text
from relief.kernel.paging import PAGE_SIZE, Page
from relief.ledger.queries import CaseRow, list_cases
from relief.ledger.reused_seqs import list_reused_seqs
from relief.ledger.waiting import list_causes, list_held, list_late_grants, page_of
from relief.stock.queries import list_negative_stock

KINDS = ("cases", "causes", "numbers", "grants", "held", "stock")
_FACTS = ("id", "kind", "item", "site", "round", "quantity", "household", "other", "action", "cause", "target", "goods_back",
          "enrolment", "card_id", "at", "moment")  # fmt: skip


def list_waiting(connection: Connection, operation_id: bytes, kind: str, now: int, number: int = 1,
                 size: int = PAGE_SIZE) -> Page[dict[str, Any]]:  # fmt: skip
    """Return one page of one list (of KINDS) as plain values; `connection` should be one snapshot. Raises NotFound."""
    if kind not in KINDS:
        raise NotFound(_("There is no such list."))
    if kind == "cases":
        page = list_cases(connection, operation_id, number, size)
        return Page(_cases(connection, operation_id, list(page.rows)), number, size, page.total)
    found: Page[Any] = _LISTS[kind](connection, operation_id, now, number, size)
    return Page([asdict(row) for row in found.rows], number, size, found.total)


def count_waiting(connection: Connection, operation_id: bytes, now: int) -> dict[str, int]:
    """Return how many wait in each list."""
    return {kind: list_waiting(connection, operation_id, kind, now, size=1).total for kind in KINDS}


_LISTS: dict[str, Callable[[Connection, bytes, int, int, int], Page[Any]]] = {
    "causes": lambda connection, operation, _now, number, size: list_causes(connection, operation, number, size),
    "numbers": lambda connection, operation, _now, number, size: list_reused_seqs(connection, operation, number, size),
    "grants": list_late_grants,
    "held": lambda connection, operation, _now, number, size: list_held(connection, operation, number, size),
    "stock": lambda connection, operation, _now, number, size: page_of(list_negative_stock(connection, operation), number, size),
}


def _cases(connection: Connection, operation_id: bytes, cases: list[CaseRow]) -> list[dict[str, Any]]:
    """Return cases with the facts of their records that help to decide, and the running numbers of their cards."""
    named = {facts[name] for case in cases for facts in case.records for name in ("card_id", "new_card_id") if name in facts}
    card = Card.__table__.c
    ids = [to_bytes(each) for each in named]
    rows = connection.execute(select(card.card_id, card.number).where(card.operation_id == operation_id, card.card_id.in_(ids)))
    numbers = {to_text(row.card_id): row.number for row in rows}
    return [{"code": case.code, "group": case.group_id, "cites": list(case.cites),
             "records": [_record(facts, numbers) for facts in case.records]} for case in cases]  # fmt: skip


def _record(facts: dict[str, Any], numbers: dict[str, str | None]) -> dict[str, Any]:
    shown = {name: facts[name] for name in _FACTS if name in facts}
    shown["card_number"] = numbers.get(facts.get("card_id", ""))
    standing = facts.get("standing")
    if standing:
        shown |= {"standing": standing[0], "entitled": standing[1], "excess": standing[2], "codes": standing[3]}
    return shown
