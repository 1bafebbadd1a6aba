"""What does not agree, stated and not smoothed: two figures for one thing, and sums of our own that do not fit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask_babel import gettext as _

from relief.kernel.money import Money
from relief.reports.document import Column, Note, Row, Section, Table, Value
from relief.reports.outline import section
from relief.reports.queries import Material
from relief.totals import words


@dataclass(frozen=True, slots=True)
class Claim:
    """One figure for a thing, with its unit, as its source says it."""

    about: str
    figure: Value
    unit: str
    statement: str
    source: str


def contradictions(material: Material) -> Section:
    told, computed = list(differing_statements(material)), list(differing_sums(material))
    if not told and not computed:
        return section("contradictions", Note("none", _("No two figures that are known here contradict each other.")))
    return section(
        "contradictions",
        Note("stated", _("Each of these has more than one figure. All are shown, with their sources; none was chosen."), "warn"),
        _table("statements_differ", _("Published sources that differ"), told, "statements") if told else None,
        _table("sums_differ", _("Figures of this report that differ"), computed, "computed") if computed else None,
    )  # fmt: skip


def count_contradictions(material: Material) -> int:
    """Return about how many things two figures are known."""
    claims = [*differing_statements(material), *differing_sums(material)]
    return len({claim.about for claim in claims})


def differing_statements(material: Material) -> Iterator[Claim]:
    """Yield what published sources say about a thing, where their figures differ."""
    groups: dict[str, list[Claim]] = {}
    for each in material.totals.operation.statements:
        about = str(each.get("about") or "")
        groups.setdefault(about, []).append(Claim(about, each.get("figure"), str(each.get("unit") or ""),
                                                  str(each.get("statement") or ""), str(each.get("source") or "")))  # fmt: skip
    for claims in groups.values():
        if len({(str(claim.figure), claim.unit) for claim in claims}) > 1:
            yield from claims


def differing_sums(material: Material) -> Iterator[Claim]:
    """Yield pairs of this report's own figures that ought to fit and do not."""
    yield from _allocation_and_budget(material)
    yield from _targets(material)


def _allocation_and_budget(material: Material) -> Iterator[Claim]:
    budget = material.budget
    if material.lines and budget.left:
        about = _("Allocation and budget")
        yield Claim(about, Money("CHF", budget.allocated), "", _("allocated by the DREF"), _("allocations"))
        yield Claim(about, Money("CHF", budget.budgeted), "", _("sum of the budget lines"), _("budget"))


def _targets(material: Material) -> Iterator[Claim]:
    """Yield people figures that cannot both be right: a part that is greater than its whole."""
    operation = material.totals.operation
    steps = [(_("people affected"), operation.people_affected), (_("people in need"), operation.people_in_need),
             (_("people targeted"), operation.people_targeted)]  # fmt: skip
    steps += [(_("target of: %(title)s", title=row.title), row.target)
              for row in material.totals.figures.indicators if row.unit == "people"]  # fmt: skip
    known = [(name, count) for name, count in steps if count is not None]
    wholes = [(name, count) for name, count in known if (name, count) in steps[:3]]
    for place, (name, count) in enumerate(known):
        for whole_name, whole in wholes[: min(place, len(wholes))]:
            if count > whole:
                about = _("%(part)s and %(whole)s", part=name, whole=whole_name)
                yield Claim(about, whole, "people", whole_name, _("operation"))
                yield Claim(about, count, "people", name, _("plan") if place >= len(wholes) else _("operation"))


def _table(key: str, title: str, claims: list[Claim], source: str) -> Table:
    columns = (Column("about", _("About")), Column("figure", _("Figure"), "figure", "*"), Column("statement", _("As stated")),
               Column("source", _("Source")))  # fmt: skip
    rows = tuple(Row(str(number), (words.label(claim.about), claim.figure, claim.statement, claim.source), claim.unit)
                 for number, claim in enumerate(claims, 1))  # fmt: skip
    return Table(key, title, columns, rows, source)
