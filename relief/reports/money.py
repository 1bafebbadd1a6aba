"""The financial report: allocations, the budget by sector and account group, and what is left between them."""

from __future__ import annotations

from flask_babel import gettext as _

from relief.budget.labels import ACCOUNT_GROUPS, FUNDING_SOURCES, allocation_name
from relief.budget.rules import ACCOUNT_GROUPS as GROUPS_IN_ORDER
from relief.budget.rules import REPORTING_CURRENCY, LineRow
from relief.kernel.money import Money
from relief.operations.rules import SECTORS
from relief.reports.document import Column, Fact, Facts, Note, Row, Section, Table
from relief.reports.outline import section, sector_name
from relief.reports.queries import Material
from relief.totals import words


def financial_report(material: Material) -> Section:
    if not material.allocations and not material.lines:
        return section("financial_report")
    return section(
        "financial_report", _summary(material), _allocations(material) if material.allocations else None,
        _made_up(material), _budget(material) if material.lines else None,
        _lines(material) if material.lines else None, _other_currencies(material),
        Note("no_expenditure", _("Expenditure is not kept here yet: variance, its explanation and the balance to return "
                                 "come from the official financial report.")),
    )  # fmt: skip


def _chf(minor: int) -> Money:
    return Money(REPORTING_CURRENCY, minor)


def _summary(material: Material) -> Facts:
    dref = [row for row in material.allocations if row.funding_source == "dref" and row.currency == REPORTING_CURRENCY]
    first = sum(row.amount_minor for row in dref if row.kind == "first")
    more = sum(row.amount_minor for row in dref if row.kind != "first")
    facts = [
        Fact("dref_first", _("DREF, first allocation"), _chf(first), "allocations", "money"),
        Fact("dref_additional", _("DREF, additional allocations"), _chf(more), "allocations", "money"),
        Fact("dref_total", _("DREF, total allocation"), _chf(material.budget.allocated), "allocations", "money"),
    ]
    apart = _("apart from the DREF's allocation")
    facts += [Fact(key, str(FUNDING_SOURCES[key]), _chf(amount), "allocations", "money", note=apart)
              for key, amount in material.budget.by_source.items() if key != "dref"]  # fmt: skip
    if material.lines:
        left = material.budget.left
        says = "" if not left else _("not planned yet") if left > 0 else _("planned beyond the allocation")
        facts += [Fact("budgeted", _("Budgeted"), _chf(material.budget.budgeted), "budget", "money"),
                  Fact("left", _("Allocation less budget"), _chf(left), "budget", "money", note=says)]  # fmt: skip
    return Facts("money", _("Money"), tuple(facts))


def _allocations(material: Material) -> Table:
    columns = (Column("allocation", _("Allocation")), Column("funding_source", _("Funding source")),
               Column("granted_on", _("Granted on"), "day"), Column("amount", _("Amount"), "money"),
               Column("note", _("Note")))  # fmt: skip
    return Table("allocations", _("Allocations"), columns, tuple(
        Row(row.id.hex(), (allocation_name(row.kind, row.funding_source), str(FUNDING_SOURCES[row.funding_source]),
                           row.granted_on, row.money, row.note)) for row in material.allocations), "allocations")  # fmt: skip


def _made_up(material: Material) -> Note | None:
    made_up = [line for line in material.lines if line.demonstration]
    if not made_up:
        return None
    return Note("demonstration_lines", _("%(count)s of %(all)s budget lines are demonstration data: how the allocation was "
                                         "budgeted is not published.", count=words.number(len(made_up)),
                                         all=words.number(len(material.lines))), "demo")  # fmt: skip


def _budget(material: Material) -> Table:
    """Return sector x account group with sums on both sides; an empty cell has no line."""
    budget = material.budget
    groups = [group for group in GROUPS_IN_ORDER if group in budget.by_account_group]
    columns = (Column("sector", _("Sector")), *(Column(group, str(ACCOUNT_GROUPS[group]), "money") for group in groups),
               Column("total", _("Total"), "money"))  # fmt: skip
    rows = [_budget_row(material, sector, groups) for sector in SECTORS if sector in budget.by_sector]
    sums = tuple(_chf(budget.by_account_group[group]) for group in groups)
    total = Row("total", (_("Total"), *sums, _chf(budget.budgeted)), kind="total")
    return Table("budget", _("Budget by sector and account group"), columns, (*rows, total), "budget")


def _budget_row(material: Material, sector: str, groups: list[str]) -> Row:
    cells = (*(_cell(material, sector, group) for group in groups), _chf(material.budget.by_sector[sector]))
    made_up = any(line.demonstration for line in material.lines if line.sector == sector)
    return Row(sector, (sector_name(sector), *cells), demo=made_up)


def _cell(material: Material, sector: str, group: str) -> Money | None:
    amount = material.budget.cells.get((sector, group))
    return None if amount is None else _chf(amount)


def _lines(material: Material) -> Table:
    columns = (Column("description", _("Budget line")), Column("sector", _("Sector")),
               Column("account_group", _("Account group")), Column("amount", _("Amount"), "money"),
               Column("origin", _("Origin")))  # fmt: skip
    return Table("budget_lines", _("Budget lines"), columns,
                 tuple(_line(line) for line in sorted(material.lines, key=_line_order)), "budget")  # fmt: skip


def _line(line: LineRow) -> Row:
    origin = _("demonstration data") if line.demonstration else _("entered")
    group = str(ACCOUNT_GROUPS[line.account_group])
    return Row(line.id.hex(), (line.description or group, sector_name(line.sector), group, line.money, origin),
               demo=line.demonstration)  # fmt: skip


def _line_order(line: LineRow) -> tuple[int, int, bytes]:
    return SECTORS.index(line.sector), GROUPS_IN_ORDER.index(line.account_group), line.id


def _other_currencies(material: Material) -> Note | None:
    others = material.budget.other_currencies
    if not others:
        return None
    amounts = ", ".join(f"{money.currency} {money.decimal()}" for money in others)
    says = _("Not part of any sum, because it is in another currency: %(amounts)s.", amounts=amounts)
    return Note("other_currencies", says, "warn")
