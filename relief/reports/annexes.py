"""The annexes: what may be missing, what was given where and when, stock, and where the figures stand."""

from __future__ import annotations

import shlex

from flask_babel import gettext as _

from relief.kernel.clock import wall
from relief.kernel.ids import to_text
from relief.reports.document import Column, Fact, Facts, Note, Row, Section, Table, Value
from relief.reports.outline import section
from relief.reports.queries import Material
from relief.totals import words
from relief.totals.figures import Figures, ItemCell, PlaceDay, ToDecide


def completeness(material: Material) -> Section:
    totals, state = material.totals, material.totals.completeness
    missing = words.missing(state, totals.zone, totals.as_of)
    says = Note("more_may_come", _("More may still come in: %(what)s.", what="; ".join(missing)), "warn") if missing else \
        Note("everything_is_in", _("No phone is silent and no record is known to wait."))  # fmt: skip
    facts = Facts("completeness", _("Phones and records"), (
        Fact("phones", _("Phones"), state.phones, "completeness", "count", "phones", live=True),
        Fact("silent", _("Phones not heard"), len(state.silent), "completeness", "count", "phones", live=True),
        Fact("waiting", _("Records known to wait on phones"), state.waiting, "completeness", "count", "records", live=True),
        Fact("missing", _("Records made but not arrived"), state.missing, "completeness", "count", "records", live=True),
        Fact("unsure_times", _("Hand-overs whose time is unsure"), totals.figures.unsure_times, "times", "count", "hand-overs"),
        *_to_decide(totals.to_decide),
    ))  # fmt: skip
    return section("completeness", says, facts, _unsealed(material), _coded(material.totals.figures))


def _to_decide(waiting: ToDecide) -> list[Fact]:
    lists = (("cases", _("To decide about families and cards"), waiting.cases, "cases"),
             ("causes", _("Sites and rounds with hand-overs outside their dates"), waiting.causes, "cases"),
             ("grants", _("Hand-overs begun and never finished"), waiting.grants, "hand-overs"),
             ("held", _("Records held back"), waiting.held, "records"))  # fmt: skip
    return [Fact(key, label, count, "cases", "count", unit, live=True) for key, label, count, unit in lists]


def _unsealed(material: Material) -> Note | None:
    if material.unsealed <= 0:
        return None
    return Note("unsealed", _("%(count)s more records came in while this report was made. Stock counts them already, the other "
                              "figures not yet.", count=words.number(material.unsealed)), "warn")  # fmt: skip


def _coded(figures: Figures) -> Table | None:
    rows = tuple(Row(row.code, (words.label(row.code), row.count)) for row in figures.cases if row.count)
    columns = (Column("what", _("What")), Column("cases", _("Cases"), "count", "cases"))
    return Table("to_decide", _("What nobody has decided yet"), columns, rows, "cases") if rows else None


def distribution(material: Material) -> Section:
    figures = material.totals.figures
    blocks = [_areas(figures), _sites(material), _days(figures), _places_and_days(figures)] if figures.handovers else []
    return section("distribution", *blocks, _not_served(figures))


def _item_columns(figures: Figures) -> tuple[Column, ...]:
    return tuple(Column(row.item, words.item_name(row.label), "count", row.unit) for row in figures.items)


def _quantities(figures: Figures, cells: tuple[ItemCell, ...]) -> tuple[Value, ...]:
    given = {cell.item: cell.quantity.given for cell in cells}
    return tuple(given.get(row.item, 0) for row in figures.items)


def _people_and_handovers(where: str) -> tuple[Column, ...]:
    return (Column("people", where, "count", "people"), Column("handovers", _("Hand-overs"), "count", "hand-overs"))


def _areas(figures: Figures) -> Table:
    columns = (Column("area", _("Area")), Column("p_code", _("P-code"), "id"),
               *_people_and_handovers(_("People registered there")), *_item_columns(figures))  # fmt: skip
    rows = [Row(row.area or "unknown", (row.label or str(words.UNKNOWN_PLACE), row.p_code, row.people, row.handovers,
                                        *_quantities(figures, row.items)), depth=row.depth) for row in figures.areas]  # fmt: skip
    return Table("areas", _("By area"), columns, tuple(rows), "places",
                 _("An area has everything below it. People by their household's area, quantities by the site's."))  # fmt: skip


