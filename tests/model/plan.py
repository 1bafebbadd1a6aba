"""A small plan with one item for every kind of rule, and the names that stand for ids in tests and vectors."""

from __future__ import annotations

from relief.operations.rules import Area, Indicator, Item, Plan, Round, Rule, Site

NOON_20 = 1363770000  # 2013-03-20T12:00:00+03:00


def id_of(name: str) -> str:
    """Return the id that a name of at most six ASCII signs stands for; ids sort as their names do."""
    digits = name.encode("ascii").hex().ljust(12, "0")
    return f"00000000-0000-7000-8000-{digits}"


def card_of(name: str) -> str:
    """Return the card key that a name stands for."""
    return name.encode("ascii").hex().ljust(32, "0")


def sample_plan(grants_undecided: bool = False) -> Plan:
    """Return the plan of the vectors: two sites in Minsk's time, two rounds, items with every kind of rule."""
    return Plan(
        version=1,
        status="active",
        grants_undecided=grants_undecided,
        areas=(Area(id_of("area"), "Gomel"),),
        sites=(
            Site(id_of("s1"), "School 1", id_of("area"), "Europe/Minsk", "2013-03-18", "2013-03-31"),
            Site(id_of("s2"), "School 2", id_of("area"), "Europe/Minsk"),
        ),
        items=(
            Item(id_of("parcel"), "Food parcel", "piece", "household", "all_members"),
            Item(id_of("kit"), "Hygiene kit", "piece", "household", "all_members"),
            Item(id_of("bl"), "Blanket", "piece", "person", "one_person_a_unit"),
            Item(id_of("pss"), "Talk", "session", "person", "chosen_members", service=True),
            Item(id_of("soap"), "Soap", "piece", "household", "chosen_members"),
            Item(id_of("milk"), "Milk", "litre", "household", "all_members"),
            Item(id_of("bread"), "Bread", "loaf", "household", "all_members"),
            Item(id_of("coal"), "Coal", "sack", "household", "all_members"),
        ),
        rules=(
            Rule(id_of("q1"), id_of("parcel"), "per_household", quantity=1),
            Rule(id_of("q2"), id_of("kit"), "per_people", quantity=1, people=3),
            Rule(id_of("q3"), id_of("bl"), "per_person", quantity=1),
            Rule(id_of("q4"), id_of("milk"), "per_household", quantity=10, minimum_interval_days=2),
            Rule(id_of("q5"), id_of("bread"), "per_household", quantity=10, daily_maximum=3),
            Rule(id_of("q6"), id_of("coal"), "per_household", quantity=1),
            Rule(id_of("q7"), id_of("coal"), "per_household", valid_from=NOON_20, quantity=2),
        ),
        rounds=(
            Round(id_of("r1"), "First", "2013-03-18", "2013-03-20"),
            Round(id_of("r2"), "Second", "2013-03-21", "2013-03-25"),
        ),
        indicators=(
            Indicator(id_of("i1"), "People with parcel or blanket", "people", "any_item", "health", 10,
                      (id_of("parcel"), id_of("bl"))),
            Indicator(id_of("i2"), "People with both", "people", "all_items", "health", 10, (id_of("parcel"), id_of("bl"))),
            Indicator(id_of("i3"), "Families with parcels", "households", "any_item", "health", 5, (id_of("parcel"),)),
            Indicator(id_of("i4"), "Contacts", "people", "contacts", "health", 5, (id_of("pss"),)),
        ),
    )  # fmt: skip
