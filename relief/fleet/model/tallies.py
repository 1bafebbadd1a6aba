"""The counters and the stock, counted from scratch."""

from __future__ import annotations

from collections import Counter

from relief.fleet.model.facts import day_at, of_kind
from relief.fleet.model.families import Families
from relief.fleet.model.judging import Judging
from relief.operations.rules import Plan


def handover_counters(plan: Plan, judging: Judging, counters: Counter) -> None:
    for record_id, standing in judging.standings.items():
        record, item, site = judging.record(record_id), judging.record(record_id)["item"], judging.record(record_id)["site"]
        if standing["standing"] == "refused":
            counters[f"refused|{item}|{site}"] += 1
        elif standing["standing"] == "waiting":
            counters[f"waiting|{item}|{site}"] += record["quantity"]
        elif record_id in judging.voided_by:
            counters[f"voided|{item}|{site}|{judging.day(record_id)}"] += record["quantity"]
            if not judging.voided_by[record_id].get("goods_back", 1):
                counters[f"lost|{item}|{site}|{judging.day(record_id)}"] += record["quantity"]
    for record_id in judging.standing_handovers():
        record, standing, day = judging.record(record_id), judging.standings[record_id], judging.day(record_id)
        place = f"{record['item']}|{record['site']}|{record['round']}|{day}"
        counters[f"given|{place}"] += record["quantity"]
        counters[f"handovers|{place}"] += 1
        unknown = standing["standing"] == "unknown_card"
        counters[f"unknown|{place}" if unknown else f"excess|{place}"] += standing["excess"]
        counters["unsure"] += judging.when[record_id][1]
        count_outside(plan, record, day, counters)


def count_outside(plan: Plan, record: dict, day: str, counters: Counter) -> None:
    a_round, site = plan.round.get(record["round"]), plan.site.get(record["site"])
    if a_round and not a_round.first_day <= day <= a_round.last_day:
        counters[f"causes|outside_round|{a_round.id}"] += 1
    if site and not (site.first_day or day) <= day <= (site.last_day or day):
        counters[f"causes|outside_site|{site.id}"] += 1


def people(judging: Judging) -> dict[str, set[str]]:
    """Return item -> members reached, and '*' -> members reached by any item."""
    found: dict[str, set[str]] = {"*": set()}
    for record_id, members in judging.reached.items():
        found.setdefault(judging.record(record_id)["item"], set()).update(members)
        found["*"].update(members)
    return found


def people_counters(judging: Judging, families: Families, counters: Counter) -> None:
    households, seen = set(), set()
    for record_id, members in judging.reached.items():
        record = judging.record(record_id)
        household = families.find_household(record["card"])
        if household is None:
            continue
        attributes, area = families.attributes(household), families.area(household)
        for item in (record["item"], "*"):
            households.add((item, household))
            for member in members:
                seen.add((f"people|{item}|{area}|{tags(attributes[member])}", member))
                seen.add((f"people_at|{item}|{record['site']}", member))
                seen.add((f"people_on|{item}|{judging.day(record_id)}", member))
    counters.update(key for key, _ in seen)
    counters.update(f"households|{item}" for item, _ in households)


def tags(member: dict) -> str:
    return f"{member['sex']}|{member['age_band']}|{member['disability']}"


def contact_counters(plan: Plan, judging: Judging, counters: Counter) -> None:
    for record_id, entry in judging.given.items():
        record = entry["record"]
        if record_id in judging.voided_by or record["kind"] not in ("contact", "not_served"):
            continue
        day = day_at(plan, record["site"], judging.moment(record_id))
        if record["kind"] == "not_served":
            counters[f"not_served|{record['cause']}|{record['site']}|{day}"] += 1
            continue
        place = f"{record['item']}|{record['site']}|{day}"
        counters[f"contact_events|{place}"] += 1
        counters[f"contact_quantity|{place}"] += record.get("quantity", 0)
        for line in record["people"]:
            counters[f"contacts|{place}|{line['sex']}|{line['age_band']}"] += line["count"]