def _sites(material: Material) -> Table:
    figures, areas = material.totals.figures, material.totals.plan.area
    columns = (Column("site", _("Site")), Column("area", _("Area")), *_people_and_handovers(_("People")), *_item_columns(figures))
    rows = [Row(row.site, (row.label, areas[row.area].name if row.area in areas else None, row.people, row.handovers,
                           *_quantities(figures, row.items))) for row in figures.sites]  # fmt: skip
    return Table("sites", _("By site"), columns, tuple(rows), "places",
                 _("People are different ones within a site; somebody may have been at two."))  # fmt: skip


def _days(figures: Figures) -> Table:
    columns = (Column("day", _("Day"), "day"), *_people_and_handovers(_("People")), *_item_columns(figures))
    rows = [Row(row.day, (row.day, row.people, row.handovers, *_quantities(figures, row.items))) for row in figures.days]
    return Table("days", _("By day"), columns, tuple(rows), "places",
                 _("People are different ones within a day; somebody may have come on two."))  # fmt: skip


def _places_and_days(figures: Figures) -> Table:
    """Return one row a site and day: what was given of each item, in the items' own units."""
    columns = (Column("site", _("Site")), Column("day", _("Day"), "day"),
               Column("handovers", _("Hand-overs"), "count", "hand-overs"), *_item_columns(figures))  # fmt: skip
    found: dict[tuple[str, str], list[PlaceDay]] = {}
    for row in figures.places_and_days:
        found.setdefault((row.site, row.day), []).append(row)
    rows = []
    for (site, day), cells in found.items():
        given = {cell.item: cell.quantity.given for cell in cells}
        handovers = sum(cell.quantity.handovers for cell in cells)
        quantities = (given.get(row.item, 0) for row in figures.items)
        rows.append(Row(f"{site}|{day}", (cells[0].site_label, day, handovers, *quantities)))
    return Table("places_and_days", _("By site and day"), columns, tuple(rows), "places")


def _not_served(figures: Figures) -> Table | None:
    rows = tuple(Row(row.code, (words.label(row.code), row.count)) for row in figures.not_served if row.count)
    columns = (Column("cause", _("Cause")), Column("times", _("Times"), "count", "times"))
    return Table("not_served", _("Came and went without"), columns, rows, "not_served") if rows else None


def stock(material: Material) -> Section:
    plan = material.totals.plan
    kept = [row for row in material.stock if row.kept]
    if not kept:
        return section("stock")
    words_ = (("received", _("Received")), ("transferred_in", _("From other sites")), ("count_difference", _("Found at counts")),
              ("given", _("Given")), ("lost", _("Lost or damaged")), ("transferred_out", _("To other sites")),
              ("on_hand", _("On hand")))  # fmt: skip
    columns = (Column("item", _("Item")), Column("site", _("Site")), *(Column(key, title, "count", "*") for key, title in words_))
    rows = tuple(Row(f"{row.item}|{row.site}", (plan.item[row.item].name, plan.site[row.site].name,
                                                *(getattr(row, key) for key, _title in words_)), plan.item[row.item].unit)
                 for row in kept)  # fmt: skip
    says = _("What was received, came from other sites and was found at counts is what was given, lost, sent on or is on hand.")
    return section("stock", Table("stock", _("Stock by item and site"), columns, rows, "stock", says))


def provenance(material: Material) -> Section:
    totals = material.totals
    return section("provenance", Facts("ledger", _("Ledger"), (
        Fact("as_of", _("As of"), wall(material.as_of, totals.zone), "head", "moment"),
        Fact("made_at", _("Made"), wall(totals.as_of, totals.zone), "head", "moment", live=True),
        Fact("ledger_id", _("Ledger"), totals.ledger_id, "head", "id"),
        Fact("position", _("Position"), totals.position, "head", "count", "entries"),
        Fact("head", _("Head hash"), totals.head or None, "head", "id"),
        Fact("signature", _("Signature"), totals.signature or None, "head", "id"),
        Fact("key_id", _("Signing key"), totals.key_id or None, "head", "id"),
        Fact("plan_version", _("Plan version"), totals.plan.version, "plan", "count"),
        Fact("operation_id", _("Operation id"), to_text(totals.operation.id), "operation", "id"),
    )), Note("verify", _("Anybody with the ledger can compute these figures anew: relief ledger verify %(code)s",
                         code=shlex.quote(totals.operation.code))))  # fmt: skip
