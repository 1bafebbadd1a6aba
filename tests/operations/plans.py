"""A small plan that the tests of this room change one thing of."""

from __future__ import annotations

from relief.kernel.ids import derived_id, to_text
from relief.operations.rules import Area, Indicator, Item, Plan, Round, Rule, Site


def name_id(name: str) -> str:
    """Return the id text that stands for a name in these tests."""
    return to_text(derived_id(bytes(16), name))


A_PLAN = Plan(
    version=1,
    status="active",
    areas=(Area(name_id("region"), "Gomel region"), Area(name_id("district"), "Zhitkovichi", name_id("region"), "BY0301")),
    sites=(Site(name_id("school"), "School 3", name_id("district"), "Europe/Minsk", "2013-03-05", "2013-05-31"),),
    items=(
        Item(name_id("food"), "Food parcel", "parcel", "household", "all_members", ifrc_code="KRELFOPA05P", covers_people=5),
        Item(name_id("pss"), "PSS", "session", "person", "chosen_members", service=True, sensitive=True, sector="health",
             public_label="Talk"),
    ),
    rules=(Rule(name_id("rule"), name_id("food"), "per_people", quantity=1, people=5),),
    rounds=(Round(name_id("march"), "March", "2013-03-05", "2013-03-31"),
            Round(name_id("april"), "April", "2013-04-01", "2013-04-30")),
    indicators=(
        Indicator(name_id("fed"), "People with food", "people", "any_item", "livelihoods_and_basic_needs", 2000,
                  (name_id("food"),)),
        Indicator(name_id("talked"), "People with PSS", "people", "any_item", "health", 250, (name_id("pss"),)),
    ),
)  # fmt: skip
