"""What a report is made of, by hand: the small plan of the totals' tests, money, stock and statements that differ."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from relief.budget.rules import AllocationRow, LineRow, total_budget
from relief.kernel.clock import parse_wall
from relief.operations.queries import OperationRow
from relief.reports.build import build_report
from relief.reports.document import Document, Facts, Section, Table, walk
from relief.reports.queries import Material, PersonInCharge, Times
from relief.stock.queries import StockRow
from relief.totals.figures import Completeness, SilentPhone, ToDecide
from relief.totals.queries import Totals
from relief.totals.rules import compute
from tests.totals.plans import COUNTERS, PARCEL, PLAN, SCHOOL

SEALED = parse_wall("2013-03-20T18:00:00+03:00")
NOW = SEALED + 86_400
FIRST = parse_wall("2013-03-18T09:00:00+03:00")
STATEMENTS = (
    {"about": "staff", "figure": 70, "unit": "people", "statement": "staff involved", "source": "A"},
    {"about": "staff", "figure": 45, "unit": "people", "statement": "staff engaged", "source": "B"},
    {"about": "time to assistance", "figure": "7 hours", "unit": None, "statement": "down from 6 days", "source": "A"},
    {"about": "time to assistance", "figure": "4 hours", "unit": None, "statement": "down from 6 days", "source": "B"},
    {"about": "people at risk", "figure": 10000, "unit": "people", "statement": "about", "source": "B"},
)
OPERATION = OperationRow(
    id=bytes(range(16)), working_name="spring-floods", title="Spring floods", appeal_code="MDRBY003", glide=None,
    national_society="Belarus Red Cross", country="BLR", currency="BYR", dref_type="imminent", onset="slow", category="yellow",
    hazard="flood", trigger_at=FIRST - 7 * 3600, start_day="2013-03-04", end_day="2013-06-04", people_affected=None,
    people_in_need=None, people_targeted=None, objective="=HYPERLINK(1)\nHelp.", selection_criteria="", statements=STATEMENTS,
    plan_version=3, ledger_id=bytes(16), created_at=SEALED - 10**6, demo=True,
)  # fmt: skip
ALLOCATIONS = (
    AllocationRow(b"a" * 16, "first", 8_816_600, "CHF", "2013-03-04", "dref"),
    AllocationRow(b"b" * 16, "first", 1_300_000, "CHF", None, "own_funds"),
)
LINES = (
    LineRow(b"c" * 16, "health", "workshops_training", 286_050, "CHF", "Training", True),
    LineRow(b"d" * 16, "livelihoods_and_basic_needs", "relief_items_construction_supplies", 8_530_550, "CHF", "Parcels"),
)
ALL_HEARD = Completeness(phones=1)
STOCK = (StockRow(PARCEL, SCHOOL, 10, 0, 0, 6, 4, 0, 0, (), True),)


def material(*, completeness: Completeness = ALL_HEARD, counters: dict[str, int] = COUNTERS,
             now: int = NOW, operation: dict[str, Any] | None = None, **changes: Any) -> Material:  # fmt: skip
    """Return what a report is made of; `operation` and the rest change what there is."""
    totals = Totals(replace(OPERATION, **(operation or {})), PLAN, now, "00000000-0000-0000-0000-000000000001", 42, "ab" * 32,
                    "cd" * 64, "key-1", SEALED, compute(counters, PLAN), completeness, ToDecide(cases=1))  # fmt: skip
    allocations, lines = changes.pop("allocations", ALLOCATIONS), changes.pop("lines", LINES)
    made = Material(totals, allocations, lines, total_budget(allocations, lines), STOCK, Times(FIRST, FIRST + 3600),
                    (PersonInCharge("Olga", "olga@example.org", "manager"),), 0)  # fmt: skip
    return replace(made, **changes)


def report(**changes: Any) -> Document:
    return build_report(material(**changes))


def silent() -> Completeness:
    return Completeness(phones=2, silent=(SilentPhone("Phone 2", SEALED, 3),), waiting=3)


def section_of(document: Document, path: str) -> Section:
    return dict(walk(document.sections))[path]


def table_of(document: Document, path: str, key: str) -> Table:
    return next(block for block in section_of(document, path).blocks if isinstance(block, Table) and block.key == key)


def rows_of(document: Document, path: str, key: str) -> list[dict[str, Any]]:
    """Return a table's rows as {column key: value}."""
    table = table_of(document, path, key)
    return [dict(zip((column.key for column in table.columns), row.cells, strict=True)) for row in table.rows]


def facts_of(document: Document, path: str) -> dict[str, Any]:
    """Return {key: Fact} of a section."""
    blocks = section_of(document, path).blocks
    return {fact.key: fact for block in blocks if isinstance(block, Facts) for fact in block.facts}


def notes_of(document: Document, path: str) -> dict[str, str]:
    return {block.key: block.text for block in section_of(document, path).blocks if type(block).__name__ == "Note"}
