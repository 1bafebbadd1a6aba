"""How screens and reports call the words of an operation and its plan; and an entitlement said in one sentence."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from relief.operations.rules import Item, Rule

SECTORS = {
    "shelter_housing_and_settlements": _l("Shelter, housing and settlements"),
    "livelihoods_and_basic_needs": _l("Livelihoods and basic needs"),
    "multi_purpose_cash": _l("Multi-purpose cash"),
    "health": _l("Health"),
    "water_sanitation_and_hygiene": _l("Water, sanitation and hygiene"),
    "protection_gender_and_inclusion": _l("Protection, gender and inclusion"),
    "education": _l("Education"),
    "migration_and_displacement": _l("Migration and displacement"),
    "risk_reduction_climate_adaptation_and_recovery": _l("Risk reduction, climate adaptation and recovery"),
    "community_engagement_and_accountability": _l("Community engagement and accountability"),
    "environmental_sustainability": _l("Environmental sustainability"),
    "coordination_and_partnerships": _l("Coordination and partnerships"),
    "secretariat_services": _l("Secretariat services"),
    "national_society_strengthening": _l("National Society strengthening"),
}
STATUSES = {"draft": _l("Draft"), "active": _l("Active"), "closing": _l("Closing"), "closed": _l("Closed")}
MOVES = {"active": _l("Make it active"), "closing": _l("Start closing it"), "closed": _l("Close it")}
DREF_TYPES = {"imminent": _l("Imminent"), "assessment": _l("Assessment"), "response": _l("Response"), "loan": _l("Loan")}
ONSETS = {"sudden": _l("Sudden"), "slow": _l("Slow")}
CATEGORIES = {"yellow": _l("Yellow"), "orange": _l("Orange"), "red": _l("Red"), "not_classified": _l("Not classified")}
DEADLINES = {"operation_start": _l("Operation starts"), "operation_end": _l("Operation ends"),
             "final_report_due": _l("Final report due")}  # fmt: skip
INDICATOR_UNITS = {"people": _l("people"), "households": _l("households"), "other": _l("other")}
INDICATOR_SOURCES = {
    "any_item": _l("people who received any of these items"),
    "all_items": _l("people who received all of these items"),
    "registered": _l("people registered"),
    "contacts": _l("contacts, without a card"),
    "qualitative": _l("in words"),
}
REACHES = {"all_members": _l("everybody in the household"), "chosen_members": _l("the members who are named"),
           "one_person_a_unit": _l("one person a unit")}  # fmt: skip


def entitlement_words(item: Item, rule: Rule | None) -> str:
    """Return what a household may get of the item in a round, as a sentence for people."""
    if rule is None or rule.kind == "unlimited":
        return _("As often as needed")
    words = {
        "per_household": _("%(quantity)s %(unit)s a household a round", quantity=rule.quantity, unit=item.unit),
        "per_person": _("%(quantity)s %(unit)s a person a round", quantity=rule.quantity, unit=item.unit),
        "per_people": _("%(quantity)s %(unit)s for every %(people)s people, rounded up, a round", quantity=rule.quantity,
                        unit=item.unit, people=rule.people or 1),
    }  # fmt: skip
    bounds = [words[rule.kind]]
    if rule.minimum_interval_days is not None:
        bounds.append(_("at least %(days)s days apart", days=rule.minimum_interval_days))
    if rule.daily_maximum is not None:
        bounds.append(_("at most %(most)s a day", most=rule.daily_maximum))
    return ", ".join(bounds)
