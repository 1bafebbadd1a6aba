"""What there is to say of each line of a tally sheet before it enters the ledger, and what it would enter.

A remark that *stops* keeps the line out until it is mended, or until whoever types has looked again (`as_written`) where goods
did leave the table: then it enters as a card that nobody knows, and waits under *To decide*. Other remarks hold nothing up: what
was given is entered, and the ledger judges it as it judges a phone's.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from relief.cards.lanes import lane_of
from relief.office.paper.cards import KnownCard, find_cards, is_unlimited
from relief.office.paper.lines import Line, read_members, read_quantity
from relief.office.paper.queries import Sheet
from relief.operations.rules import Item, Plan

Told = Mapping[str, Mapping[str, Any]]  # item -> {"revision", "record"?: its id, and the facts it told}
AS_WRITTEN = frozenset(("no_number", "unknown_number", "wrong_signs", "several_cards"))


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to say of a line: a code, the item it is about, and what its words need."""

    code: str
    item: str = ""
    stops: bool = False
    more: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Checked:
    """A line, what there is to say of it, and what it gives: item -> {card (hex), quantity, members?}."""

    line: Line
    remarks: list[Remark] = field(default_factory=list)
    gives: dict[str, dict[str, Any]] = field(default_factory=dict)
    card: KnownCard | None = None

    @property
    def is_stopped(self) -> bool:
        return any(remark.stops for remark in self.remarks)

    @property
    def may_be_as_written(self) -> bool:
        """Tell whether looking again is all that is asked for."""
        return any(remark.code in AS_WRITTEN for remark in self.remarks)


def check_lines(connection: Connection, sheet: Sheet, plan: Plan, lines: Mapping[int, Line], told: Mapping[int, Told],
                moment: int) -> dict[int, Checked]:  # fmt: skip
    """Return every line with its remarks. `told` is what of it stands in the ledger; `moment` when the sheet was written."""
    cards = find_cards(connection, sheet.operation_id, {line.number for line in lines.values()})
    asked: dict[tuple[str, str], tuple[int, int]] = {}
    checked = {}
    for place, line in sorted(lines.items()):
        checker = _LineChecker(sheet, plan, moment, place, line, told.get(place, {}))
        checker.find_card(cards.get(line.number, []))
        checker.read_columns()
        checker.compare_with_family(asked)
        checked[place] = checker.checked
    return checked


def stand_in_key(sheet: Sheet, place: int, line: Line) -> bytes:
    """Return the card key of a card that nobody knows: the same for the same signs, of a line's own where it has none."""
    written = f"{line.number} {line.signs}" if line.number else f"{sheet.id} {place}"
    return hashlib.sha256(sheet.operation_id + b" paper " + written.encode()).digest()[:16]


class _LineChecker:
    def __init__(self, sheet: Sheet, plan: Plan, moment: int, place: int, line: Line, told: Told) -> None:
        self.sheet, self.plan, self.moment, self.place, self.told = sheet, plan, moment, place, told
        self.checked = Checked(line)
        self.line = line

    def _say(self, code: str, item: str = "", *, stops: bool = False, **more: Any) -> None:
        self.checked.remarks.append(Remark(code, item, stops, more))

    def find_card(self, candidates: list[KnownCard]) -> None:
        line = self.line
        fitting = [card for card in candidates if not (line.signs and card.last_four) or line.signs == card.last_four]
        if len(fitting) == 1:
            self.checked.card = fitting[0]
            self._look_at_lane()
            return
        code = ("no_number" if not line.number else "unknown_number" if not candidates
                else "several_cards" if fitting else "wrong_signs")  # fmt: skip
        self._say(code, stops=not line.as_written)

    def _look_at_lane(self) -> None:
        card, lanes = self.checked.card, self.plan.site[self.sheet.site].lanes
        signs = self.line.signs or (card.last_four if card else "")
        if self.sheet.lane and lanes and signs and (lane := lane_of(signs, lanes)) != self.sheet.lane:
            self._say("other_lane", lane=lane)

    def read_columns(self) -> None:
        card = self.checked.card
        key = (card.key if card else stand_in_key(self.sheet, self.place, self.line)).hex()
        for item_id, typed in self.line.given.items():
            item = self.plan.item.get(item_id)
            if item is None or not typed.strip():
                continue
            read = self._members(item, typed) if item.reaches == "chosen_members" else self._quantity(item, typed)
            if read is not None:
                self.checked.gives[item_id] = {"card": key, **read}
        if not self.checked.gives and not self.checked.is_stopped:
            self._say("nothing_given", stops=True)

    def _quantity(self, item: Item, typed: str) -> dict[str, Any] | None:
        card = self.checked.card
        limit = card.limit(self.plan, item.id, self.sheet.round, self.moment) if card else 1
        quantity = read_quantity(typed, 1 if is_unlimited(limit) else max(1, limit))
        if quantity is None:
            self._say("bad_quantity", item.id, stops=True)
            return None
        return {"quantity": quantity}

    def _members(self, item: Item, typed: str) -> dict[str, Any] | None:
        card = self.checked.card
        here = {member["number"]: member["id"] for member in card.members(self.moment)} if card else {}
        numbers = read_members(typed, sorted(here))
        if numbers is None:
            self._say("bad_members", item.id, stops=True)
            return None
        if not here:  # a card that nobody knows: how many people, not who
            return {"quantity": len(numbers)}
        strangers = [number for number in numbers if number not in here]
        if strangers:
            self._say("unknown_member", item.id, stops=True, numbers=strangers)
            return None
        return {"quantity": len(numbers), "members": sorted(here[number] for number in numbers)}

    def compare_with_family(self, asked: dict[tuple[str, str], tuple[int, int]]) -> None:
        """Say what the ledger would find; `asked` gathers, by family and item, what lines above give and which was the first."""
        card = self.checked.card
        if card is None:
            return
        basis = card.document.basis
        if card.state in ("replaced", "cancelled") or card.card_id in basis.dead_cards:
            self._say("old_card")
        if not basis.households:
            self._say("nobodys_card")
            return
        status = basis.shown_status
        if status in ("not_approved", "withdrawn") or status == "registered" and not self.plan.grants_undecided:
            self._say(status)
        for item_id, gives in self.checked.gives.items():
            self._compare(card, item_id, gives["quantity"], asked)

    def _compare(self, card: KnownCard, item_id: str, quantity: int, asked: dict[tuple[str, str], tuple[int, int]]) -> None:
        limit = card.limit(self.plan, item_id, self.sheet.round, self.moment)
        before, first_line = asked.get((card.group, item_id), (0, self.place))
        own = self._own_share(card, item_id)
        asked[card.group, item_id] = (before + quantity - own, first_line)
        if is_unlimited(limit):
            return
        used = card.used(item_id, self.sheet.round) - own
        if quantity <= limit - used - before:
            return
        if limit == 0:
            self._say("no_rule", item_id)
        elif before and first_line != self.place:
            self._say("twice_on_sheet", item_id, line=first_line)
        elif used >= limit:
            last = card.last_given(item_id)
            self._say("already_received", item_id, day=last[0] if last else "", site=last[1] if last else "")
        else:
            self._say("over_entitlement", item_id, left=max(0, limit - used - before))

    def _own_share(self, card: KnownCard, item_id: str) -> int:
        """Return what this line itself has used up already."""
        record = self.told.get(item_id, {}).get("record")
        row = card.document.standings.get(record) if record else None
        return int(row[1]) if row else 0

