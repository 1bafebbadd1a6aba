"""The report as one tidy CSV: a figure a row, RFC 4180, the same bytes whenever it is made at the same ledger position.

Every text is quoted, numbers are not; days and moments are ISO; no grouping; ids are text; nothing between the commas is *not
known*, 0 is zero. The columns are frozen: whoever changes them raises VERSION. What depends on the moment (which phones are
silent) is left out. No text starts a formula.
"""

from __future__ import annotations

from collections.abc import Iterator

from relief.kernel.cells import safe_cell
from relief.kernel.clock import wall
from relief.kernel.money import Money
from relief.reports.document import Document, Facts, Paragraph, Table, Value, walk
from relief.reports.json_ import unit_of

VERSION = 1
COLUMNS = ("version", "appeal_code", "section", "table", "row", "column", "value", "unit", "as_of", "position")
Figure = tuple[str, str, str, Value, str]  # table, row, column, value, unit


def write_csv(document: Document) -> bytes:
    """Return the report as UTF-8 CSV without a byte order mark."""
    meta = document.meta
    as_of = wall(meta.as_of, meta.zone)
    lines = [_line(COLUMNS)]
    for path, section in walk(document.sections):
        for block in section.blocks:
            lines += [_line((VERSION, meta.code, path, *figure, as_of, meta.position)) for figure in _figures(block)]
    return "".join(lines).encode()


def _figures(block: object) -> Iterator[Figure]:
    if isinstance(block, Table) and not block.live:
        yield from _table(block)
    elif isinstance(block, Facts):
        for fact in block.facts:
            if not fact.live:
                unit = fact.value.currency if isinstance(fact.value, Money) else fact.unit
                yield block.key, fact.key, "value", fact.value, unit
    elif isinstance(block, Paragraph):
        yield block.key, "", "text", block.text, ""


def _table(table: Table) -> Iterator[Figure]:
    for row in table.rows:
        for column, value in zip(table.columns, row.cells, strict=True):
            yield table.key, row.key, column.key, value, unit_of(column, row, value)


def _line(cells: tuple[Value, ...]) -> str:
    return ",".join(_cell(cell) for cell in cells) + "\r\n"


def _cell(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, Money):
        return value.decimal()
    if isinstance(value, int):
        return str(value)
    return '"' + safe_cell(value).replace('"', '""') + '"'
