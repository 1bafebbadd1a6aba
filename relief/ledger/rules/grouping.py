"""Which household, or which lone card, each fact belongs to: links, replacements and merges, in any order of arrival."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from relief.kernel.ids import derived_id, to_text
from relief.ledger.rules.entry import Entry

_ALONE = bytes.fromhex("5b7c0f3a9d1e4c2688f1a2d3c4b5e697")  # any fixed id: the space of these names


def links_of(entry: Entry) -> tuple[str, str] | None:
    """Return (card id, household id) when the entry links a card to a household, else None."""
    facts = entry.facts
    linking = facts["kind"] in ("registration", "link") or (facts["kind"] == "card" and facts["action"] in ("issued", "linked"))
    return (facts["card_id"], facts["household"]) if linking and "card_id" in facts and "household" in facts else None


def is_structural(facts: dict[str, object]) -> bool:
    """Tell whether a record can change which group a card or household belongs to."""
    kind, action = facts["kind"], facts.get("action")
    if kind == "card":
        return action == "replaced" or (action in ("issued", "linked") and "household" in facts)
    return (kind == "registration" and "card_id" in facts) or (kind == "household" and action in ("merged", "kept_apart"))


def connect(entries: Iterable[Entry]) -> dict[str, str]:
    """Return the group of every card id and household id that structural entries name.

    A household's group is the smallest id of its merged set (per pair, the last of merged / kept apart holds). A card belongs
    to the household of its first link; without one to its predecessor's, else its successor's by replacement; without any
    household, cards that replaced one another share the smallest card id.
    """
    ordered = sorted(entries, key=lambda entry: entry.rank)
    households = _merged_sets(ordered)
    card_group: dict[str, str] = {}
    for entry in ordered:
        link = links_of(entry)
        if link and link[0] not in card_group:
            card_group[link[0]] = households.get(link[1], link[1])
    replacements = [(entry.facts["card_id"], entry.facts["new_card_id"]) for entry in ordered
                    if entry.facts["kind"] == "card" and entry.facts["action"] == "replaced"]  # fmt: skip
    _inherit(card_group, replacements)
    return {**households, **_lone_cards(card_group, replacements), **card_group}


def _merged_sets(ordered: list[Entry]) -> dict[str, str]:
    last: dict[tuple[str, str], str] = {}
    for entry in ordered:
        facts = entry.facts
        if facts["kind"] == "household" and facts["action"] in ("merged", "kept_apart"):
            pair = tuple(sorted((facts["household"], facts["other"])))
            last[pair] = facts["action"]  # type: ignore[index]
    return smallest_of_sets(pair for pair, action in last.items() if action == "merged")


def _inherit(card_group: dict[str, str], replacements: list[tuple[str, str]]) -> None:
    changed = True
    while changed:
        changed = False
        for have, want in (*replacements, *((new, old) for old, new in replacements)):
            if have in card_group and want not in card_group:
                card_group[want] = card_group[have]
                changed = True
                break


def _lone_cards(card_group: dict[str, str], replacements: list[tuple[str, str]]) -> dict[str, str]:
    return smallest_of_sets(pair for pair in replacements if pair[0] not in card_group)


@lru_cache(maxsize=1 << 14)
def alone_group(entry_id: str) -> str:
    """Return the group of an entry that concerns no card: never the id of a household or card, whatever a phone makes up."""
    return to_text(derived_id(_ALONE, entry_id))


def smallest_of_sets(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return, for every id in `pairs` of equal ids, the smallest id of its connected set."""
    parent: dict[str, str] = {}

    def find(each: str) -> str:
        while parent.setdefault(each, each) != each:
            each = parent[each]
        return each

    for one, other in pairs:
        low, high = sorted((find(one), find(other)))
        parent[high] = low
    return {each: find(each) for each in parent}
