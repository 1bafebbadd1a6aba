"""Merged cells of a workbook: one household's number beside the rows of all its people, written once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import IO

from relief.households.sheets import Cells, Rows

_PIECE = 1 << 16
_LONGEST = 80  # bytes of one mark, so that none is cut in two
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s+ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
Merged = tuple[int, int, int]  # column (0 = first), first and last row (1 = first)


def find_merged(opened: Callable[[], IO[bytes]]) -> tuple[Merged, ...]:
    """Return the cells of a sheet that were merged downwards, within one column."""
    from openpyxl.utils.cell import column_index_from_string  # a fifth of a second, needed for workbooks alone

    found: dict[Merged, None] = {}
    tail = b""
    with opened() as stream:
        while piece := stream.read(_PIECE):
            window = tail + piece
            for left, first, right, last in _MERGED.findall(window):
                if left == right and int(first) < int(last):
                    found[column_index_from_string(left.decode()) - 1, int(first), int(last)] = None
            tail = window[-_LONGEST:]
    return tuple(found)


def fill_merged(rows: Rows, merged: Iterable[Merged], columns: frozenset[int]) -> Rows:
    """Return the rows with what stands at the top of a merged cell in all rows of it, in these columns alone."""
    begins = {(column, first): last for column, first, last in merged if column in columns}
    if not begins:
        return rows
    running: dict[int, tuple[int, str]] = {}
    filled: list[tuple[int, Cells]] = []
    for number, cells in rows:
        changed = list(cells)
        for column in columns:
            if (column, number) in begins and column < len(cells):
                running[column] = begins[column, number], cells[column]
            last, text = running.get(column, (0, ""))
            if number <= last and column < len(cells) and not cells[column]:
                changed[column] = text
        filled.append((number, tuple(changed)))
    return tuple(filled)
