"""What the phone believes is left on a card: the register's row, less its own hand-overs that the row does not know yet."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from relief.fleet.records import Record


@dataclass
class CardView:
    """`rows` by card key; `unseen` are own hand-overs (and voids, negative) by record id: card, item, round, quantity."""

    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    cursor: str | int | None = None
    ledger_id: str | None = None
    turn: str | None = None
    unseen: dict[str, tuple[str, str, str, int]] = field(default_factory=dict)

    def take(self, body: dict[str, Any]) -> None:
        """Apply one register answer: everything at first, then changes; own records that it contains are let go."""
        if body.get("complete"):
            self.rows.clear()
        self.rows.update((row["card"], row) for row in body["cards"])
        for record_id in body.get("contained", ()):
            self.unseen.pop(record_id, None)
        self.cursor, self.turn, self.ledger_id = body["cursor"], body.get("turn"), body.get("ledger", {}).get("id")

    def note(self, record: Record) -> None:
        """Remember an own hand-over until a register answer contains it."""
        self.unseen[record["id"]] = (record["card"], record["item"], record["round"], record["quantity"])

    def note_void(self, record: Record, target: Record | None) -> None:
        """Give back what an own void takes away; a target not yet contained is simply forgotten."""
        if target is None or target["kind"] != "handover":
            return
        if self.unseen.pop(target["id"], None) is None:
            self.unseen[record["id"]] = (target["card"], target["item"], target["round"], -target["quantity"])

    def forget(self, record_id: str) -> None:
        """Drop an own record that the server refused."""
        self.unseen.pop(record_id, None)

    def left(self, card: str, item: str, round_id: str) -> int | None:
        """Return how much of an item the card may still get in a round; None = not limited or not known here."""
        for due in self.rows.get(card, {}).get("due", ()):
            if due["item"] == item and due["round"] == round_id and "left" in due:
                own = sum(quantity for *key, quantity in self.unseen.values() if key == [card, item, round_id])
                return max(0, int(due["left"]) - own)
        return None

    def state(self, card: str) -> str:
        """Return the card's state as this phone knows it: `unknown` for a well-formed stranger."""
        return str(self.rows.get(card, {}).get("state", "unknown"))
