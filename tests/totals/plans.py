"""A small plan and its counters, made by hand: two items on cards, one service, one item only met as contacts."""

from __future__ import annotations

from relief.operations.rules import Area, Indicator, Item, Plan, Round, Site

PARCEL, BLANKET, TALK, PUMP = "parcel", "blanket", "talk", "pump"
COUNTRY, GOMEL, BREST = "country", "gomel", "brest"
SCHOOL, CLUB = "school", "club"

PLAN = Plan(
    version=3,
    status="active",
    areas=(Area(COUNTRY, "Belarus"), Area(GOMEL, "Gomel region", COUNTRY, "BY003"), Area(BREST, "Brest region", COUNTRY)),
    sites=(Site(SCHOOL, "School 3", GOMEL, "Europe/Minsk"), Site(CLUB, "Club", BREST, "Europe/Minsk")),
    items=(
        Item(PARCEL, "Food parcel", "parcel", "household", "all_members"),
        Item(BLANKET, "Blanket", "piece", "person", "one_person_a_unit", sector="shelter_housing_and_settlements"),
        Item(TALK, "Support group", "contact", "person", "chosen_members", service=True, sensitive=True,
             sector="health", public_label="Talk"),
        Item(PUMP, "Pumping water out", "building", "household", "all_members", service=True,
             sector="water_sanitation_and_hygiene"),
    ),
    rounds=(Round("first", "Round 1", "2013-03-18", "2013-04-30"),),
    indicators=(
        Indicator("i1", "People with parcels", "people", "any_item", "livelihoods_and_basic_needs", 10, (PARCEL,)),
        Indicator("i2", "People with blankets", "people", "any_item", "shelter_housing_and_settlements", 2, (BLANKET,)),
        Indicator("i3", "People helped by pumping", "people", "contacts", "water_sanitation_and_hygiene", None, (PUMP,)),
        Indicator("i4", "Volunteers ready", "other", "qualitative", "health", statement="Ready in all six regions"),
    ),
)  # fmt: skip

COUNTERS = {
    "given|parcel|school|first|2013-03-18": 3,
    "given|parcel|school|first|2013-03-19": 1,
    "given|parcel|club|first|2013-03-19": 2,
    "excess|parcel|school|first|2013-03-19": 1,
    "unknown|parcel|club|first|2013-03-19": 1,
    "handovers|parcel|school|first|2013-03-18": 3,
    "handovers|parcel|school|first|2013-03-19": 1,
    "handovers|parcel|club|first|2013-03-19": 2,
    "given|blanket|school|first|2013-03-18": 4,
    "handovers|blanket|school|first|2013-03-18": 2,
    "households|parcel": 4,
    "households|blanket": 2,
    "households|*": 4,
    "people|parcel|gomel|female|18-59|no": 4,
    "people|parcel|gomel|male|6-12|no": 2,
    "people|parcel|brest|female|60+|yes": 2,
    "people|parcel||unknown|unknown|unknown": 1,
    "people|blanket|gomel|female|18-59|no": 3,
    "people|blanket|gomel|male|13-17|unknown": 1,
    "people|*|gomel|female|18-59|no": 4,
    "people|*|gomel|male|6-12|no": 2,
    "people|*|gomel|male|13-17|unknown": 1,
    "people|*|brest|female|60+|yes": 2,
    "people|*||unknown|unknown|unknown": 1,
    "people_at|parcel|school": 7,
    "people_at|*|school": 8,
    "people_at|parcel|club": 2,
    "people_at|*|club": 2,
    "people_on|*|2013-03-18": 8,
    "people_on|*|2013-03-19": 3,
    "indicator|i1": 9,
    "indicator|i2": 4,
    "indicator|i3": 5,
    "contacts|pump|school|2013-03-20|female|18-59": 3,
    "contacts|pump|school|2013-03-20|unknown|unknown": 2,
    "contact_events|pump|school|2013-03-20": 2,
    "contact_quantity|pump|school|2013-03-20": 1,
    "voided|parcel|school|2013-03-18": 1,
    "lost|parcel|school|2013-03-18": 0,
    "refused|parcel|school": 2,
    "not_served|absent|school|2013-03-18": 2,
    "not_served|absent|club|2013-03-19": 1,
    "unsure": 1,
    "registered|households": 6,
    "registered|people|gomel|female|18-59|no": 10,
    "registered|people|brest|male|60+|no": 3,
    "approved|households": 5,
    "approved|people": 11,
    "cards|linked": 6,
    "cards|replaced": 1,
    "cases|over_entitlement": 1,
    "cases|unknown_card": 1,
}
