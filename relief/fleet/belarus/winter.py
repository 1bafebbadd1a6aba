"""The operation file of MDRBY002, Extreme winter conditions: contacts only. No final figures are published, none are made up."""

from __future__ import annotations

from typing import Any

from relief.fleet.belarus.facts import MADE_UP, WINTER, ZONE, name_sources, operation_facts, operation_id, read_facts
from relief.fleet.belarus.floods import BASIC, HEALTH, STRENGTHENING, WATER, budget_line
from relief.fleet.belarus.places import area_key, list_areas

WORKING_NAME = "extreme-winter-2013"
START_DAY = "2013-01-25"  # the end less the two planned months: the day itself is not published
TEA, ROUND = "tea", "cold-spell"
HEATING_POINTS = (("vitebsk", "Heating point, Vitebsk", "Vitebsk district"),
                  ("bykhov", "Heating point, Bykhov", "Bykhov district"))  # fmt: skip
BUDGET = (
    (BASIC, "relief_items_construction_supplies", 1_032_000, "Food portions, hot tea, 320 food parcels"),
    (WATER, "relief_items_construction_supplies", 340_000, "200 hygiene parcels"),
    (BASIC, "logistics_transport_storage", 461_000, "2,000 litres of fuel, transport"),
    (HEALTH, "workshops_training", 198_000, "First aid for teams at heating points"),
    (STRENGTHENING, "personnel", 254_670, "Volunteers' per diems"),
    (STRENGTHENING, "general_expenditure", 121_000, "Communication"),
    (STRENGTHENING, "indirect_costs", 156_430, "Programme support"),
)


def winter_file() -> dict[str, Any]:
    """Return the operation file as docs/operation-file.md describes it."""
    facts, society = operation_facts(WINTER), read_facts()["national_society"]
    return {
        "format": "relief-operation", "version": 1,
        "operation": {
            "id": operation_id(WINTER), "working_name": WORKING_NAME, "title": facts["title"], "appeal_code": WINTER,
            "glide": facts["glide"], "national_society": society["name"], "country": society["country"],
            "currency": society["currency"], "dref_type": "response", "onset": "slow", "category": "not_classified",
            "hazard": "cold_wave", "start_day": START_DAY, "end_day": facts["operation_end"], "demo": True,
            "people_targeted": facts["people_targeted"],
            "objective": "Help people in the freezing weather and snowfalls of January to March 2013.",
            "selection_criteria": f"Homeless people; travellers and drivers stopped by snow ({MADE_UP}).",
        },
        **_plan(facts),
        "statements": _statements(facts),
        "allocations": [{"key": "dref", "kind": "first", "amount": f"{facts['allocation_chf']}.00",
                         "currency": "CHF", "funding_source": "dref", "note": "Published; the day is not."}],
        "budget_lines": [budget_line(number, *line) for number, line in enumerate(BUDGET, 1)],
    }  # fmt: skip


def _statements(facts: dict[str, Any]) -> list[dict[str, Any]]:
    launch = facts["at_launch"]
    rows = (
        ("title", facts["title"], None, "title of the operation", "B"),
        ("title", facts["title_in_annual_report"], None, "title in the annual report", "A"),
        ("people assisted at launch", launch["people_assisted_about"], "people", "people assisted at launch, about", "B"),
        ("volunteers at launch", launch["volunteers"], "people", "volunteers at launch", "B"),
    )
    return [{"about": about, "figure": figure, "unit": unit, "statement": statement, "source": name_sources(source)}
            for about, figure, unit, statement, source in rows]  # fmt: skip


def _plan(facts: dict[str, Any]) -> dict[str, Any]:
    return {
        "status": "active", "areas": list_areas(),
        "sites": [{"key": key, "name": name, "area": area_key(district), "zone": ZONE}
                  for key, name, district in HEATING_POINTS],
        "items": [{"key": TEA, "name": "Hot tea at a heating point", "unit": "cup", "recipient": "person",
                   "reaches": "one_person_a_unit", "service": True, "sector": BASIC}],
        "rounds": [{"key": ROUND, "name": "Cold spell", "first_day": START_DAY, "last_day": facts["operation_end"]}],
        "indicators": _indicators(facts),
    }  # fmt: skip


def _indicators(facts: dict[str, Any]) -> list[dict[str, Any]]:
    portions, tea = facts["plan"][0], facts["plan"][1]
    return [
        {"key": "people-tea", "title": "People given hot tea at heating points", "unit": "people", "source": "contacts",
         "items": [TEA], "sector": BASIC, "target": tea["people"],
         "comment": "The target is published, no final figure is. The actual is what is told of the launch (about "
                    f"{facts['at_launch']['people_assisted_about']} people assisted); that it was tea, and where, is {MADE_UP}."},
        {"key": "people-portions", "title": "Homeless people given food portions", "unit": "other", "source": "qualitative",
         "items": [], "sector": BASIC, "statement": f"Planned for {portions['note']} {portions['people']:,} people; no final "
                                                    "figure is published."},
    ]  # fmt: skip
