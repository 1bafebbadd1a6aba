"""What every kind of list file becomes first: sheets of tidy text cells, within limits."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from relief.kernel.cells import unescape_cell
from relief.kernel.errors import TooLarge

LARGEST_BYTES = 10 * 1024 * 1024
LARGEST_UNPACKED_BYTES = 100 * 1024 * 1024
MOST_ROWS = 100_000
MOST_COLUMNS = 1_000
MOST_CELLS = 10_000_000

Cells = tuple[str, ...]
Rows = tuple[tuple[int, Cells], ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its name, and the number (1 = first line) and cells of each row that is not blank.

    `merged` are cells of a workbook that go on downwards: column (0 = first), first and last row.
    """

    name: str
    rows: Rows
    merged: tuple[tuple[int, int, int], ...] = ()


def make_sheet(name: str, rows: Iterable[tuple[int, Sequence[str]]], merged: tuple[tuple[int, int, int], ...] = ()) -> Sheet:
    """Return a sheet of tidy cells, blank rows left out; raises TooLarge as soon as a limit is passed, not after."""
    kept: list[tuple[int, Cells]] = []
    seen: dict[str, str] = {}  # most cells of a list repeat: the same text is tidied and kept once
    cells_seen = 0
    for number, cells in rows:
        cells_seen += len(cells)
        if cells_seen > MOST_CELLS:
            raise TooLarge(_("The file has more than 10 million cells."), limit=MOST_CELLS)
        tidy = tuple([seen[cell] if cell in seen else seen.setdefault(cell, tidy_cell(cell)) for cell in cells])
        if not any(tidy):
            continue
        if len(tidy) > MOST_COLUMNS and any(tidy[MOST_COLUMNS:]):
            raise TooLarge(_("The file has more than 1,000 columns."), limit=MOST_COLUMNS)
        if len(kept) > MOST_ROWS:
            raise TooLarge(_("The file has more than 100,000 rows."), limit=MOST_ROWS)
        kept.append((number, tidy))
    return Sheet(name, tuple(kept), merged)


def tidy_cell(cell: str) -> str:
    """Return a cell in NFC, blanks at its ends dropped and runs of them one space, a formula's apostrophe taken off."""
    return " ".join(unicodedata.normalize("NFC", unescape_cell(cell)).split())
