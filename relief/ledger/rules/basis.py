"""Who a group is: its members in time, approval, cards, area. What was given rests on this, and it seldom changes.

The fold has two halves. `basis_of` reads the facts of identity (registrations, compositions, cards, household records); the
other half reads what was moved and needs only the basis, not the facts behind it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from relief.ledger.rules.composition import Composition, compose
from relief.ledger.rules.entry import Entry, Group
from relief.ledger.rules.grouping import links_of

IDENTITY_KINDS = frozenset(("registration", "composition", "card", "household", "link"))
NEVER = 1 << 62


@dataclass(slots=True)
class Basis:
    """What the facts of identity say of one group, in values that JSON can carry.

    `status` approved, registered, not_approved, or empty while no household is known; `withdrawn_from` and `dead_cards` in
    UTC seconds; `overrides` rows of [item, round, quantity]; `lists` and `same` make the Composition; `cases` rows of
    [code, record ids]; `counters` what the group adds by being registered.
    """

    households: list[str] = field(default_factory=list)
    cards: list[str] = field(default_factory=list)
    status: str = ""
    withdrawn_from: int = NEVER
    area: str = ""
    overrides: list[list[Any]] = field(default_factory=list)
    dead_cards: dict[str, int] = field(default_factory=dict)
    card_states: dict[str, str] = field(default_factory=dict)
    lists: list[list[list[Any]]] = field(default_factory=list)
    same: dict[str, str] = field(default_factory=dict)
    cases: list[list[Any]] = field(default_factory=list)
    counters: dict[str, int] = field(default_factory=dict)

    @property
    def shown_status(self) -> str:
        """The status as people see it: withdrawn once it ever is."""
        return "withdrawn" if self.status and self.withdrawn_from < NEVER else self.status

    def composition(self) -> Composition:
        return Composition(self.lists, self.same)


def basis_of(group: Group) -> Basis:
    """Return the basis that the identity facts of a group make; other entries are passed over."""
    ordered = sorted((entry for entry in group.entries if entry.facts["kind"] in IDENTITY_KINDS), key=lambda entry: entry.rank)
    acts = [entry for entry in ordered if entry.facts["kind"] == "household"]
    cards = [entry for entry in ordered if entry.facts["kind"] == "card"]
    basis = Basis(list(group.households), list(group.cards))
    basis.lists, basis.same = compose(ordered, group.households)
    basis.status, basis.withdrawn_from = _status(acts, group.households)
    basis.area = next((entry.facts["area"] for entry in reversed(ordered)
                       if entry.facts["kind"] == "registration" and "area" in entry.facts), "")  # fmt: skip
    overrides = {(entry.facts["item"], entry.facts["round"]): entry.facts["quantity"]
                 for entry in acts if entry.facts["action"] == "override"}  # fmt: skip
    basis.overrides = [[*key, quantity] for key, quantity in sorted(overrides.items())]
    for entry in cards:
        if entry.facts["action"] in ("replaced", "cancelled"):
            basis.dead_cards.setdefault(entry.facts["card_id"], entry.at)
    basis.card_states = _card_states(cards, group)
    basis.cases = [*_several_links(ordered, group), *_several_replacements(cards)]
    basis.counters = _counters(basis)
    return basis


def _status(acts: list[Entry], households: tuple[str, ...]) -> tuple[str, int]:
    """Return (status, withdrawn from): approved once any household of the set is; withdrawn when all of them are."""
    if not households:
        return "", NEVER
    actions = {entry.facts["action"] for entry in acts}
    status = "approved" if "approved" in actions else "not_approved" if "not_approved" in actions else "registered"
    first: dict[str, int] = {}
    for entry in acts:
        if entry.facts["action"] == "withdrawn":
            first.setdefault(entry.facts["household"], entry.at)
    return status, max(first.values()) if first and len(first) >= len(households) else NEVER


def _card_states(cards: list[Entry], group: Group) -> dict[str, str]:
    """Return each card's state: cancelled, replaced, linked, blank (issued, nobody's yet) or unknown."""
    acted: dict[str, set[str]] = {card: set() for card in group.cards}
    for entry in cards:
        for card, action in ((entry.facts["card_id"], entry.facts["action"]), (entry.facts.get("new_card_id"), "issued")):
            if card in acted:  # a replacement may name another family's card
                acted[card].add(action)
    return {card: _state(actions, linked=bool(group.households)) for card, actions in acted.items()}


def _state(actions: set[str], linked: bool) -> str:
    for state in ("cancelled", "replaced"):
        if state in actions:
            return state
    return "linked" if linked else "blank" if actions else "unknown"


def _several_links(entries: Iterable[Entry], group: Group) -> list[list[Any]]:
    """Return the cases of cards linked to households that are not one."""
    links: dict[str, dict[str, str]] = {}
    for entry in entries:
        link = links_of(entry)
        if link and link[0] in group.cards:
            links.setdefault(link[0], {})[entry.id] = link[1]
    return [["several_links", sorted(of_card)] for of_card in links.values()
            if not set(of_card.values()) <= set(group.households)]  # fmt: skip


def _several_replacements(cards: Iterable[Entry]) -> list[list[Any]]:
    replaced: dict[str, dict[str, str]] = {}
    for entry in cards:
        if entry.facts["action"] == "replaced":
            replaced.setdefault(entry.facts["card_id"], {})[entry.id] = entry.facts["new_card_id"]
    return [["several_replacements", sorted(of_card)] for of_card in replaced.values() if len(set(of_card.values())) > 1]


def _counters(basis: Basis) -> dict[str, int]:
    counters: dict[str, int] = {}

    def add(key: str, number: int = 1) -> None:
        if number:
            counters[key] = counters.get(key, 0) + number

    for state in basis.card_states.values():
        if state != "unknown":
            add(f"cards|{state}")
    if basis.status:
        members = basis.composition().now()
        add("registered|households")
        for member in members:
            add(f"registered|people|{basis.area}|{member['sex']}|{member['age_band']}|{member['disability']}")
        if basis.shown_status != "registered":
            add(f"{basis.shown_status}|households")
        if basis.shown_status == "approved":
            add("approved|people", len(members))
    return counters
