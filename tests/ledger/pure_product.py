"""The product's pure fold over sealed entries as the plain model takes them: grouped, folded, and summed, with no database."""

from __future__ import annotations

from relief.kernel.clock import parse_wall
from relief.ledger.rules.asking import Answer, answer_ask
from relief.ledger.rules.basis import IDENTITY_KINDS, Basis, basis_of
from relief.ledger.rules.entry import Entry, Folded, Group
from relief.ledger.rules.fold import fold
from relief.ledger.rules.grouping import connect
from relief.ledger.rules.stock import Movement, balance
from relief.ledger.rules.tally import full_counters, merge_counters
from relief.ledger.rules.timing import Mark, effective_time, mark_of
from relief.ledger.settle import arrange
from relief.operations.rules import Plan

IN_GROUPS = frozenset(("handover", "contact", "void", "not_served", "registration", "composition", "card", "household", "stock",
                       "decision"))  # fmt: skip


def times_of(entries: list[dict]) -> dict[str, tuple[int, bool]]:
    marks: dict[str, dict[str, Mark]] = {}
    for entry in entries:
        if entry["record"]["kind"] == "clock":
            marks.setdefault(entry["record"]["session"], {})[entry["id"]] = mark_of(entry["record"])
    found = {}
    for entry in entries:
        record = entry["record"]
        if entry["authority"] == "desk":
            found[entry["id"]] = (parse_wall(record["at"]), False)
        else:
            found[entry["id"]] = effective_time(record, list(marks.get(record["session"], {}).values()))
    found.update({entry["id"]: (entry["server_time"], False) for entry in entries if entry["step"] == "answer"})
    return found


def entry_of(entry: dict, when: dict[str, tuple[int, bool]]) -> Entry:
    facts = dict(entry["record"])
    for key, target in (("card", "card_id"), ("new_card", "new_card_id")):
        if key in facts:
            facts[target] = facts.pop(key)
    if entry["step"] == "answer":
        facts["answer"] = {"granted": int(entry["answer"] == "granted"), "at": entry["server_time"]}
    led = entry["authority"]
    authority = tuple(led) if isinstance(led, list) else led
    return Entry(entry["id"], entry["step"], *when[entry["id"]], authority, facts)


def groups_of(entries: list[dict], also: tuple[str, ...] = ()) -> dict[str, Group]:
    """Return the product's groups of sealed entries; `also` are cards that no entry names."""
    when = times_of(entries)
    unique = {(entry["id"], entry["step"]): entry_of(entry, when) for entry in entries}
    grouped = [each for each in unique.values() if each.facts["kind"] in IN_GROUPS]
    cards = {each.facts[key] for each in grouped for key in ("card_id", "new_card_id") if key in each.facts} | set(also)
    households = {each.facts[key] for each in grouped for key in ("household", "other") if key in each.facts}
    belongs = connect(grouped)
    group_of = {each: belongs.get(each, each) for each in (*cards, *households)}
    return arrange(grouped, cards, households, group_of)


def fold_groups(plan: Plan, entries: list[dict]) -> list[tuple[tuple[Basis, Folded], list[Entry]]]:
    """Return what the product says of every group, with the group's entries."""
    return [(fold(group, plan), group.entries) for group in groups_of(entries).values()]


def answer_product(plan: Plan, entries: list[dict], ask: dict, asked_at: int) -> Answer:
    """Return the product's answer to an ask (a wire record) after these entries."""
    entry = entry_of({"id": ask["id"], "step": "given", "record": ask, "authority": "phone"}, {ask["id"]: (asked_at, False)})
    groups = groups_of(entries, also=(ask["card"],))
    (group,) = [group for group in groups.values() if ask["card"] in group.cards]
    moves = [each for each in group.entries if each.facts["kind"] not in IDENTITY_KINDS]
    return answer_ask(basis_of(group), moves, plan, entry)


def fold_product(plan: Plan, entries: list[dict]) -> dict:
    """Return the state in the plain model's words."""
    standings, reached, cases, counters, movements = {}, {}, set(), [], []
    for (basis, folded), group_entries in fold_groups(plan, entries):
        kinds = {entry.id: entry for entry in group_entries if entry.facts["kind"] == "handover"}
        for record_id, standing in folded.standings.items():
            if record_id in kinds:
                standings[record_id] = {
                    "standing": standing.standing, "entitled": standing.entitled, "excess": standing.excess,
                    "codes": sorted(standing.codes),
                }  # fmt: skip
                if standing.standing in ("entitled", "excess", "unknown_card"):
                    reached[record_id] = set(standing.reached)
        cases |= {(case.code, frozenset(case.cites)) for case in folded.cases}
        counters += [basis.counters, full_counters(folded.counters, plan)]
        movements += movements_of(folded, group_entries)
    return {
        "standings": standings, "reached": reached, "cases": cases,
        "counters": {key: number for key, number in sorted(merge_counters(counters).items()) if number},
        "stock": {place: stock_of(movements, place) for place in {(item, site) for item, site, _ in movements}},
    }  # fmt: skip


def movements_of(folded: Folded, entries: list[Entry]) -> list[tuple[str, str, Movement]]:
    """Return (item, site, movement) of a group's entries."""
    found = []
    for entry in {entry.id: entry for entry in entries if entry.facts["kind"] in ("handover", "stock")}.values():
        facts, standing = entry.facts, folded.standings[entry.id]
        words = []
        if facts["kind"] == "handover":
            if standing.standing in ("entitled", "excess", "unknown_card"):
                words = [("given", facts["site"])]
            elif standing.lost:
                words = [("lost", facts["site"])]
        elif standing.standing != "voided":
            words = [(facts["action"], facts["site"])]
            if facts["action"] == "transferred":
                words = [("transferred_out", facts["site"]), ("transferred_in", facts["to_site"])]
        found += [(facts["item"], site, Movement(entry.at, entry.id, word, facts["quantity"])) for word, site in words]
    return found


def stock_of(movements: list[tuple[str, str, Movement]], place: tuple[str, str]) -> tuple[int, int, int]:
    """Return (on hand, sum of count differences, given) of a place."""
    total = balance(movement for item, site, movement in movements if (item, site) == place)
    came = total.received + total.transferred_in + total.count_difference
    assert came == total.on_hand + total.given + total.lost + total.transferred_out
    return total.on_hand, total.count_difference, total.given
