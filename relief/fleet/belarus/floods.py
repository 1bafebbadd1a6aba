"""The operation file of MDRBY003, Spring Floods Preparedness. Targets, rules, rounds and budget lines are made up."""

from __future__ import annotations

from typing import Any

from relief.fleet.belarus.facts import FLOODS, MADE_UP, name_sources, operation_facts, operation_id, published_people, read_facts
from relief.fleet.belarus.places import list_areas, list_sites

WORKING_NAME = "spring-floods-2013"
START_DAY = "2013-03-04"
FOOD, HYGIENE, BLANKET, PSS, PUMPING = "food", "hygiene", "blanket", "pss", "pumping"
ROUND_ONE, ROUND_TWO = "round-1", "round-2"
ROUND_DAYS = {ROUND_ONE: ("2013-03-18", "2013-04-21"), ROUND_TWO: ("2013-04-22", "2013-06-02")}
BASIC, HEALTH, SHELTER = "livelihoods_and_basic_needs", "health", "shelter_housing_and_settlements"
WATER, STRENGTHENING = "water_sanitation_and_hygiene", "national_society_strengthening"
BUDGET = (
    (BASIC, "relief_items_construction_supplies", 2_384_000, "Food parcels"),
    (WATER, "relief_items_construction_supplies", 1_216_000, "Hygiene parcels"),
    (SHELTER, "relief_items_construction_supplies", 299_400, "Blankets"),
    (SHELTER, "land_vehicles_equipment", 2_310_000, "Water pumps and inflatable boats"),
    (BASIC, "logistics_transport_storage", 512_000, "Transport, storage and fuel"),
    (HEALTH, "workshops_training", 286_000, "Training in psychological support"),
    (STRENGTHENING, "workshops_training", 742_000, "Drills of the regional emergency response teams"),
    (STRENGTHENING, "personnel", 338_000, "Volunteers' insurance and per diems"),
    (STRENGTHENING, "general_expenditure", 191_110, "Communication, visibility, office"),
    (STRENGTHENING, "indirect_costs", 538_090, "Programme support, 6.5 % of the allocation"),
)


def floods_file() -> dict[str, Any]:
    """Return the operation file as docs/operation-file.md describes it."""
    facts = operation_facts(FLOODS)
    return {
        "format": "relief-operation", "version": 1,
        "operation": _operation(facts),
        **_plan(facts),
        "statements": _statements(facts),
        "allocations": [
            {"key": "dref", "kind": "first", "amount": f"{facts['allocation_chf']}.00", "currency": "CHF",
             "granted_on": facts["allocated_on"], "funding_source": "dref", "note": "Published."},
            {"key": "own-funds", "kind": "first", "amount": f"{facts['national_society_own_funds_chf']}.00",
             "currency": "CHF", "funding_source": "own_funds", "note": "Published; the day is not."},
        ],
        "budget_lines": [budget_line(number, *line) for number, line in enumerate(BUDGET, 1)],
    }  # fmt: skip


def budget_line(number: int, sector: str, account_group: str, minor: int, description: str) -> dict[str, Any]:
    """Return one made-up line; `minor` is in cents of CHF."""
    return {"key": f"line-{number:02d}", "sector": sector,
            "account_group": account_group, "amount": f"{minor // 100}.{minor % 100:02d}", "currency": "CHF",
            "description": f"{description} ({MADE_UP})", "demonstration": True}  # fmt: skip


def _operation(facts: dict[str, Any]) -> dict[str, Any]:
    society = read_facts()["national_society"]
    return {
        "id": operation_id(FLOODS), "working_name": WORKING_NAME, "title": facts["title_in_annual_report"],
        "appeal_code": FLOODS, "glide": facts["glide"], "national_society": society["name"], "country": society["country"],
        "currency": society["currency"], "dref_type": "imminent", "onset": "slow", "category": "not_classified",
        "hazard": "flood", "start_day": START_DAY, "end_day": facts["operation_end"], "demo": True,
        "objective": "Prepare for and respond to the spring floods of 2013 in all six regions of Belarus.",
        "selection_criteria": f"Families in flooded or cut-off homes; older people living alone; many children ({MADE_UP}).",
    }  # fmt: skip


