"""The cards that a tally sheet names, by running number: whose they are, the signs of their codes, what their families had."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection

from relief.kernel.ids import to_bytes, to_text
from relief.ledger.documents import Document, load_document
from relief.ledger.rules.allotment import UNLIMITED, limit_of
from relief.ledger.sets import rows_where_in
from relief.operations.rules import Plan

CODE_TAIL = 4


@dataclass(frozen=True, slots=True)
class KnownCard:
    """A card as the ledger has it; `last_four` are its code's last signs, '' where these are erased or were never told."""

    key: bytes
    card_id: str
    state: str
    group: str
    document: Document
    last_four: str = ""

    def members(self, moment: int) -> list[dict[str, Any]]:
        """Return who lived in the household at a moment, by number."""
        return self.document.basis.composition().at(moment)

    def limit(self, plan: Plan, item: str, round_id: str, moment: int) -> int:
        """Return how much of an item the household may get in a round."""
        overrides = {(each, of_round): number for each, of_round, number in self.document.basis.overrides}
        return limit_of(plan, item, plan.rule_at(item, moment), len(self.members(moment)), overrides.get((item, round_id)))

    def used(self, item: str, round_id: str) -> int:
        """Return how much of it the household has had or been granted."""
        return next((number for each, of_round, number in self.document.view.get("used", ())
                     if (each, of_round) == (item, round_id)), 0)  # fmt: skip

    def last_given(self, item: str) -> tuple[str, str] | None:
        """Return (day, site) of the last hand-over of an item that stands."""
        found = self.document.view.get("last", {}).get(item)
        return (found[2], found[1]) if found else None


def is_unlimited(limit: int) -> bool:
    """Tell whether a limit bounds nothing (services without a rule)."""
    return limit >= UNLIMITED


def find_cards(connection: Connection, operation_id: bytes, numbers: Collection[str]) -> dict[str, list[KnownCard]]:
    """Return the cards of these running numbers; more than one only where somebody made a number up."""
    rows = rows_where_in(connection, "SELECT number, card_id, card_key, group_id, state FROM card", operation_id, "number",
                         {each for each in numbers if each})  # fmt: skip
    documents = _documents(connection, operation_id, {bytes(row[3]) for row in rows})
    tails = _tails(connection, operation_id, documents.values())
    found: dict[str, list[KnownCard]] = {}
    for number, card_id, key, group_id, state in rows:
        card, group = to_text(bytes(card_id)), to_text(bytes(group_id))
        known = KnownCard(bytes(key), card, state, group, documents.get(group, Document()), tails.get(card, ""))
        found.setdefault(number, []).append(known)
    return found


def _documents(connection: Connection, operation_id: bytes, groups: Collection[bytes]) -> dict[str, Document]:
    columns = "SELECT group_id, document, basis, origins FROM fold_group"
    rows = rows_where_in(connection, columns, operation_id, "group_id", groups)
    return {to_text(bytes(row[0])): load_document(*row[1:]) for row in rows}


def _tails(connection: Connection, operation_id: bytes, documents: Iterable[Document]) -> dict[str, str]:
    """Return card id -> the last signs of its code, from the records that issued the cards."""
    issued = {entry.id: entry.facts["card_id"] for document in documents for entry in document.origins or ()
              if entry.facts["kind"] == "card" and entry.facts["action"] == "issued"}  # fmt: skip
    rows = rows_where_in(connection, "SELECT id, private FROM entry", operation_id, "id", [to_bytes(each) for each in issued])
    codes = {to_text(bytes(row[0])): orjson.loads(row[1]).get("code", "") for row in rows if row[1] is not None}
    return {card: codes[entry][-CODE_TAIL:] for entry, card in issued.items() if codes.get(entry)}
