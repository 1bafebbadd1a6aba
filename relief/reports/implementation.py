"""The section on implementation: people assisted, then sector by sector, then who was met without a card."""

from __future__ import annotations

from flask_babel import gettext as _

from relief.kernel.money import Money
from relief.operations.labels import INDICATOR_SOURCES
from relief.reports import people_tables
from relief.reports.document import Column, Fact, Facts, Note, Row, Section, Table
from relief.reports.opening import time_to_assistance
from relief.reports.outline import section, sector_name, sectors_in_order
from relief.reports.queries import Material
from relief.totals import words
from relief.totals.figures import Figures, IndicatorFigures, ItemFigures


def implementation(material: Material) -> Section:
    figures = material.totals.figures
    return section("implementation", parts=(_people_assisted(material), *_sectors(material), _contacts(figures)))


def _people_assisted(material: Material) -> Section:
    figures = material.totals.figures
    if not figures.handovers:
        return Section("people_assisted", _("People assisted"))
    more = not material.totals.completeness.complete
    facts = Facts("people_assisted", _("People assisted"), (
        Fact("people", _("People assisted"), figures.people.people, "people", "count", "people", more, _("each person once")),
        Fact("households", _("Households assisted"), figures.households, "households", "count", "households", more),
        Fact("handovers", _("Hand-overs"), figures.handovers, "items", "count", "hand-overs", more),
        *time_to_assistance(material),
    ))  # fmt: skip
    title = _("All people assisted by sex and age, each person once")
    blocks = (facts, _never_added(figures), people_tables.people_by_item(figures),
              people_tables.by_sex_and_age(figures.people, "by_sex_and_age", title))  # fmt: skip
    return Section("people_assisted", _("People assisted"), tuple(block for block in blocks if block))


def _never_added(figures: Figures) -> Note | None:
    """Say that the groups overlap, with the numbers themselves: the sum is what a hurried reader would take."""
    groups = [row.actual for row in figures.indicators if row.unit == "people" and row.actual]
    if len(groups) < 2:
        return None
    return Note("never_added", _(
        "The groups below (%(groups)s people) overlap and must not be added: their sum, %(sum)s, is no number of people. "
        "Different people assisted with a card: %(union)s.", groups=" / ".join(words.number(each) for each in groups),
        sum=words.number(sum(groups)), union=words.number(figures.people.people)), "warn")  # fmt: skip


def _sectors(material: Material) -> tuple[Section, ...]:
    figures, plan = material.totals.figures, material.totals.plan
    indicators: dict[str, list[IndicatorFigures]] = {}
    given: dict[str, list[ItemFigures]] = {}
    for row in figures.indicators:
        indicators.setdefault(row.sector, []).append(row)
    for item in figures.items:
        known = plan.item.get(item.item)
        given.setdefault(known.sector if known else "", []).append(item)
    wanted = {*indicators, *given, *material.budget.by_sector}
    return sectors_in_order({key: _sector(material, key, indicators.get(key, []), given.get(key, [])) for key in wanted})


def _sector(material: Material, sector: str, indicators: list[IndicatorFigures], given: list[ItemFigures]) -> Section:
    budget = material.budget.by_sector.get(sector)
    facts = [] if budget is None else [
        Fact("budget", _("Budget"), Money("CHF", budget), "budget", "money",
             note=_("demonstration data") if _made_up(material, sector) else ""),
    ]  # fmt: skip
    if len(given) == 1:  # with several items only their union would do, and nobody has counted it
        facts.append(Fact("people_assisted", _("People assisted"), given[0].people, "people", "count", "people",
                          not material.totals.completeness.complete))  # fmt: skip
    blocks = [
        Facts("sector", _("In short"), tuple(facts)) if facts else None,
        indicator_table(indicators) if indicators else None,
        people_tables.items(tuple(given)) if given else None,
        *(_by_sex_and_age(material.totals.figures, item) for item in given if item.people),
    ]
    return Section(sector, sector_name(sector), tuple(block for block in blocks if block))


def _by_sex_and_age(figures: Figures, item: ItemFigures) -> Table:
    people = next(each for each in figures.people_by_item if each.item == item.item)
    title = _("%(item)s: people by sex and age", item=words.item_name(item.label))
    return people_tables.by_sex_and_age(people, f"by_sex_and_age.{item.item}", title)


def _made_up(material: Material, sector: str) -> bool:
    return any(line.demonstration for line in material.lines if line.sector == sector)


def indicator_table(rows: list[IndicatorFigures]) -> Table:
    """Return title, target, actual and per cent together; a qualitative indicator's actual is its statement."""
    columns = (Column("title", _("Indicator")), Column("target", _("Target"), "count", "*"),
               Column("actual", _("Actual"), "figure", "*"), Column("percent", _("Reached"), "percent", "percent"),
               Column("counts", _("What it counts")), Column("comment", _("Comment")))  # fmt: skip
    return Table("indicators", _("Indicators: target and actual"), columns, tuple(
        Row(row.indicator, (row.title, row.target, row.statement if row.source == "qualitative" else row.actual, row.percent,
                            str(INDICATOR_SOURCES.get(row.source, row.source)), row.comment),
            "" if row.source == "qualitative" else row.unit) for row in rows), "indicators")  # fmt: skip


def _contacts(figures: Figures) -> Section:
    title = _("People met without a card")
    if not figures.contacts:
        return Section("contacts_counted", title)
    return Section("contacts_counted", title, people_tables.contacts(figures.contacts))