def _statements(facts: dict[str, Any]) -> list[dict[str, Any]]:
    found = [_statement("title", facts["title_in_annual_report"], None, "title in the annual report", "A"),
             _statement("title", facts["title"], None, "title in the DREF bulletins", "B"),
             _statement("people at risk", facts["people_at_risk_about"], "people", "people at risk, about", "B")]  # fmt: skip
    for about in ("staff", "volunteers"):
        found += [_statement(about, each["figure"], "people", each["statement"], "A") for each in facts[about]]
    times = facts["time_to_assistance"]
    found += [_statement("time to assistance", each["figure"], None, f"time to assistance, down from {times['before']}",
                         each["source"]) for each in times["after"]]  # fmt: skip
    return found


def _statement(about: str, figure: int | str, unit: str | None, statement: str, source: str) -> dict[str, Any]:
    return {"about": about, "figure": figure, "unit": unit, "statement": statement, "source": name_sources(source)}


def _plan(facts: dict[str, Any]) -> dict[str, Any]:
    first, last = ROUND_DAYS[ROUND_ONE][0], facts["operation_end"]
    return {
        "status": "active", "grants_undecided": True, "areas": list_areas(), "sites": list_sites(first, last),
        "items": _items(), "rules": _rules(), "indicators": _indicators(facts),
        "rounds": [{"key": key, "name": f"Round {number}", "first_day": days[0], "last_day": days[1]}
                   for number, (key, days) in enumerate(ROUND_DAYS.items(), 1)],
    }  # fmt: skip


def _items() -> list[dict[str, Any]]:
    return [
        {"key": FOOD, "name": "Food parcel", "unit": "parcel", "recipient": "household", "reaches": "all_members",
         "sector": BASIC, "ifrc_code": "KRELFOPA05P", "covers_people": 5},
        {"key": HYGIENE, "name": "Hygiene parcel", "unit": "parcel", "recipient": "household", "reaches": "all_members",
         "sector": WATER, "ifrc_code": "KRELHYPA05P", "covers_people": 5},
        {"key": BLANKET, "name": "Warm blanket", "unit": "piece", "recipient": "person", "reaches": "one_person_a_unit",
         "sector": SHELTER, "ifrc_code": "HSHEBLANWHT1"},
        {"key": PSS, "name": "Psychological assistance", "unit": "talk", "recipient": "person", "reaches": "chosen_members",
         "service": True, "sensitive": True, "sector": HEALTH, "public_label": "Talk"},
        {"key": PUMPING, "name": "Pumping water out", "unit": "building", "recipient": "household", "reaches": "all_members",
         "service": True, "sector": SHELTER},
    ]  # fmt: skip


def _rules() -> list[dict[str, Any]]:
    return [
        {"key": "food", "item": FOOD, "kind": "per_people", "quantity": 1, "people": 5},
        {"key": "hygiene", "item": HYGIENE, "kind": "per_people", "quantity": 1, "people": 5},
        {"key": "blanket", "item": BLANKET, "kind": "per_person", "quantity": 1},
    ]


def _indicators(facts: dict[str, Any]) -> list[dict[str, Any]]:
    people, times = published_people(), facts["time_to_assistance"]
    rows = (
        ("parcels", "People who received complementary food and hygiene parcels", "all_items", [FOOD, HYGIENE], BASIC, 2000),
        ("blankets", "People who received warm blankets", "any_item", [BLANKET], SHELTER, 500),
        ("pss", "People provided with psychological assistance", "any_item", [PSS], HEALTH, 250),
        ("pumping", "People assisted in pumping water out of flooded buildings", "contacts", [PUMPING], SHELTER, 60),
    )
    counted = [{"key": key, "title": title, "unit": "people", "source": source, "items": items,
                "sector": sector, "target": target,
                "comment": f"Published figure: {people[key]:,}. The target is {MADE_UP}."}
               for key, title, source, items, sector, target in rows]  # fmt: skip
    figures = " / ".join(f"{each['figure']} ({name_sources(each['source'])})" for each in times["after"])
    return [*counted, {"key": "time", "title": "Time needed for assistance delivery", "unit": "other",
                       "source": "qualitative", "items": [], "sector": STRENGTHENING,
                       "statement": f"From {times['before']} down to {figures}: the sources differ."}]  # fmt: skip
