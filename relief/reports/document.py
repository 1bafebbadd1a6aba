"""The report as one document of plain values: every writer (page, HTML, JSON, CSV) reads this and nothing else.

Numbers stay numbers until a writer shows them: `None` is *not known* and never zero, money is minor units and a currency,
days and moments are ISO text. Keys are stable and for programs; titles are for people and translated.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from relief.kernel.money import Money

Value = str | int | Money | None
OF_ROW = "*"  # a column's unit: that of each row
NUMBERS = ("count", "percent", "money", "figure")


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `type`: text, id, day, moment, count, percent, money, or figure (a count or a text, as a source says it)."""

    key: str
    title: str
    type: str = "text"
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One row. `kind`: '' or total or union (each person once, so no sum of the rows); `demo`: made-up figures."""

    key: str
    cells: tuple[Value, ...]
    unit: str = ""
    kind: str = ""
    demo: bool = False
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under columns, the first column says what a row is. `source` names the query behind the numbers.

    `live`: depends on the moment as well as on the ledger's position, so it is no part of the CSV.
    """

    key: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    source: str
    note: str = ""
    live: bool = False

    def __post_init__(self) -> None:
        if any(len(row.cells) != len(self.columns) for row in self.rows):
            raise ValueError(f"a row of {self.key} has not the columns of its table")

    @property
    def unit(self) -> str:
        """The unit that all numbers of the table have, or nothing."""
        units = {column.unit for column in self.columns if column.type in NUMBERS}
        return units.pop() if len(units) == 1 and OF_ROW not in units else ""


@dataclass(frozen=True, slots=True)
class Fact:
    """One labelled value. `at_least`: more may still come in."""

    key: str
    label: str
    value: Value
    source: str
    type: str = "text"
    unit: str = ""
    at_least: bool = False
    note: str = ""
    live: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """A list of facts."""

    key: str
    title: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A text that people of the operation wrote."""

    key: str
    text: str


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence of ours on how to read what is near. `kind`: info, warn or demo."""

    key: str
    text: str
    kind: str = "info"


Block = Paragraph | Table | Facts | Note


@dataclass(frozen=True, slots=True)
class Section:
    """A titled part of the report with its blocks, then its own parts."""

    key: str
    title: str
    blocks: tuple[Block, ...] = ()
    sections: tuple[Section, ...] = ()

    @property
    def empty(self) -> bool:
        return not self.blocks and not self.sections


@dataclass(frozen=True, slots=True)
class Footnote:
    """Where numbers come from: the query and what it reads. `in_ledger`: they stand at the report's ledger position."""

    number: int
    key: str
    query: str
    says: str
    in_ledger: bool


@dataclass(frozen=True, slots=True)
class Meta:
    """What the report is about and where it stands. Moments in UTC seconds; hash, signature in hexadecimal."""

    code: str
    operation_id: str
    operation_title: str
    national_society: str
    edition: str
    demo: bool
    zone: str
    as_of: int
    made_at: int
    ledger_id: str
    position: int
    head: str
    signature: str
    key_id: str
    plan_version: int


@dataclass(frozen=True, slots=True)
class Document:
    """A whole report."""

    title: str
    meta: Meta
    sections: tuple[Section, ...]
    footnotes: tuple[Footnote, ...] = ()

    def number_of(self, source: str) -> int:
        """Return the number of the footnote for a source."""
        return next(note.number for note in self.footnotes if note.key == source)


def walk(sections: tuple[Section, ...], path: str = "") -> Iterator[tuple[str, Section]]:
    """Yield every section with its path of keys, `implementation.health`, in reading order."""
    for section in sections:
        here = f"{path}.{section.key}" if path else section.key
        yield here, section
        yield from walk(section.sections, here)


def list_sources(sections: tuple[Section, ...]) -> list[str]:
    """Return the sources that the sections name, in the order in which a reader meets them."""
    found: dict[str, None] = {}
    for _path, section in walk(sections):
        for block in section.blocks:
            if isinstance(block, Table):
                found[block.source] = None
            elif isinstance(block, Facts):
                found.update((fact.source, None) for fact in block.facts)
    return list(found)
