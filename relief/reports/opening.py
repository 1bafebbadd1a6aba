"""The first sections: key facts, the event, the strategy and who was to be helped."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext

from relief.kernel.clock import local_day, wall
from relief.kernel.money import Money
from relief.operations.deadlines import final_report_due, timeframe_months
from relief.operations.labels import CATEGORIES, DREF_TYPES, ONSETS
from relief.operations.queries import OperationRow
from relief.reports.contradictions import count_contradictions
from relief.reports.document import Column, Fact, Facts, Note, Paragraph, Row, Section, Table
from relief.reports.outline import section
from relief.reports.queries import Material
from relief.totals import words


def key_facts(material: Material) -> Section:
    facts = (*_identity(material), *_people(material), *_days(material.totals.operation), *_areas(material))
    return section("key_facts", Facts("key_facts", _("Key facts"), tuple(facts)), _demonstration(material),
                   _still_open(material), _disagreeing(material))  # fmt: skip


def _identity(material: Material) -> list[Fact]:
    operation = material.totals.operation
    return [
        Fact("appeal_code", _("Appeal"), operation.appeal_code, "operation", "id"),
        Fact("total_allocation", _("Total allocation (DREF)"), Money("CHF", material.budget.allocated), "allocations", "money"),
        Fact("national_society", _("National Society"), f"{operation.national_society} ({operation.country})", "operation"),
        Fact("dref_type", _("DREF type"), _word(DREF_TYPES, operation.dref_type), "operation"),
        Fact("crisis_category", _("Crisis category"), _word(CATEGORIES, operation.category), "operation"),
        Fact("hazard", _("Hazard"), words.label(operation.hazard), "operation"),
        Fact("glide", _("GLIDE number"), operation.glide, "operation", "id"),
    ]


def _people(material: Material) -> list[Fact]:
    operation, figures = material.totals.operation, material.totals.figures
    more = not material.totals.completeness.complete
    facts = [
        Fact("people_affected", _("People affected"), operation.people_affected, "operation", "count", "people"),
        Fact("people_targeted", _("People targeted"), operation.people_targeted, "operation", "count", "people"),
        Fact("people_assisted", _("People assisted"), figures.people.people, "people", "count", "people", more,
             _("different people with at least one hand-over; somebody who got three things is one person")),
        Fact("households_assisted", _("Households assisted"), figures.households, "households", "count", "households", more),
    ]  # fmt: skip
    if figures.contacts:
        met = sum(row.people for row in figures.contacts)
        facts.append(Fact("people_in_contacts", _("People met without a card"), met, "contacts", "count", "people", more,
                          _("counted apart, each time; never part of people assisted")))  # fmt: skip
    return facts


def _days(operation: OperationRow) -> list[Fact]:
    months = timeframe_months(operation.start_day, operation.end_day)
    return [
        Fact("onset", _("Onset"), _word(ONSETS, operation.onset), "operation"),
        Fact("operation_start", _("Operation start"), operation.start_day, "operation", "day"),
        Fact("operation_end", _("Operation end"), operation.end_day, "operation", "day"),
        Fact("timeframe", _("Timeframe"), months, "operation", "count", "months"),
        Fact("final_report_due", _("Final report due"), final_report_due(operation.end_day), "operation", "day"),
    ]


def _areas(material: Material) -> list[Fact]:
    plan = material.totals.plan
    names = ", ".join(area.name for area in plan.areas if area.parent not in plan.area)
    return [Fact("areas", _("Areas"), names, "plan")] if names else []


def _demonstration(material: Material) -> Note | None:
    if not material.totals.operation.demo:
        return None
    return Note("demonstration", _("This is a demonstration. People, households and hand-overs are made up so that the published "
                                   "figures come out; nothing here is about real people."), "demo")  # fmt: skip


def _still_open(material: Material) -> Note | None:
    totals = material.totals
    missing = words.missing(totals.completeness, totals.zone, totals.as_of)
    if not missing:
        return None
    return Note("still_open", _("More may still come in: %(what)s.", what="; ".join(missing)), "warn")


def _disagreeing(material: Material) -> Note | None:
    count = count_contradictions(material)
    if not count:
        return None
    return Note("disagreeing", ngettext("%(num)s thing has more than one figure: the annex says which, and who says so.",
                                        "%(num)s things have more than one figure: the annex says which, and who says so.",
                                        count), "warn")  # fmt: skip


def description_of_the_event(material: Material) -> Section:
    totals = material.totals
    trigger = totals.operation.trigger_at
    facts = None
    if trigger is not None:
        moment = Fact("trigger", _("Trigger"), wall(trigger, totals.zone), "operation", "moment")
        facts = Facts("event", _("The event"), (moment,))
    return section("description_of_the_event", facts, _statements(totals.operation))


def _statements(operation: OperationRow) -> Table | None:
    if not operation.statements:
        return None
    rows = tuple(Row(str(number), (words.label(str(each.get("about") or "")), each.get("figure"),
                                   str(each.get("statement") or ""), str(each.get("source") or "")), str(each.get("unit") or ""))
                 for number, each in enumerate(operation.statements, 1))  # fmt: skip
    columns = (Column("about", _("About")), Column("figure", _("Figure"), "figure", "*"), Column("statement", _("As stated")),
               Column("source", _("Source")))  # fmt: skip
    return Table("statements", _("What published sources say"), columns, rows, "statements")


def operational_strategy(material: Material) -> Section:
    return section("operational_strategy", _text("objective", material.totals.operation.objective))


def targeting_strategy(material: Material) -> Section:
    text = _text("selection_criteria", material.totals.operation.selection_criteria)
    return section("targeting_strategy", text, *((_approved_lists(material),) if material.lists else ()))


def _approved_lists(material: Material) -> Table:
    """Return the lists that were approved: put together by one person, approved by another."""
    zone = material.totals.zone
    columns = (Column("list", _("List")), Column("households", _("Households"), "count", "households"),
               Column("people", _("People"), "count", "people"), Column("author", _("Put together by")),
               Column("approver", _("Approved by")), Column("day", _("On"), "day"))  # fmt: skip
    rows = tuple(Row(str(each.number), (f"{each.number}. {each.name}", each.households, each.people, each.author, each.approver,
                                        local_day(each.approved_at, zone))) for each in material.lists)  # fmt: skip
    title = _("Lists of households, each approved by somebody other than its author")
    return Table("approved_lists", title, columns, rows, "lists")


def total_targeted_population(material: Material) -> Section:
    operation, lists = material.totals.operation, material.totals.figures.registered
    targeted = [Fact(key, label, count, "operation", "count", "people") for key, label, count in (
        ("people_in_need", _("People in need"), operation.people_in_need),
        ("people_targeted", _("People targeted"), operation.people_targeted),
    ) if count is not None]  # fmt: skip
    listed = [
        Fact("people_registered", _("People on the lists"), lists.people, "registered", "count", "people"),
        Fact("people_approved", _("People approved"), lists.people_approved, "registered", "count", "people"),
        Fact("households_registered", _("Households on the lists"), lists.households, "registered", "count", "households"),
        Fact("households_approved", _("Households approved"), lists.households_approved, "registered", "count", "households"),
    ]
    facts = (*targeted, *(listed if lists.households else ()))
    return section("total_targeted_population", Facts("targeted", _("Targeted and registered"), facts) if facts else None)


def people_in_charge(material: Material) -> Section:
    if not material.people_in_charge:
        return section("contacts")
    roles = {"manager": _("Operation manager"), "finance": _("Finance")}
    rows = tuple(Row(str(number), (person.name, roles[person.role], person.email))
                 for number, person in enumerate(material.people_in_charge, 1))  # fmt: skip
    columns = (Column("name", _("Name")), Column("role", _("Role")), Column("email", _("E-mail")))
    return section("contacts", Table("people_in_charge", _("Whom to ask"), columns, rows, "people_in_charge"))


def time_to_assistance(material: Material) -> list[Fact]:
    """Return when the first hand-over was, and how long after the trigger; relief may start before the grant."""
    totals, first, median = material.totals, material.times.first, material.times.median
    if first is None or median is None:
        return []
    facts = [Fact("first_handover", _("First hand-over"), wall(first, totals.zone), "times", "moment")]
    trigger = totals.operation.trigger_at
    if trigger is not None:
        times = (("time_to_assistance", _("From the trigger to the first hand-over"), first),
                 ("median_time", _("From the trigger to a household's first hand-over, median"), median))  # fmt: skip
        for key, label, moment in times:
            facts.append(Fact(key, label, _hours(moment - trigger), "times", "count", "hours"))
    if local_day(first, totals.zone) < totals.operation.start_day:
        facts[0] = Fact("first_handover", facts[0].label, facts[0].value, "times", "moment",
                        note=_("before the operation's start: it stands"))  # fmt: skip
    return facts


def _hours(seconds: int) -> int:
    """Return whole hours, rounded down also below zero."""
    return seconds // 3600


def _text(key: str, text: str) -> Paragraph | None:
    return Paragraph(key, text.strip()) if text.strip() else None


def _word(labels: dict[str, object], key: str) -> str:
    return str(labels.get(key, key))
