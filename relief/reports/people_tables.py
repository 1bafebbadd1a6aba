"""Tables of people: by item, by sex and age, and those met without a card."""

from __future__ import annotations

from flask_babel import gettext as _

from relief.operations.rules import AGE_BANDS
from relief.reports.document import Column, Row, Table
from relief.totals import words
from relief.totals.figures import ContactFigures, Figures, ItemFigures, Part, PeopleFigures

PEOPLE = "people"


def people_by_item(figures: Figures) -> Table:
    """Return people assisted overall (each once) and per item: by sex, under and over 18, disability."""
    labels = {row.item: words.item_name(row.label) for row in figures.items}
    rows = [_people_row(each, labels.get(each.item, each.item)) for each in figures.people_by_item if each.people]
    everybody = _people_row(figures.people, _("Different people, all items"), "union")
    columns = (Column("item", _("Item")), _count("people", _("People")),
               *(_count(f"sex_{part.key}", _plain(_("Sex not known"), part)) for part in figures.people.by_sex),
               *(_count(part.key if part.key != "unknown" else "age_unknown", _plain(_("Age not known"), part))
                 for part in figures.people.by_minority),
               *(_count(f"disability_{part.key}", _disability(part)) for part in figures.people.by_disability))  # fmt: skip
    return Table("people_by_item", _("People assisted by item, sex, age and disability"), columns,
                 (*rows, everybody), "people", _("Rows overlap: one person may have received several items. "
                                                 "The last row counts each person once."))  # fmt: skip


def _people_row(figures: PeopleFigures, label: str, kind: str = "") -> Row:
    parts = (*figures.by_sex, *figures.by_minority, *figures.by_disability)
    key = "all" if kind == "union" else figures.item
    return Row(key, (label, figures.people, *(part.people for part in parts)), PEOPLE, kind)


def by_sex_and_age(figures: PeopleFigures, key: str, title: str) -> Table:
    """Return one item's people by sex and age band, with sums on both sides."""
    columns = (Column("sex", _("Sex")), *(_count(band, _band(band)) for band in AGE_BANDS), _count("total", _("Total")))
    rows = [Row(row.sex, (words.label(row.sex), *row.people, row.total), PEOPLE) for row in figures.by_sex_and_age]
    sums = tuple(sum(row.people[place] for row in figures.by_sex_and_age) for place in range(len(AGE_BANDS)))
    return Table(key, title, columns, (*rows, Row("total", (_("Total"), *sums, figures.people), PEOPLE, "total")), "people")


def items(rows: tuple[ItemFigures, ...]) -> Table:
    """Return what was given of each item, and to how many people and households."""
    columns = (Column("item", _("Item")), Column("given", _("Given"), "count", "*"),
               Column("excess", _("of it over what was due"), "count", "*"),
               Column("unknown", _("of it on unknown cards"), "count", "*"),
               Column("handovers", _("Hand-overs"), "count", "hand-overs"), _count("people", _("People")),
               Column("households", _("Households"), "count", "households"))  # fmt: skip
    return Table("items", _("What was given"), columns, tuple(
        Row(row.item, (words.item_name(row.label), row.quantity.given, row.quantity.excess, row.quantity.unknown,
                       row.quantity.handovers, row.people, row.households), row.unit) for row in rows), "items")  # fmt: skip


def contacts(rows: tuple[ContactFigures, ...]) -> tuple[Table, Table]:
    """Return the people met without a card, and the same by sex and age: as told, never made distinct."""
    columns = (Column("item", _("What")), _count("people", _("People")), Column("events", _("Contacts"), "count", "contacts"),
               Column("quantity", _("Quantity, where written down"), "count", "*"))  # fmt: skip
    # A quantity of zero means that nobody wrote one down.
    met = tuple(Row(row.item, (words.item_name(row.label), row.people, row.events, row.quantity or None), row.unit)
                for row in rows)  # fmt: skip
    how = _("How they were counted: at each contact the volunteer wrote down how many people were there. Nobody can tell whether "
            "a person came twice, so these are never part of people assisted.")  # fmt: skip
    return (Table("contacts", _("People met without a card, counted apart"), columns, met, "contacts", how),
            _contacts_by_sex_and_age(rows))  # fmt: skip


def _contacts_by_sex_and_age(rows: tuple[ContactFigures, ...]) -> Table:
    columns = (Column("item", _("What")),
               *(_count(f"sex_{part.key}", _plain(_("Sex not known"), part)) for part in rows[0].by_sex),
               *(_count(f"age_{part.key}", _band(part.key)) for part in rows[0].by_age))  # fmt: skip
    met = tuple(Row(row.item, (words.item_name(row.label), *(part.people for part in (*row.by_sex, *row.by_age))), "people")
                for row in rows)  # fmt: skip
    return Table("contacts_by_sex_and_age", _("The same by sex and by age"), columns, met, "contacts")


def _count(key: str, title: str) -> Column:
    return Column(key, title, "count", PEOPLE)


def _plain(unknown: str, part: Part) -> str:
    return unknown if part.key == "unknown" else words.label(part.key)


def _band(band: str) -> str:
    return _("Age not known") if band == "unknown" else words.label(band)


def _disability(part: Part) -> str:
    return {"yes": _("With a disability"), "no": _("Without a disability")}.get(part.key) or _("Disability not known")