def register_counters(families: Families, entries: list[dict], counters: Counter) -> None:
    households = {families.household(record["household"]) for record in families.registrations}
    for household in households:
        state = "withdrawn" if families.withdrawn_from(household) is not None else families.approval(household)
        counters["registered|households"] += 1
        if state != "registered":
            counters[f"{state}|households"] += 1
        for member in families.members_last(household).values():
            counters[f"registered|people|{families.area(household)}|{tags(member)}"] += 1
            if state == "approved":
                counters["approved|people"] += 1
    issued = {record["card"] for record in families.cards} | set(families.links)
    issued |= {record["new_card"] for record in families.cards if "new_card" in record}
    for card in issued:
        actions = families.actions.get(card, set())
        linked = "linked" if families.find_household(card) else "blank"
        state = "cancelled" if "cancelled" in actions else "replaced" if "replaced" in actions else linked
        counters[f"cards|{state}"] += 1


def indicator_counters(plan: Plan, judging: Judging, families: Families, counters: Counter) -> None:
    reached = people(judging)
    for indicator in plan.indicators:
        if indicator.source == "qualitative" or indicator.unit == "other":
            continue
        if indicator.source == "registered":
            kind = "registered|households" if indicator.unit == "households" else "registered|people|"
            actual = sum(n for key, n in counters.items() if key.startswith(kind))
        elif indicator.source == "contacts":
            starts = tuple(f"contacts|{item}|" for item in indicator.items)
            actual = sum(n for key, n in counters.items() if key.startswith(starts))
        else:
            by_item = [reached.get(item, set()) for item in indicator.items]
            if indicator.unit == "households":
                by_item = [households_of(judging, families, item) for item in indicator.items]
            both = set.intersection if indicator.source == "all_items" else set.union
            actual = len(both(*by_item)) if by_item else 0
        counters[f"indicator|{indicator.id}"] += actual


def households_of(judging: Judging, families: Families, item: str) -> set[str]:
    mine = [judging.record(i)["card"] for i in judging.reached if judging.record(i)["item"] == item]
    return {household for card in mine if (household := families.find_household(card)) is not None}


def stock(judging: Judging, counters: Counter) -> dict[tuple[str, str], dict]:
    """Return (item, site) -> what moved, what is on hand, and by how much counts differed from what was expected."""
    moves = []  # (item, site, moment, id, word, quantity)
    for record_id, entry in judging.given.items():
        record, at = entry["record"], (judging.moment(record_id), record_id)
        here = (record.get("item"), record.get("site"), *at)
        if record["kind"] == "handover":
            if record_id not in judging.voided_by:
                moves.append((*here, "given", record["quantity"]))
            elif not judging.voided_by[record_id].get("goods_back", 1):
                moves.append((*here, "lost", record["quantity"]))
        elif record["kind"] == "stock" and record_id not in judging.voided_by:
            moved = record["action"] == "transferred"
            word = "transferred_out" if moved else record["action"]
            moves.append((*here, word, record["quantity"]))
            if moved and "to_site" in record:
                moves.append((record["item"], record["to_site"], *at, "transferred_in", record["quantity"]))
            if word != "counted":
                counters[f"stock|{word}|{record['item']}|{record['site']}"] += record["quantity"]
            if moved and "to_site" in record:
                counters[f"stock|transferred_in|{record['item']}|{record['to_site']}"] += record["quantity"]
    return add_up(moves)


def add_up(moves: list[tuple]) -> dict[tuple[str, str], dict]:
    found: dict[tuple[str, str], dict] = {}
    for item, site, _, _, word, quantity in sorted(moves):
        place = found.setdefault((item, site), {"on_hand": 0, "difference": 0})
        if word == "counted":
            place["difference"] += quantity - place["on_hand"]
            place["on_hand"] = quantity
            continue
        place[word] = place.get(word, 0) + quantity
        place["on_hand"] += quantity if word in ("received", "returned", "transferred_in") else -quantity
    return found


def case_counters(judging: Judging, entries: list[dict], counters: Counter) -> None:
    """Count open cases: those of which the desk has not decided on exactly these records."""
    decided = {
        (entry["record"]["case"], frozenset(entry["record"].get("cites", [])))
        for entry in of_kind(entries, "decision")
    }  # fmt: skip
    counters.update(f"cases|{code}" for code, cites in judging.cases if (code, cites) not in decided)
