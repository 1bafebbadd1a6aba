"""Formulas of a workbook that nobody has worked out yet: what a program wrote, and no spreadsheet has opened since."""

from __future__ import annotations

from collections.abc import Callable
from typing import IO
from xml.etree.ElementTree import iterparse  # the parts were searched for declarations of entities before

NO_VALUE = "#VALUE!"  # as a spreadsheet writes it
_PIECE = 1 << 16
_STARTS = (b"<f>", b"<f ")
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def find_unworked(opened: Callable[[], IO[bytes]]) -> dict[int, list[int]]:
    """Return row (1 = first) -> places (0 = first) of a sheet's cells that hold a formula and no value of it.

    A formula may give an empty text: that is a value.
    """
    found: dict[int, list[int]] = {}
    with opened() as stream:
        if not _holds_formula(stream):
            return found
    from openpyxl.utils.cell import coordinate_to_tuple  # a fifth of a second, needed for workbooks alone

    with opened() as stream:
        for _end, element in iterparse(stream):
            if element.tag == f"{_MAIN}c":
                is_formula, where = element.find(f"{_MAIN}f") is not None, element.get("r")
                if is_formula and where and not element.findtext(f"{_MAIN}v") and element.get("t") != "str":
                    row, column = coordinate_to_tuple(where)
                    found.setdefault(row, []).append(column - 1)
            if element.tag == f"{_MAIN}row":
                element.clear()
    return found


def _holds_formula(stream: IO[bytes]) -> bool:
    tail = b""
    while piece := stream.read(_PIECE):
        window = tail + piece
        if any(start in window for start in _STARTS):
            return True
        tail = piece[-2:]
    return False
