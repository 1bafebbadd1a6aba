"""What the desk decided about a household and its cards: approval, withdrawal, overrides, cards that no longer entitle."""

from __future__ import annotations

from relief.ledger.rules.book import Book
from relief.ledger.rules.entry import Case, Group
from relief.ledger.rules.grouping import links_of

NEVER = 1 << 62


def status_of(book: Book) -> tuple[str, int]:
    """Return (status, withdrawn from): approved once any household of the set is; withdrawn when all of them are."""
    households = book.group.households
    if not households:
        return "", NEVER
    actions = {record.facts["action"] for record in book.of("household")}
    status = "approved" if "approved" in actions else "not_approved" if "not_approved" in actions else "registered"
    first: dict[str, int] = {}
    for record in book.of("household"):
        if record.facts["action"] == "withdrawn":
            first.setdefault(record.facts["household"], record.entry.at)
    withdrawn_from = max(first.values()) if first and len(first) >= len(households) else NEVER
    return status, withdrawn_from


def overrides_of(book: Book) -> dict[tuple[str, str], int]:
    """Return the limits set by hand per (item, round); the last by (effective time, id) holds."""
    return {(record.facts["item"], record.facts["round"]): record.facts["quantity"]
            for record in book.of("household") if record.facts["action"] == "override"}  # fmt: skip


def dead_cards(book: Book) -> dict[str, int]:
    """Return from which moment each replaced or cancelled card entitles to nothing."""
    dead: dict[str, int] = {}
    for record in book.of("card"):
        if record.facts["action"] in ("replaced", "cancelled"):
            dead.setdefault(record.facts["card_id"], record.entry.at)
    return dead


def card_states(book: Book) -> dict[str, str]:
    """Return each card's state: cancelled, replaced, linked, blank (issued, nobody's yet) or unknown."""
    acted: dict[str, set[str]] = {card: set() for card in book.group.cards}
    for record in book.of("card"):
        acted.setdefault(record.facts["card_id"], set()).add(record.facts["action"])
        if "new_card_id" in record.facts:
            acted.setdefault(record.facts["new_card_id"], set()).add("issued")
    linked = bool(book.group.households)
    return {card: _state(actions, linked) for card, actions in acted.items()}


def _state(actions: set[str], linked: bool) -> str:
    for state in ("cancelled", "replaced"):
        if state in actions:
            return state
    return "linked" if linked else "blank" if actions else "unknown"


def card_cases(book: Book, group: Group) -> list[Case]:
    """Return the cases of cards linked to several households or replaced several times."""
    links: dict[str, dict[str, str]] = {}
    replaced: dict[str, dict[str, str]] = {}
    for record in (*book.of("card"), *book.of("link"), *book.of("registration")):
        link = links_of(record.entry)
        if link and link[0] in group.cards:
            links.setdefault(link[0], {})[record.id] = link[1]
        if record.facts.get("action") == "replaced":
            replaced.setdefault(record.facts["card_id"], {})[record.id] = record.facts["new_card_id"]
    several = [Case("several_links", tuple(sorted(of_card))) for of_card in links.values()
               if not set(of_card.values()) <= set(group.households)]  # fmt: skip
    return several + [Case("several_replacements", tuple(sorted(of_card))) for of_card in replaced.values()
                      if len(set(of_card.values())) > 1]  # fmt: skip
