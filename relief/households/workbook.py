"""The sheets of an XLSX workbook, or of a ZIP of CSV files: checked before anything is unpacked, counted while it is."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from typing import Any

from flask_babel import gettext as _

from relief.households.csv_text import read_csv
from relief.households.formulas import NO_VALUE, find_unworked
from relief.households.merged_cells import find_merged
from relief.households.sheets import LARGEST_UNPACKED_BYTES, Sheet, make_sheet
from relief.kernel.errors import BadInput, TooLarge

MOST_PARTS = 2_000
_PIECE = 1 << 16
_DECLARATIONS = tuple(mark.encode(codec) for mark in ("<!DOCTYPE", "<!ENTITY") for codec in ("ascii", "utf-16-le", "utf-16-be"))


def read_package(content: bytes, encoding: str | None = None) -> list[Sheet]:
    """Return the sheets in a ZIP package: an XLSX workbook, or CSV files as ODK exports them. Raises BadInput, TooLarge."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            names = {part.filename for part in package.infolist()}
            _check_kind(package, names)
            _check_sizes(package)
            if "xl/workbook.xml" in names:
                _check_parts(package)
                return _workbook_sheets(content)
            return [read_csv(_unpack(package, name), encoding, name) for name in sorted(names) if _is_csv(name)]
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, UnicodeDecodeError) as error:
        raise _damaged() from error


def _is_csv(name: str) -> bool:
    return name.casefold().endswith((".csv", ".tsv")) and not name.startswith("__MACOSX")


def _check_kind(package: zipfile.ZipFile, names: set[str]) -> None:
    if any(part.flag_bits & 1 for part in package.infolist()):
        raise BadInput(_("The file is protected by a password. Take the password off, and bring it again."), code="encrypted")
    if any(name.casefold().endswith("vbaproject.bin") for name in names):
        raise BadInput(_("The workbook holds macros. Save it as XLSX without macros, and bring that."), code="macros")
    if "xl/workbook.xml" in names:
        return
    if "mimetype" in names and b"opendocument.spreadsheet" in package.read("mimetype")[:200]:
        raise BadInput(_("This is an ODS workbook. Save it as XLSX, or as CSV UTF-8, and bring that."), code="ods")
    if "xl/workbook.bin" in names:
        raise BadInput(_("This is a binary workbook (XLSB). Save it as XLSX, and bring that."), code="xlsb")
    if not any(map(_is_csv, names)):
        raise BadInput(_("This is no list: bring an XLSX workbook or a CSV file."), code="not_a_list")


def _check_sizes(package: zipfile.ZipFile) -> None:
    """Believe the directory only where it says too much already; the rest is counted while unpacking."""
    parts = package.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED_BYTES:
        raise _too_large()


def _check_parts(package: zipfile.ZipFile) -> None:
    """Unpack every part once, keeping nothing: its true size, and no declaration of types or entities."""
    total = 0
    for part in package.infolist():
        tail = b""
        with package.open(part) as stream:
            while piece := stream.read(_PIECE):
                total += len(piece)
                if total > LARGEST_UNPACKED_BYTES:
                    raise _too_large()
                window = tail + piece
                if any(mark in window for mark in _DECLARATIONS):
                    raise BadInput(_("The workbook holds declarations that no spreadsheet writes. Save it anew as XLSX."),
                                   code="declarations")  # fmt: skip
                tail = piece[-24:]


def _unpack(package: zipfile.ZipFile, name: str) -> bytes:
    with package.open(name) as stream:
        content = stream.read(LARGEST_UNPACKED_BYTES + 1)
    if len(content) > LARGEST_UNPACKED_BYTES:
        raise _too_large()
    return content


def _workbook_sheets(content: bytes) -> list[Sheet]:
    import openpyxl  # a fifth of a second, needed for workbooks alone

    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        return [make_sheet(sheet.title, _rows(sheet), find_merged(sheet._get_source)) for sheet in visible]
    except (KeyError, ValueError, TypeError, AttributeError, IndexError, SyntaxError, OSError) as error:
        raise _damaged() from error  # whatever openpyxl stumbles over; XML's ParseError is a SyntaxError


def _rows(sheet: Any) -> Iterator[tuple[int, Sequence[str]]]:
    sheet.reset_dimensions()  # what a file says of its own size may be wrong
    unworked = find_unworked(sheet._get_source)
    for number, values in enumerate(sheet.iter_rows(values_only=True), 1):
        cells = [cell_text(value) for value in values]
        if number in unworked and any(cells):  # a row of nothing but formulas copied down is a blank one
            for place in unworked[number]:
                cells[place] = NO_VALUE
        if cells:
            yield number, cells


def cell_text(value: Any) -> str:
    """Return a workbook's value as the text a CSV file would have: whole numbers without point, days in ISO."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)


def _too_large() -> TooLarge:
    return TooLarge(_("The file unpacks to more than 100 MB."), limit=LARGEST_UNPACKED_BYTES)


def _damaged() -> BadInput:
    return BadInput(_("The workbook is damaged. Open it, save it anew as XLSX, and bring that."), code="damaged")
